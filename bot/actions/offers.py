"""What the calendar offers: a proposal of the backlog for an empty place, room for what crowds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import occurrences
from bot.actions.approvals import people_of
from bot.actions.transaction import Transaction, query
from bot.actions.views import CalendarEntry
from bot.rules import backlog as rules
from bot.rules.backlog import Room, Waiting
from bot.rules.calendar import TIME_TO_WRITE, title_of, wall_time
from bot.rules.moving import Placed, easiest, nearest
from bot.rules.people import is_admin
from bot.rules.refusals import Mention, NotThere, Refusal
from bot.rules.spread import Spread
from storage.models import Occurrence, Platform, Slot
from storage.queries import backlog as queries
from storage.queries.backlog import UndatedRow
from storage.queries.calendar import occurrence_on, posts_on, upcoming_occurrences

MOST_TO_CHOOSE = 9
"""Of ten options the tenth is for none of them."""


@dataclass(frozen=True)
class Proposed:
    """A proposal of the backlog. revision: that which its title is of."""

    post_id: int
    revision: int
    title: str


@dataclass(frozen=True)
class Offer:
    """An empty place, and what of the backlog fits it best."""

    room: Room
    platform: str
    proposal: Proposed | None


@dataclass(frozen=True)
class Crowd:
    """A day with more posts than the promise needs: what to move, and the nearest room for it."""

    platform: str
    day: date
    posts: int
    post_id: int
    placement_id: int
    to: datetime | None


@dataclass(frozen=True)
class FillForm:
    """A fixed moment without a post. proposals: those that fit, the best first. may_change: this
    person may skip it, move it and hand it over."""

    room: Room
    platform: str
    proposals: tuple[Proposed, ...]
    may_change: bool


def offers_for(
    tx: Transaction,
    entries: Sequence[CalendarEntry],
    platforms: Sequence[tuple[Platform, Spread]],
    posts_of: Mapping[str, int],
) -> tuple[tuple[Offer, ...], tuple[Crowd, ...]]:
    """entries: of a part of the calendar; posts_of: how many posts each target group has in it."""
    names = {platform.key: platform.name for platform, _ in platforms}
    fixed = upcoming_occurrences(
        tx.session, tx.now, max([tx.now, *(entry.at for entry in entries)])
    )
    rooms = _rooms(tx, entries, platforms, {slot.id: slot.pillar_key for _, slot, _ in fixed})
    waiting = _waiting(queries.undated(tx.session, tx.now))
    found = rules.matched(rooms, [row for row, _ in waiting.values()], posts_of)
    offers = tuple(
        Offer(room, names[room.platform_key], waiting[best.post_id][1] if best else None)
        for room, best in found
    )
    at_fixed = {(platform.key, occurrence.starts_at) for occurrence, _, platform in fixed}
    return offers, _crowds(tx, entries, platforms, rooms, at_fixed)


@query
def to_fill(tx: Transaction, by: str, slot_id: int, day: date) -> FillForm:
    """Raises NotThere, and Refusal where there is nothing to fill (any more)."""
    slot = tx.session.get(Slot, slot_id)
    occurrence = occurrence_on(tx.session, slot_id, day)
    if slot is None or not slot.active or occurrence is None:
        raise NotThere("This date is not in the calendar any more. Look at the calendar anew.")
    platform = tx.session.get_one(Platform, slot.platform_key)
    _check_empty(tx, occurrence, platform)
    room = Room(occurrence.starts_at, platform.key, slot.title, slot.pillar_key, slot_id, day)
    waiting = _waiting(queries.undated(tx.session, tx.now, platform.key))
    best = rules.fitting(room, [row for row, _ in waiting.values()], {})
    people = people_of(tx, platform)
    return FillForm(
        room=room,
        platform=platform.name,
        proposals=tuple(waiting[each.post_id][1] for each in best[:MOST_TO_CHOOSE]),
        may_change=by in (*people.owners, *people.deputies) or is_admin(by, tx.desk.admins),
    )


def _check_empty(tx: Transaction, occurrence: Occurrence, platform: Platform) -> None:
    if occurrence.starts_at <= tx.now:
        raise Refusal("This is over already, so that nothing can be changed about it.")
    if occurrence.skipped_at is not None:
        raise Refusal(
            "{who} skipped this, {at}. Undo that first, with /social slots.",
            who=Mention(occurrence.skipped_by or ""),
            at=occurrence.skipped_at,
        )
    day = occurrences.day_of(occurrence)
    if posts_on(tx.session, [platform.key], occurrence.starts_at, day, None)[platform.key]:
        raise Refusal(
            "There is a post for {platform} on this day by now. Look at the calendar anew.",
            platform=platform.name,
        )


def _rooms(
    tx: Transaction,
    entries: Sequence[CalendarEntry],
    platforms: Sequence[tuple[Platform, Spread]],
    pillars: Mapping[int | None, str | None],
) -> list[Room]:
    """Fixed moments without a post, and stretches in which there is none of these."""
    soonest = tx.now + TIME_TO_WRITE
    fixed = [
        Room(e.at, e.platform_key, e.title, pillars.get(e.slot_id), e.slot_id, e.slot_day)
        for e in entries
        if e.status is None and not e.is_skipped and e.at > soonest
    ]
    stretches = [
        room
        for platform, spread in platforms
        for room in rules.rooms_in_gaps(platform.key, spread.gaps, fixed, soonest, tx.desk.zone)
    ]
    return [*fixed, *stretches]


def _waiting(rows: Sequence[UndatedRow]) -> dict[int, tuple[Waiting, Proposed]]:
    """By post, whole: with all of its platforms."""
    platforms: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        platforms[row.post_id].append(row.platform_key)
    return {
        row.post_id: (
            Waiting(
                row.post_id,
                tuple(platforms[row.post_id]),
                row.pillar_key,
                row.target_group_key,
                row.since,
            ),
            Proposed(row.post_id, row.revision, title_of(row.text)),
        )
        for row in rows
    }


def _crowds(
    tx: Transaction,
    entries: Sequence[CalendarEntry],
    platforms: Sequence[tuple[Platform, Spread]],
    rooms: Sequence[Room],
    at_fixed: set[tuple[str, datetime]],
) -> tuple[Crowd, ...]:
    tied = queries.tied_to_a_day(tx.session, {e.post_id for e in entries if e.post_id})
    placed: dict[tuple[str, date], list[tuple[Placed, CalendarEntry]]] = defaultdict(list)
    by_hand = {platform.key: platform.publish != "telegram" for platform, _ in platforms}
    for entry in entries:
        if entry.status is not None:
            each = Placed(
                entry.placement_id or 0,
                entry.at,
                entry.status,
                by_hand=by_hand[entry.platform_key],
                has_special_day=entry.post_id in tied,
                fills_slot=(entry.platform_key, entry.at) in at_fixed,
            )
            day = wall_time(entry.at, tx.desk.zone).local.date()
            placed[entry.platform_key, day].append((each, entry))
    found = []
    for platform, spread in platforms:
        free = [room.at for room in rooms if room.platform_key == platform.key]
        for day, posts in spread.crowded:
            there = placed[platform.key, day]
            best = easiest((each for each, _ in there), tx.now)
            for each, entry in there:
                if each == best:
                    to = nearest(free, each.at)
                    found.append(
                        Crowd(platform.name, day, posts, entry.post_id or 0, each.placement_id, to)
                    )
    return tuple(sorted(found, key=lambda crowd: (crowd.day, crowd.platform)))
