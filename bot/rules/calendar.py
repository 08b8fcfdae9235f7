"""The content calendar: recurring slots, and moments as people mean them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.posts import PlacementStatus
from bot.rules.recurrence import days

LEAD = 2
"""Days before an occurrence at which its owner is reminded, unless its slot says otherwise."""

MAX_LEAD = 30  # of the five weeks ahead that there are occurrences

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

_A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)

MAX_TITLE = 80

_S = PlacementStatus

GIVEN_UP = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.EXPIRED})
"""A placement that stands here leaves its moment free."""

UNDECIDED = frozenset({_S.PROPOSED, _S.CHANGES_REQUESTED})
"""A placement that stands here may still not come: who owns the moment is reminded of it."""


class ReminderKind(StrEnum):
    """What is missing, or due; the subject of a reminder is an occurrence, a placement, …"""

    OCCURRENCE = "occurrence"  # a moment of a slot without a post
    NOBODY = "nobody"  # nobody can decide about a placement
    IMAGE = "image"  # a placement without a picture, where the platform wants one
    CHANGES = "changes"  # changes were asked and are not made
    DECIDE = "decide"  # a placement that waits for a decision
    PLACEMENT = "placement"  # a publication that comes near
    BY_HAND = "by_hand"  # a task that nobody did yet
    LINK = "link"  # posted, and nobody said where
    FIGURES = "figures"  # of a placement, some days after it was published
    SPECIAL_DAY = "special_day"  # its preparation begins
    MORNING_NOTE = "morning_note"  # to who wants it; its subject is a day, as an ordinal
    TAKEDOWN = "takedown"  # something that is to be taken away
    WEEKLY_NOTE = "weekly_note"  # to the review channel; its subject is a Monday, as an ordinal


OF_PLACEMENTS = frozenset(ReminderKind) - {
    ReminderKind.OCCURRENCE,
    ReminderKind.SPECIAL_DAY,
    ReminderKind.TAKEDOWN,
    ReminderKind.FIGURES,
    ReminderKind.MORNING_NOTE,
    ReminderKind.WEEKLY_NOTE,
}
"""What can be missing of a placement, told in the message of somebody's reminders."""


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


def occurrences(
    rule: str,
    at: time,
    zone: ZoneInfo,
    since: date,
    after: datetime,
    until: datetime,
    skipped: Callable[[date], bool] = lambda _: False,
) -> Iterator[WallTime]:
    """The wall times of a slot in (after, until].

    rule: RFC 5545; `since` is its first possible day, from which "every second week" and
    "10 times" count. The rule runs over wall time, so 10:00 stays 10:00 when the clock changes.
    skipped: days on which none comes; they count among the 10 times.
    """
    first = after.astimezone(zone).date() - _A_DAY
    last = until.astimezone(zone).date() + _A_DAY
    for day in days(rule, at, since, first, last):
        moment = WallTime(datetime.combine(day, at), zone.key)
        if after < moment.at <= until and not skipped(day):
            yield moment


class Skip(StrEnum):
    """Days on which a slot has no occurrence, if it says so."""

    WEEKENDS = "weekends"
    HOLIDAYS = "holidays"


def is_weekend(day: date) -> bool:
    return day.weekday() in (5, 6)


def answerable(
    named: str | None, owners: Sequence[str], deputies: Sequence[str]
) -> tuple[str, ...]:
    """Who is reminded of an occurrence: who is named for it, as long as they are one of the
    platform's people; else every owner."""
    return (named,) if named and named in (*owners, *deputies) else tuple(owners)


def reminder_time(starts: WallTime, lead: int) -> datetime:
    """So many days before an occurrence, at the same time on the wall; in UTC."""
    return WallTime(starts.local - timedelta(days=lead), starts.zone).at
