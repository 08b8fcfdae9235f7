"""Notices on their way: claimed, and settled with everything that follows from it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions import receipts
from bot.actions.transaction import Transaction, action
from bot.rules.delivery import MAX_ATTEMPTS, NoticeStatus
from bot.texts import N_
from storage.models import Notice
from storage.queries.notices import claim_notices, end_leases

PUBLIC = frozenset({"post.publish", "poll.native"})
"""Kinds that everybody sees, and that nobody can take back or look for: never sent twice."""


@dataclass(frozen=True)
class Outgoing:
    """A notice in the hands of a sender. doubtful: an earlier attempt may have arrived."""

    id: int
    key: str
    recipient: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    doubtful: bool
    first_tried_at: datetime

    @property
    def is_public(self) -> bool:
        return self.kind in PUBLIC


@action
def claim(
    tx: Transaction, platform: str, busy: Collection[str], limit: int
) -> tuple[Outgoing, ...]:
    """Leases the most urgent notices that are due, one for each recipient."""
    return tuple(
        Outgoing(
            id=notice.id or 0,
            key=notice.key,
            recipient=notice.recipient,
            kind=notice.kind,
            payload=notice.payload,
            attempts=notice.attempts,
            doubtful=notice.doubtful,
            first_tried_at=notice.first_tried_at or tx.now,
        )
        for notice in claim_notices(tx.session, platform, tx.now, busy, limit)
    )


@action
def start_alone(tx: Transaction) -> None:
    """For the one process on this database: whatever is leased was left by one that died."""
    end_leases(tx.session, tx.now)


@action
def arrived(tx: Transaction, notice_id: int, receipt: dict[str, Any] | None) -> None:
    """receipt: the platform's; None: overtaken, nothing was sent."""
    notice = _settled(
        tx, notice_id, NoticeStatus.OVERTAKEN if receipt is None else NoticeStatus.SENT
    )
    if notice is None:
        return
    notice.sent_at, notice.receipt = tx.now, receipt
    if receipt is None:
        receipts.follow_overtaking(tx, notice)
    else:
        receipts.follow_arrival(tx, notice, receipt)


@action
def put_off(
    tx: Transaction, notice_id: int, again_at: datetime, *, doubtful: bool, is_failure: bool
) -> None:
    """To be tried again then; after too many failures it is given up."""
    notice = tx.session.get(Notice, notice_id)
    if notice is None:
        return
    if not is_failure:
        notice.attempts -= 1
    elif notice.attempts >= MAX_ATTEMPTS:
        _give_up(tx, notice_id, N_("I tried it many times."), unreachable=False)
        return
    notice.status = NoticeStatus.PENDING
    notice.due_at, notice.doubtful = again_at, doubtful
    tx.session.add(notice)


@action
def refused(tx: Transaction, notice_id: int, reason: str, *, unreachable: bool) -> None:
    """The platform will never take it."""
    _give_up(tx, notice_id, reason, unreachable=unreachable)


@action
def doubted(tx: Transaction, notice_id: int) -> None:
    """Public, and perhaps out: a person looks."""
    if notice := _settled(tx, notice_id, NoticeStatus.IN_DOUBT):
        receipts.follow_doubt(tx, notice)


def _give_up(tx: Transaction, notice_id: int, reason: str, *, unreachable: bool) -> None:
    notice = _settled(tx, notice_id, NoticeStatus.FAILED)
    if notice is None:
        return
    notice.error = reason
    receipts.follow_refusal(tx, notice, reason, unreachable=unreachable)


def _settled(tx: Transaction, notice_id: int, status: NoticeStatus) -> Notice | None:
    """None: who it was for was forgotten while it was on its way, and it with them."""
    notice = tx.session.get(Notice, notice_id)
    if notice is None:
        return None
    notice.status, notice.leased_until = status, None
    tx.session.add(notice)
    return notice
