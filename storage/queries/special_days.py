"""Special days, and the posts that are there for one."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.rules.calendar import GIVEN_UP
from storage.models import Placement, Post, Revision, SpecialDay

_A_DAY = timedelta(days=1)


def active_days(session: Session) -> list[SpecialDay]:
    return list(
        session.exec(select(SpecialDay).where(col(SpecialDay.active)).order_by(col(SpecialDay.id)))
    )


def all_days(session: Session) -> list[SpecialDay]:
    """The stopped ones too, the oldest first."""
    return list(session.exec(select(SpecialDay).order_by(col(SpecialDay.id))))


def day_with_key(session: Session, key: str) -> SpecialDay | None:
    return session.exec(select(SpecialDay).where(SpecialDay.key == key)).first()


def is_made_for(session: Session, key: str, since: datetime) -> bool:
    """Whether somebody proposed a post for this day since then that was not given up."""
    found = session.exec(
        select(Post.id).where(
            col(Post.special_day_key) == key,
            col(Post.created_at) >= since,
            col(Post.status).not_in(GIVEN_UP),
        )
    )
    return found.first() is not None


def planned_words(session: Session, first: date, last: date) -> list[str]:
    """What the posts say that are planned on these wall dates: their words, folded."""
    start = datetime.combine(first, datetime.min.time())
    rows = session.exec(
        select(Revision.folded)
        .join(Post, col(Post.id) == col(Revision.post_id))
        .join(Placement, col(Placement.post_id) == col(Post.id))
        .where(
            col(Revision.number) == col(Post.revision_number),
            col(Placement.planned_local) >= start,
            col(Placement.planned_local) < datetime.combine(last, datetime.min.time()) + _A_DAY,
            col(Placement.status).not_in(GIVEN_UP),
        )
        .distinct()
    )
    return list(rows)
