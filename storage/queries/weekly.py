"""What happened in a week, and what is to come."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.rules.calendar import ReminderKind
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from storage.models import Decision, Placement, Post, Reminder


def newest_note(session: Session) -> Reminder | None:
    return session.exec(
        select(Reminder)
        .where(Reminder.kind == ReminderKind.WEEKLY_NOTE.value)
        .order_by(col(Reminder.subject_id).desc())
    ).first()


def published_between(session: Session, start: datetime, end: datetime) -> list[Placement]:
    return list(
        session.exec(
            select(Placement)
            .where(col(Placement.published_at) >= start, col(Placement.published_at) < end)
            .order_by(col(Placement.published_at), col(Placement.id))
        )
    )


def rejected_between(session: Session, start: datetime, end: datetime) -> list[Decision]:
    return list(
        session.exec(
            select(Decision)
            .where(
                Decision.verdict == PostAction.REJECT.value,
                col(Decision.decided_at) >= start,
                col(Decision.decided_at) < end,
            )
            .order_by(col(Decision.id))
        )
    )


def planned_between(
    session: Session, status: PlacementStatus, start: datetime, end: datetime
) -> list[Placement]:
    """By the time at which they go out, or should have."""
    return list(
        session.exec(
            select(Placement)
            .where(
                Placement.status == status.value,
                col(Placement.planned_at) >= start,
                col(Placement.planned_at) < end,
            )
            .order_by(col(Placement.planned_at), col(Placement.id))
        )
    )


def open_posts(session: Session) -> list[int]:
    """What still asks something of somebody, the earliest first."""
    open_ones = (
        PostStatus.PROPOSED,
        PostStatus.CHANGES_REQUESTED,
        PostStatus.AWAITING_FOLLOWER,
    )
    found = session.exec(
        select(Post.id).where(col(Post.status).in_(open_ones)).order_by(col(Post.id))
    )
    return [id for id in found if id is not None]
