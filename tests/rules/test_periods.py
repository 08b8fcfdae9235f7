"""Which part of the calendar somebody asks for, in both languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.periods import Part, Unit, month_of, part_of, week_of
from bot.rules.refusals import Refusal
from bot.rules.spread import Period

TODAY = date(2027, 3, 10)  # a Wednesday
days = st.dates(date(2001, 1, 1), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("typed", "unit", "first", "last", "platform"),
    [
        ("", Unit.COMING, TODAY, date(2027, 4, 6), ""),
        ("Instagram", Unit.COMING, TODAY, date(2027, 4, 6), "Instagram"),
        ("this week", Unit.WEEK, date(2027, 3, 8), date(2027, 3, 14), ""),
        ("deze week", Unit.WEEK, date(2027, 3, 8), date(2027, 3, 14), ""),
        ("week", Unit.WEEK, date(2027, 3, 8), date(2027, 3, 14), ""),
        ("Next Month", Unit.MONTH, date(2027, 4, 1), date(2027, 4, 30), ""),
        ("volgende maand instagram", Unit.MONTH, date(2027, 4, 1), date(2027, 4, 30), "instagram"),
        ("Our channel last month", Unit.MONTH, date(2027, 2, 1), date(2027, 2, 28), "Our channel"),
        ("mei", Unit.MONTH, date(2027, 5, 1), date(2027, 5, 31), ""),
        ("september", Unit.MONTH, date(2027, 9, 1), date(2027, 9, 30), ""),
        ("october", Unit.MONTH, date(2026, 10, 1), date(2026, 10, 31), ""),
        ("oktober 2027 Facebook", Unit.MONTH, date(2027, 10, 1), date(2027, 10, 31), "Facebook"),
        ("2028-02", Unit.MONTH, date(2028, 2, 1), date(2028, 2, 29), ""),
    ],
)
def test_what_is_meant(typed: str, unit: Unit, first: date, last: date, platform: str) -> None:
    assert part_of(typed, TODAY) == Part(unit, Period(first, last), platform)


@pytest.mark.parametrize("typed", ["2027-13", "1027-01"])
def test_a_month_that_is_none(typed: str) -> None:
    with pytest.raises(Refusal):
        part_of(typed, TODAY)


@given(days, st.sampled_from(["", "week", "month"]), st.integers(-30, 30))
def test_there_and_back_again(today: date, typed: str, by: int) -> None:
    part = part_of(typed, today)
    assert part.moved(by).moved(-by) == part
    assert part.moved(1).period.first == part.period.last + timedelta(days=1)


@given(days)
def test_a_week_and_a_month_hold_their_day(day: date) -> None:
    assert day in week_of(day)
    assert week_of(day).days == 7
    assert day in month_of(day)
    assert month_of(day).first.day == 1
    assert (month_of(day).last + timedelta(days=1)).day == 1
