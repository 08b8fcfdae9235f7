"""What the strategy file says, as it is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from bot.rules.calendar import ReminderKind
from storage.models import Occurrence, Organisation, Reminder

M = TypeVar("M", bound=SQLModel)


def organisation_name(session: Session) -> str:
    """Empty while no strategy was loaded."""
    organisation = session.get(Organisation, 1)
    return organisation.name if organisation else ""


def all_of(session: Session, model: type[M]) -> list[M]:
    """Every row, the retired ones too."""
    return list(session.exec(select(model)))


def remove_occurrences(session: Session, slot_ids: Sequence[int], after: datetime) -> None:
    """What is still to come of these slots, with its reminders."""
    to_come = select(Occurrence.id).where(
        col(Occurrence.slot_id).in_(slot_ids), col(Occurrence.starts_at) > after
    )
    session.execute(
        delete(Reminder).where(
            col(Reminder.kind) == ReminderKind.OCCURRENCE.value,
            col(Reminder.subject_id).in_(to_come),
        )
    )
    session.execute(delete(Occurrence).where(col(Occurrence.id).in_(to_come)))
