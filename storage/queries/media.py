"""Media that nothing refers to."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.models import Media, RevisionMedia, StoryPart
from storage.queries.drafts import images_in_drafts


def unused_media(session: Session, before: datetime) -> Sequence[Media]:
    """Kept before that moment, and in no story, no post and no draft."""
    in_stories = select(StoryPart.media_sha256).where(col(StoryPart.media_sha256).is_not(None))
    in_posts = select(RevisionMedia.media_sha256)
    found = session.exec(
        select(Media).where(
            Media.created_at < before,
            col(Media.sha256).not_in(in_stories),
            col(Media.sha256).not_in(in_posts),
        )
    ).all()
    in_drafts = images_in_drafts(session) if found else set()
    return [media for media in found if media.sha256 not in in_drafts]
