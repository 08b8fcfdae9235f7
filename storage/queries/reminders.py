"""Reminders: which are due, which are told and still open, and the messages that tell them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from bot.rules.calendar import ReminderKind
from storage.models import AuditEntry, Occurrence, Reminder, ReminderMessage, Slot

_OPEN = text("outcome = 'sent'")  # literal, so that the partial index serves
_NOT_DONE = text("done_at IS NULL")


def claim_due(session: Session, now: datetime, limit: int) -> list[Reminder]:
    """So many of what is due, those of one person together; nobody else gets these any more."""
    due = (
        select_columns(col(Reminder.id))
        .where(_NOT_DONE, col(Reminder.due_at) <= now)
        .order_by(col(Reminder.recipient), col(Reminder.due_at), col(Reminder.id))
        .limit(limit)
    )
    claimed = session.execute(
        update(Reminder)
        .where(_NOT_DONE, col(Reminder.id).in_(due))
        .values(done_at=now)
        .returning(col(Reminder.id))
        .execution_options(synchronize_session=False)
    )
    ids = list(claimed.scalars())
    rows = session.exec(
        select(Reminder)
        .where(col(Reminder.id).in_(ids))
        .order_by(col(Reminder.recipient), col(Reminder.due_at), col(Reminder.id))
        .execution_options(populate_existing=True)
    )
    return list(rows)


def reminders_of(
    session: Session, kinds: Collection[ReminderKind], subject_ids: Sequence[int]
) -> list[Reminder]:
    """Those that were sent, too, in the order in which they are due."""
    return list(
        session.exec(
            select(Reminder)
            .where(
                col(Reminder.kind).in_([kind.value for kind in kinds]),
                col(Reminder.subject_id).in_(subject_ids),
            )
            .order_by(col(Reminder.due_at), col(Reminder.id))
        )
    )


def reminders_for(session: Session, kind: str, subject_id: int, recipient: str) -> list[Reminder]:
    """Of one person, about one thing."""
    return list(
        session.exec(
            select(Reminder)
            .where(
                Reminder.kind == kind,
                Reminder.subject_id == subject_id,
                Reminder.recipient == recipient,
            )
            .order_by(col(Reminder.due_at), col(Reminder.id))
        )
    )


def open_reminders(
    session: Session, kinds: Collection[ReminderKind], subject_ids: Sequence[int] | None = None
) -> list[Reminder]:
    """Told, and not done yet as far as anybody saw."""
    found = select(Reminder).where(_OPEN, col(Reminder.kind).in_([k.value for k in kinds]))
    if subject_ids is not None:
        found = found.where(col(Reminder.subject_id).in_(subject_ids))
    return list(session.exec(found.order_by(col(Reminder.id))))


def moments_on(session: Session, platform_keys: Collection[str], after: datetime) -> list[Reminder]:
    """Those of the moments to come on these platforms that were told, or were not needed."""
    return list(
        session.exec(
            select(Reminder)
            .join(Occurrence, col(Occurrence.id) == col(Reminder.subject_id))
            .join(Slot, col(Slot.id) == col(Occurrence.slot_id))
            .where(
                Reminder.kind == ReminderKind.OCCURRENCE.value,
                col(Reminder.outcome).is_not(None),
                col(Occurrence.starts_at) > after,
                col(Slot.platform_key).in_(platform_keys),
            )
            .order_by(col(Reminder.id))
        )
    )


def reminders_in(session: Session, message_id: int) -> list[Reminder]:
    """What a message tells, in the order in which it came up."""
    return list(
        session.exec(
            select(Reminder)
            .where(Reminder.message_id == message_id)
            .order_by(col(Reminder.about_at), col(Reminder.id))
        )
    )


def who_did(session: Session, action: str, entity: str, entity_id: int) -> str:
    """Who did this last, as the audit trail names them; "" where nobody did."""
    found = session.exec(
        select(AuditEntry.actor)
        .where(
            AuditEntry.entity == entity,
            AuditEntry.entity_id == entity_id,
            AuditEntry.action == action,
        )
        .order_by(col(AuditEntry.id).desc())
    )
    return found.first() or ""


def newest_message(session: Session, recipient: str) -> ReminderMessage | None:
    return session.exec(
        select(ReminderMessage)
        .where(ReminderMessage.recipient == recipient)
        .order_by(col(ReminderMessage.id).desc())
        .limit(1)
    ).first()
