"""When whoever takes something away is reminded of it, and who did it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.refusals import Mention, Refusal
from bot.rules.takedowns import REMIND_EVERY, WITHIN, check_open, next_reminder

ASKED = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = ASKED + WITHIN


def test_a_day_before_at_the_deadline_and_every_day_after_it() -> None:
    found, now = [], ASKED
    for _ in range(4):
        now = next_reminder(DUE, now)
        found.append(now - DUE)
    assert found == [timedelta(days=days) for days in (-1, 0, 1, 2)]


@given(st.integers(min_value=0, max_value=10**8))
def test_it_is_always_to_come_and_within_a_day_of_now_or_the_first(seconds: int) -> None:
    now = ASKED + timedelta(seconds=seconds)
    at = next_reminder(DUE, now)
    assert at > now
    assert at - now <= max(REMIND_EVERY, DUE - REMIND_EVERY - now)
    assert (DUE - at) % REMIND_EVERY == timedelta(0)


def test_ones_own_second_press_is_nothing_and_somebody_elses_is_told_who() -> None:
    check_open(None, None, "U1")
    check_open(ASKED, "U1", "U1")
    with pytest.raises(Refusal) as caught:
        check_open(ASKED, "U1", "U2")
    assert caught.value.values["who"] == Mention("U1")
    with pytest.raises(Refusal) as caught:
        check_open(ASKED, None, "U2")
    assert "I took this away" in caught.value.sentence
