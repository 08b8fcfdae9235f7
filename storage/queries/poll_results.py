"""Polls: what is asked for their results, and for the form in which one is made."""

from collections.abc import Collection, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.rules.posts import PostStatus
from storage.models import Follower, Poll, PollOption, Post, Revision, Vote

OVER = (PostStatus.REJECTED.value, PostStatus.WITHDRAWN.value)


def count_reachable(session: Session) -> int:
    """Followers who could answer in private."""
    statement = select(func.count()).select_from(Follower).where(col(Follower.reachable))
    return session.exec(statement).one()


def present_texts(session: Session, post_ids: Collection[int]) -> list[tuple[int, str]]:
    """Each post's id and what it says now; the newest first."""
    rows = session.exec(
        select(Revision.post_id, Revision.text)
        .join(Post, col(Post.id) == col(Revision.post_id))
        .where(Revision.number == Post.revision_number, col(Post.id).in_(post_ids))
        .order_by(col(Post.id).desc())
    )
    return list(rows)


def newest_posts(session: Session, most: int) -> Sequence[int]:
    """Ids of those that are neither rejected nor withdrawn, the newest first."""
    return [
        post_id
        for post_id in session.exec(
            select(Post.id)
            .where(col(Post.status).not_in(OVER))
            .order_by(col(Post.id).desc())
            .limit(most)
        )
        if post_id is not None
    ]


def counted_before(session: Session, poll: Poll, most: int) -> Sequence[Poll]:
    """Polls of which the last numbers are known and that closed earlier, the newest first."""
    return session.exec(
        select(Poll)
        .where(
            col(Poll.counted_at).is_not(None),
            col(Poll.closed_at) <= poll.closed_at,
            col(Poll.id) != poll.id,
        )
        .order_by(col(Poll.closed_at).desc(), col(Poll.id).desc())
        .limit(most)
    ).all()


def opened_polls(session: Session) -> Sequence[int]:
    """Ids of those that are or were open, oldest first."""
    found = session.exec(
        select(Poll.id).where(col(Poll.status).in_(("open", "closed"))).order_by(col(Poll.id))
    )
    return [poll_id for poll_id in found if poll_id is not None]


def names_by_option(session: Session, poll_id: int, most: int) -> dict[int, list[str]]:
    """Option → the names of who chose it, in their order; `most` of each."""
    number = func.row_number().over(
        partition_by=col(Vote.option_id), order_by=(col(Follower.first_name), col(Follower.id))
    )
    chosen = (
        select(Vote.option_id, Follower.first_name, Follower.last_name, number.label("number"))
        .join(Follower, col(Follower.id) == col(Vote.follower_id))
        .join(PollOption, col(PollOption.id) == col(Vote.option_id))
        .where(Vote.poll_id == poll_id)
        .subquery()
    )
    found: dict[int, list[str]] = {}
    rows = session.exec(
        select(chosen.c.option_id, chosen.c.first_name, chosen.c.last_name)
        .where(chosen.c.number <= most)
        .order_by(chosen.c.option_id, chosen.c.number)
    )
    for option_id, first, last in rows:
        found.setdefault(option_id, []).append(f"{first} {last}" if last else first)
    return found
