"""What is to be taken away again."""

from sqlmodel import Session, col, select

from storage.models import Placement, Post, Revision, RevisionText, Takedown


def of_placement(session: Session, placement_id: int) -> Takedown | None:
    return session.exec(select(Takedown).where(Takedown.placement_id == placement_id)).first()


def of_story(session: Session, story_id: int) -> list[Takedown]:
    return list(session.exec(select(Takedown).where(Takedown.story_id == story_id)))


def text_of(session: Session, placement_id: int) -> str:
    """What the post says there."""
    usual, own = session.exec(
        select(Revision.text, RevisionText.text)
        .join(Post, col(Post.id) == col(Revision.post_id))
        .join(Placement, col(Placement.post_id) == col(Post.id))
        .join(
            RevisionText,
            (col(RevisionText.revision_id) == col(Revision.id))
            & (col(RevisionText.platform_key) == col(Placement.platform_key)),
            isouter=True,
        )
        .where(Placement.id == placement_id, Revision.number == Post.revision_number)
    ).one()
    return own or usual
