"""Stories with what belongs to them, a constant number of queries for any number of stories."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from bot.rules.stories import DRAFT, StoryStatus
from storage.models import (
    AuditEntry,
    Call,
    Consent,
    Follower,
    Media,
    Placement,
    Platform,
    Post,
    Story,
    StoryPart,
    Takedown,
)

_IS_DRAFT = text("status IN ('collecting','describing','naming','age','consent','preview')")
_TO_FETCH = text("file_id IS NOT NULL AND media_sha256 IS NULL AND fetch_error IS NULL")
"""Both literal, so that the partial indexes serve."""

_NOT_FETCHED = DRAFT - {StoryStatus.PREVIEW}

ASKED, ANSWERED = "ask", "answer"
"""Audit actions: a question is open while the newest of these on its story is ASKED."""


@dataclass(frozen=True)
class StoryRows:
    """A story, and everything that hangs on it."""

    story: Story
    follower: Follower
    parts: list[tuple[StoryPart, Media | None]]
    call: Call | None
    post: Post | None  # the newest one that was made of it
    places: list[tuple[Placement, Platform, Takedown | None]]  # of all posts, what is out first


def load_stories(session: Session, ids: Sequence[int]) -> list[StoryRows]:
    """In the order of `ids`; an id that is not there is left out."""
    rows = session.exec(
        select(Story, Follower, Call)
        .join(Follower, col(Follower.id) == col(Story.follower_id))
        .join(Call, col(Call.id) == col(Story.call_id), isouter=True)
        .where(col(Story.id).in_(ids))
    )
    found = {story.id: (story, follower, call) for story, follower, call in rows}
    parts, posts, places = _parts(session, ids), _posts(session, ids), _places(session, ids)
    return [
        StoryRows(
            story=found[id][0],
            follower=found[id][1],
            parts=parts[id],
            call=found[id][2],
            post=posts.get(id),
            places=places[id],
        )
        for id in ids
        if id in found
    ]


def draft_of(session: Session, follower_id: int) -> Story | None:
    return session.exec(select(Story).where(Story.follower_id == follower_id, _IS_DRAFT)).first()


def stories_of(session: Session, follower_id: int) -> Sequence[int | None]:
    """Ids, newest first; a draft that was given up is not among them."""
    return session.exec(
        select(Story.id)
        .where(
            Story.follower_id == follower_id,
            col(Story.submitted_at).is_not(None) | col(Story.status).in_(DRAFT),
        )
        .order_by(col(Story.id).desc())
    ).all()


def waiting_stories(session: Session) -> Sequence[int | None]:
    """Ids of what was submitted and not dealt with, oldest first."""
    return session.exec(
        select(Story.id)
        .where(Story.status == StoryStatus.SUBMITTED.value)
        .order_by(col(Story.submitted_at), col(Story.id))
    ).all()


def parts_of(session: Session, story_id: int) -> list[StoryPart]:
    return list(
        session.exec(
            select(StoryPart).where(StoryPart.story_id == story_id).order_by(col(StoryPart.id))
        )
    )


def part_of(session: Session, follower_id: int, message_id: int) -> StoryPart | None:
    """The part that this message of the follower's is."""
    return session.exec(
        select(StoryPart)
        .join(Story, col(Story.id) == col(StoryPart.story_id))
        .where(Story.follower_id == follower_id, StoryPart.message_id == message_id)
        .order_by(col(StoryPart.id).desc())
    ).first()


def to_describe(session: Session, story_id: int) -> list[StoryPart]:
    """The photos of which nobody said yet what can be seen in them."""
    parts = parts_of(session, story_id)
    return [part for part in parts if part.kind == "photo" and part.alt is None]


def is_to_fetch(part: StoryPart) -> bool:
    """Whether its file is still with Telegram."""
    return bool(part.file_id) and part.media_sha256 is None and part.fetch_error is None


def delete_parts(session: Session, story_id: int) -> None:
    session.execute(delete(StoryPart).where(col(StoryPart.story_id) == story_id))


def delete_consents(session: Session, story_id: int) -> None:
    session.execute(delete(Consent).where(col(Consent.story_id) == story_id))


def awaiting_wish(session: Session, follower_id: int) -> Story | None:
    """The story of which the follower is typing what should be changed."""
    return session.exec(
        select(Story)
        .where(Story.follower_id == follower_id, col(Story.wish_for_revision).is_not(None))
        .order_by(col(Story.id).desc())
    ).first()


