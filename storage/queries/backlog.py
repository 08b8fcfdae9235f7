"""The backlog: proposals that have no date yet."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage.models import Placement, Post, Revision

MOST = 500
"""Placements that are looked at, those that wait longest first."""


class UndatedRow(NamedTuple):
    """A placement without a date that waits for a decision."""

    post_id: int
    platform_key: str
    revision: int
    pillar_key: str | None
    target_group_key: str | None
    since: datetime
    text: str  # of the post


def undated(session: Session, now: datetime, platform_key: str | None = None) -> list[UndatedRow]:
    """Those of which nobody waits with a decision; platform_key: of posts for this platform."""
    here = select_columns(col(Placement.post_id)).where(
        col(Placement.platform_key) == platform_key, text("placements.status = 'proposed'")
    )
    rows = session.execute(
        select_columns(
            col(Placement.post_id),
            col(Placement.platform_key),
            col(Post.revision_number),
            col(Post.pillar_key),
            col(Post.target_group_key),
            col(Post.created_at),
            col(Revision.text),
        )
        .join(Post, col(Post.id) == col(Placement.post_id))
        .join(
            Revision,
            (col(Revision.post_id) == col(Post.id))
            & (col(Revision.number) == col(Post.revision_number)),
        )
        .where(
            # Literal, so that the partial index serves.
            text("placements.status IN ('proposed', 'changes_requested')"),
            text("placements.status = 'proposed'"),
            col(Placement.planned_at).is_(None),
            or_(col(Placement.held_until).is_(None), col(Placement.held_until) <= now),
            *([col(Placement.post_id).in_(here)] if platform_key else []),
        )
        .order_by(col(Post.created_at), col(Placement.id))
        .limit(MOST)
    )
    return [UndatedRow(*row) for row in rows]


def tied_to_a_day(session: Session, post_ids: set[int]) -> set[int]:
    """Those of these posts that are made for a special day."""
    rows = session.execute(
        select_columns(col(Post.id)).where(
            col(Post.id).in_(post_ids), col(Post.special_day_key).is_not(None)
        )
    )
    return {id for (id,) in rows}
