"""Reminders: planned as rows, looked at again when they are due, each sent once."""

from datetime import datetime

from sqlmodel import col, select

from bot.actions import occurrences, reminders_to_decide, takedowns
from bot.actions.approvals import people_of, people_of_topic
from bot.actions.cards import card_of_placement
from bot.actions.preparations import settle_preparation
from bot.actions.reminders_to_decide import SENT
from bot.actions.transaction import Transaction, action
from bot.actions.weekly import settle_note
from bot.rules.calendar import GIVEN_UP, UNDECIDED, ReminderKind
from bot.rules.people import PlatformPeople
from bot.rules.posts import REMIND_BEFORE_PUBLICATION, PlacementStatus, is_held
from storage.models import Occurrence, Placement, Platform, Reminder, Slot
from storage.queries import calendar as queries
from storage.queries.desk import topics_of
from storage.queries.notices import find_card

BY_HAND_CARD = "placement.by_hand"


def plan_for_placements(tx: Transaction, post_id: int) -> None:
    """To every owner, before the moment at which a placement of this post is planned.

    For whenever placements are planned or planned anew; a reminder of an earlier plan stays, and
    is seen to be overtaken when it is due. Besides: to those who have to decide.
    """
    reminders_to_decide.plan(tx, post_id)
    for placement in tx.session.exec(select(Placement).where(Placement.post_id == post_id)):
        due_at = placement.planned_at and placement.planned_at - REMIND_BEFORE_PUBLICATION
        if due_at and due_at > tx.now and _is_to_come(placement):
            platform = tx.session.get_one(Platform, placement.platform_key)
            owners = {o for people in _says(tx, placement, platform) for o in people.owners}
            for owner in sorted(owners):
                _plan(tx, ReminderKind.PLACEMENT, placement.id or 0, owner, due_at)


def again_by_hand(tx: Transaction, placement_id: int, recipient: str, due_at: datetime) -> None:
    """The task comes back to this owner then; putting it off twice moves it."""
    for reminder in queries.reminders_of(tx.session, ReminderKind.BY_HAND, [placement_id]):
        if reminder.recipient == recipient and reminder.done_at is None:
            reminder.due_at = due_at
            tx.session.add(reminder)
            return
    _plan(tx, ReminderKind.BY_HAND, placement_id, recipient, due_at)


@action
def send_due(tx: Transaction) -> int:
    """Everything that is due and still matters is sent; how many were."""
    due = queries.due_reminders(tx.session, tx.now)
    to_decide = [reminder for reminder in due if reminder.kind in reminders_to_decide.KINDS]
    others = [reminder for reminder in due if reminder.kind not in reminders_to_decide.KINDS]
    outcomes = [_settle(tx, reminder) for reminder in others]
    outcomes += reminders_to_decide.settle(tx, to_decide)
    return outcomes.count(SENT)


def _plan(
    tx: Transaction, kind: ReminderKind, subject_id: int, recipient: str, due_at: datetime
) -> None:
    there = tx.session.exec(
        select(Reminder.id).where(
            Reminder.kind == kind.value,
            Reminder.subject_id == subject_id,
            Reminder.recipient == recipient,
            col(Reminder.due_at) == due_at,
        )
    ).first()
    if there is None:
        tx.session.add(
            Reminder(kind=kind, subject_id=subject_id, recipient=recipient, due_at=due_at)
        )


def _settle(tx: Transaction, reminder: Reminder) -> str:
    remind = {
        ReminderKind.OCCURRENCE: _of_occurrence,
        ReminderKind.PLACEMENT: _of_placement,
        ReminderKind.BY_HAND: _of_task,
        ReminderKind.SPECIAL_DAY: settle_preparation,
        ReminderKind.WEEKLY_NOTE: settle_note,
        ReminderKind.TAKEDOWN: takedowns.settle,
    }[ReminderKind(reminder.kind)]
    reminder.outcome = remind(tx, reminder)
    reminder.done_at = tx.now
    tx.session.add(reminder)
    return reminder.outcome


def _of_occurrence(tx: Transaction, reminder: Reminder) -> str:
    """Sends it, or says why it is not needed; so do the others below."""
    occurrence = tx.session.get_one(Occurrence, reminder.subject_id)
    slot = tx.session.get_one(Slot, occurrence.slot_id)
    platform = tx.session.get_one(Platform, slot.platform_key)
    if occurrence.starts_at <= tx.now:
        return "over"
    if occurrence.skipped_at:
        return occurrences.SKIPPED
    if reminder.due_at != occurrences.due_at(occurrence, slot):
        return occurrences.PLANNED_ANEW
    theirs = reminder.recipient in occurrences.answerable_for(occurrence, slot, platform)
    if not slot.active or not theirs:
        return occurrences.NO_LONGER_THEIRS
    day = occurrences.day_of(occurrence)
    statuses = queries.statuses_on(tx.session, platform.key, occurrence.starts_at, day)
    if statuses - UNDECIDED - GIVEN_UP:
        return "has a post"
    for person in people_of(tx, platform).in_place_of(reminder.recipient):
        tx.notify_slack(
            person,
            "reminder.occurrence",
            # Not by the occurrence's id, which a later one can have after the slot was moved.
            f"reminder:slot:{slot.id}:{occurrence.starts_local.isoformat()}"
            f":{occurrence.starts_at.isoformat()}:{person}",
            slot_id=slot.id,
            day=occurrence.starts_local.date().isoformat(),
            title=slot.title,
            platform=platform.name,
            at=occurrence.starts_at.isoformat(),
        )
    return SENT


def _of_placement(tx: Transaction, reminder: Reminder) -> str:
    placement = tx.session.get_one(Placement, reminder.subject_id)
    platform = tx.session.get_one(Platform, placement.platform_key)
    planned_at = placement.planned_at
    if planned_at is None or planned_at - REMIND_BEFORE_PUBLICATION != reminder.due_at:
        return "planned anew"
    if planned_at <= tx.now:
        return "over"
    if not _is_to_come(placement):
        return placement.status
    if is_held(placement, tx.now):
        return "held"
    theirs = [p for p in _says(tx, placement, platform) if reminder.recipient in p.owners]
    if not theirs:
        return "no longer theirs"
    for person in {p for people in theirs for p in people.in_place_of(reminder.recipient)}:
        tx.notify_slack(
            person,
            "reminder.placement",
            f"reminder:placement:{placement.id}:{planned_at.isoformat()}:{person}",
            placement_id=placement.id,
        )
    return SENT


def _of_task(tx: Transaction, reminder: Reminder) -> str:
    """A fresh message: an edited one would not show up as new."""
    placement = tx.session.get_one(Placement, reminder.subject_id)
    if placement.status != PlacementStatus.HANDED:
        return placement.status
    platform = tx.session.get_one(Platform, placement.platform_key)
    for person in people_of(tx, platform).in_place_of(reminder.recipient):
        card = find_card(tx.session, BY_HAND_CARD, reminder.subject_id, person)
        if card is not None:
            tx.session.delete(card)
        card_of_placement(tx, BY_HAND_CARD, reminder.subject_id, person)
    return SENT


def _says(tx: Transaction, placement: Placement, platform: Platform) -> list[PlatformPeople]:
    """Who has a say: the platform's people, and those of the post's sensitive topics."""
    topics = topics_of(tx.session, [placement.post_id])[placement.post_id]
    return [people_of(tx, platform), *(people_of_topic(tx, topic) for _, topic in topics)]


def _is_to_come(placement: Placement) -> bool:
    return placement.status in {PlacementStatus.APPROVED, *UNDECIDED}
