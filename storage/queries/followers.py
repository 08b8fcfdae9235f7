"""Followers: who gets a broadcast, and writing one to many at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from bot.rules.delivery import NoticeStatus, Priority
from storage.models import Follower

_NOTICES = SQLModel.metadata.tables["notices"]
_BROADCAST = insert(_NOTICES).on_conflict_do_nothing(index_elements=["key"])


def reachable_subscribers(session: Session) -> Sequence[int]:
    """Their ids; literal, so that the partial index serves."""
    return session.exec(
        select(Follower.id).where(text("subscribed AND reachable")).order_by(col(Follower.id))
    ).all()


def count_subscribers(session: Session) -> int:
    """Those who hear of a new poll; literal, so that the partial index serves."""
    statement = select(func.count()).select_from(Follower).where(text("subscribed AND reachable"))
    return session.exec(statement).one()


def count_followers(session: Session) -> int:
    """Those who can be reached."""
    statement = select(func.count()).select_from(Follower).where(col(Follower.reachable))
    return session.exec(statement).one()


def broadcast(
    session: Session,
    follower_ids: Iterable[int],
    *,
    kind: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """The same notice to each of many, in one statement: `key` and the follower's id make its key.

    It does not wake the outbox; write it beside a notice that does.
    """
    rows = [
        {
            "key": f"{key}:{follower_id}",
            "platform": "telegram",
            "recipient": str(follower_id),
            "kind": kind,
            "payload": payload,
            "priority": int(Priority.BROADCAST),
            "status": NoticeStatus.PENDING.value,
            "attempts": 0,
            "doubtful": False,
            "due_at": now,
            "created_at": now,
        }
        for follower_id in follower_ids
    ]
    if rows:
        session.connection().execute(_BROADCAST, rows)