def awaiting_answer(session: Session, follower_id: int) -> Story | None:
    """The story about which a colleague asked last, and was not answered yet."""
    ids = session.exec(
        select(Story.id).where(
            Story.follower_id == follower_id,
            col(Story.status).in_((StoryStatus.SUBMITTED.value, StoryStatus.ACCEPTED.value)),
        )
    ).all()
    entries = session.exec(
        select(AuditEntry.entity_id, AuditEntry.action)
        .where(
            AuditEntry.entity == "story",
            col(AuditEntry.entity_id).in_(ids),
            col(AuditEntry.action).in_((ASKED, ANSWERED)),
        )
        .order_by(col(AuditEntry.id))
    )
    asked: list[int] = []  # the newest question last
    for story_id, action in entries:
        asked = [other for other in asked if other != story_id]
        if action == ASKED:
            asked.append(story_id)
    return session.get_one(Story, asked[-1]) if asked else None


def sent_in_by(session: Session, follower_id: int) -> list[Story]:
    """What the follower sent in, and did not take back."""
    return list(
        session.exec(
            select(Story).where(
                Story.follower_id == follower_id,
                col(Story.submitted_at).is_not(None),
                Story.status != StoryStatus.WITHDRAWN.value,
            )
        )
    )


def has_accepted(session: Session, follower_id: int) -> bool:
    """Whether a colleague accepted anything of theirs before."""
    good = (StoryStatus.ACCEPTED.value, StoryStatus.PUBLISHED.value)
    found = select(Story.id).where(Story.follower_id == follower_id, col(Story.status).in_(good))
    return session.exec(found).first() is not None


def open_call(session: Session, key: str) -> Call | None:
    return session.exec(select(Call).where(Call.key == key, col(Call.active))).first()


def is_receipt_taken(session: Session, receipt: str) -> bool:
    return session.exec(select(Story.id).where(Story.receipt == receipt)).first() is not None


def consents_of(session: Session, story_id: int) -> list[Consent]:
    """Those that were not withdrawn."""
    return list(
        session.exec(
            select(Consent).where(Consent.story_id == story_id, col(Consent.withdrawn_at).is_(None))
        )
    )


def has_consent(session: Session, story_id: int, purpose: str) -> bool:
    return any(consent.purpose == purpose for consent in consents_of(session, story_id))


def posts_of(session: Session, story_id: int) -> list[Post]:
    """Oldest first."""
    return list(session.exec(select(Post).where(Post.story_id == story_id).order_by(col(Post.id))))


def parts_to_fetch(session: Session, after: int, limit: int) -> list[StoryPart]:
    """Files that are still with Telegram, of stories whose teller agreed: of who is too young or
    stops before that, no picture ever comes into the house."""
    return list(
        session.exec(
            select(StoryPart)
            .join(Story, col(Story.id) == col(StoryPart.story_id))
            .where(_TO_FETCH, col(StoryPart.id) > after, col(Story.status).not_in(_NOT_FETCHED))
            .order_by(col(StoryPart.id))
            .limit(limit)
        )
    )


def _parts(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[StoryPart, Media | None]]]:
    found: dict[int, list[tuple[StoryPart, Media | None]]] = defaultdict(list)
    rows = session.exec(
        select(StoryPart, Media)
        .join(Media, col(Media.sha256) == col(StoryPart.media_sha256), isouter=True)
        .where(col(StoryPart.story_id).in_(ids))
        .order_by(col(StoryPart.id))
    )
    for part, media in rows:
        found[part.story_id].append((part, media))
    return found


def _posts(session: Session, ids: Sequence[int]) -> dict[int, Post]:
    rows = session.exec(select(Post).where(col(Post.story_id).in_(ids)).order_by(col(Post.id)))
    return {post.story_id: post for post in rows if post.story_id is not None}


def _places(
    session: Session, ids: Sequence[int]
) -> dict[int, list[tuple[Placement, Platform, Takedown | None]]]:
    found: dict[int, list[tuple[Placement, Platform, Takedown | None]]] = defaultdict(list)
    rows = session.exec(
        select(Post, Placement, Platform, Takedown)
        .join(Placement, col(Placement.post_id) == col(Post.id))
        .join(Platform, col(Platform.key) == col(Placement.platform_key))
        .join(Takedown, col(Takedown.placement_id) == col(Placement.id), isouter=True)
        .where(col(Post.story_id).in_(ids))
        .order_by(
            col(Placement.published_at).is_(None), col(Placement.published_at), col(Placement.id)
        )
    )
    for post, placement, platform, takedown in rows:
        found[post.story_id or 0].append((placement, platform, takedown))
    return found
