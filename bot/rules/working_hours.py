"""Working hours: moments counted on the wall of whoever is reminded. Pure.

Monday to Friday, 9:00 to 17:00.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.calendar import WallTime

BEGIN = time(9)
END = time(17)
SATURDAY = 5
A_DAY = timedelta(days=1)


def before(at: datetime, working: timedelta, zone: ZoneInfo) -> datetime:
    """The latest moment from which so much working time is left until `at`; in UTC.

    working: more than nothing. What falls outside working hours does not count.
    """
    left = working
    for day in _days_back(at.astimezone(zone).date()):
        begin, end = _hours_of(day, zone)
        worked = min(end, at) - begin
        if worked >= left:
            return begin + worked - left
        left -= max(worked, timedelta())
    raise AssertionError("there is always an earlier day")


def next_begin(after: datetime, zone: ZoneInfo) -> datetime:
    """When the next working day begins; in UTC."""
    day = after.astimezone(zone).date()
    while not _is_working(day) or _hours_of(day, zone)[0] <= after:
        day += A_DAY
    return _hours_of(day, zone)[0]


def _days_back(day: date) -> Iterator[date]:
    """The working days, from this one back."""
    while True:
        if _is_working(day):
            yield day
        day -= A_DAY


def _is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def _hours_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begin, end = (WallTime(datetime.combine(day, at), zone.key) for at in (BEGIN, END))
    return begin.at, end.at
