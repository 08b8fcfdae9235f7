"""The backlog beside the calendar: which proposal without a date fits which empty place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.calendar import USUAL_TIME, WallTime, wall_time
from bot.rules.spread import Period


@dataclass(frozen=True)
class Room:
    """An empty place in the calendar: a fixed moment without a post, or a stretch of days.

    title, slot_id, slot_day: of the fixed moment; empty for a stretch.
    """

    at: datetime
    platform_key: str
    title: str = ""
    pillar_key: str | None = None
    slot_id: int | None = None
    slot_day: date | None = None


@dataclass(frozen=True)
class Waiting:
    """A proposal that has no date yet."""

    post_id: int
    platform_keys: tuple[str, ...]
    pillar_key: str | None
    target_group_key: str | None
    since: datetime


def fitting(room: Room, waiting: Collection[Waiting], posts_of: Mapping[str, int]) -> list[Waiting]:
    """Those for the platform of the room, the best match first: of its pillar, then of the target
    group that lags behind most, then whichever waits longest.

    posts_of: how many posts each target group has already, by its key.
    """

    def far(each: Waiting) -> tuple[bool, bool, int, datetime, int]:
        group = each.target_group_key
        return (
            each.pillar_key != room.pillar_key,
            group is None,
            posts_of.get(group or "", 0),
            each.since,
            each.post_id,
        )

    return sorted((each for each in waiting if room.platform_key in each.platform_keys), key=far)


def matched(
    rooms: Sequence[Room], waiting: Collection[Waiting], posts_of: Mapping[str, int]
) -> list[tuple[Room, Waiting | None]]:
    """Each room, the soonest first, with its best match; nothing is offered for two of them."""
    left, found = list(waiting), []
    for room in sorted(rooms, key=lambda room: (room.at, room.platform_key)):
        best = next(iter(fitting(room, left, posts_of)), None)
        if best is not None:
            left.remove(best)
        found.append((room, best))
    return found


def rooms_in_gaps(
    platform_key: str,
    gaps: Sequence[Period],
    known: Collection[Room],
    soonest: datetime,
    zone: ZoneInfo,
) -> Iterator[Room]:
    """A place in the middle of each stretch without a post in which there is no other one.

    known: the fixed moments that are empty. soonest: before it nothing can be planned any more.
    """
    days = [
        wall_time(room.at, zone).local.date() for room in known if room.platform_key == platform_key
    ]
    for gap in gaps:
        if any(day in gap for day in days):
            continue
        at = _middle(gap, wall_time(soonest, zone).local.date(), zone)
        if at is not None and at > soonest:
            yield Room(at, platform_key)


def _middle(gap: Period, today: date, zone: ZoneInfo) -> datetime | None:
    """Of what is left of it from tomorrow on, at the usual time, in UTC."""
    first = max(gap.first, today + timedelta(days=1))
    if first > gap.last:
        return None
    day = first + timedelta(days=(gap.last - first).days // 2)
    return WallTime(datetime.combine(day, USUAL_TIME), zone.key).at
