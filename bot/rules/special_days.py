"""Special days: public holidays, days that come every year, and periods that move. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import chain, count
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr

from bot.rules.calendar import USUAL_TIME, WallTime
from bot.rules.people import PlatformPeople
from bot.rules.recurrence import check_rule
from bot.rules.refusals import Refusal
from bot.rules.topics import folded

MAX_NAME = 75
MAX_KEY = 50  # with a number behind it, it is still one of the strategy file
MAX_IDEA = 300
MOST_IDEAS = 20
MOST_WEEKS = 26
LONGEST = timedelta(days=366)

A_YEAR = timedelta(days=300)
"""Two dates of one day that are further apart belong to different years."""

LIBRARY_LANGUAGES = {"nl": "nl", "en": "en_US"}
"""The interface's languages, as the library of holidays calls them."""

_EXAMPLE = "FREQ=YEARLY;BYMONTH=9;BYDAY=1SU"
_NOT_YEARLY = ("COUNT=", "UNTIL=", "INTERVAL=")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class SpecialDay:
    """A day or period for which posts are made. One of rule, yearly and first_day says when.

    metadata["key"]: what the strategy file calls a field.
    """

    key: str
    name: str
    rule: str | None = None  # RFC 5545, once a year: "the first Sunday of September"
    yearly: date | None = field(default=None, metadata={"key": "date"})  # each year, from then on
    first_day: date | None = field(default=None, metadata={"key": "from"})  # in that year only
    last_day: date | None = field(default=None, metadata={"key": "till"})  # None: the same day
    prepare: int = 0  # so many weeks before it the owners are reminded; 0: they are not
    ideas: tuple[str, ...] = ()
    target_group: str | None = None
    pillar: str | None = None


class Repeats(StrEnum):
    """How a day comes back, as somebody chooses it in a form."""

    NEVER = "never"  # on these days, in this year
    DATE = "date"  # every year on this date
    WEEKDAY = "weekday"  # every year on this weekday of the month
    KEPT = "kept"  # by the rule that it has


@dataclass(frozen=True)
class SpecialDate:
    """One time that a special day comes. `day` is None for a public holiday."""

    first: date
    last: date
    name: str
    day: SpecialDay | None = None


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int, language: str = "en") -> Mapping[date, str]:
    """The country's public holidays of this year, by date; in the reader's language where the
    library has it. country: as ISO 3166 says, "NL"; "" is none."""
    if not country:
        return {}
    found = holidays.country_holidays(
        country, years=year, language=LIBRARY_LANGUAGES.get(language, "en_US")
    )
    return dict(sorted(found.items()))


def is_public_holiday(country: str, day: date) -> bool:
    return day in public_holidays(country, day.year)


def check_country(code: str) -> None:
    """Raises Refusal for a country of which nobody has listed the holidays."""
    if code and code not in holidays.list_supported_countries(include_aliases=False):
        raise Refusal(
            "{code} is no country whose public holidays I know. The Netherlands are {example}; "
            "empty means: no public holidays.",
            code=code,
            example="NL",
        )


def check_yearly_rule(rule: str) -> None:
    """Raises Refusal for what does not come once a year, every year the same way."""
    if not rule.upper().startswith("FREQ=YEARLY;") or any(p in rule.upper() for p in _NOT_YEARLY):
        raise Refusal(
            "A special day comes once a year. A rule for the first Sunday of September: {example}.",
            example=_EXAMPLE,
        )
    check_rule(rule)
    years = [day.year for day in _by_rule(rule, date(2024, 1, 1), date(2051, 12, 31))]
    if len(set(years)) < len(years) or "BY" not in rule.upper():
        raise Refusal(
            "{rule} comes more than once a year. "
            "A rule for the first Sunday of September: {example}.",
            rule=rule,
            example=_EXAMPLE,
        )


def weekday_rule(day: date) -> str:
    """Every year on the same weekday of its month: 'the first Sunday of September'. A fifth one
    does not come every year, so it is the last."""
    place = (day.day - 1) // 7 + 1
    return (
        f"FREQ=YEARLY;BYMONTH={day.month};BYDAY={place if place < 5 else -1}"
        f"{_WEEKDAYS[day.weekday()]}"
    )


def when(
    repeats: Repeats, first: date, last: date | None, before: SpecialDay | None
) -> dict[str, Any]:
    """rule, yearly, first_day and last_day of a SpecialDay. before: whose rule is kept."""
    if repeats is Repeats.KEPT and before and before.rule:
        return {"rule": before.rule}
    if repeats is Repeats.WEEKDAY:
        return {"rule": weekday_rule(first)}
    if repeats is Repeats.DATE:
        stays = before and before.yearly
        is_same_date = stays and (stays.month, stays.day) == (first.month, first.day)
        return {"yearly": stays if is_same_date else first}
    return {"first_day": first, "last_day": last if last and last > first else None}


