"""Reminders to those who have to decide; when time runs out, the deputies decide beside them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions.approvals import Say, says_of
from bot.actions.deciding import is_over, recount
from bot.actions.history import tell_in_thread
from bot.actions.hours import hours_of
from bot.actions.post_views import post_rows, post_view
from bot.actions.transaction import Transaction, query
from bot.actions.views import PlacementTask
from bot.rules.calendar import ReminderKind
from bot.rules.posts import (
    REMIND_DEPUTIES_BEFORE,
    REMIND_OWNERS_BEFORE,
    PlacementStatus,
    PostAction,
    is_held,
)
from bot.rules.working_hours import before
from storage.models import Placement, Reminder
from storage.queries import calendar as queries

SENT = "sent"
KINDS = frozenset({ReminderKind.DECIDE, ReminderKind.DEPUTY})

Stage = tuple[ReminderKind, str, datetime]
"""Of one placement: the kind, who gets it, when."""


def plan(tx: Transaction, post_id: int) -> None:
    """Of every placement of this post, anew, as it stands now."""
    rows = post_rows(tx, post_id)
    says = says_of(tx, rows)
    for placement, _ in rows.placements:
        there = _there(tx, placement)
        theirs = [say for say in says if say.placement.id == placement.id]
        put_off = _put_off(tx, there)
        wanted = {stage for say in theirs for stage in _stages(tx, say, put_off)}
        _follow(tx, placement, there, wanted)


def settle(tx: Transaction, due: Sequence[Reminder]) -> list[str]:
    """Their outcomes. What one person is asked at once is one message."""
    asked: dict[str, list[int]] = defaultdict(list)
    for reminder in due:
        reminder.outcome, people = _settle(tx, reminder)
        reminder.done_at = tx.now
        tx.session.add(reminder)
        for person in people:
            asked[person].append(reminder.subject_id)
    for person, placement_ids in asked.items():
        tx.notify_slack(
            person,
            "reminder.decide",
            f"reminder:decide:{due[0].id}:{tx.now.isoformat()}:{person}",
            placement_ids=list(dict.fromkeys(placement_ids)),
        )
    return [reminder.outcome or "" for reminder in due]


@query
def still_waiting(
    tx: Transaction, person: str, placement_ids: Sequence[int]
) -> tuple[PlacementTask, ...]:
    """Those that wait for this person at this moment, in the same order."""
    placements = [tx.session.get_one(Placement, id) for id in placement_ids]
    posts = {p.post_id: post_view(tx, p.post_id) for p in placements}
    return tuple(
        PlacementTask(posts[placement.post_id], view)
        for placement in placements
        for view in posts[placement.post_id].placements
        if view.id == placement.id and person in view.deciders
        if not is_held(placement, tx.now) and not is_over(placement, tx.now)
    )


def _there(tx: Transaction, placement: Placement) -> dict[Stage, Reminder]:
    assert placement.id is not None
    return {
        (kind, reminder.recipient, reminder.due_at): reminder
        for kind in KINDS
        for reminder in queries.reminders_of(tx.session, kind, [placement.id])
    }


def _put_off(tx: Transaction, there: Mapping[Stage, Reminder]) -> frozenset[str]:
    """The deputies who have not been asked yet."""
    return frozenset(
        person
        for (kind, person, due_at), reminder in there.items()
        if kind == ReminderKind.DEPUTY and reminder.done_at is None and due_at > tx.now
    )


def _stages(tx: Transaction, say: Say, put_off: Collection[str]) -> Iterator[Stage]:
    """When whom to remind, as far as that is to come. While it is held, nobody is; if the
    deputies' moment comes in that time, they get it when it is over.

    put_off: the deputies who wait for that; a decision can end it earlier.
    """
    placement = say.placement
    if not say.is_open or placement.planned_at is None:
        return
    begin = placement.held_until if is_held(placement, tx.now) else tx.now
    assert begin is not None
    for owner in say.people.owners:
        for hours in REMIND_OWNERS_BEFORE:
            due_at = _before(tx, placement.planned_at, hours, owner)
            if due_at > begin:
                yield ReminderKind.DECIDE, owner, due_at
    for deputy in say.people.deputies:
        due_at = _before(tx, placement.planned_at, REMIND_DEPUTIES_BEFORE, deputy)
        if due_at > tx.now or deputy in put_off:
            yield ReminderKind.DEPUTY, deputy, max(begin, due_at)


def _before(tx: Transaction, planned_at: datetime, working: timedelta, person: str) -> datetime:
    return before(planned_at, working, hours_of(tx, person))


def _follow(
    tx: Transaction, placement: Placement, there: Mapping[Stage, Reminder], wanted: set[Stage]
) -> None:
    """What is not wanted any more is settled; what was settled and is wanted again is reopened."""
    assert placement.id is not None
    for stage, reminder in there.items():
        if stage not in wanted and reminder.done_at is None and reminder.due_at > tx.now:
            reminder.done_at, reminder.outcome = tx.now, _why_not(tx, placement)
        if stage in wanted:
            reminder.done_at = reminder.outcome = None
        tx.session.add(reminder)
    for kind, person, due_at in sorted(wanted - there.keys()):
        tx.session.add(
            Reminder(kind=kind, subject_id=placement.id, recipient=person, due_at=due_at)
        )


def _settle(tx: Transaction, reminder: Reminder) -> tuple[str, list[str]]:
    """The outcome, and who is asked."""
    placement = tx.session.get_one(Placement, reminder.subject_id)
    if not _waits(tx, placement):
        return _why_not(tx, placement), []
    rows = post_rows(tx, placement.post_id)
    says = [s for s in says_of(tx, rows) if s.placement.id == placement.id]
    if reminder.kind == ReminderKind.DECIDE:
        people = _in_place_of(reminder.recipient, says)
    else:
        once_escalated = _once_escalated(reminder.recipient, says)
        people = [reminder.recipient] if _is_awaited(reminder.recipient, once_escalated) else []
        if once_escalated and placement.escalated_at is None:
            _escalate(tx, placement)
    return (SENT, people) if people else ("does not wait for them", [])


def _waits(tx: Transaction, placement: Placement) -> bool:
    return (
        placement.status == PlacementStatus.PROPOSED
        and placement.planned_at is not None
        and not is_over(placement, tx.now)
        and not is_held(placement, tx.now)
    )


def _why_not(tx: Transaction, placement: Placement) -> str:
    if placement.status != PlacementStatus.PROPOSED:
        return placement.status
    if is_held(placement, tx.now):
        return "held"
    return "over" if is_over(placement, tx.now) else "planned anew"


def _in_place_of(owner: str, says: Sequence[Say]) -> list[str]:
    """The owner, or who stands in; only whose approval is still missing."""
    return [
        person
        for say in says
        if owner in say.people.owners
        for person in say.people.in_place_of(owner)
        if person in say.standing.awaited
    ]


def _once_escalated(deputy: str, says: Sequence[Say]) -> list[Say]:
    """This deputy's, that still miss an approval, as soon as deputies count: those to which it
    makes a difference, because the deputy can approve, or what they approved is enough then."""
    theirs = [say for say in says if deputy in say.people.deputies and say.standing.missing]
    later = [replace(say, people=replace(say.people, escalated=True)) for say in theirs]
    return [say for say in later if not say.standing.missing or _is_awaited(deputy, [say])]


def _is_awaited(person: str, says: Sequence[Say]) -> bool:
    return any(person in say.standing.awaited for say in says)


def _escalate(tx: Transaction, placement: Placement) -> None:
    """From now on the deputies decide, too: what they approved before can be enough now."""
    assert placement.id is not None
    placement.escalated_at = tx.now
    tx.session.add(placement)
    entry = tx.audit("the time", PostAction.ESCALATE, "placement", placement.id)
    recount(tx, placement.post_id)  # and the card, which says so
    tell_in_thread(tx, placement.post_id, entry)
