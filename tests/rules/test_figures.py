"""Figures as people and files write them, and when they are asked for."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules.figures import (
    ASK_AFTER,
    LARGEST_FIGURE,
    Metric,
    ask_at,
    figure_in,
    figure_in_file,
    metrics_of,
    read_figures,
)
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.working_hours import Hours

HOURS = Hours(ZoneInfo("Europe/Amsterdam"))


@given(some.integers(0, LARGEST_FIGURE), some.sampled_from([*",.'’ \u00a0\u202f", ""]))
def test_what_is_put_between_thousands_changes_no_figure(figure: int, separator: str) -> None:
    written = f"{figure:,}".replace(",", separator)
    assert figure_in(written) == figure_in_file(written) == figure
    assert figure_in(f" {written} ") == figure
    assert figure_in_file(f"{figure}.0") == figure_in_file(f"{figure},00") == figure


@given(some.text())
def test_whatever_is_typed_is_a_figure_or_is_refused(typed: str) -> None:
    with suppress(Refusal):
        assert 0 <= figure_in(typed) <= LARGEST_FIGURE


@pytest.mark.parametrize(
    "typed",
    ["", "many", "-3", "1.2", "1,23", "12.34", "1.234,567", "1,2345", "0x10", "1.2K", "3%", "²"],
)
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        figure_in(typed)


def test_a_figure_that_cannot_be_right_is_refused() -> None:
    with pytest.raises(Refusal, match="billion"):
        figure_in(str(LARGEST_FIGURE + 1))


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "N/A", "n.v.t."])
def test_an_empty_cell_is_no_figure(cell: str) -> None:
    assert figure_in_file(cell) is None


def test_what_was_left_empty_is_left_out_and_every_mistake_is_told() -> None:
    assert read_figures({"reach": "1.024", "likes": " ", "saves": "0"}) == {
        "reach": 1024,
        "saves": 0,
    }
    with pytest.raises(InvalidForm) as wrong:
        read_figures({"reach": "lots", "likes": "12", "clicks": "1.5"})
    assert set(wrong.value.errors) == {"reach", "clicks"}
    with pytest.raises(InvalidForm) as empty:
        read_figures({"reach": "", "likes": ""})
    assert set(empty.value.errors) == {"reach"}


def test_a_platform_counts_what_was_chosen_or_what_is_usual() -> None:
    assert metrics_of((), by_hand=True) == tuple(Metric)
    assert metrics_of((), by_hand=False) == (Metric.REACH, Metric.LIKES, Metric.SHARES)
    assert metrics_of(["clicks", "reach"], by_hand=False) == (Metric.REACH, Metric.CLICKS)


@pytest.mark.parametrize(
    ("published", "asked"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 5, 8, tzinfo=UTC)),
        (datetime(2026, 3, 2, 22, 30, tzinfo=UTC), datetime(2026, 3, 5, 8, tzinfo=UTC)),
        (datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC)),  # a Saturday
        (datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)),  # the clock
    ],
)
def test_what_went_out_on_one_day_is_asked_at_once(published: datetime, asked: datetime) -> None:
    assert ask_at(published, ASK_AFTER, HOURS) == asked
