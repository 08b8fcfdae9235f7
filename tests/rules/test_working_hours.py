"""Working hours, on the wall of whoever is reminded."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.special_days import is_public_holiday
from bot.rules.working_hours import Hours, before, begin_on, next_begin, next_moment

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = [ZoneInfo(name) for name in ("Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "UTC")]
ODD_ZONES = [
    *ZONES,
    *(
        ZoneInfo(name)
        for name in (
            "Africa/Cairo",  # the clock changes at midnight
            "America/Havana",  # there comes a midnight twice
            "Australia/Lord_Howe",  # by half an hour
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "Pacific/Kiritimati",
        )
    ),
]
# A year with both changes of the clock, minute by minute.
moments = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(ZONES)
lengths = st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))
minutes = st.integers(0, 24 * 60 - 1).map(lambda of_day: time(*divmod(of_day, 60)))
any_hours = st.builds(
    lambda zone, days, times, country: Hours(
        zone, days, min(times), max(times), partial(is_public_holiday, country)
    ),
    st.sampled_from(ODD_ZONES),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(minutes, min_size=2, max_size=2, unique=True),
    st.sampled_from(["NL", "BE", ""]),
)


def is_inside(moment: datetime, hours: Hours) -> bool:
    local = moment.astimezone(hours.zone)
    is_theirs = local.weekday() in hours.days and not hours.is_free(local.date())
    return is_theirs and hours.begin <= local.time() < hours.end


def at(text: str) -> datetime:
    """A moment on the wall in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def worked(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Told once more, minute by minute: the working time between two moments."""
    count, moment = 0, start
    while moment < end:
        local = moment.astimezone(zone)
        if local.weekday() < 5 and time(9) <= local.time() < time(17):
            count += 1
        moment += timedelta(minutes=1)
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("planned", "count", "expected"),
    [
        ("2026-03-04 15:00", 4, "2026-03-04 11:00"),  # a Wednesday
        ("2026-03-04 11:00", 4, "2026-03-03 15:00"),
        ("2026-03-02 10:00", 8, "2026-02-27 10:00"),  # over the weekend
        ("2026-03-01 20:00", 2, "2026-02-27 15:00"),  # on a Sunday
        ("2026-03-04 23:00", 2, "2026-03-04 15:00"),
        ("2026-03-04 06:00", 2, "2026-03-03 15:00"),
        ("2026-03-04 17:00", 8, "2026-03-04 09:00"),  # in the morning, not the evening before
        ("2026-03-30 10:00", 2, "2026-03-27 16:00"),  # the clock went forward in between
        ("2026-10-26 10:00", 2, "2026-10-23 16:00"),  # and back
    ],
)
def test_examples(planned: str, count: int, expected: str) -> None:
    assert before(at(planned), timedelta(hours=count), Hours(AMSTERDAM)) == at(expected)


def test_each_counts_on_their_own_wall() -> None:
    planned = at("2026-03-04 15:00")  # 9:00 in New York
    assert before(planned, timedelta(hours=2), Hours(ZONES[1])) == datetime(
        2026, 3, 3, 20, tzinfo=UTC
    )


@given(moments, lengths, zones)
def test_so_much_working_time_is_left_and_not_a_minute_later(
    planned: datetime, working: timedelta, zone: ZoneInfo
) -> None:
    found = before(planned, working, Hours(zone))
    assert found.tzinfo is UTC
    local = found.astimezone(zone)
    assert local.weekday() < 5
    assert time(9) <= local.time() < time(17)
    if working <= timedelta(hours=16):  # else it takes long to count
        assert worked(found, planned, zone) == working


@given(moments, lengths, lengths, zones)
def test_more_hours_come_earlier(
    planned: datetime, one: timedelta, other: timedelta, zone: ZoneInfo
) -> None:
    less, more = sorted((one, other))
    assert before(planned, more, Hours(zone)) <= before(planned, less, Hours(zone)) < planned


@given(moments, zones)
def test_the_next_working_day_begins(after: datetime, zone: ZoneInfo) -> None:
    found = next_begin(after, Hours(zone))
    local = found.astimezone(zone)
    assert after < found <= after + timedelta(days=3, hours=1)
    assert local.weekday() < 5
    assert local.time() == time(9)
    assert worked(after, found, zone) <= timedelta(hours=8)


@settings(deadline=None)  # other tests run beside it
@given(moments, lengths, any_hours)
def test_nothing_comes_on_a_free_day_or_outside_the_hours(
    moment: datetime, working: timedelta, hours: Hours
) -> None:
    began = begin_on(moment.astimezone(hours.zone).date(), hours)
    found = (
        before(moment, working, hours),
        next_moment(moment, hours),
        next_begin(moment, hours),
        began,
    )
    assert all(is_inside(each, hours) and each.tzinfo is UTC for each in found)
    assert found[0] < moment <= found[1] <= max(moment, found[2])
    assert moment < found[2]


@settings(deadline=None)
@given(moments, any_hours)
def test_the_next_moment_is_now_or_the_next_begin(moment: datetime, hours: Hours) -> None:
    """Where the clock changes between begin and end, the shorter reading of the day counts."""
    found = next_moment(moment, hours)
    if found != moment:
        assert found == next_begin(moment, hours)
        local = moment.astimezone(hours.zone)
        has_odd_day = (
            local.utcoffset() != (moment + timedelta(days=1)).astimezone(hours.zone).utcoffset()
            or local.utcoffset() != (moment - timedelta(days=1)).astimezone(hours.zone).utcoffset()
        )
        assert not is_inside(moment, hours) or has_odd_day


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        ("Europe/Amsterdam", "2026-04-24 17:00", "2026-04-28 09:00"),  # King's Day is a Monday
        ("Europe/Amsterdam", "2026-04-24 16:59", "2026-04-24 16:59"),
        ("Europe/Amsterdam", "2026-04-02 20:00", "2026-04-07 09:00"),  # Good Friday to Easter
        ("Europe/Amsterdam", "2026-12-24 18:00", "2026-12-28 09:00"),
        ("Europe/Amsterdam", "2026-12-31 17:00", "2027-01-04 09:00"),
        ("America/New_York", "2026-03-04 09:00", "2026-03-04 15:00"),
    ],
)
def test_the_next_moment(zone: str, now: str, then: str) -> None:
    hours = Hours(ZoneInfo(zone), is_free=partial(is_public_holiday, "NL"))
    assert next_moment(at(now), hours) == at(then)


def test_hours_that_the_clock_skips_or_has_twice() -> None:
    sundays = frozenset({6})
    # 29 March: there is no 2:30; 25 October: there are two.
    skipped = Hours(AMSTERDAM, sundays, time(2, 30), time(10))
    assert next_moment(at("2026-03-28 12:00"), skipped) == at("2026-03-29 03:30")
    assert before(at("2026-03-29 12:00"), timedelta(hours=6, minutes=30), skipped) == at(
        "2026-03-29 03:30"
    )
    twice = Hours(AMSTERDAM, sundays, time(1), time(2, 30))
    first = datetime(2026, 10, 25, 0, 29, tzinfo=UTC)
    assert next_moment(first, twice) == first
    assert next_moment(first + timedelta(minutes=1), twice) == at("2026-11-01 01:00")
    # Nothing is left of a day on which they would begin and end in the hour that is skipped.
    gone = Hours(AMSTERDAM, sundays, time(2, 10), time(2, 50))
    assert next_moment(at("2026-03-28 12:00"), gone) == at("2026-04-05 02:10")


def test_a_day_that_a_zone_skipped_is_no_working_day() -> None:
    samoa = Hours(ZoneInfo("Pacific/Apia"))
    thursday = datetime(2011, 12, 29, 17, tzinfo=samoa.zone)
    assert next_moment(thursday, samoa) == datetime(2012, 1, 2, 9, tzinfo=samoa.zone)


def test_the_morning_of_a_day_that_is_free_is_the_one_before() -> None:
    dutch = Hours(AMSTERDAM, is_free=partial(is_public_holiday, "NL"))
    assert begin_on(date(2026, 4, 27), dutch) == at("2026-04-24 09:00")
    assert begin_on(date(2026, 4, 28), dutch) == at("2026-04-28 09:00")
