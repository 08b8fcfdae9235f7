"""A rule in words, in the reader's language: "on the first Monday of the month at 10:00"."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time

from bot.rules.recurrence import Rule, parse
from bot.texts import Texts

A_LEAP_YEAR = 2024
MOST_DATES = 6
"""So many days of a year are named by their dates."""

WORKING_DAYS = (0, 1, 2, 3, 4)
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)


def in_words(rule: str, at: time, since: date, t: Texts) -> str:
    """When it comes, and until when. since: its first possible day."""
    found = parse(rule).explicit(since)
    words = t("{days} at {time}", days=_days(found, t), time=f"{at:%H:%M}")
    if only := _only(found, t):
        words += only
    if last := found.last_day(at):
        words = t("{rule}, until {date}", rule=words, date=t.full_date(last))
    if found.count:
        words = t.n("{rule}, once", "{rule}, {n} times", found.count, rule=words)
    if _week_start_matters(found):
        first = t.weekday(found.week_start)
        words = t("{rule} (its weeks begin on {weekday})", rule=words, weekday=first)
    return words


def _days(rule: Rule, t: Texts) -> str:
    if rule.freq == "DAILY" and rule.interval > 1:
        return _every_few_days(rule.interval, t)
    if rule.freq == "WEEKLY" and not _chooses_weekday(rule):
        return _within(rule, _of_weeks(rule, t), t)
    if dates := _dates(rule):
        listed = t.listing(t.day_of_year(each) for each in dates)
        return t("{period} on {dates}", period=_years(rule.interval, t), dates=listed)
    words = _within(rule, _anchor(rule, t), t) + _if(rule, t)
    period = _period(rule, t)
    return t("{period}, {days}", period=period, days=words) if period else words


def _every_few_days(n: int, t: Texts) -> str:
    return t("every second day") if n == 2 else t("every {n} days", n=n)


def _of_weeks(rule: Rule, t: Texts) -> str:
    found = tuple(day for _, day in rule.weekdays)
    names = t.listing(map(t.weekday, found))
    if rule.interval == 1:
        return _every(found, t)
    if rule.interval > 2:
        return t("every {n} weeks on {weekdays}", n=rule.interval, weekdays=names)
    if len(found) == 1 and not rule.months:
        return t("every second {weekday}", weekday=names)
    return t("every second week on {weekdays}", weekdays=names)


def _every(weekdays: Sequence[int], t: Texts) -> str:
    if tuple(weekdays) == ALL_DAYS:
        return t("every day")
    if tuple(weekdays) == WORKING_DAYS:
        return t("every weekday")
    return t("every {weekday}", weekday=t.listing(map(t.weekday, weekdays)))


def _anchor(rule: Rule, t: Texts) -> str:
    """The first of what the rule asks of its days; the rest of it becomes an "if"."""
    if rule.year_days:
        days = t.listing(_numbered_day(n, t) for n in rule.year_days)
        return t("on {days} of the year", days=days)
    if rule.month_days:
        days = t.listing(_month_day(n, t) for n in rule.month_days)
        return t("on {days} of the month", days=days)
    if rule.is_numbered:
        return t("on {days}", days=_numbered_weekdays(rule, t, t.listing))
    if _chooses_weekday(rule):
        return t("on {days}", days=_chosen_weekday(rule, t))
    return _every([day for _, day in rule.weekdays] or ALL_DAYS, t)


def _if(rule: Rule, t: Texts) -> str:
    """What the days of the anchor have to be besides."""
    words = ""
    if rule.year_days and rule.month_days:
        days = t.either(_month_day(n, t) for n in rule.month_days)
        words += t(", if that is {days} of the month", days=days)
    if (rule.year_days or rule.month_days) and rule.weekdays:
        if rule.is_numbered:
            words += t(", if that is {days}", days=_numbered_weekdays(rule, t, t.either))
        else:
            names = t.either(t.weekday(day) for _, day in rule.weekdays)
            words += t(", if that is a {weekday}", weekday=names)
    return words + "," if words else ""


def _within(rule: Rule, words: str, t: Texts) -> str:
    """In which weeks and months."""
    if rule.weeks:
        weeks = t.listing(_week(n, t) for n in rule.weeks)
        words = t("{days} in {weeks} of the year", days=words, weeks=weeks)
    if rule.months:
        words = t(
            "{days} in {months}", days=words, months=t.listing(map(t.month_name, rule.months))
        )
    return words


def _period(rule: Rule, t: Texts) -> str:
    """Nothing where that is clear by itself."""
    n = rule.interval
    if n == 1 or rule.freq == "DAILY":
        return ""
    if rule.freq == "YEARLY":
        return _years(n, t)
    if rule.freq == "WEEKLY":
        return t("every second week") if n == 2 else t("every {n} weeks", n=n)
    return t("every second month") if n == 2 else t("every {n} months", n=n)


def _years(n: int, t: Texts) -> str:
    if n == 1:
        return t("every year")
    return t("every second year") if n == 2 else t("every {n} years", n=n)


def _dates(rule: Rule) -> list[date]:
    """The dates of a year that the rule names, where these few are all that it says."""
    if rule.freq != "YEARLY" or rule.weekdays or rule.year_days or rule.weeks:
        return []
    if min(rule.month_days, default=0) < 1 or not rule.months:
        return []
    there = [
        date(A_LEAP_YEAR, month, day)
        for month in rule.months
        for day in rule.month_days
        if day <= monthrange(A_LEAP_YEAR, month)[1]
    ]
    return there if len(there) <= MOST_DATES else []


def _numbered_weekdays(rule: Rule, t: Texts, together: Callable[[Iterable[str]], str]) -> str:
    days = together(_which(which, t.weekday(day), t) for which, day in rule.weekdays)
    if rule.freq == "MONTHLY" or rule.months:
        return t("{days} of the month", days=days)
    return t("{days} of the year", days=days)


def _chooses_weekday(rule: Rule) -> bool:
    """Whether its positions choose among weekdays only: "the last weekday of the month"."""
    others = (rule.month_days, rule.year_days, rule.weeks, rule.is_numbered)
    fits = rule.freq in ("WEEKLY", "MONTHLY") or (rule.freq == "YEARLY" and not rule.months)
    return bool(rule.positions and rule.weekdays and fits and not any(others))


def _chosen_weekday(rule: Rule, t: Texts) -> str:
    weekdays = tuple(day for _, day in rule.weekdays)
    name = t.either(map(t.weekday, weekdays))
    if weekdays == ALL_DAYS:
        name = t("day")
    elif weekdays == WORKING_DAYS:
        name = t("weekday")
    days = t.listing(_which(which, name, t) for which in rule.positions)
    match rule.freq:
        case "WEEKLY":
            return t("{days} of the week", days=days)
        case "MONTHLY":
            return t("{days} of the month", days=days)
    return t("{days} of the year", days=days)


def _only(rule: Rule, t: Texts) -> str:
    """What positions do to any other rule."""
    if not rule.positions or rule.freq == "DAILY" or _chooses_weekday(rule):
        return ""
    chosen = t.listing(_position(which, t) for which in rule.positions)
    if rule.freq == "MONTHLY":
        return t(", of these only {chosen} in the month", chosen=chosen)
    return t(", of these only {chosen} in the year", chosen=chosen)


def _which(which: int, weekday: str, t: Texts) -> str:
    if which == -1:
        return t("the last {weekday}", weekday=weekday)
    if which < 0:
        return t("the {nth} {weekday} from the end", nth=_nth(-which, t), weekday=weekday)
    return t("the {nth} {weekday}", nth=_nth(which, t), weekday=weekday)


def _month_day(number: int, t: Texts) -> str:
    if number > 0:
        return t("the {nth}", nth=_number(number, t))
    return _day_from_end(number, t)


def _numbered_day(number: int, t: Texts) -> str:
    if number > 0:
        return t("the {nth} day", nth=_number(number, t))
    return _day_from_end(number, t)


def _day_from_end(number: int, t: Texts) -> str:
    if number == -1:
        return t("the last day")
    return t("the {nth} day from the end", nth=_number(-number, t))


def _week(number: int, t: Texts) -> str:
    if number > 0:
        return t("week {n}", n=number)
    if number == -1:
        return t("the last week")
    return t("the {nth} week from the end", nth=_number(-number, t))


def _position(number: int, t: Texts) -> str:
    if number > 0:
        return t("the {nth}", nth=_nth(number, t))
    if number == -1:
        return t("the last")
    return t("the {nth} from the end", nth=_nth(-number, t))


def _nth(n: int, t: Texts) -> str:
    """In letters, as far as one says it so."""
    words = (t("first"), t("second"), t("third"), t("fourth"), t("fifth"))
    return words[n - 1] if n <= len(words) else _number(n, t)


def _number(n: int, t: Texts) -> str:
    if n % 100 in (11, 12, 13):
        return t("{n}th", n=n)
    match n % 10:
        case 1:
            return t("{n}st", n=n)
        case 2:
            return t("{n}nd", n=n)
        case 3:
            return t("{n}rd", n=n)
    return t("{n}th", n=n)


def _week_start_matters(rule: Rule) -> bool:
    in_weeks = rule.freq == "WEEKLY" and (rule.interval > 1 or bool(rule.positions))
    return rule.week_start != 0 and (in_weeks or bool(rule.weeks))
