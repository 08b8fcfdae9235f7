"""Working hours: moments counted on the wall of whoever is reminded. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.refusals import InvalidForm, Refusal

MONDAY_TO_FRIDAY = frozenset(range(5))
BEGIN = time(9)
END = time(17)
A_DAY = timedelta(days=1)
SHORTEST = timedelta(hours=1)
"""Of a working day: in less there is no time to be reminded in."""


def never(_: date) -> bool:
    return False


@dataclass(frozen=True)
class Hours:
    """When somebody works, and may be reminded: outside of it is quiet.

    days: at least one, Monday is 0. begin: before end, both on the wall of the zone.
    is_free: days on which they do not work all the same, as public holidays are.
    """

    zone: ZoneInfo
    days: frozenset[int] = MONDAY_TO_FRIDAY
    begin: time = BEGIN
    end: time = END
    is_free: Callable[[date], bool] = never


def check_hours(days: Collection[int], begin: time, end: time) -> None:
    """Raises InvalidForm for days, ends."""
    errors: dict[str, Refusal] = {}
    if not days:
        errors["days"] = Refusal("Choose one day at least: on the other days I leave you in peace.")
    if datetime.combine(date.min, end) - datetime.combine(date.min, begin) < SHORTEST:
        errors["ends"] = Refusal(
            "Choose a time that is at least an hour later than when you begin."
        )
    if errors:
        raise InvalidForm(errors)


def before(at: datetime, working: timedelta, hours: Hours) -> datetime:
    """The latest moment from which so much working time is left until `at`; in UTC.

    working: more than nothing. What falls outside working hours does not count.
    """
    left = working
    for begin, end in _windows(at, hours, -A_DAY):
        worked = min(end, at) - begin
        if worked >= left:
            return begin + worked - left
        left -= max(worked, timedelta())
    raise AssertionError("there is always an earlier day")


def next_moment(at: datetime, hours: Hours) -> datetime:
    """`at` itself where they work then, else when they begin the next time; in UTC."""
    return next(
        max(begin, at.astimezone(UTC)) for begin, end in _windows(at, hours, A_DAY) if at < end
    )


def next_begin(after: datetime, hours: Hours) -> datetime:
    """When the next working day begins; in UTC."""
    return next(begin for begin, _ in _windows(after, hours, A_DAY) if begin > after)


def begin_on(day: date, hours: Hours) -> datetime:
    """When they begin on this day, or on the last working day before it; in UTC."""
    return next(begin for begin, _ in _windows_from(day, hours, -A_DAY))


def day_of(at: datetime, hours: Hours) -> date:
    """On their wall."""
    return at.astimezone(hours.zone).date()


def _windows(at: datetime, hours: Hours, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    return _windows_from(day_of(at, hours), hours, step)


def _windows_from(day: date, hours: Hours, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Begin and end of the working days from this one on, or back; in UTC.

    Where the clock changes at that very time, so that a time comes twice or never, the shorter
    reading counts: whatever lies between begin and end is inside the hours on the wall, too.
    """
    while True:
        if day.weekday() in hours.days and not hours.is_free(day):
            begin = max(_readings(day, hours.begin, hours.zone))
            end = min(_readings(day, hours.end, hours.zone))
            if begin < end:
                yield begin, end
        day += step


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    wall = datetime.combine(day, at, zone)
    return wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
