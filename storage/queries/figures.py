"""Measurements, read."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.models import Measurement, Placement


def figures_of(session: Session, placement_ids: Sequence[int]) -> dict[int, dict[str, Measurement]]:
    """Placement → metric → what holds; a placement without figures has none."""
    found: dict[int, dict[str, Measurement]] = defaultdict(dict)
    rows = session.exec(
        select(Measurement)
        .where(col(Measurement.placement_id).in_(placement_ids))
        .order_by(col(Measurement.id))
    )
    for row in rows:
        found[row.placement_id][row.metric] = row
    return found


def placements_of(session: Session, ids: Sequence[int]) -> list[Placement]:
    return list(session.exec(select(Placement).where(col(Placement.id).in_(ids))))


def placement_ids_of(session: Session, post_id: int) -> list[int]:
    """Of a post, in the order of its platforms' keys."""
    rows = session.exec(
        select(Placement.id)
        .where(Placement.post_id == post_id)
        .order_by(col(Placement.platform_key))
    )
    return [id for id in rows if id is not None]
