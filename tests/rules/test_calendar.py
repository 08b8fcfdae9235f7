"""Wall time stays wall time; rules of RFC 5545 that never come are refused."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calendar import (
    WallTime,
    occurrences,
    title_of,
    usual_time_after,
    wall_time,
)
from bot.rules.recurrence import check_rule
from bot.rules.refusals import Refusal

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

moments = st.datetimes(
    datetime.fromisoformat("2020-01-01"),
    datetime.fromisoformat("2040-01-01"),
    timezones=st.just(UTC),
)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
zones = st.sampled_from(["Europe/Amsterdam", "America/Curacao", "Australia/Lord_Howe"])
rules = st.sampled_from(
    [
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=WEEKLY;COUNT=10",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ]
)


@given(rules, times, zones, days, moments)
def test_every_occurrence_has_the_slots_wall_time(
    rule: str, at: time, zone: str, since: date, after: datetime
) -> None:
    until = after + timedelta(weeks=60)
    found = list(occurrences(rule, at, ZoneInfo(zone), since, after, until))
    assert [moment.local.time() for moment in found] == [at] * len(found)
    assert all(after < moment.at <= until for moment in found)
    assert all(moment.local.date() >= since for moment in found)
    assert found == sorted(set(found), key=lambda moment: moment.local)


@given(rules, times, days, moments)
def test_looking_in_two_halves_finds_the_same(
    rule: str, at: time, since: date, after: datetime
) -> None:
    middle, until = after + timedelta(days=17), after + timedelta(days=40)

    def between(start: datetime, end: datetime) -> list[WallTime]:
        return list(occurrences(rule, at, AMSTERDAM, since, start, end))

    assert between(after, middle) + between(middle, until) == between(after, until)


@given(moments, zones)
def test_a_moment_survives_the_wall(at: datetime, zone: str) -> None:
    there = wall_time(at, ZoneInfo(zone))
    again = wall_time(there.at, ZoneInfo(zone))
    assert again.local == there.local
    assert at - there.at in (timedelta(0), timedelta(hours=1), timedelta(minutes=30))


def test_a_slot_keeps_its_time_when_the_clock_goes_forward() -> None:
    after = datetime(2026, 3, 22, tzinfo=UTC)
    until = datetime(2026, 4, 1, tzinfo=UTC)
    found = occurrences("FREQ=WEEKLY;BYDAY=MO", time(10), AMSTERDAM, date(2026, 1, 1), after, until)
    assert [moment.at.hour for moment in found] == [9, 8]


def test_an_hour_that_is_skipped_is_read_as_the_hour_after() -> None:
    skipped = WallTime(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Amsterdam")
    assert skipped.at.astimezone(AMSTERDAM).time() == time(3, 30)


def test_an_hour_that_comes_twice_is_read_once() -> None:
    found = occurrences(
        "FREQ=DAILY",
        time(2, 30),
        AMSTERDAM,
        date(2026, 10, 24),
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 10, 25, 12, tzinfo=UTC),
    )
    assert [moment.at for moment in found] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=1SA",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
        "FREQ=DAILY;COUNT=5",
        "FREQ=WEEKLY;UNTIL=20261231",
        "freq=weekly;byday=mo",
    ],
)
def test_a_good_rule_is_accepted(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Monday",
        "BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MA",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;BYHOUR=10",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=WEEKLY;UNTIL=20261231T100000Z",
        "FREQ=WEEKLY;UNTIL=20260231",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "DTSTART:20260101T100000\nRRULE:FREQ=WEEKLY",
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_rule(rule)
    assert refused.value.sentence.format_map(refused.value.values)


@given(st.text(st.sampled_from("FREQ=;WEKLYDAIBMOTUNSP0123456789-,:Z\n "), max_size=60))
def test_no_text_breaks_the_check(rule: str) -> None:
    with suppress(Refusal):  # anything else would be a mistake of ours
        check_rule(rule)
        start = datetime(2026, 1, 1, tzinfo=UTC)
        list(occurrences(rule, time(10), AMSTERDAM, start.date(), start, start + timedelta(30)))


def test_the_usual_time_is_tomorrow_morning_on_the_wall() -> None:
    saturday_night = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # 23:30; summer begins at night
    assert usual_time_after(saturday_night, AMSTERDAM) == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_a_title_is_the_first_line_cut_where_it_is_long() -> None:
    assert title_of("\n  A tip \nand more") == "A tip"
    assert title_of("x" * 200) == "x" * 79 + "…"
