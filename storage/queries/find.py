"""Posts that somebody searches for."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from storage.models import Placement, Post, Revision


def find_posts(
    session: Session,
    *,
    words: Sequence[str],
    states: Collection[str],
    platform_keys: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
    offset: int,
    limit: int,
) -> tuple[list[int], int]:
    """The ids on this page, the newest first, and how many there are in all.

    words: folded; each occurs in the present revision. since, until: between these a placement is
    planned that has one of the states, on one of the platforms.
    """
    conditions = [_occurs(word) for word in words]
    if states or platform_keys is not None or since or until:
        conditions.append(_is_placed(states, platform_keys, since, until))
    ids = select(Post.id).where(*conditions)
    found = session.exec(ids.order_by(col(Post.id).desc()).offset(offset).limit(limit))
    total = session.exec(select(func.count()).select_from(ids.subquery())).one()
    return [id for id in found if id is not None], total


def _occurs(word: str) -> ColumnElement[bool]:
    return (
        select(Revision.id)
        .where(
            col(Revision.post_id) == col(Post.id),
            col(Revision.number) == col(Post.revision_number),
            col(Revision.folded).contains(word, autoescape=True),
        )
        .exists()
    )


def _is_placed(
    states: Collection[str],
    platform_keys: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> ColumnElement[bool]:
    placed = select(Placement.id).where(col(Placement.post_id) == col(Post.id))
    if states:
        in_state = or_(col(Placement.status).in_(states), col(Post.status).in_(states))
        placed = placed.where(in_state)
    if platform_keys is not None:
        placed = placed.where(col(Placement.platform_key).in_(platform_keys))
    if since:
        placed = placed.where(col(Placement.planned_at) >= since)
    if until:
        placed = placed.where(col(Placement.planned_at) < until)
    return placed.exists()
