"""What App Home is made of: columns of many rows, whole posts only for the page that is shown."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from bot.rules.polls import PollStatus
from bot.rules.posts import LIVE, PlacementStatus
from storage.models import Decision, Placement, Poll, Post, PostTopic

_UNDECIDED = text("placements.status IN ('proposed', 'changes_requested')")
"""Literal, so that the partial index serves."""


class UndecidedRow(NamedTuple):
    """A placement on which somebody still has to decide, or of which changes were asked."""

    placement_id: int
    post_id: int
    platform_key: str
    status: str
    has_date: bool
    held_until: datetime | None
    escalated_at: datetime | None
    proposer: str
    revision: int  # the present one


class DecisionRow(NamedTuple):
    """What was decided about such a placement, in whatever revision."""

    revision_number: int
    verdict: str
    decided_by: str | None
    topic_key: str | None


class HandedRow(NamedTuple):
    """A placement that somebody posts by hand."""

    placement_id: int
    post_id: int
    platform_key: str


def undecided_placements(session: Session) -> list[UndecidedRow]:
    """The soonest first; what has no date comes last."""
    rows = session.execute(
        select(  # type: ignore[call-overload]  # it knows the types of four columns at most
            Placement.id,
            Placement.post_id,
            Placement.platform_key,
            Placement.status,
            col(Placement.planned_at).is_not(None),
            Placement.held_until,
            Placement.escalated_at,
            Post.proposer,
            Post.revision_number,
        )
        .join(Post, col(Post.id) == col(Placement.post_id))
        .where(_UNDECIDED)
        .order_by(col(Placement.planned_at).is_(None), col(Placement.planned_at), col(Post.id))
    )
    return [UndecidedRow._make(row) for row in rows]


def decisions_of_undecided(session: Session) -> dict[int, list[DecisionRow]]:
    """By placement, the earliest first."""
    found: dict[int, list[DecisionRow]] = defaultdict(list)
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Decision.placement_id,
            Decision.revision_number,
            Decision.verdict,
            Decision.decided_by,
            Decision.topic_key,
        )
        .where(col(Decision.post_id).in_(select(Placement.post_id).where(_UNDECIDED)))
        .order_by(col(Decision.id))
    )
    for placement_id, *decision in rows:
        found[placement_id].append(DecisionRow._make(decision))
    return found


def topics_of_undecided(session: Session) -> dict[int, list[str]]:
    """The keys of each post's topics, those of retired ones too."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.exec(
        select(PostTopic.post_id, PostTopic.topic_key).where(
            col(PostTopic.post_id).in_(select(Placement.post_id).where(_UNDECIDED))
        )
    )
    for post_id, topic_key in rows:
        found[post_id].append(topic_key)
    return found


def handed_placements(session: Session) -> list[HandedRow]:
    """The soonest first."""
    rows = session.exec(
        select(Placement.id, Placement.post_id, Placement.platform_key)
        .where(text(f"status = '{PlacementStatus.HANDED}'"))
        .order_by(col(Placement.planned_at), col(Placement.id))
    )
    return [HandedRow(id or 0, post_id, platform_key) for id, post_id, platform_key in rows]


def count_proposals(session: Session, proposer: str) -> int:
    return session.exec(select(func.count()).where(Post.proposer == proposer)).one()


def proposals(session: Session, proposer: str, offset: int, limit: int) -> list[int]:
    """The ids of somebody's posts: those of which something is still to come first, then the
    newest."""
    rows = session.exec(
        select(Post.id)
        .where(Post.proposer == proposer)
        .order_by(col(Post.status).in_(LIVE).desc(), col(Post.id).desc())
        .offset(offset)
        .limit(limit)
    )
    return [id for id in rows if id is not None]


def proposed_polls(session: Session) -> list[tuple[int, str]]:
    """Each with its proposer, the earliest first."""
    rows = session.exec(
        select(Poll.id, Poll.proposer)
        .where(Poll.status == PollStatus.PROPOSED.value)
        .order_by(col(Poll.id))
    )
    return [(id or 0, proposer) for id, proposer in rows]
