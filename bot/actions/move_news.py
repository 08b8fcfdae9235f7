"""Who hears that a post was moved: whom its old moment or its new one concerns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import occurrences
from bot.actions.approvals import people_of, says_of
from bot.actions.post_views import post_view
from bot.actions.transaction import Transaction
from bot.rules.calendar import wall_time
from bot.rules.posts import PlacementStatus
from storage.models import Occurrence, Platform, Slot
from storage.queries.calendar import posts_on, upcoming_occurrences
from storage.queries.posts import PostRows

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Move:
    """what: see history.MOVES. placement_ids: those that were moved; before: the first of their
    moments."""

    by: str
    what: str
    placement_ids: tuple[int, ...]
    before: datetime | None
    at: datetime
    reason: str


@dataclass(frozen=True)
class Concerned:
    """people: Slack ids. left and taken: the titles of the fixed moments that it leaves free, and
    that it takes."""

    people: frozenset[str]
    left: tuple[str, ...]
    taken: tuple[str, ...]


def concerned(tx: Transaction, rows: PostRows, move: Move) -> Concerned:
    """Before it is moved: the proposer, who approved it, who posts it by hand, and who answers
    for a fixed moment that it leaves or takes."""
    moved = [(p, platform) for p, platform in rows.placements if p.id in move.placement_ids]
    people = {rows.post.proposer}
    people |= {
        person
        for say in says_of(tx, rows)
        if say.placement.id in move.placement_ids
        for person in say.approved
    }
    left: dict[int, str] = {}  # by the occurrence's id
    taken: dict[int, str] = {}
    for placement, platform in moved:
        if platform.publish != "telegram":
            people |= set(people_of(tx, platform).hands)
        for at, titles in ((placement.planned_at, left), (move.at, taken)):
            for occurrence, slot in _fixed_moments(tx, rows, platform, at):
                titles[occurrence.id or 0] = slot.title
                for person in occurrences.answerable_for(occurrence, slot, platform):
                    people |= set(people_of(tx, platform).in_place_of(person))
    return Concerned(
        frozenset(people),
        tuple(title for id, title in left.items() if id not in taken),
        tuple(title for id, title in taken.items() if id not in left),
    )


def tell(tx: Transaction, post_id: int, move: Move, heard: Concerned) -> None:
    """These, and who has to decide on it now; nobody hears what they did themselves."""
    tx.session.flush()
    deciding = {
        person
        for placement in post_view(tx, post_id).placements
        if placement.id in move.placement_ids and placement.status is PlacementStatus.PROPOSED
        for person in placement.deciders
    }
    before = move.before.isoformat() if move.before else ""
    for person in sorted((heard.people | deciding) - {move.by}):
        tx.notify_slack(
            person,
            "post.moved",
            f"post:{post_id}:moved:{tx.now.isoformat()}:{before}:{move.at.isoformat()}:{person}",
            post_id=post_id,
            by=move.by,
            what=move.what,
            placement_ids=list(move.placement_ids),
            before=before,
            at=move.at.isoformat(),
            reason=move.reason,
            left=list(heard.left),
            taken=list(heard.taken),
        )


def _fixed_moments(
    tx: Transaction, rows: PostRows, platform: Platform, at: datetime | None
) -> Iterator[tuple[Occurrence, Slot]]:
    """Those of the platform on that day that no other post fills: to come, and not skipped."""
    if at is None:
        return
    day = wall_time(at, tx.desk.zone).local.date()
    if posts_on(tx.session, [platform.key], at, day, rows.post.id)[platform.key]:
        return
    around = max(tx.now, at - A_DAY), at + A_DAY
    for occurrence, slot, of in upcoming_occurrences(tx.session, *around):
        is_there = of.key == platform.key and occurrences.day_of(occurrence) == day
        if is_there and occurrence.skipped_at is None:
            yield occurrence, slot
