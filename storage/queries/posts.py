"""Posts with what belongs to them, a constant number of queries for any number of posts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, or_, text
from sqlmodel import Session, col, select

from storage.models import (
    Decision,
    Goal,
    HouseRule,
    Measurement,
    Media,
    Pillar,
    Placement,
    Platform,
    Post,
    PostTopic,
    Revision,
    RevisionMedia,
    RevisionText,
    TargetGroup,
    Topic,
)
from storage.queries.desk import topics_of
from storage.queries.figures import figures_of


@dataclass(frozen=True)
class PostRows:
    """A post with its present revision, and everything that hangs on it."""

    post: Post
    revision: Revision
    texts: dict[str, str]  # of the platforms that have one of their own
    media: list[tuple[Media, str]]  # each with what can be seen in it
    placements: list[tuple[Placement, Platform]]
    decisions: list[tuple[Decision, Placement]]
    pillar: Pillar | None
    target_group: TargetGroup | None
    goal: Goal | None
    topics: list[tuple[PostTopic, Topic]]
    figures: dict[int, dict[str, Measurement]]  # placement → metric → what holds


def load_posts(session: Session, ids: Sequence[int]) -> list[PostRows]:
    """In the order of `ids`; an id that is not there is left out."""
    posts = {p.id: p for p in session.exec(select(Post).where(col(Post.id).in_(ids)))}
    revisions = _present_revisions(session, ids)
    revision_ids = [r.id for r in revisions.values() if r.id is not None]
    texts, media = _texts(session, revision_ids), _media(session, revision_ids)
    placements = _placements(session, ids)
    decisions = _decisions(session, ids)
    topics = topics_of(session, ids)
    figures = figures_of(session, [p.id or 0 for each in placements.values() for p, _ in each])
    pillars = {p.key: p for p in session.exec(select(Pillar))}
    groups = {g.key: g for g in session.exec(select(TargetGroup))}
    goals = {g.key: g for g in session.exec(select(Goal))}
    return [
        PostRows(
            post=posts[id],
            revision=revisions[id],
            texts=texts[revisions[id].id or 0],
            media=media[revisions[id].id or 0],
            placements=placements[id],
            decisions=decisions[id],
            pillar=pillars.get(posts[id].pillar_key or ""),
            target_group=groups.get(posts[id].target_group_key or ""),
            goal=goals.get(posts[id].goal_key or ""),
            topics=topics[id],
            figures={p.id: figures[p.id] for p, _ in placements[id] if p.id in figures},
        )
        for id in ids
        if id in posts
    ]


def _present_revisions(session: Session, ids: Sequence[int]) -> dict[int, Revision]:
    rows = session.exec(
        select(Revision)
        .join(Post, col(Post.id) == col(Revision.post_id))
        .where(
            col(Revision.post_id).in_(ids),
            col(Revision.number) == col(Post.revision_number),
        )
    )
    return {revision.post_id: revision for revision in rows}


def _texts(session: Session, revision_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = session.exec(select(RevisionText).where(col(RevisionText.revision_id).in_(revision_ids)))
    for row in rows:
        found[row.revision_id][row.platform_key] = row.text
    return found


def _media(session: Session, revision_ids: Sequence[int]) -> dict[int, list[tuple[Media, str]]]:
    found: dict[int, list[tuple[Media, str]]] = defaultdict(list)
    rows = session.exec(
        select(RevisionMedia, Media)
        .join(Media, col(Media.sha256) == col(RevisionMedia.media_sha256))
        .where(col(RevisionMedia.revision_id).in_(revision_ids))
        .order_by(col(RevisionMedia.position))
    )
    for link, media in rows:
        found[link.revision_id].append((media, link.alt))
    return found


def _placements(
    session: Session, ids: Sequence[int]
) -> dict[int, list[tuple[Placement, Platform]]]:
    found: dict[int, list[tuple[Placement, Platform]]] = defaultdict(list)
    rows = session.exec(
        select(Placement, Platform)
        .join(Platform, col(Platform.key) == col(Placement.platform_key))
        .where(col(Placement.post_id).in_(ids))
        .order_by(col(Platform.position), col(Platform.key))
    )
    for placement, platform in rows:
        found[placement.post_id].append((placement, platform))
    return found


def _decisions(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[Decision, Placement]]]:
    found: dict[int, list[tuple[Decision, Placement]]] = defaultdict(list)
    rows = session.exec(
        select(Decision, Placement)
        .join(Placement, col(Placement.id) == col(Decision.placement_id))
        .where(col(Decision.post_id).in_(ids))
        .order_by(col(Decision.id))
    )
    for decision, placement in rows:
        found[decision.post_id].append((decision, placement))
    return found


def placements_to_publish(session: Session, now: datetime, most: int) -> list[Placement]:
    """Approved and due, the longest first: the status is literal, so that the partial index
    serves."""
    return list(
        session.exec(
            select(Placement)
            .where(text("status = 'approved'"), col(Placement.planned_at) <= now)
            .order_by(col(Placement.planned_at), col(Placement.id))
            .limit(most)
        )
    )


def posts_too_late(session: Session, now: datetime, most: int) -> list[int]:
    """Of which a placement is due and not decided; through the partial index."""
    return list(
        session.exec(
            select(Placement.post_id)
            .where(*_too_late(now))
            .distinct()
            .order_by(col(Placement.post_id))
            .limit(most)
        )
    )


def placements_too_late(session: Session, now: datetime, post_id: int) -> list[Placement]:
    """Of this post, due and not decided."""
    return list(
        session.exec(
            select(Placement)
            .where(Placement.post_id == post_id, *_too_late(now))
            .order_by(col(Placement.id))
        )
    )


def _too_late(now: datetime) -> tuple[TextClause, ColumnElement[bool]]:
    undecided = text("status IN ('proposed', 'changes_requested')")
    return undecided, col(Placement.planned_at) <= now


def posts_held_till(session: Session, now: datetime, most: int) -> list[int]:
    """Of which a placement is held until now or earlier; through the partial index."""
    return list(
        session.exec(
            select(Placement.post_id)
            .where(*_held_till(now))
            .distinct()
            .order_by(col(Placement.post_id))
            .limit(most)
        )
    )


def placements_held_till(session: Session, now: datetime, post_id: int) -> list[Placement]:
    """Of this post, held until now or earlier."""
    return list(
        session.exec(
            select(Placement)
            .where(Placement.post_id == post_id, *_held_till(now))
            .order_by(col(Placement.id))
        )
    )


def _held_till(now: datetime) -> tuple[TextClause, ColumnElement[bool]]:
    held = text("status = 'proposed' AND held_until IS NOT NULL")
    return held, col(Placement.held_until) <= now


def undecided_posts(session: Session, now: datetime) -> list[int]:
    """The ids of those that can still be approved, also those without a date."""
    planned_at = col(Placement.planned_at)
    return list(
        session.exec(
            select(Placement.post_id)
            .where(text("status = 'proposed'"), or_(planned_at > now, planned_at.is_(None)))
            .distinct()
            .order_by(col(Placement.post_id))
        )
    )


def active_platforms(session: Session) -> list[Platform]:
    return list(
        session.exec(
            select(Platform)
            .where(col(Platform.active))
            .order_by(col(Platform.position), col(Platform.key))
        )
    )


def house_rules(session: Session) -> tuple[str, ...]:
    """Those that hold."""
    rules = session.exec(
        select(HouseRule).where(col(HouseRule.active)).order_by(col(HouseRule.position))
    )
    return tuple(rule.text for rule in rules)
