"""Figures from a platform's export: all of its rows that are about posts of ours, or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from bot.actions.figures import answers_for, note, people_at, tell_proposers
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Transaction, action
from bot.rules.calendar import WallTime
from bot.rules.figures import metrics_of
from bot.rules.figures_file import Told, normal, site
from bot.rules.people import is_admin
from bot.rules.posts import PlacementStatus
from bot.rules.strategy_file import Mistake
from storage.models import Measurement, Placement, Platform
from storage.queries.strategy import all_of

CLOSE = timedelta(minutes=15)
"""So far the time of a file may differ from ours."""


@dataclass(frozen=True)
class _Match:
    told: Told
    placement: Placement


@action
def bring_in(tx: Transaction, by: str | None, rows: Sequence[Told], digest: str) -> LoadReport:
    """What became of the posts; which rows are about none of ours, and why, is left_out.

    by: a Slack id; None: the command line. digest: of the file; the same one again changes
    nothing, also where a figure was corrected since.
    """
    platforms = {platform.key: platform for platform in all_of(tx.session, Platform)}
    matches, left_out = _matched(tx, by, rows, platforms)
    source, tally = f"file:{digest[:16]}", Counter[str]()
    first: list[Placement] = []
    for match in matches:
        new = _new_in(tx, match, platforms[match.placement.platform_key], source)
        had = _count(tx, match.placement)
        if note(tx, match.placement, new, source, by):
            first.append(match.placement)
        grown = _count(tx, match.placement) > had
        tally["unchanged" if not grown else "changed" if had else "added"] += 1
    tell_proposers(tx, first, by)
    return LoadReport(
        added=tally["added"],
        changed=tally["changed"],
        unchanged=tally["unchanged"],
        left_out=tuple(left_out),
    )


def _matched(
    tx: Transaction, by: str | None, rows: Sequence[Told], platforms: Mapping[str, Platform]
) -> tuple[list[_Match], list[Mistake]]:
    """By link first; then, of what is left, by platform and time."""
    out = select(Placement).where(Placement.status == PlacementStatus.PUBLISHED.value)
    placements = list(tx.session.exec(out.order_by(col(Placement.id))))
    by_link = {normal(placement.link): placement for placement in placements if placement.link}
    found = {told.row: by_link[key] for told in rows if (key := normal(told.link)) in by_link}
    taken = {placement.id for placement in found.values()}
    left = [placement for placement in placements if placement.id not in taken]
    matches, left_out = [], []
    for told in rows:
        placement = found.get(told.row) or _at_its_time(tx, told, left, platforms)
        if placement is None:
            left_out.append(Mistake(told.row, "No post of ours has this link or time.", {}))
        elif by and not is_admin(by, tx.desk.admins) and not _is_theirs(tx, placement, by):
            name = platforms[placement.platform_key].name
            left_out.append(
                Mistake(told.row, "You are not responsible for {name}.", {"name": name})
            )
        else:
            left = [each for each in left if each is not placement]
            matches.append(_Match(told, placement))
    return matches, left_out


def _is_theirs(tx: Transaction, placement: Placement, by: str) -> bool:
    return answers_for(people_at(tx, placement), by)


def _at_its_time(
    tx: Transaction, told: Told, left: Sequence[Placement], platforms: Mapping[str, Platform]
) -> Placement | None:
    """The only one of that platform within some minutes."""
    name = site(told.link)
    if told.at is None or not name:
        return None
    at = WallTime(told.at, tx.desk.zone.key).at
    found = [
        placement
        for placement in left
        if name in f"{placement.platform_key} {platforms[placement.platform_key].name}".casefold()
        and any(
            moment and abs(moment - at) <= CLOSE
            for moment in (placement.published_at, placement.planned_at)
        )
    ]
    return found[0] if len(found) == 1 else None


def _new_in(tx: Transaction, match: _Match, platform: Platform, source: str) -> dict[str, int]:
    """What the platform counts, and this very file has not said before."""
    said = select(Measurement.metric).where(
        Measurement.placement_id == match.placement.id, Measurement.source == source
    )
    known = set(tx.session.exec(said))
    counted = metrics_of(platform.metrics, by_hand=platform.publish != "telegram")
    figures = match.told.figures
    return {m: figures[m] for m in counted if m in figures and m not in known}


def _count(tx: Transaction, placement: Placement) -> int:
    rows = select(Measurement.id).where(Measurement.placement_id == placement.id)
    return len(tx.session.exec(rows).all())
