"""Media that nothing refers to."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.models import Media, RevisionMedia, StoryPart


def unused_media(session: Session, before: datetime) -> Sequence[Media]:
    """Kept before that moment, and in no story and no post."""
    in_stories = select(StoryPart.media_sha256).where(col(StoryPart.media_sha256).is_not(None))
    in_posts = select(RevisionMedia.media_sha256)
    return session.exec(
        select(Media).where(
            Media.created_at < before,
            col(Media.sha256).not_in(in_stories),
            col(Media.sha256).not_in(in_posts),
        )
    ).all()
