"""How often a slot comes, as plain choices in a form; each set of choices is one RFC 5545 rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from bot.rules.recurrence import WEEKDAYS, check_rule, parse, with_end
from bot.rules.refusals import InvalidForm, Refusal
from bot.texts import N_


class Often(StrEnum):
    DAY = "day"
    WEEK = "week"
    WEEKS_2 = "weeks 2"
    WEEKS_3 = "weeks 3"
    WEEKS_4 = "weeks 4"
    MONTH = "month"
    MONTH_FIRST = "month 1"
    MONTH_SECOND = "month 2"
    MONTH_THIRD = "month 3"
    MONTH_FOURTH = "month 4"
    MONTH_LAST = "month -1"
    YEAR = "year"
    KEPT = "kept"  # the rule that is there, which these choices cannot show


_O = Often
OFTEN_WORDS: Mapping[Often, str] = {
    _O.DAY: N_("Every day"),
    _O.WEEK: N_("Every week"),
    _O.WEEKS_2: N_("Every 2 weeks"),
    _O.WEEKS_3: N_("Every 3 weeks"),
    _O.WEEKS_4: N_("Every 4 weeks"),
    _O.MONTH: N_("Every month, on one day of the month"),
    _O.MONTH_FIRST: N_("Every month, on the first weekday that is ticked"),
    _O.MONTH_SECOND: N_("Every month, on the second weekday that is ticked"),
    _O.MONTH_THIRD: N_("Every month, on the third weekday that is ticked"),
    _O.MONTH_FOURTH: N_("Every month, on the fourth weekday that is ticked"),
    _O.MONTH_LAST: N_("Every month, on the last weekday that is ticked"),
    _O.YEAR: N_("Every year"),
}
_WEEKS = {_O.WEEK: 1, _O.WEEKS_2: 2, _O.WEEKS_3: 3, _O.WEEKS_4: 4}
_WHICH = {
    _O.MONTH_FIRST: 1,
    _O.MONTH_SECOND: 2,
    _O.MONTH_THIRD: 3,
    _O.MONTH_FOURTH: 4,
    _O.MONTH_LAST: -1,
}
MONTH_DAYS = (*range(1, 32), -1)
"""-1 is the last."""


@dataclass(frozen=True)
class Choices:
    """What is not chosen follows from the first day, or is not asked.

    weekdays: 0 is Monday; for weeks, and for a first, second … of the month. month_day: of
    MONTH_DAYS; for a month and a year. month: for a year.
    """

    often: Often
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    month: int | None = None
    until: date | None = None
    count: int | None = None


def rule_of(choices: Choices, first_day: date, kept: str = "") -> str:
    """The rule. kept: the one that is there, for who lets it be.

    Raises InvalidForm for often, month_day, last_day, times.
    """
    _check_end(choices, first_day)
    rule = with_end(
        kept if choices.often is Often.KEPT else _endless(choices, first_day),
        choices.until,
        choices.count,
    )
    try:
        check_rule(rule)
    except Refusal:
        raise InvalidForm(
            {"month_day": Refusal("There is no such day in that month. Choose another one.")}
        ) from None
    return rule


def choices_of(rule: str, at: time, since: date) -> Choices:
    """KEPT for a rule that these choices cannot show."""
    whole = parse(rule)
    found = replace(whole.explicit(since), until=None, count=None)
    if found.freq != "WEEKLY" or found.interval == 1:
        found = replace(found, week_start=0)  # it makes no difference there
    parts = Choices(
        Often.KEPT,
        tuple(sorted({day for _, day in found.weekdays})),
        next(iter(found.month_days), None),
        next(iter(found.months), None),
    )
    shown = (replace(parts, often=often) for often in OFTEN_WORDS)
    fitting = (each for each in shown if parse(_endless(each, since)) == found)
    choices = next(fitting, Choices(Often.KEPT))
    if choices.month_day is not None and choices.month_day not in MONTH_DAYS:
        choices = Choices(Often.KEPT)
    return replace(choices, until=whole.last_day(at), count=whole.count)


def _endless(choices: Choices, first_day: date) -> str:
    often = choices.often
    weekdays = choices.weekdays or (first_day.weekday(),)
    month_day = choices.month_day or first_day.day
    if often is Often.DAY:
        return "FREQ=DAILY"
    if often is Often.MONTH:
        return f"FREQ=MONTHLY;BYMONTHDAY={month_day}"
    if often is Often.YEAR:
        month = choices.month or first_day.month
        return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={month_day}"
    if often in _WHICH:
        days = ",".join(f"{_WHICH[often]}{WEEKDAYS[day]}" for day in sorted(set(weekdays)))
        return f"FREQ=MONTHLY;BYDAY={days}"
    days = ",".join(WEEKDAYS[day] for day in sorted(set(weekdays)))
    interval = "" if often is Often.WEEK else f"INTERVAL={_WEEKS[often]};"
    return f"FREQ=WEEKLY;{interval}BYDAY={days}"


def _check_end(choices: Choices, first_day: date) -> None:
    if choices.until is not None and choices.count is not None:
        raise InvalidForm(
            {"times": Refusal("Give a last day or a number of times, not both. Empty one of them.")}
        )
    if choices.until is not None and choices.until < first_day:
        raise InvalidForm({"last_day": Refusal("The last day comes before the first one.")})
