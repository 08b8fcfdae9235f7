"""What there is of one follower, table by table; and how it goes."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from storage.forgotten import Entry
from storage.models import (
    FORGOTTEN,
    AuditEntry,
    Consent,
    Decision,
    Erasure,
    Follower,
    Notice,
    ParkedUpdate,
    Placement,
    PollOption,
    Post,
    Revision,
    RevisionMedia,
    RevisionText,
    Story,
    StoryPart,
    Vote,
)

SHOW_THE_PRESENT = frozenset(
    {"story.card", "post.card", "placement.by_hand", "placement.in_doubt", "takedown.card"}
)
"""Messages that are edited as things change: written anew, they say nothing of the past."""


def all_stories_of(session: Session, follower_id: int) -> list[Story]:
    return list(session.exec(select(Story).where(Story.follower_id == follower_id)))


def consents_of_follower(session: Session, follower_id: int) -> list[Consent]:
    return list(session.exec(select(Consent).where(Consent.follower_id == follower_id)))


def media_of_parts(session: Session, story_id: int) -> set[str]:
    parts = select(StoryPart.media_sha256).where(StoryPart.story_id == story_id)
    return {sha256 for sha256 in session.exec(parts) if sha256}


def media_of_story(session: Session, story_id: int) -> set[str]:
    """Of its parts and of the posts that were made of it."""
    posts = (
        select(RevisionMedia.media_sha256)
        .join(Revision, col(Revision.id) == col(RevisionMedia.revision_id))
        .join(Post, col(Post.id) == col(Revision.post_id))
        .where(Post.story_id == story_id)
    )
    return media_of_parts(session, story_id) | set(session.exec(posts))


def empty_posts(session: Session, post_ids: Collection[int], instead: str, folded: str) -> None:
    """Their texts, their pictures, and what the follower wrote about them."""
    revisions = select(Revision.id).where(col(Revision.post_id).in_(post_ids))
    of_these = col(RevisionText.revision_id).in_(revisions)
    session.execute(update(RevisionText).where(of_these).values(text=instead))
    session.execute(delete(RevisionMedia).where(col(RevisionMedia.revision_id).in_(revisions)))
    session.execute(
        update(Revision)
        .where(col(Revision.post_id).in_(post_ids))
        .values(text=instead, folded=folded)
    )
    session.execute(update(Post).where(col(Post.id).in_(post_ids)).values(credit=None, why=""))
    session.execute(update(Decision).where(col(Decision.post_id).in_(post_ids)).values(reason=""))


def slack_messages_about(
    session: Session, story_ids: Collection[int], post_ids: Collection[int]
) -> list[Notice]:
    """What the bot told colleagues of them, besides the cards, which show the present state."""
    placement_ids = session.exec(
        select(Placement.id).where(col(Placement.post_id).in_(post_ids))
    ).all()
    about = {"story_id": story_ids, "post_id": post_ids, "placement_id": placement_ids}
    found = session.exec(
        select(Notice).where(
            Notice.platform == "slack",
            text(
                " OR ".join(
                    f"json_extract(payload, '$.{name}') IN ({_numbers(ids)})"
                    for name, ids in about.items()
                    if ids
                )
                or "false"
            ),
        )
    ).all()
    return [notice for notice in found if notice.kind not in SHOW_THE_PRESENT]


def delete_notices_to(session: Session, follower_id: int) -> None:
    session.execute(
        delete(Notice).where(
            col(Notice.platform) == "telegram", col(Notice.recipient) == str(follower_id)
        )
    )


def delete_parked(session: Session, follower_id: int) -> None:
    """Whatever has this number in it."""
    number = re.compile(rf"(?<!\d){follower_id}(?!\d)")
    rows = session.exec(
        select(ParkedUpdate).where(col(ParkedUpdate.raw).contains(str(follower_id)))
    )
    for parked in rows:
        if number.search(parked.raw):
            session.delete(parked)


def forget_voter(session: Session, follower_id: int) -> None:
    """The numbers stay as they are."""
    rows = session.exec(select(Vote).where(Vote.follower_id == follower_id)).all()
    make_anonymous(session, rows)


def make_anonymous(session: Session, votes: Sequence[Vote]) -> None:
    counted = Counter(vote.option_id for vote in votes if vote.option_id is not None)
    for option_id, many in counted.items():
        option = session.get_one(PollOption, option_id)
        option.anonymous_votes += many
        session.add(option)
    for vote in votes:
        session.delete(vote)


def nameless_audit(session: Session, follower_id: int, story_ids: Collection[int]) -> None:
    """The steps stay, without who it was and without words."""
    session.execute(
        update(AuditEntry)
        .where(col(AuditEntry.actor) == f"telegram:{follower_id}")
        .values(actor=f"telegram:{FORGOTTEN}")
    )
    session.execute(
        update(AuditEntry)
        .where(col(AuditEntry.entity) == "follower", col(AuditEntry.entity_id) == follower_id)
        .values(entity_id=FORGOTTEN, details={})
    )
    session.execute(
        update(AuditEntry)
        .where(col(AuditEntry.entity) == "story", col(AuditEntry.entity_id).in_(story_ids))
        .values(details={})
    )


def applied(session: Session) -> set[Entry]:
    return {Entry(row.digest, row.erased_at) for row in session.exec(select(Erasure))}


def ids_of_followers(session: Session, until: datetime) -> Sequence[int]:
    """Those who were there by then."""
    return session.exec(
        select(Follower.id).where(Follower.id != FORGOTTEN, Follower.created_at <= until)
    ).all()


def _numbers(ids: Collection[int | None]) -> str:
    return ", ".join(str(int(each)) for each in ids if each is not None)
