"""What stands around a post: the same month, the same hour, the same words.

Posts that were given up do not count, nor does `apart_from`: the post that is being edited. A
placement without a moment matches no time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bot.rules.calendar import GIVEN_UP
from bot.rules.topics import folded
from storage.models import Goal, Placement, Platform, Post, Revision, RevisionText

_happens_at: ColumnElement[datetime] = func.coalesce(
    col(Placement.published_at), col(Placement.planned_at)
)
"""When it went out, else when it is meant to."""

_says: ColumnElement[str] = func.coalesce(col(RevisionText.text), col(Revision.text))
"""What a placement says: the platform's own text, where it has one."""


def placed_between(
    session: Session,
    start: datetime,
    end: datetime,
    apart_from: int | None,
    platform_keys: Collection[str] | None = None,
) -> Sequence[tuple[int, datetime, str | None, str | None]]:
    """Each placement in [start, end], on these platforms (None: on any): post, moment, pillar,
    target group."""
    where = [_counts(apart_from), _happens_at >= start, _happens_at <= end]
    if platform_keys is not None:
        where.append(col(Placement.platform_key).in_(platform_keys))
    return list(
        session.exec(
            select(
                col(Placement.post_id),
                _happens_at,
                col(Post.pillar_key),
                col(Post.target_group_key),
            )
            .join(Post, col(Post.id) == col(Placement.post_id))
            .where(*where)
        )
    )


def near(
    session: Session,
    platform_keys: Collection[str],
    after: datetime,
    before: datetime,
    apart_from: int | None,
) -> Sequence[tuple[str, datetime, str]]:
    """Placements on these platforms in (after, before), the earliest first: platform, moment,
    text."""
    return list(
        session.exec(
            select(Placement.platform_key, _happens_at, _says)
            .join(Post, col(Post.id) == col(Placement.post_id))
            .join(Revision, _is_present())
            .outerjoin(RevisionText, _is_its_own())
            .where(
                _counts(apart_from),
                col(Placement.platform_key).in_(platform_keys),
                _happens_at > after,
                _happens_at < before,
            )
            .order_by(_happens_at, col(Placement.id))
        )
    )


def texts_since(
    session: Session, since: datetime, apart_from: int | None
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Post and folded texts of what was published since, or is planned."""
    wanted = select(Placement.post_id).where(_counts(apart_from), _happens_at >= since)
    of_these = col(Post.id).in_(wanted)
    own: dict[int, list[str]] = defaultdict(list)
    for revision_id, text in session.exec(
        select(RevisionText.revision_id, RevisionText.text)
        .join(Revision, col(Revision.id) == col(RevisionText.revision_id))
        .join(Post, _is_present())
        .where(of_these)
    ):
        own[revision_id].append(folded(text))
    for revision in session.exec(select(Revision).join(Post, _is_present()).where(of_these)):
        if texts := own.get(revision.id or 0):
            yield revision.post_id, (folded(revision.text), *texts)
        else:
            yield revision.post_id, (revision.folded,)


def placements_of(
    session: Session, post_ids: Collection[int]
) -> Sequence[tuple[Post, str, str, datetime]]:
    """Those that count and have a moment, the earliest first: post, its text, platform's name,
    moment."""
    return list(
        session.exec(
            select(Post, Revision.text, Platform.name, _happens_at)
            .join(Revision, _is_present())
            .join(Placement, col(Placement.post_id) == col(Post.id))
            .join(Platform, col(Platform.key) == col(Placement.platform_key))
            .where(col(Post.id).in_(post_ids), _counts(None), _happens_at.is_not(None))
            .order_by(_happens_at, col(Platform.position))
        )
    )


def active_goals(session: Session) -> list[Goal]:
    """The soonest deadline first."""
    return list(
        session.exec(
            select(Goal).where(col(Goal.active)).order_by(col(Goal.deadline), col(Goal.key))
        )
    )


def _counts(apart_from: int | None) -> ColumnElement[bool]:
    stands = col(Placement.status).not_in(GIVEN_UP)
    return stands if apart_from is None else stands & (col(Placement.post_id) != apart_from)


def _is_present() -> ColumnElement[bool]:
    """A post's revision, its latest."""
    return (col(Revision.post_id) == col(Post.id)) & (
        col(Revision.number) == col(Post.revision_number)
    )


def _is_its_own() -> ColumnElement[bool]:
    """A revision's text for the platform of the placement."""
    return (col(RevisionText.revision_id) == col(Revision.id)) & (
        col(RevisionText.platform_key) == col(Placement.platform_key)
    )
