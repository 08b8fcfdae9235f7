"""Recurrence: the rules of RFC 5545 3.3.10 that fit a calendar of days, and the days they give."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import Literal

from dateutil import rrule as dateutil

from bot.rules.refusals import Refusal

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_TO_31 = "([1-9]|[12][0-9]|3[01])"
_TO_53 = "([1-9]|[1-4][0-9]|5[0-3])"
_TO_366 = "([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])"
_PARTS: Mapping[str, tuple[str, str]] = {
    "FREQ": ("DAILY|WEEKLY|MONTHLY|YEARLY", "FREQ=WEEKLY"),
    "INTERVAL": ("[1-9][0-9]{0,2}", "INTERVAL=2"),
    "COUNT": ("[1-9][0-9]{0,3}", "COUNT=10"),
    "UNTIL": ("[0-9]{8}(T[0-9]{6})?", "UNTIL=20271231"),
    "BYDAY": (f"([+-]?{_TO_53})?{_DAY}", "BYDAY=MO,TH"),
    "BYMONTHDAY": (f"-?{_TO_31}", "BYMONTHDAY=1,15"),
    "BYMONTH": ("[1-9]|1[0-2]", "BYMONTH=3,9"),
    "BYSETPOS": (f"-?{_TO_366}", "BYSETPOS=-1"),
    "BYWEEKNO": (f"-?{_TO_53}", "BYWEEKNO=20"),
    "BYYEARDAY": (f"-?{_TO_366}", "BYYEARDAY=100"),
    "WKST": (_DAY, "WKST=MO"),
}
"""The parts that a rule may have: what one value may be, an example.

