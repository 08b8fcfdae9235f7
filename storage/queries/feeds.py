"""What stands in a feed of the calendar."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.models import (
    AuditEntry,
    Card,
    Feed,
    Placement,
    Platform,
    Post,
    Revision,
    RevisionText,
)


@dataclass(frozen=True)
class Planned:
    """A placement with what a feed tells of it."""

    placement: Placement
    platform: Platform
    post: Post
    text: str  # what it says there
    card: tuple[str, str] | None


def feeds_of(session: Session, owner: str) -> list[Feed]:
    """Those that are in use."""
    return list(
        session.exec(select(Feed).where(Feed.owner == owner, col(Feed.revoked_at).is_(None)))
    )


def all_feeds(session: Session) -> list[Feed]:
    """Everybody's that are in use, the newest first."""
    return list(
        session.exec(
            select(Feed).where(col(Feed.revoked_at).is_(None)).order_by(col(Feed.id).desc())
        )
    )


def planned(
    session: Session, scope: str, after: datetime, until: datetime, channel: str
) -> list[Planned]:
    """Placements in (after, until], whatever became of them, the soonest first.

    scope: a platform's key; "": all. channel: where the cards stand.
    """
    rows = session.execute(
        select_columns(Placement, Platform, Post, col(Revision.text), col(RevisionText.text), Card)
        .join(Platform, col(Platform.key) == col(Placement.platform_key))
        .join(Post, col(Post.id) == col(Placement.post_id))
        .join(Revision, col(Revision.post_id) == col(Post.id))
        .outerjoin(
            RevisionText,
            (col(RevisionText.revision_id) == col(Revision.id))
            & (col(RevisionText.platform_key) == col(Platform.key)),
        )
        .outerjoin(
            Card,
            (col(Card.entity_id) == col(Post.id))
            & (col(Card.kind) == "post.card")
            & (col(Card.recipient) == channel),
        )
        .where(
            col(Revision.number) == col(Post.revision_number),
            col(Placement.planned_at) > after,
            col(Placement.planned_at) <= until,
            *([col(Platform.key) == scope] if scope else []),
        )
        .order_by(col(Placement.planned_at), col(Placement.id))
    )
    return [
        Planned(placement, platform, post, own or usual, (card.channel, card.ts) if card else None)
        for placement, platform, post, usual, own, card in rows
    ]


def changes(
    session: Session, wanted: Collection[tuple[str, Sequence[int]]]
) -> dict[tuple[str, int], tuple[int, datetime]]:
    """(entity, id) → how often it was audited, and when last."""
    found: dict[tuple[str, int], tuple[int, datetime]] = {}
    for entity, ids in wanted:
        rows = session.exec(
            select(AuditEntry.entity_id, func.count(), func.max(AuditEntry.at))
            .where(AuditEntry.entity == entity, col(AuditEntry.entity_id).in_(ids))
            .group_by(col(AuditEntry.entity_id))
        )
        found |= {(entity, id): (n, at) for id, n, at in rows}
    return found
