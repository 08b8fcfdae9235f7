"""Drafts, and the posts that were made of them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.models import AuditEntry, Draft, Post, Revision


def post_by_key(session: Session, request_key: str) -> Post | None:
    return session.exec(select(Post).where(Post.request_key == request_key)).first()


def window_of(session: Session, post: Post) -> str:
    """The form from which it was proposed; the audit says so where a draft was continued."""
    entry = session.exec(
        select(AuditEntry).where(
            AuditEntry.entity == "post",
            AuditEntry.entity_id == post.id,
            AuditEntry.action == "propose",
        )
    ).first()
    return str(entry.details.get("window", post.request_key)) if entry else post.request_key


def first_text(session: Session, post: Post) -> str:
    """What it said when it was proposed."""
    first = select(Revision.text).where(Revision.post_id == post.id, Revision.number == 1)
    return session.exec(first).one()


def drafts_of_story(session: Session, story_id: int) -> Sequence[Draft]:
    its_story = col(Draft.content)["proposal"]["story_id"].as_integer()
    return session.exec(select(Draft).where(its_story == story_id)).all()


def images_in_drafts(session: Session) -> set[str]:
    """The sha256 of every picture that a draft keeps."""
    contents = session.exec(select(Draft.content)).all()
    return {sha256 for content in contents for sha256 in content["proposal"]["images"]}
