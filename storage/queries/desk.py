"""Who is away, and which topics are sensitive."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.models import Absence, PostTopic, Revision, Topic

_OPEN = text("ended_at IS NULL")  # literal, so that the partial index serves


def away_on(session: Session, day: date) -> frozenset[str]:
    """The Slack ids of who is away on this day."""
    rows = session.exec(
        select(Absence.slack_id).where(
            _OPEN, col(Absence.first_day) <= day, col(Absence.last_day) >= day
        )
    )
    return frozenset(rows)


def absence_of(session: Session, slack_id: str) -> Absence | None:
    """The one that is named and not over."""
    return session.exec(select(Absence).where(_OPEN, Absence.slack_id == slack_id)).first()


def absences_to_turn(session: Session, day: date) -> list[Absence]:
    """Those that began, or are over, and of which nothing followed yet."""
    rows = session.exec(select(Absence).where(_OPEN, col(Absence.first_day) <= day))
    return [each for each in rows if each.begun_at is None or each.last_day < day]


def active_topics(session: Session) -> list[Topic]:
    return list(session.exec(select(Topic).where(col(Topic.active)).order_by(col(Topic.position))))


def topics_of(
    session: Session, post_ids: Sequence[int]
) -> dict[int, list[tuple[PostTopic, Topic]]]:
    """Each post's sensitive topics, in the order of the strategy."""
    found: dict[int, list[tuple[PostTopic, Topic]]] = defaultdict(list)
    rows = session.exec(
        select(PostTopic, Topic)
        .join(Topic, col(Topic.key) == col(PostTopic.topic_key))
        .where(col(PostTopic.post_id).in_(post_ids), col(Topic.active))
        .order_by(col(Topic.position), col(Topic.key))
    )
    for link, topic in rows:
        found[link.post_id].append((link, topic))
    return found


def revisions_of(session: Session, post_ids: Sequence[int]) -> list[Revision]:
    """Every one, the earliest first."""
    return list(
        session.exec(
            select(Revision)
            .where(col(Revision.post_id).in_(post_ids))
            .order_by(col(Revision.post_id), col(Revision.number))
        )
    )
