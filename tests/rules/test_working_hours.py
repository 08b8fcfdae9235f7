"""Working hours, counted back on the wall of whoever is reminded."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.working_hours import before, next_begin

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = [ZoneInfo(name) for name in ("Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "UTC")]
# A year with both changes of the clock, minute by minute.
moments = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(ZONES)
hours = st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))


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
    assert before(at(planned), timedelta(hours=count), AMSTERDAM) == at(expected)


def test_each_counts_on_their_own_wall() -> None:
    planned = at("2026-03-04 15:00")  # 9:00 in New York
    assert before(planned, timedelta(hours=2), ZONES[1]) == datetime(2026, 3, 3, 20, tzinfo=UTC)


@given(moments, hours, zones)
def test_so_much_working_time_is_left_and_not_a_minute_later(
    planned: datetime, working: timedelta, zone: ZoneInfo
) -> None:
    found = before(planned, working, zone)
    assert found.tzinfo is UTC
    local = found.astimezone(zone)
    assert local.weekday() < 5
    assert time(9) <= local.time() < time(17)
    if working <= timedelta(hours=16):  # else it takes long to count
        assert worked(found, planned, zone) == working


@given(moments, hours, hours, zones)
def test_more_hours_come_earlier(
    planned: datetime, one: timedelta, other: timedelta, zone: ZoneInfo
) -> None:
    less, more = sorted((one, other))
    assert before(planned, more, zone) <= before(planned, less, zone) < planned


@given(moments, zones)
def test_the_next_working_day_begins(after: datetime, zone: ZoneInfo) -> None:
    found = next_begin(after, zone)
    local = found.astimezone(zone)
    assert after < found <= after + timedelta(days=3, hours=1)
    assert local.weekday() < 5
    assert local.time() == time(9)
    assert worked(after, found, zone) <= timedelta(hours=8)
