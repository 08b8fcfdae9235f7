"""The content calendar: recurring slots, and moments as people mean them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.rules.posts import PlacementStatus
from bot.rules.refusals import Refusal

REMIND_BEFORE_OCCURRENCE = timedelta(days=2)
AHEAD = timedelta(weeks=5)
"""How far ahead occurrences are made."""

PLANNED = timedelta(weeks=4)
"""How far ahead the calendar is shown."""

TIME_TO_WRITE = timedelta(hours=1)
"""A moment that is closer is no longer proposed to somebody who starts to write."""

USUAL_TIME = time(10)
"""Proposed where the calendar has no moment free."""

NOTE_TIME = time(9)
"""On Mondays, on the wall: the weekly note."""

A_WEEK = timedelta(weeks=1)

MAX_TITLE = 80

_S = PlacementStatus

GIVEN_UP = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.EXPIRED})
"""A placement that stands here leaves its moment free."""

UNDECIDED = frozenset({_S.PROPOSED, _S.CHANGES_REQUESTED})
"""A placement that stands here may still not come: who owns the moment is reminded of it."""


class ReminderKind(StrEnum):
    """What a reminder is about; its subject is an occurrence or a placement."""

    OCCURRENCE = "occurrence"  # a slot that has no approved post
    PLACEMENT = "placement"  # a publication that comes near
    DECIDE = "decide"  # a placement that still waits for its owners
    DEPUTY = "deputy"  # one that then waits for the deputies, too
    BY_HAND = "by_hand"  # a task that was put off
    WEEKLY_NOTE = "weekly_note"  # to the review channel; its subject is a Monday, as an ordinal


@dataclass(frozen=True)
class WallTime:
    """A moment as people mean it: the time on the wall and the zone of that wall."""

    local: datetime  # naive
    zone: str

    @property
    def at(self) -> datetime:
        """In UTC. An hour that the clock skips is read as the hour after it; one that comes
        twice, as the first."""
        there = self.local.replace(tzinfo=ZoneInfo(self.zone))
        return there.astimezone(UTC)


def wall_time(at: datetime, zone: ZoneInfo) -> WallTime:
    return WallTime(at.astimezone(zone).replace(tzinfo=None), zone.key)


def usual_time_after(now: datetime, zone: ZoneInfo) -> datetime:
    """Tomorrow at the usual time, in UTC."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return WallTime(datetime.combine(tomorrow, USUAL_TIME), zone.key).at


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def note_time(monday: date, zone: ZoneInfo) -> datetime:
    """When the weekly note of this Monday goes out, in UTC."""
    return WallTime(datetime.combine(monday, NOTE_TIME), zone.key).at


def title_of(text: str) -> str:
    """A post's first line, cut where it is long."""
    first = text.strip().partition("\n")[0].strip()
    return first if len(first) <= MAX_TITLE else first[: MAX_TITLE - 1].rstrip() + "…"


_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_PARTS: Mapping[str, tuple[str, str]] = {
    "FREQ": ("DAILY|WEEKLY|MONTHLY|YEARLY", "FREQ=WEEKLY"),
    "INTERVAL": ("[1-9][0-9]{0,2}", "INTERVAL=2"),
    "COUNT": ("[1-9][0-9]{0,3}", "COUNT=10"),
    "UNTIL": ("[0-9]{8}(T[0-9]{6})?", "UNTIL=20271231"),
    "BYDAY": (f"([+-]?[1-9][0-9]?)?{_DAY}", "BYDAY=MO,TH"),
    "BYMONTHDAY": ("-?[1-9][0-9]?", "BYMONTHDAY=1,15"),
    "BYMONTH": ("[1-9]|1[0-2]", "BYMONTH=3,9"),
    "BYSETPOS": ("-?[1-9][0-9]{0,2}", "BYSETPOS=-1"),
    "BYWEEKNO": ("-?[1-9][0-9]?", "BYWEEKNO=20"),
    "BYYEARDAY": ("-?[1-9][0-9]{0,2}", "BYYEARDAY=100"),
    "WKST": (_DAY, "WKST=MO"),
}
"""The parts of RFC 5545 3.3.10 that fit a calendar of days: what one value may be, an example.

The time of day has a key of its own in the strategy file, so that there is no BYHOUR here.
"""
_LISTS = frozenset(part for part in _PARTS if part.startswith("BY"))

# dateutil looks for the next date until the year 9999. Begun this late it finds in no time that
# there is none; 40 years hold every weekday, leap day and week 53.
_LATE = datetime(9960, 1, 1)  # noqa: DTZ001 - wall time, naive by meaning


def check_rule(rule: str) -> None:
    """Raises Refusal for what is no RFC 5545 rule of days, and for one that never comes."""
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
    if not _comes(rule, parts):
        raise Refusal("There is no day that fits the rule {rule}.", rule=rule)


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


def _comes(rule: str, parts: Mapping[str, str]) -> bool:
    """Whether a day fits the rule, apart from its end. Raises Refusal where it has no meaning."""
    endless = ";".join(f"{k}={v}" for k, v in parts.items() if k not in ("COUNT", "UNTIL"))
    try:
        rrulestr(rule, dtstart=_LATE)
        return any(True for _ in rrulestr(endless, dtstart=_LATE))
    except ValueError as error:
        raise Refusal("{rule} is no rule of RFC 5545: {why}.", rule=rule, why=str(error)) from None


def occurrences(
    rule: str, at: time, zone: ZoneInfo, since: date, after: datetime, until: datetime
) -> Iterator[WallTime]:
    """The wall times of a slot in (after, until].

    rule: RFC 5545; `since` is its first possible day, from which "every second week" and
    "10 times" count. The rule runs over wall time, so 10:00 stays 10:00 when the clock changes.
    """
    start = datetime.combine(since, at)
    rules = rrulestr(rule, dtstart=start)
    first = after.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
    last = until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
    for local in rules.between(first, last):
        moment = WallTime(local, zone.key)
        if after < moment.at <= until:
            yield moment
