"""The content calendar: what is to come, what is taken, and which reminders are due."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Date, delete, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.rules.calendar import GIVEN_UP, ReminderKind
from storage.models import (
    AuditEntry,
    Occurrence,
    Placement,
    Platform,
    Post,
    Reminder,
    Revision,
    Slot,
)

_A_DAY = timedelta(days=1)


class ToRemind(NamedTuple):
    """An upcoming occurrence, as far as its reminders need it: of these there are thousands."""

    id: int
    starts_at: datetime
    zone: str
    owner: str | None
    slot_owner: str | None
    lead: int
    platform_key: str


class Planned(NamedTuple):
    """A reminder of an occurrence, as far as planning needs it."""

    id: int
    subject_id: int
    recipient: str
    due_at: datetime
    outcome: str | None


class PlannedPlacement(NamedTuple):
    """A placement with a time, as far as the calendar shows it; `text` is the post's."""

    at: datetime
    platform_key: str
    platform: str
    status: str
    post_id: int
    placement_id: int
    text: str


def platforms(session: Session) -> list[Platform]:
    return list(session.exec(select(Platform)))


def active_slots(session: Session) -> list[Slot]:
    return list(
        session.exec(
            select(Slot)
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
) -> list[PlannedPlacement]:
    """Those in (after, until] that were not given up, the soonest first."""
    rows = session.execute(
        select_columns(
            col(Placement.planned_at),
            col(Platform.key),
            col(Platform.name),
            col(Placement.status),
            col(Placement.post_id),
            col(Placement.id),
            col(Revision.text),
        )
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
    return [PlannedPlacement(*row) for row in rows]


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


def posts_on(
    session: Session, platform_keys: Sequence[str], at: datetime, day: date, apart_from: int | None
) -> Counter[str]:
    """How many posts each platform has on this wall date; `at`: a moment of it."""
    rows = session.execute(
        select_columns(col(Placement.platform_key), col(Placement.planned_local)).where(
            *_planned_between(at - _A_DAY, at + _A_DAY),
            col(Placement.platform_key).in_(platform_keys),
            col(Placement.post_id) != apart_from,
        )
    )
    return Counter(key for key, local in rows if local and local.date() == day)


def upcoming_to_remind(session: Session, after: datetime, until: datetime) -> Iterator[ToRemind]:
    """Those in (after, until] that are not skipped."""
    rows = session.execute(
        select_columns(
            col(Occurrence.id),
            col(Occurrence.starts_at),
            col(Occurrence.zone),
            col(Occurrence.owner),
            col(Slot.owner),
            col(Slot.lead),
            col(Slot.platform_key),
        )
        .join(Slot, col(Slot.id) == col(Occurrence.slot_id))
        .join(Platform, col(Platform.key) == col(Slot.platform_key))
        .where(
            col(Occurrence.starts_at) > after,
            col(Occurrence.starts_at) <= until,
            col(Occurrence.skipped_at).is_(None),
            col(Slot.active),
            col(Platform.active),
        )
        .order_by(col(Occurrence.starts_at), col(Occurrence.id))
    )
    return (ToRemind(*row) for row in rows)


def reminders_to_come(session: Session, after: datetime) -> list[Planned]:
    """Those of the occurrences after then; those that were sent, too."""
    to_come = select(Occurrence.id).where(col(Occurrence.starts_at) > after)
    rows = session.execute(
        select_columns(
            col(Reminder.id),
            col(Reminder.subject_id),
            col(Reminder.recipient),
            col(Reminder.due_at),
            col(Reminder.outcome),
        ).where(
            col(Reminder.kind) == ReminderKind.OCCURRENCE.value,
            col(Reminder.subject_id).in_(to_come),
        )
    )
    return [Planned(*row) for row in rows]


def occurrence_days(
    session: Session, slot_ids: Sequence[int | None], since: date
) -> set[tuple[int, date]]:
    """Of these slots: each one's id with the days that it means, from `since`, that are there
    already. Through the index of slot and time, however many lie in the past."""
    rows = session.execute(
        select_columns(col(Occurrence.slot_id), col(Occurrence.starts_local)).where(
            col(Occurrence.slot_id).in_(slot_ids),
            col(Occurrence.starts_local) >= datetime.combine(since, time()),
        )
    )
    return {(slot_id, local.date()) for slot_id, local in rows}


def occurrences_to_come(
    session: Session, slot_ids: Sequence[int], after: datetime, first: date = date.min
) -> list[Occurrence]:
    """Of these slots, the soonest first. first: of the days that the slots mean."""
    return list(
        session.exec(
            select(Occurrence)
            .where(
                col(Occurrence.slot_id).in_(slot_ids),
                col(Occurrence.starts_at) > after,
                col(Occurrence.starts_local) >= datetime.combine(first, time()),
            )
            .order_by(col(Occurrence.starts_at), col(Occurrence.id))
        )
    )


def occurrence_on(session: Session, slot_id: int, day: date) -> Occurrence | None:
    """The one that the slot means for this day, wherever it stands now."""
    start = datetime.combine(day, time())
    return session.exec(
        select(Occurrence).where(
            Occurrence.slot_id == slot_id,
            col(Occurrence.starts_local) >= start,
            col(Occurrence.starts_local) < start + _A_DAY,
        )
    ).first()


def slots_in_order(session: Session) -> list[tuple[Slot, Platform]]:
    """The active ones, as the strategy has its platforms."""
    return list(
        session.exec(
            select(Slot, Platform)
            .join(Platform, col(Platform.key) == col(Slot.platform_key))
            .where(col(Slot.active), col(Platform.active))
            .order_by(col(Platform.position), col(Platform.key), col(Slot.id))
        )
    )


def next_moments(session: Session, after: datetime) -> dict[int, datetime]:
    """When each slot comes next."""
    rows = session.execute(
        select_columns(col(Occurrence.slot_id), func.min(col(Occurrence.starts_at)))
        .where(col(Occurrence.starts_at) > after, col(Occurrence.skipped_at).is_(None))
        .group_by(col(Occurrence.slot_id))
    )
    return {row[0]: row[1] for row in rows}


def slot_named(session: Session, platform_key: str, title: str) -> Slot | None:
    """One that was stopped, too."""
    return session.exec(
        select(Slot).where(Slot.platform_key == platform_key, Slot.title == title)
    ).first()


def last_entry(session: Session, entity: str, entity_id: int) -> AuditEntry | None:
    """The latest thing that somebody did to it."""
    return session.exec(
        select(AuditEntry)
        .where(AuditEntry.entity == entity, AuditEntry.entity_id == entity_id)
        .order_by(col(AuditEntry.id).desc())
    ).first()


def remove_occurrences(session: Session, ids: Sequence[int]) -> None:
    """With their reminders that nobody was told yet."""
    session.execute(
        delete(Reminder).where(
            col(Reminder.kind) == ReminderKind.OCCURRENCE.value,
            col(Reminder.subject_id).in_(ids),
            col(Reminder.message_id).is_(None),
        )
    )
    session.execute(delete(Occurrence).where(col(Occurrence.id).in_(ids)))
