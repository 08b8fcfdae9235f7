"""Who wants a note in the morning, and which ones there were."""

from datetime import date

from sqlmodel import Session, col, select

from bot.rules.calendar import ReminderKind
from storage.models import Colleague, Reminder


def readers(session: Session) -> list[str]:
    """The Slack ids of who wants one."""
    return list(session.exec(select(Colleague.slack_id).where(col(Colleague.morning_note))))


def notes_of(session: Session, person: str, since: date) -> list[Reminder]:
    """From this day on, the latest first; the index knows them by their days."""
    return list(
        session.exec(
            select(Reminder)
            .where(
                Reminder.kind == ReminderKind.MORNING_NOTE.value,
                Reminder.subject_id >= since.toordinal(),
                Reminder.recipient == person,
            )
            .order_by(col(Reminder.subject_id).desc())
        )
    )
