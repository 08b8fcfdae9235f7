"""How evenly posts lie over a period: by example and by property."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.spread import Period, evenness, spread

MARCH = Period(date(2027, 3, 1), date(2027, 3, 28))  # four whole weeks

days_of_march = st.lists(
    st.integers(0, 27).map(lambda n: MARCH.first + timedelta(days=n)), max_size=40
)


def march(*numbers: int) -> list[date]:
    return [date(2027, 3, number) for number in numbers]


@pytest.mark.parametrize(
    ("days", "figure"),
    [
        (march(1, 8, 15, 22), 100),  # every Monday
        (march(3, 10, 17, 24), 100),  # which day it is does not matter
        (march(1, 8, 15, 21), 95),
        (march(1, 2, 3, 4), 14),  # four days in a row, then nothing
        (march(5, 5, 5, 5), 0),
        (march(1, 15), None),
        ([], None),
    ],
)
def test_evenness(days: list[date], figure: int | None) -> None:
    assert evenness(days, MARCH) == figure


def test_a_gap_is_a_stretch_that_the_promise_does_not_allow() -> None:
    found = spread(march(1, 2, 4, 20), cadence=2, period=MARCH)
    assert found.gaps == (
        Period(date(2027, 3, 5), date(2027, 3, 19)),
        Period(date(2027, 3, 21), date(2027, 3, 28)),
    )
    assert (found.posts, found.promised) == (4, 8)


def test_without_a_promise_there_are_no_gaps() -> None:
    assert spread([], cadence=0, period=MARCH).gaps == ()


def test_a_crowded_day_has_more_than_the_promise_needs() -> None:
    days = march(1, 1, 2, 3, 3, 3)
    assert spread(days, 3, MARCH).crowded == ((date(2027, 3, 1), 2), (date(2027, 3, 3), 3))
    assert spread(days, 14, MARCH).crowded == ((date(2027, 3, 3), 3),)


@given(days_of_march)
def test_evenness_is_between_0_and_100_and_order_does_not_matter(days: list[date]) -> None:
    figure = evenness(days, MARCH)
    assert figure is None or 0 <= figure <= 100
    assert figure == evenness(sorted(days, reverse=True), MARCH)


@given(days_of_march, st.floats(0, 14))
def test_no_post_lies_in_a_gap_and_all_are_counted(days: list[date], cadence: float) -> None:
    found = spread(days, cadence, MARCH)
    assert found.posts == len(days)
    assert not any(day in gap for day in days for gap in found.gaps)
    assert all(days.count(day) == count > 1 for day, count in found.crowded)


@given(st.integers(3, 28), st.integers(0, 27))
def test_equal_pauses_are_as_even_as_can_be(posts: int, first: int) -> None:
    if 28 % posts:
        return
    step = 28 // posts
    days = [MARCH.first + timedelta(days=(first + n * step) % 28) for n in range(posts)]
    assert evenness(days, MARCH) == 100
