"""A file of special days: iCal or CSV, whatever its name says. Pure.

What it may be: a calendar from anywhere. So nothing of it is believed: not its size, its letters,
its rules or its dates.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.rules.refusals import Refusal
from bot.rules.special_days import (
    MAX_NAME,
    MOST_WEEKS,
    check_days,
    check_ideas,
    check_yearly_rule,
)
from bot.rules.strategy_file import Mistake
from bot.rules.tables import (
    Row,
    RowMistakes,
    day_in,
    in_our_days,
    mistake_in,
    read_table,
    text_of,
)

R = TypeVar("R")

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("name", "naam", "titel", "title"),
    "first_day": ("from", "van", "date", "datum", "begin", "start"),
    "last_day": ("till", "tot", "tot en met", "t/m", "eind", "end"),
    "every_year": ("every year", "elk jaar", "jaarlijks"),
    "prepare": ("prepare", "voorbereiden", "weken vooraf"),
    "ideas": ("ideas", "ideeën", "ideeen"),
}
"""Column → its headings, the first as we name it. Ideas stand on lines of one cell."""

_YES = ("yes", "ja", "j", "y", "x", "1", "true", "waar")
_NO = ("", "no", "nee", "n", "0", "false", "onwaar")
_EXCEPTIONS = ("RDATE", "EXDATE", "RECURRENCE-ID")
_SHORTEST = "BEGIN:VCALENDAR"
LONGEST_UID = 255
MOST_DAYS = 1000


@dataclass(frozen=True)
class Brought:
    """A special day as a file says it. One of rule, yearly and first_day says when it comes.

    prepare, ideas: None where the file says nothing of it.
    """

    row: int
    name: str
    uid: str | None = None
    rule: str | None = None
    yearly: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    prepare: int | None = None
    ideas: tuple[str, ...] | None = None

    @property
    def when(self) -> tuple[object, ...]:
        return self.rule, self.yearly, self.first_day, self.last_day


def read(content: bytes, zone: ZoneInfo) -> tuple[Brought, ...]:
    """Every day in the file; zone: of moments that are written in UTC.

    Raises RowMistakes with everything that is wrong in it.
    """
    try:
        text = text_of(content)
    except Refusal as refusal:
        raise RowMistakes([mistake_in(0, refusal)]) from None
    is_calendar = text.lstrip("\ufeff \t\r\n").upper().startswith(_SHORTEST)
    found = _from_calendar(text, zone) if is_calendar else _from_table(text)
    if not found:
        raise RowMistakes([Mistake(0, "There is no day in this file.", {})])
    return found


def _from_table(text: str) -> tuple[Brought, ...]:
    rows = read_table(text, COLUMNS, required=("name", "first_day"))
    return _all_or_mistakes([(row.number, row) for row in rows], _of_row)


def _from_calendar(text: str, zone: ZoneInfo) -> tuple[Brought, ...]:
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, RecursionError):
        raise RowMistakes([Mistake(0, "This calendar is broken: it cannot be read.", {})]) from None
    found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    events = [event for event in found if isinstance(event, Event)]
    if len(events) > MOST_DAYS:
        raise RowMistakes([Mistake(0, "A file has {limit} rows at most.", {"limit": MOST_DAYS})])
    taking_place = [(n, e) for n, e in enumerate(events, 1) if e.get("STATUS") != "CANCELLED"]
    return _all_or_mistakes(taking_place, lambda n, event: _of_event(n, event, zone))


def _all_or_mistakes(
    rows: Sequence[tuple[int, R]], read_one: Callable[[int, R], Brought]
) -> tuple[Brought, ...]:
    found: list[Brought] = []
    mistakes: list[Mistake] = []
    for number, row in rows:
        try:
            found.append(read_one(number, row))
        except Refusal as refusal:
            mistakes.append(mistake_in(number, refusal))
    mistakes += _twice(found)
    if mistakes:
        raise RowMistakes(sorted(mistakes, key=lambda mistake: mistake.line))
    return tuple(found)


def _of_row(number: int, row: Row) -> Brought:
    every_year = _yes_or_no(row.get("every_year"))
    first = day_in(row.get("first_day"))
    last = day_in(row.get("last_day")) if row.get("last_day") else first
    return Brought(
        number,
        _name(row.get("name")),
        **_when(first, last, every_year=every_year),
        prepare=_weeks(row.get("prepare")) if "prepare" in row.cells else None,
        ideas=_ideas(row.get("ideas")) if "ideas" in row.cells else None,
    )


def _of_event(number: int, event: Event, zone: ZoneInfo) -> Brought:
    if event.errors or "DTSTART" not in event:
        raise Refusal("This event has no date that can be read.")
    if any(name in event for name in _EXCEPTIONS):
        raise Refusal("This event has exceptions to its rule. Write each of its dates by itself.")
    first, last = _days_of(event, zone)
    uid = str(event.get("UID", ""))[:LONGEST_UID] or None
    name = _name(str(event.get("SUMMARY", "")))
    rule = event.get("RRULE")
    if rule is None:
        return Brought(number, name, uid, **_when(first, last))
    if isinstance(rule, list):
        raise Refusal("A special day comes once a year. This event has several rules.")
    return Brought(number, name, uid, **_by_rule(first, last, rule.to_ical().decode().upper()))


def _by_rule(first: date, last: date, rule: str) -> dict[str, Any]:
    """The rule itself; where it only says "every year", the date."""
    parts = [p for p in rule.split(";") if not p.startswith("WKST=") and p != "INTERVAL=1"]
    if set(parts) == {"FREQ=YEARLY"}:
        return _when(first, last, every_year=True)
    check_days(first, last, every_year=True)
    rule = ";".join(sorted(parts, key=lambda part: not part.startswith("FREQ=")))
    check_yearly_rule(rule)
    return {"rule": rule}


def _days_of(event: Event, zone: ZoneInfo) -> tuple[date, date]:
    """The end of an event is the first day, or moment, that does not belong to it."""
    start = _value(event, "DTSTART")
    if not isinstance(start, date):
        raise Refusal("This event has no date that can be read.")
    smallest = timedelta(seconds=1) if isinstance(start, datetime) else timedelta(days=1)
    try:
        end = _value(event, "DTEND") if "DTEND" in event else start + _length(event)
        last = end - smallest if end > start else start
        return in_our_days(_on_the_wall(start, zone)), in_our_days(_on_the_wall(last, zone))
    except (TypeError, OverflowError, AttributeError):  # a date beside a time, a time beyond time
        raise Refusal("This event has no date that can be read.") from None


def _value(event: Event, name: str) -> Any:
    """A date, moment or length; None where it is none, or there are several."""
    found = event.get(name)
    return getattr(found, "dt", getattr(found, "td", None))


def _length(event: Event) -> timedelta:
    length = _value(event, "DURATION") if "DURATION" in event else timedelta(0)
    if not isinstance(length, timedelta):
        raise Refusal("This event has no date that can be read.")
    return length


def _on_the_wall(moment: date, zone: ZoneInfo) -> date:
    """The date for whoever wrote it; in UTC nobody lives."""
    if not isinstance(moment, datetime):
        return moment
    in_utc = moment.tzinfo is not None and moment.tzname() == "UTC"
    return (moment.astimezone(zone) if in_utc else moment).date()


def _when(first: date, last: date, *, every_year: bool = False) -> dict[str, Any]:
    check_days(first, last, every_year=every_year)
    if every_year:
        return {"yearly": first}
    return {"first_day": first, "last_day": last if last > first else None}


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refusal("There is no name here.")
    if len(name) > MAX_NAME:
        raise Refusal(
            "The name has {length} characters; {limit} is the most.",
            length=len(name),
            limit=MAX_NAME,
        )
    if name.startswith("="):
        raise Refusal("“{name}” is a formula of a spreadsheet, not a name.", name=name[:40])
    return name


def _weeks(cell: str) -> int:
    if not cell:
        return 0
    if not cell.isdecimal() or int(cell[:4]) > MOST_WEEKS:
        raise Refusal(
            "“{cell}” is no number of weeks from 0 to {limit}.", cell=cell[:40], limit=MOST_WEEKS
        )
    return int(cell)


def _ideas(cell: str) -> tuple[str, ...]:
    ideas = tuple(dict.fromkeys(line.strip() for line in cell.splitlines() if line.strip()))
    check_ideas(ideas)
    return ideas


def _yes_or_no(cell: str) -> bool:
    if cell.casefold() in _YES:
        return True
    if cell.casefold() in _NO:
        return False
    raise Refusal("“{cell}” is not yes and not no.", cell=cell[:40])


def _twice(days: Sequence[Brought]) -> Iterator[Mistake]:
    first: dict[tuple[object, ...], int] = {}
    for day in days:
        name = (day.name.casefold(), *day.when)
        if name in first:
            yield Mistake(day.row, "This is the same as row {first}.", {"first": first[name]})
        first.setdefault(name, day.row)
