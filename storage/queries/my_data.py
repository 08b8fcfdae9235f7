"""Everything that there is of one follower, to hand it to them."""

import re
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from storage.models import (
    AuditEntry,
    Consent,
    Media,
    Notice,
    ParkedUpdate,
    Poll,
    PollOption,
    Story,
    StoryPart,
    Vote,
)


def votes_of(session: Session, follower_id: int) -> Sequence[tuple[Vote, Poll, PollOption | None]]:
    return session.exec(
        select(Vote, Poll, PollOption)
        .join(Poll, col(Poll.id) == col(Vote.poll_id))
        .join(PollOption, col(PollOption.id) == col(Vote.option_id), isouter=True)
        .where(Vote.follower_id == follower_id)
        .order_by(col(Vote.changed_at))
    ).all()


def consents(session: Session, follower_id: int) -> Sequence[Consent]:
    return session.exec(
        select(Consent).where(Consent.follower_id == follower_id).order_by(col(Consent.id))
    ).all()


def stories(session: Session, follower_id: int) -> Sequence[Story]:
    return session.exec(
        select(Story).where(Story.follower_id == follower_id).order_by(col(Story.id))
    ).all()


def media_of(session: Session, follower_id: int) -> Sequence[Media]:
    """Every file of their stories once, the oldest first."""
    rows = session.exec(
        select(Media)
        .join(StoryPart, col(StoryPart.media_sha256) == col(Media.sha256))
        .join(Story, col(Story.id) == col(StoryPart.story_id))
        .where(Story.follower_id == follower_id)
        .order_by(col(StoryPart.id))
    )
    return list({media.sha256: media for media in rows}.values())


def messages_to(session: Session, follower_id: int) -> Sequence[Notice]:
    return session.exec(
        select(Notice)
        .where(Notice.platform == "telegram", Notice.recipient == str(follower_id))
        .order_by(col(Notice.id))
    ).all()


def answers_in(session: Session, story_ids: Collection[int]) -> Sequence[Notice]:
    """What the follower wrote to our team about these stories."""
    found = session.exec(
        select(Notice)
        .where(Notice.kind == "story.answer", Notice.platform == "slack")
        .order_by(col(Notice.id))
    )
    return [notice for notice in found if notice.payload.get("story_id") in story_ids]


def parked_of(session: Session, follower_id: int) -> Sequence[ParkedUpdate]:
    number = re.compile(rf"(?<!\d){follower_id}(?!\d)")
    rows = session.exec(
        select(ParkedUpdate).where(col(ParkedUpdate.raw).contains(str(follower_id)))
    )
    return [parked for parked in rows if number.search(parked.raw)]


def steps_of(
    session: Session, follower_id: int, story_ids: Collection[int]
) -> Sequence[AuditEntry]:
    """What they did, and what was done with their stories and with them."""
    return session.exec(
        select(AuditEntry)
        .where(
            (col(AuditEntry.actor) == f"telegram:{follower_id}")
            | ((col(AuditEntry.entity) == "story") & col(AuditEntry.entity_id).in_(story_ids))
            | ((col(AuditEntry.entity) == "follower") & (col(AuditEntry.entity_id) == follower_id))
        )
        .order_by(col(AuditEntry.id))
    ).all()
