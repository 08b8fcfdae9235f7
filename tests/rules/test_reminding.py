"""When whom: inside everybody's own hours, never on a free day, one stage after the other."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calendar import ReminderKind, WallTime
from bot.rules.refusals import Refusal
from bot.rules.reminding import (
    AFTER,
    BEFORE,
    Due,
    Stage,
    Step,
    counted_back,
    counted_on,
    of_moment,
    put_off,
    still_to_come,
    this_afternoon,
    tomorrow_morning,
)
from bot.rules.special_days import is_public_holiday
from bot.rules.working_hours import Hours, after, before
from tests.rules.test_working_hours import any_hours, is_inside, lengths, moments

AMSTERDAM = Hours(ZoneInfo("Europe/Amsterdam"), is_free=partial(is_public_holiday, "NL"))
NEW_YORK = Hours(ZoneInfo("America/New_York"))
PEOPLE = {
    Stage.PROPOSER: ("P",),
    Stage.OWNER: ("O1", "O2"),
    Stage.DEPUTY: ("D",),
    Stage.ADMIN: ("A",),
}
DECIDE = BEFORE[ReminderKind.DECIDE]

everybodys_hours = st.fixed_dictionaries(dict.fromkeys(("P", "O1", "O2", "D", "A"), any_hours))
some_people = st.fixed_dictionaries(
    {stage: st.sampled_from([(), people]) for stage, people in PEOPLE.items()}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM.zone).astimezone(UTC)


def stages_apart(dues: Sequence[Due]) -> bool:
    """Whether everybody of a stage comes before everybody of the next."""
    order = list(dict.fromkeys(due.stage for due in dues))
    groups = [[due.at for due in dues if due.stage == stage] for stage in order]
    return all(max(first) < min(second) for first, second in pairwise(groups))


@pytest.mark.parametrize("steps", BEFORE.values(), ids=BEFORE.keys())
@given(moments, some_people, everybodys_hours)
def test_every_stage_is_before_it_in_their_hours_and_before_the_next(
    steps: tuple[Step, ...],
    planned: datetime,
    people: Mapping[Stage, tuple[str, ...]],
    hours: Mapping[str, Hours],
) -> None:
    dues = counted_back(planned, steps, people, hours.__getitem__)
    assert all(due.at < planned and is_inside(due.at, hours[due.person]) for due in dues)
    assert stages_apart(dues)
    assert {(due.stage, due.person) for due in dues} == {
        (step.stage, person) for step in steps for person in people[step.stage]
    }


@pytest.mark.parametrize("steps", BEFORE.values(), ids=BEFORE.keys())
@given(moments, moments, st.none() | moments, everybodys_hours)
def test_what_is_still_to_come_is_so_and_stays_in_order(
    steps: tuple[Step, ...],
    planned: datetime,
    now: datetime,
    held_until: datetime | None,
    hours: Mapping[str, Hours],
) -> None:
    if held_until is not None and held_until <= now:
        held_until = None
    dues = counted_back(planned, steps, PEOPLE, hours.__getitem__)
    left = still_to_come(dues, planned, now, held_until, hours.__getitem__)
    assert all(due.at > now for due in left)
    helped = still_to_come(dues, planned, now, held_until, hours.__getitem__, ("D", "A"))
    for each in (left, helped):
        assert_in_order(each, held_until or now, planned, hours)


def assert_in_order(
    left: Sequence[Due], begin: datetime, planned: datetime, hours: Mapping[str, Hours]
) -> None:
    assert all(begin <= due.at < planned for due in left)
    assert all(is_inside(due.at, hours[due.person]) for due in left)
    assert stages_apart(left)
    assert len({(due.person, due.at) for due in left}) == len(left)


@given(moments, some_people, everybodys_hours)
def test_after_it_the_stages_follow_each_other_too(
    posted: datetime, people: Mapping[Stage, tuple[str, ...]], hours: Mapping[str, Hours]
) -> None:
    dues = counted_on(posted, AFTER[ReminderKind.BY_HAND], people, hours.__getitem__)
    assert all(due.at > posted and is_inside(due.at, hours[due.person]) for due in dues)
    assert stages_apart(dues)


@given(moments, st.integers(0, 30), some_people, everybodys_hours)
def test_of_a_moment_whoever_answers_for_it_comes_first(
    starts: datetime,
    lead: int,
    people: Mapping[Stage, tuple[str, ...]],
    hours: Mapping[str, Hours],
) -> None:
    local = starts.astimezone(AMSTERDAM.zone).replace(tzinfo=None)
    dues = of_moment(WallTime(local, AMSTERDAM.zone.key), lead, people, hours.__getitem__)
    assert all(due.at < starts + timedelta(hours=1) for due in dues)  # a wall time comes twice
    assert all(is_inside(due.at, hours[due.person]) for due in dues)
    assert stages_apart(dues)


@given(moments, lengths, any_hours)
def test_counting_on_leaves_nothing_more_to_count_back(
    start: datetime, working: timedelta, hours: Hours
) -> None:
    then = after(start, working, hours)
    assert then > start
    assert is_inside(then, hours)
    assert before(then + timedelta(microseconds=1), working, hours) >= start


@given(moments, any_hours)
def test_later_is_always_to_come_and_at_work(now: datetime, hours: Hours) -> None:
    for moment in (this_afternoon(now, hours), tomorrow_morning(now, hours)):
        assert moment > now
        assert is_inside(moment, hours)
    assert this_afternoon(now, hours) >= now + timedelta(hours=2)


def test_the_usual_week() -> None:
    dues = counted_back(at("2026-03-05T12:00"), DECIDE, PEOPLE, lambda _: AMSTERDAM)
    assert [(due.stage, due.person, due.at) for due in dues] == [
        (Stage.OWNER, "O1", at("2026-03-04T12:00")),
        (Stage.OWNER, "O2", at("2026-03-04T12:00")),
        (Stage.OWNER, "O1", at("2026-03-04T16:00")),
        (Stage.OWNER, "O2", at("2026-03-04T16:00")),
        (Stage.DEPUTY, "D", at("2026-03-05T10:00")),
        (Stage.ADMIN, "A", at("2026-03-05T11:00")),
    ]


def test_nobody_is_asked_on_kings_day() -> None:
    dues = counted_back(at("2026-04-28T10:00"), DECIDE, PEOPLE, lambda _: AMSTERDAM)
    assert {due.at.astimezone(AMSTERDAM.zone).date() for due in dues} == {
        date(2026, 4, 24),
        date(2026, 4, 28),
    }


def test_an_owner_far_away_is_asked_before_the_deputy_here() -> None:
    people = {Stage.OWNER: ("far",), Stage.DEPUTY: ("here",)}
    hours = {"far": NEW_YORK, "here": AMSTERDAM}
    dues = counted_back(at("2026-03-09T18:00"), DECIDE, people, hours.__getitem__)
    assert stages_apart(dues)


def test_who_comes_too_late_for_their_moment_is_asked_the_next_morning() -> None:
    planned, now = at("2026-03-05T12:00"), at("2026-03-04T16:30")
    dues = counted_back(planned, DECIDE, PEOPLE, lambda _: AMSTERDAM)
    left = still_to_come(dues, planned, now, None, lambda _: AMSTERDAM)
    assert [(due.stage, due.at, due.is_late) for due in left if due.person != "O2"] == [
        (Stage.OWNER, at("2026-03-05T09:00"), True),
        (Stage.DEPUTY, at("2026-03-05T10:00"), False),
        (Stage.ADMIN, at("2026-03-05T11:00"), False),
    ]


def test_on_friday_night_for_monday_morning_they_are_asked_one_after_the_other() -> None:
    planned, now = at("2026-03-09T09:40"), at("2026-03-06T22:00")
    dues = counted_back(planned, DECIDE, PEOPLE, lambda _: AMSTERDAM)
    left = still_to_come(dues, planned, now, None, lambda _: AMSTERDAM)
    assert [(due.stage, due.at) for due in left if due.person != "O2"] == [
        (Stage.OWNER, at("2026-03-09T09:00")),
        (Stage.DEPUTY, at("2026-03-09T09:15")),
        (Stage.ADMIN, at("2026-03-09T09:30")),
    ]


def test_within_the_same_day_nobody_is_asked_at_once() -> None:
    planned, now = at("2026-03-05T12:00"), at("2026-03-05T11:30")
    dues = counted_back(planned, DECIDE, PEOPLE, lambda _: AMSTERDAM)
    assert still_to_come(dues, planned, now, None, lambda _: AMSTERDAM) == []


def test_a_moment_on_monday_morning_is_told_before_the_weekend() -> None:
    starts = WallTime(datetime.fromisoformat("2026-03-09T10:00"), AMSTERDAM.zone.key)
    alone = of_moment(starts, 2, {Stage.OWNER: ("O1",)}, lambda _: AMSTERDAM)
    assert [due.at for due in alone] == [at("2026-03-06T16:00")]
    dues = of_moment(starts, 2, PEOPLE, lambda _: AMSTERDAM)
    assert [(due.stage, due.at) for due in dues if due.person != "O2"] == [
        (Stage.OWNER, at("2026-03-06T09:00")),
        (Stage.DEPUTY, at("2026-03-06T10:00")),
        (Stage.ADMIN, at("2026-03-06T14:00")),
    ]


def test_put_off_into_the_night_it_comes_in_the_morning_and_never_too_late() -> None:
    now = at("2026-03-05T12:00")
    assert put_off(at("2026-03-05T22:00"), now, None, AMSTERDAM) == at("2026-03-06T09:00")
    with pytest.raises(Refusal, match="only after that"):
        put_off(at("2026-03-05T22:00"), now, at("2026-03-06T09:00"), AMSTERDAM)
    with pytest.raises(Refusal, match="over"):
        put_off(now, now, None, AMSTERDAM)


def test_an_afternoon_that_is_over_becomes_the_morning() -> None:
    assert this_afternoon(at("2026-03-05T09:00"), AMSTERDAM) == at("2026-03-05T14:00")
    assert this_afternoon(at("2026-03-05T13:00"), AMSTERDAM) == at("2026-03-05T15:00")
    assert this_afternoon(at("2026-03-06T16:00"), AMSTERDAM) == at("2026-03-09T09:00")
    assert tomorrow_morning(at("2026-03-06T16:00"), AMSTERDAM) == at("2026-03-09T09:00")
    early = Hours(AMSTERDAM.zone, frozenset({3}), time(6), time(8))
    assert tomorrow_morning(at("2026-03-05T04:00"), early) == at("2026-03-12T06:00")