The time of day has a key of its own in the strategy file, so that there is no BYHOUR here.
"""
_LISTS = frozenset(part for part in _PARTS if part.startswith("BY"))

_FREQS: Mapping[str, Literal[0, 1, 2, 3]] = {
    "DAILY": dateutil.DAILY,
    "WEEKLY": dateutil.WEEKLY,
    "MONTHLY": dateutil.MONTHLY,
    "YEARLY": dateutil.YEARLY,
}

# dateutil looks for the next date until the year 9999. Begun this late it finds in no time that
# there is none; 40 years hold every weekday, leap day and week 53.
_LATE = date(9960, 1, 1)

_FAR = 200
"""Years: where a rule with a COUNT is not at its end by then, it has none for us."""


@dataclass(frozen=True)
class Rule:
    """A rule, taken apart. Empty lists limit nothing."""

    freq: str  # DAILY, WEEKLY, MONTHLY or YEARLY
    interval: int = 1
    count: int | None = None
    until: datetime | None = None  # wall time
    weekdays: tuple[tuple[int, int], ...] = ()  # (which one of the period, 0 for each; 0 Monday)
    month_days: tuple[int, ...] = ()  # negative: from the end; so in the other lists
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def is_numbered(self) -> bool:
        """Whether its weekdays are the first, the last … of their period."""
        return any(which for which, _ in self.weekdays)

    def last_day(self, at: time) -> date | None:
        """The last day on which it may come, at this time; None: no day is named."""
        if self.until is None:
            return None
        ends_before = self.until.time() < at
        return self.until.date() - timedelta(days=int(ends_before))

    def explicit(self, since: date) -> "Rule":
        """With the days that follow from its first possible day written out."""
        if self.weekdays or self.month_days or self.year_days or self.weeks:
            return self
        match self.freq:
            case "WEEKLY":
                return replace(self, weekdays=((0, since.weekday()),))
            case "MONTHLY":
                return replace(self, month_days=(since.day,))
            case "YEARLY":
                return replace(self, month_days=(since.day,), months=self.months or (since.month,))
        return self


@lru_cache(4096)
def parse(rule: str) -> Rule:
    """Raises Refusal for what is no RFC 5545 rule of days."""
    parts = _parts_of(rule)
    if "FREQ" not in parts:
        raise Refusal(
            "{rule} does not say how often. A rule for every Monday: {example}.",
            rule=rule,
            example="FREQ=WEEKLY;BYDAY=MO",
        )
    if "COUNT" in parts and "UNTIL" in parts:
        raise Refusal("A rule has COUNT or UNTIL, not both: {rule}.", rule=rule)
    if parts["FREQ"] == "DAILY" and "INTERVAL" in parts and _LISTS & parts.keys():
        # "Every seventh day that is a Tuesday" hangs on the first day, and may never come.
        raise Refusal(
            "FREQ=DAILY with INTERVAL counts days, which may miss every {part}. "
            "A rule for every second Monday: {example}.",
            part=min(_LISTS & parts.keys()),
            example="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        )
    found = Rule(
        freq=parts["FREQ"],
        interval=int(parts.get("INTERVAL", 1)),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        weekdays=_weekdays(_list(parts, "BYDAY")),
        month_days=_numbers(parts, "BYMONTHDAY"),
        months=_numbers(parts, "BYMONTH"),
        positions=_numbers(parts, "BYSETPOS"),
        weeks=_numbers(parts, "BYWEEKNO"),
        year_days=_numbers(parts, "BYYEARDAY"),
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
    )
    _check_together(found, parts)
    return found


def check_rule(rule: str) -> None:
    """Raises Refusal for what is no RFC 5545 rule of days, and for one that never comes."""
    if not any(True for _ in _days_from(parse(rule).explicit(_LATE), _LATE)):
        raise Refusal("There is no day that fits the rule {rule}.", rule=rule)


def days(rule: str, at: time, since: date, first: date, last: date) -> tuple[date, ...]:
    """The days of a rule in [first, last], at a time of day that matters for its end only.

    since: its first possible day, from which "every second week" and "10 times" count.
    """
    return _days(rule, at if "T" in rule.partition("UNTIL=")[2] else time(), since, first, last)


def left_of_count(rule: str, since: date, day: date) -> int | None:
    """How many of its times are left on this day; None: they are not counted."""
    count = parse(rule).count
    if count is None or day <= since:
        return count
    gone = days(rule, time(), since, since, day - timedelta(days=1))
    return max(0, count - len(gone))


def with_end(rule: str, until: date | None, count: int | None) -> str:
    """The rule with this end, or with none."""
    kept = [p for p in rule.split(";") if not p.upper().startswith(("UNTIL=", "COUNT="))]
    if until is not None:
        kept.append(f"UNTIL={until:%Y%m%d}")
    if count is not None:
        kept.append(f"COUNT={count}")
    return ";".join(kept)


@lru_cache(4096)
def _days(rule: str, at: time, since: date, first: date, last: date) -> tuple[date, ...]:
    found = parse(rule).explicit(since)
    ends = [day for day in (last, found.last_day(at), _last_counted(rule, since)) if day]
    from_ = max(first, since)
    coming = takewhile(lambda day: day <= min(ends), _days_from(found, _near(found, since, from_)))
    return tuple(day for day in coming if day >= from_)


@lru_cache(4096)
def _last_counted(rule: str, since: date) -> date | None:
    """The day of the last of its times; None: it has no such end."""
    found = parse(rule).explicit(since)
    if found.count is None:
        return None
    coming = (day for day in _days_from(found, _near(found, since, since)) if day >= since)
    within = takewhile(lambda day: day.year < since.year + _FAR, coming)
    counted = list(islice(within, found.count))
    return counted[-1] if len(counted) == found.count else None


def _near(rule: Rule, since: date, day: date) -> date:
    """The first day of the period of the rule before `day`, so that nobody has to count from
    `since`, which may be ten years ago."""
    step = rule.interval
    match rule.freq:
        case "DAILY":
            return since + timedelta(days=(day - since).days // step * step)
        case "WEEKLY":
            start = since - timedelta(days=(since.weekday() - rule.week_start) % 7)
            return start + timedelta(weeks=(day - start).days // 7 // step * step)
        case "MONTHLY":
            months = (day.year - since.year) * 12 + day.month - since.month
            month = since.month - 1 + months // step * step
            return date(since.year + month // 12, month % 12 + 1, 1)
    return date(since.year + (day.year - since.year) // step * step, 1, 1)


def _days_from(rule: Rule, start: date) -> Iterator[date]:
    """Without an end. The rule is explicit, and `start` begins one of its periods."""
    found = dateutil.rrule(
        _FREQS[rule.freq],
        dtstart=datetime.combine(start, time()),
        interval=rule.interval,
        wkst=rule.week_start,
        bysetpos=rule.positions or None,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byyearday=rule.year_days or None,
        byweekno=rule.weeks or None,
        byweekday=[dateutil.weekday(day, which or None) for which, day in rule.weekdays] or None,
    )
    return (moment.date() for moment in found)


def _parts_of(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in _PARTS or name in parts:
            raise Refusal(
                "{part} does not belong in a rule. A rule for every Monday: {example}.",
                part=part or rule,
                example="FREQ=WEEKLY;BYDAY=MO",
            )
        pattern, example = _PARTS[name]
        values = value.split(",") if name in _LISTS else [value]
        if not all(re.fullmatch(pattern, each) for each in values):
            raise Refusal(
                "{part} is not right in a rule. An example of what is: {example}.",
                part=part,
                example=example,
            )
        parts[name] = value
    return parts


def _check_together(rule: Rule, parts: Mapping[str, str]) -> None:
    """What RFC 5545 does not let stand together. Raises Refusal."""
    freq = f"FREQ={rule.freq}"
    plain = [day for which, day in rule.weekdays if which == 0]
    too_far = any(abs(which) > 5 for which, _ in rule.weekdays)
    wrong = {
        ("BYDAY", freq): rule.is_numbered
        and (rule.freq in ("DAILY", "WEEKLY") or (rule.freq == "MONTHLY" and too_far)),
        ("BYDAY", "BYWEEKNO"): rule.is_numbered and bool(rule.weeks),
        ("BYMONTHDAY", freq): bool(rule.month_days) and rule.freq == "WEEKLY",
        ("BYYEARDAY", freq): bool(rule.year_days) and rule.freq != "YEARLY",
        ("BYWEEKNO", freq): bool(rule.weeks) and rule.freq != "YEARLY",
    }
    for (part, other), is_wrong in wrong.items():
        if is_wrong:
            raise Refusal(
                "{part} and {other} do not go together in a rule.",
                part=f"{part}={parts[part]}",
                other=other,
            )
    if rule.is_numbered and plain:
        raise Refusal(
            "BYDAY={days} mixes days with a number and without. Make two fixed moments of it.",
            days=parts["BYDAY"],
        )
    if rule.positions and not (_LISTS - {"BYSETPOS"}) & parts.keys():
        raise Refusal(
            "BYSETPOS chooses among the days that another part names: {example}.",
            example="FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1",
        )


def _until(value: str) -> datetime:
    """A date includes that day, whatever the time."""
    whole = value if "T" in value else f"{value}T235959"
    try:
        return datetime.strptime(whole, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time
    except ValueError:
        raise Refusal("There is no day {day} in the calendar.", day=value) from None


def _list(parts: Mapping[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _numbers(parts: Mapping[str, str], name: str) -> tuple[int, ...]:
    return tuple(sorted({int(each) for each in _list(parts, name)}, key=_forward))


def _weekdays(values: Sequence[str]) -> tuple[tuple[int, int], ...]:
    found = {(int(value[:-2] or 0), WEEKDAYS.index(value[-2:])) for value in values}
    return tuple(sorted(found, key=lambda each: (_forward(each[0]), each[1])))


def _forward(number: int) -> tuple[bool, int]:
    """1, 2 … -2, -1: as they come."""
    return number < 0, number
