"""The steps of a post, as they were audited."""

from collections.abc import Sequence

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from storage.models import AuditEntry, Revision, RevisionText


def entries_about(session: Session, post_id: int, placement_ids: Sequence[int]) -> list[AuditEntry]:
    """Everything audited about the post and its placements, in the order of time."""
    return list(
        session.exec(
            select(AuditEntry)
            .where(
                or_(
                    and_(col(AuditEntry.entity) == "post", col(AuditEntry.entity_id) == post_id),
                    and_(
                        col(AuditEntry.entity) == "placement",
                        col(AuditEntry.entity_id).in_(placement_ids),
                    ),
                )
            )
            .order_by(col(AuditEntry.id))
        )
    )


def texts_of(session: Session, post_id: int) -> dict[int, dict[str | None, str]]:
    """What each revision says, by its number: None → the usual text, a platform's key → its own."""
    usual = session.exec(select(Revision.number, Revision.text).where(Revision.post_id == post_id))
    found: dict[int, dict[str | None, str]] = {number: {None: text} for number, text in usual}
    own = session.exec(
        select(Revision.number, RevisionText.platform_key, RevisionText.text)
        .join(RevisionText, col(RevisionText.revision_id) == col(Revision.id))
        .where(Revision.post_id == post_id)
    )
    for number, platform_key, text in own:
        found[number][platform_key] = text
    return found
