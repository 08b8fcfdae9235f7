"""Which part of the calendar somebody asks for: "next month Instagram", "deze week"."""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.rules.calendar import PLANNED, monday_of
from bot.rules.refusals import Refusal
from bot.rules.spread import Period
from bot.rules.topics import folded

YEARS = range(2000, 2101)


class Unit(StrEnum):
    """How long the part is: what comes before and after it is as long."""

    COMING = "coming"  # the coming weeks
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Part:
    """A part of the calendar. platform: as it was typed, all of them where it is empty."""

    unit: Unit
    period: Period
    platform: str = ""

    def moved(self, by: int) -> "Part":
        """The part so many before (negative) or after this one."""
        if self.unit is Unit.MONTH:
            return replace(self, period=month_of(_months_on(self.period.first, by)))
        step = timedelta(days=self.period.days * by)
        return replace(self, period=Period(self.period.first + step, self.period.last + step))


_UNITS: Mapping[str, Unit] = {
    "week": Unit.WEEK,
    "month": Unit.MONTH,
    "maand": Unit.MONTH,
}
_WHICH: Mapping[str, int] = {
    **dict.fromkeys(("this", "deze"), 0),
    **dict.fromkeys(("next", "volgende", "komende"), 1),
    **dict.fromkeys(("last", "previous", "vorige", "afgelopen"), -1),
}
_MONTHS: Mapping[str, int] = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, name in enumerate(names.split(), start=1)
}
_YEAR_AND_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_A_YEAR = re.compile(r"20\d\d")


def part_of(typed: str, today: date) -> Part:
    """What is asked for; without a period in it, the coming weeks.

    Raises Refusal for a month that no calendar has.
    """
    words = typed.split()
    for (begin, end), part in _periods(words, today):
        return replace(part, platform=" ".join(words[:begin] + words[end:]))
    coming = Period(today, today + PLANNED - timedelta(days=1))
    return Part(Unit.COMING, coming, " ".join(words))


def week_of(day: date) -> Period:
    monday = monday_of(day)
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    _, length = calendar.monthrange(day.year, day.month)
    return Period(day.replace(day=1), day.replace(day=length))


def _periods(words: list[str], today: date) -> Iterator[tuple[tuple[int, int], Part]]:
    """Every period in the words, with where it stands: from which word, up to which."""
    for at, word in enumerate(words):
        first, second = folded(word), folded(words[at + 1]) if at + 1 < len(words) else ""
        if first in _WHICH and second in _UNITS:
            yield (at, at + 2), _part(_UNITS[second], today).moved(_WHICH[first])
        elif first in _UNITS:
            yield (at, at + 1), _part(_UNITS[first], today)
        elif first in _MONTHS:
            has_year = bool(_A_YEAR.fullmatch(second))
            month = _month(_MONTHS[first], int(second) if has_year else None, today)
            yield (at, at + 1 + has_year), month
        elif found := _YEAR_AND_MONTH.fullmatch(word):
            year, number = map(int, found.groups())
            if year not in YEARS or not 1 <= number <= 12:
                raise Refusal(
                    "{word} is no month that I know. Write it like this: 2026-03.", word=word
                )
            yield (at, at + 1), _month(number, year, today)


def _part(unit: Unit, today: date) -> Part:
    return Part(unit, week_of(today) if unit is Unit.WEEK else month_of(today))


def _month(number: int, year: int | None, today: date) -> Part:
    """Without a year: the one of that name that is nearest, half a year back at most."""
    if year is None:
        ahead = (number - today.month) % 12
        there = _months_on(today, ahead if ahead <= 6 else ahead - 12)
        return Part(Unit.MONTH, month_of(there))
    return Part(Unit.MONTH, month_of(date(year, number, 1)))


def _months_on(day: date, by: int) -> date:
    """The first of the month so many months on."""
    years, month = divmod(day.month - 1 + by, 12)
    return date(day.year + years, month + 1, 1)
