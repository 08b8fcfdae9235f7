"""The content calendar: what is to come, what is taken, and which reminders are due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, func, text
from sqlmodel import Session, col, select

from bot.rules.calendar import GIVEN_UP, ReminderKind
from storage.models import Occurrence, Placement, Platform, Post, Reminder, Revision, Slot

_A_DAY = timedelta(days=1)


def active_slots(session: Session) -> list[tuple[Slot, Platform]]:
    return list(
        session.exec(
            select(Slot, Platform)
            .join(Platform, col(Platform.key) == col(Slot.platform_key))
            .where(col(Slot.active), col(Platform.active))
        )
    )


def upcoming_occurrences(
    session: Session, after: datetime, until: datetime
) -> list[tuple[Occurrence, Slot, Platform]]:
    """In (after, until], the soonest first."""
    return list(
        session.exec(
            select(Occurrence, Slot, Platform)
            .join(Slot, col(Slot.id) == col(Occurrence.slot_id))
            .join(Platform, col(Platform.key) == col(Slot.platform_key))
            .where(
                col(Occurrence.starts_at) > after,
                col(Occurrence.starts_at) <= until,
                col(Slot.active),
                col(Platform.active),
            )
            .order_by(col(Occurrence.starts_at), col(Occurrence.id))
        )
    )


def planned_placements(
    session: Session, after: datetime, until: datetime, most: int | None = None
) -> list[tuple[datetime | None, str, str, str]]:
    """Of the placements in (after, until] that were not given up, the soonest first: the time, the
    platform's name, the status and the post's text."""
    return list(
        session.exec(
            select(Placement.planned_at, Platform.name, Placement.status, Revision.text)
            .join(Platform, col(Platform.key) == col(Placement.platform_key))
            .join(Post, col(Post.id) == col(Placement.post_id))
            .join(Revision, col(Revision.post_id) == col(Post.id))
            .where(
                col(Revision.number) == col(Post.revision_number),
                *_planned_between(after, until),
            )
            .order_by(col(Placement.planned_at), col(Placement.id))
            .limit(most)
        )
    )


def count_planned(session: Session, after: datetime, until: datetime) -> int:
    """How many of these there are."""
    return session.exec(select(func.count()).where(*_planned_between(after, until))).one()


def _planned_between(after: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Placement.planned_at) > after,
        col(Placement.planned_at) <= until,
        col(Placement.status).not_in(GIVEN_UP),
    )


def taken_days(
    session: Session, after: datetime, until: datetime, apart_from: int | None = None
) -> set[tuple[str, date]]:
    """Each platform's key with the wall dates on which it has a post already; apart_from: a post
    that does not count."""
    day: ColumnElement[date] = func.date(Placement.planned_local, type_=Date)
    others = [] if apart_from is None else [col(Placement.post_id) != apart_from]
    rows = session.exec(
        select(Placement.platform_key, day)
        .where(
            # A day's margin: the date that counts is the one on the wall.
            *_planned_between(after - _A_DAY, until + _A_DAY),
            *others,
        )
        .distinct()
    )
    return set(rows)


def statuses_on(session: Session, platform_key: str, at: datetime, day: date) -> set[str]:
    """The statuses of the placements on this platform on this wall date; `at`: a moment of it."""
    rows = session.exec(
        select(Placement.status, Placement.planned_local).where(
            col(Placement.platform_key) == platform_key,
            col(Placement.planned_at) > at - _A_DAY,
            col(Placement.planned_at) < at + _A_DAY,
        )
    )
    return {status for status, local in rows if local and local.date() == day}


def due_reminders(session: Session, now: datetime) -> list[Reminder]:
    """Through the partial index: its condition is literal here as well."""
    return list(
        session.exec(
            select(Reminder)
            .where(text("done_at IS NULL"), col(Reminder.due_at) <= now)
            .order_by(col(Reminder.due_at), col(Reminder.id))
        )
    )


def reminders_of(
    session: Session, kind: ReminderKind, subject_ids: Sequence[int]
) -> list[Reminder]:
    """Those that were sent, too, in the order in which they are due."""
    return list(
        session.exec(
            select(Reminder)
            .where(col(Reminder.kind) == kind.value, col(Reminder.subject_id).in_(subject_ids))
            .order_by(col(Reminder.due_at), col(Reminder.id))
        )
    )


def occurrence_times(session: Session, slot_id: int, after: datetime) -> set[datetime]:
    """The wall times of this slot that are there already."""
    return set(
        session.exec(
            select(Occurrence.starts_local).where(
                col(Occurrence.slot_id) == slot_id, col(Occurrence.starts_at) > after
            )
        )
    )