def repeats_of(day: SpecialDay) -> Repeats:
    if day.rule:
        return Repeats.KEPT
    return Repeats.DATE if day.yearly else Repeats.NEVER


def is_same(day: SpecialDay, other: SpecialDay) -> bool:
    """Whether both come under one name at the same time."""
    return folded(day.name) == folded(other.name) and _when(day) == _when(other)


def version_of(day: SpecialDay) -> str:
    """Differs as soon as anything of the day does."""
    return sha256(repr(day).encode()).hexdigest()[:16]


def _when(day: SpecialDay) -> tuple[object, ...]:
    return day.rule, day.yearly, day.first_day, day.last_day or day.first_day


def dates_of(day: SpecialDay, first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each time that it comes, as far as some of it lies in first..last."""
    if day.rule:
        yield from ((each, each) for each in _by_rule(day.rule, first, last))
    elif day.yearly:
        for year in range(max(day.yearly.year, first.year), last.year + 1):
            try:
                each = day.yearly.replace(year=year)
            except ValueError:  # 29 February
                continue
            if first <= each <= last:
                yield each, each
    elif day.first_day:
        end = day.last_day or day.first_day
        if day.first_day <= last and end >= first:
            yield day.first_day, end


def between(
    days: Iterable[SpecialDay], country: str, language: str, first: date, last: date
) -> tuple[SpecialDate, ...]:
    """What comes in first..last, the earliest first. A holiday that stands in the list under the
    same name is shown once."""
    listed = [
        SpecialDate(start, end, day.name, day)
        for day in days
        for start, end in dates_of(day, first, last)
    ]
    names = {(each.first, folded(each.name)) for each in listed}
    public = [
        SpecialDate(day, day, name)
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(country, year, language).items()
        if first <= day <= last and (day, folded(name)) not in names
    ]
    return tuple(sorted([*listed, *public], key=lambda each: (each.first, each.last, each.name)))


def check_ideas(ideas: Sequence[str]) -> None:
    """Raises Refusal."""
    if len(ideas) > MOST_IDEAS or any(len(idea) > MAX_IDEA for idea in ideas):
        raise Refusal(
            "A day has {most} ideas at most, each of {limit} characters at most.",
            most=MOST_IDEAS,
            limit=MAX_IDEA,
        )


def check_days(first: date, last: date | None, *, every_year: bool) -> None:
    """Raises Refusal for a period that ends before it begins, is too long, or would not move."""
    end = last or first
    if not first <= end <= first + LONGEST:
        raise Refusal("The last day comes after the first, and a period has a year at most.")
    if every_year and end > first:
        raise Refusal(
            "A period of several days falls on other dates each year. Name each year by itself."
        )


def key_for(name: str, year: int | None, taken: Collection[str]) -> str:
    """A key that the strategy file takes: "boekenweek-2027"."""
    words = re.findall("[a-z0-9]+", folded(name))
    key = "-".join([*words, *([str(year)] if year else [])])[-MAX_KEY:].lstrip("-") or "day"
    candidates = chain([key], (f"{key}-{n}" for n in count(2)))
    return next(each for each in candidates if each not in taken)


def usual_moment(day: date, zone: ZoneInfo) -> datetime:
    """When a post for this day would go out, in UTC."""
    return WallTime(datetime.combine(day, USUAL_TIME), zone.key).at


def may_change(person: str, admins: Sequence[str], platforms: Sequence[PlatformPeople]) -> bool:
    return person in admins or any(person in p.owners + p.deputies for p in platforms)


def check_may_change(
    person: str, admins: Sequence[str], platforms: Sequence[PlatformPeople]
) -> None:
    """Raises Refusal, with what everybody can do instead."""
    if not may_change(person, admins, platforms):
        raise Refusal(
            "Only people who are responsible for a platform, and the administrators, change the "
            "special days. You can add an idea to a day: press Add an idea below it."
        )


def _by_rule(rule: str, first: date, last: date) -> Iterator[date]:
    start = datetime(first.year - 1, 1, 1)  # noqa: DTZ001 - days, naive by meaning
    for at in rrulestr(rule, dtstart=start).between(
        datetime.combine(first, time.min), datetime.combine(last, time.min), inc=True
    ):
        yield at.date()
