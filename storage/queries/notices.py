"""Notices: writing, claiming, settling; and where the cards are."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, text, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, select

from bot.rules.delivery import LEASE, NoticeStatus, Priority
from storage.models import Card, Notice

_WAITING = text("status IN ('pending', 'sending')")  # literal, so that the partial index serves


def add_notice(
    session: Session,
    *,
    platform: str,
    recipient: str,
    kind: str,
    key: str,
    priority: Priority,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """Writes a notice; one with this key that is there already stays as it is."""
    session.execute(
        insert(Notice)
        .values(
            platform=platform,
            recipient=recipient,
            kind=kind,
            key=key,
            priority=int(priority),
            payload=payload,
            due_at=now,
            created_at=now,
            status=NoticeStatus.PENDING.value,
            attempts=0,
            doubtful=False,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )


def claim_notices(
    session: Session, platform: str, now: datetime, busy: Collection[str], limit: int
) -> list[Notice]:
    """Leases what is due, the most urgent first, and one for each recipient, so that each reads
    in the order in which things happened. `busy`: who is not to be sent to at this moment.

    A notice whose lease has run out is claimed again: its sender died or hangs, so that it is
    doubtful whether the message arrived.
    """
    claimed: list[Notice] = []
    for notice_id in _due(session, platform, now, busy):
        notice = session.get_one(Notice, notice_id)
        notice.doubtful = notice.doubtful or notice.status == NoticeStatus.SENDING
        notice.status = NoticeStatus.SENDING
        notice.attempts += 1
        notice.leased_until = now + LEASE
        notice.first_tried_at = notice.first_tried_at or now
        session.add(notice)
        claimed.append(notice)
        if len(claimed) == limit:
            break
    return claimed


def _due(session: Session, platform: str, now: datetime, busy: Collection[str]) -> Iterator[int]:
    passed = set(busy)
    rows = session.execute(
        select_columns(
            col(Notice.id),
            col(Notice.recipient),
            col(Notice.status),
            col(Notice.due_at),
            col(Notice.leased_until),
        )
        .where(_WAITING, col(Notice.platform) == platform)
        .order_by(col(Notice.priority), col(Notice.id))
    )
    for notice_id, recipient, status, due_at, leased_until in rows.all():
        if recipient in passed:
            continue
        passed.add(recipient)
        ready_at = leased_until if status == NoticeStatus.SENDING else due_at
        if ready_at <= now:
            yield notice_id


def end_leases(session: Session, now: datetime) -> None:
    """For a process that starts alone: whoever was sending is gone."""
    session.execute(
        update(Notice)
        .where(col(Notice.status) == NoticeStatus.SENDING.value)
        .values(leased_until=now)
    )


def revive(session: Session, recipient: str, kinds: Collection[str], now: datetime) -> int:
    """Notices of these kinds that were given up are due again; how many."""
    statement = (
        update(Notice)
        .where(
            col(Notice.platform) == "telegram",
            col(Notice.recipient) == recipient,
            col(Notice.status) == NoticeStatus.FAILED.value,
            col(Notice.kind).in_(kinds),
        )
        .values(status=NoticeStatus.PENDING.value, attempts=0, due_at=now, error=None)
    )
    return len(session.execute(statement.returning(col(Notice.id))).all())


def find_card(session: Session, kind: str, entity_id: int, recipient: str) -> Card | None:
    return session.exec(
        select(Card).where(
            Card.kind == kind, Card.entity_id == entity_id, Card.recipient == recipient
        )
    ).first()


def cards_of(session: Session, kind: str, entity_id: int) -> list[Card]:
    """Every card of this kind that shows the entity, whoever has it."""
    return list(session.exec(select(Card).where(Card.kind == kind, Card.entity_id == entity_id)))


def count_notices(session: Session, prefix: str, status: NoticeStatus | None = None) -> int:
    """How many notices have a key that begins so (and this status)."""
    counted = select(func.count(col(Notice.id))).where(
        col(Notice.key) >= prefix, col(Notice.key) < prefix + "~"
    )
    if status is not None:
        counted = counted.where(Notice.status == status.value)
    return session.exec(counted).one()
