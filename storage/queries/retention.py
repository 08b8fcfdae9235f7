"""What was kept long enough: ids, the oldest first. Each look is a read; what follows is not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from bot.rules.delivery import NoticeStatus
from bot.rules.stories import StoryStatus
from storage.models import FORGOTTEN, Consent, Follower, Notice, ParkedUpdate, Poll, Story, Vote

_IS_DRAFT = text("status IN ('collecting','naming','age','consent','preview')")

SETTLED = (NoticeStatus.SENT, NoticeStatus.OVERTAKEN, NoticeStatus.FAILED)


def drafts(session: Session, before: datetime, most: int) -> Sequence[int | None]:
    return session.exec(
        select(Story.id)
        .where(_IS_DRAFT, Story.created_at < before)
        .order_by(col(Story.id))
        .limit(most)
    ).all()


def waiting(session: Session, before: datetime, most: int, told: datetime) -> Sequence[int | None]:
    """told: the team heard of it by then."""
    return session.exec(
        select(Story.id)
        .where(
            Story.status == StoryStatus.SUBMITTED.value,
            col(Story.submitted_at) < before,
            col(Story.told_to_decide_at) <= told,
        )
        .order_by(col(Story.id))
        .limit(most)
    ).all()


def to_tell_of(session: Session, before: datetime) -> list[Story]:
    """Waiting since before then, and the team has not heard that this ends."""
    return list(
        session.exec(
            select(Story)
            .where(
                Story.status == StoryStatus.SUBMITTED.value,
                col(Story.submitted_at) < before,
                col(Story.told_to_decide_at).is_(None),
            )
            .order_by(col(Story.submitted_at))
        )
    )


def handled(
    session: Session, status: StoryStatus, before: datetime, most: int
) -> Sequence[int | None]:
    """Declined, or accepted and now out, since before then, and not emptied."""
    return session.exec(
        select(Story.id)
        .where(
            Story.status == status.value,
            col(Story.handled_at) < before,
            col(Story.emptied_at).is_(None),
        )
        .order_by(col(Story.id))
        .limit(most)
    ).all()


def withdrawn(session: Session, before: datetime, most: int) -> Sequence[int | None]:
    return session.exec(
        select(Story.id)
        .join(Consent, col(Consent.story_id) == col(Story.id))
        .where(
            Story.status == StoryStatus.WITHDRAWN.value,
            col(Story.emptied_at).is_(None),
            Story.follower_id != FORGOTTEN,
            col(Consent.withdrawn_at) < before,
        )
        .distinct()
        .order_by(col(Story.id))
        .limit(most)
    ).all()


def votes(session: Session, before: datetime, most: int) -> Sequence[Vote]:
    """Of polls that closed before then."""
    return session.exec(
        select(Vote)
        .join(Poll, col(Poll.id) == col(Vote.poll_id))
        .where(col(Poll.closed_at) < before)
        .limit(most)
    ).all()


def messages(session: Session, before: datetime, most: int) -> Sequence[int | None]:
    """What was sent to followers; what went into the channel stays."""
    return session.exec(
        select(Notice.id)
        .where(
            Notice.platform == "telegram",
            col(Notice.recipient).op("GLOB")("[0-9]*"),
            col(Notice.status).in_(SETTLED),
            Notice.created_at < before,
        )
        .limit(most)
    ).all()


def delete_messages(session: Session, ids: Sequence[int | None]) -> None:
    session.execute(delete(Notice).where(col(Notice.id).in_(ids)))


def parked(session: Session, before: datetime, most: int) -> Sequence[int]:
    return session.exec(
        select(ParkedUpdate.update_id).where(ParkedUpdate.parked_at < before).limit(most)
    ).all()


def delete_parked(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(ParkedUpdate).where(col(ParkedUpdate.update_id).in_(ids)))


def unreachable(session: Session, before: datetime, most: int) -> Sequence[int]:
    return session.exec(
        select(Follower.id)
        .where(~col(Follower.reachable), col(Follower.unreachable_since) < before)
        .order_by(col(Follower.id))
        .limit(most)
    ).all()
