"""Revisions: one version of a post's text and pictures, and what a new one changes."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.actions import topics
from bot.actions.cards import card_of_post
from bot.actions.history import note_step
from bot.actions.post_views import post_view, settle_status
from bot.actions.proposals import (
    OVER,
    Proposal,
    checked_platforms,
    own_texts,
    proposal_in_rows,
    same,
)
from bot.actions.transaction import Transaction
from bot.rules.calendar import wall_time
from bot.rules.people import check_while_in
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.topics import folded
from storage.models import Placement, Post, Revision, RevisionMedia, RevisionText
from storage.queries.posts import PostRows


def add_revision(tx: Transaction, post: Post, by: str, proposal: Proposal) -> None:
    """The post's present revision, as it was filled in."""
    assert post.id is not None
    texts = own_texts(proposal)
    revision = Revision(
        post_id=post.id,
        number=post.revision_number,
        text=proposal.text,
        folded=folded("\n".join([proposal.text, *texts.values()])),
        author=by,
        house_rules=list(proposal.house_rules),
        created_at=tx.now,
    )
    tx.session.add(revision)
    tx.session.flush()
    assert revision.id is not None
    for key, text in texts.items():
        tx.session.add(RevisionText(revision_id=revision.id, platform_key=key, text=text))
    for position, sha256 in enumerate(proposal.images):
        tx.session.add(
            RevisionMedia(
                revision_id=revision.id,
                position=position,
                media_sha256=sha256,
                alt=proposal.alts.get(sha256, ""),
            )
        )
    topics.mark(tx, [post.id])


def place(tx: Transaction, post: Post, platform_key: str, planned_at: datetime | None) -> Placement:
    assert post.id is not None
    placement = Placement(
        post_id=post.id, platform_key=platform_key, status=PlacementStatus.PROPOSED
    )
    plan(tx, placement, planned_at)
    return placement


def revise(tx: Transaction, rows: PostRows, by: str, proposal: Proposal, what: str) -> None:
    """A new revision: approvals of the earlier one count no more.

    what: the step that is noted. Raises InvalidForm, see rules.posts.check_proposal.
    """
    also = write_revision(tx, rows, by, proposal)
    tell_of_change(tx, by, what, rows.post, **also)


def write_revision(tx: Transaction, rows: PostRows, by: str, proposal: Proposal) -> dict[str, Any]:
    """As `revise`, before anybody hears of it. What else changed beside the text."""
    post = rows.post
    chosen = {platform.key for platform in checked_platforms(tx, proposal)}
    before = proposal_in_rows(rows).planned_at
    also = _what_else_changes(rows, chosen, proposal)
    post.revision_number += 1
    post.pillar_key, post.target_group_key = proposal.pillar_key, proposal.target_group_key
    post.goal_key, post.why = proposal.goal_key, proposal.why
    add_revision(tx, post, by, proposal)
    _follow_form(tx, rows, chosen, before, proposal.planned_at)
    return also


def changes_nothing(rows: PostRows, proposal: Proposal) -> bool:
    """Whether the form came back as it was, while nobody had asked for anything else."""
    waits = all(
        placement.status in (PlacementStatus.PROPOSED, PlacementStatus.APPROVED)
        for placement, _ in rows.placements
        if placement.status not in OVER
    )
    return waits and same(proposal_in_rows(rows), proposal)


def is_this_edit(rows: PostRows, by: str, seen_revision: int, proposal: Proposal) -> bool:
    """Whether this very form was saved already: a second submission is the same edit."""
    return (
        rows.post.revision_number == seen_revision + 1
        and rows.revision.author == by
        and same(proposal_in_rows(rows), proposal)
    )


def check_nobody_edited(rows: PostRows, seen_revision: int) -> None:
    """For a form in which somebody typed: it is kept, and they hear of it. Raises InvalidForm."""
    if seen_revision != rows.post.revision_number:
        raise InvalidForm(
            {
                "text": Refusal(
                    "Somebody changed this post while you were typing: {changed_at}. "
                    "Copy your text, close this window and open the post again.",
                    changed_at=rows.revision.created_at,
                )
            }
        )


def check_still_editable(rows: PostRows) -> None:
    """Raises Refusal once something went out, and when all is over."""
    there = {PlacementStatus(placement.status) for placement, _ in rows.placements}
    for status in reversed(PlacementStatus):  # how far it came is what they hear
        if status in (there - OVER or there):
            check_while_in(PostAction.EDIT, status)


def check_not_rejected(rows: PostRows, chosen: Collection[str]) -> None:
    """A rejected placement stays rejected: who chooses it again hears that. Raises InvalidForm."""
    rejected = tuple(
        platform.name
        for placement, platform in rows.placements
        if placement.status == PlacementStatus.REJECTED and platform.key in chosen
    )
    if rejected:
        raise InvalidForm(
            {
                "platforms": Refusal(
                    "This post was rejected for {platforms}. Leave that out here, "
                    "or make a new proposal for it.",
                    platforms=rejected,
                )
            }
        )


def tell_of_change(tx: Transaction, by: str, what: str, post: Post, **also: Any) -> None:
    """What follows from every new revision, the first one too."""
    assert post.id is not None
    tx.session.flush()
    card_of_post(tx, post.id)
    view = post_view(tx, post.id)
    asks = list(dict.fromkeys(person for p in view.placements for person in p.deciders))
    note_step(tx, f"slack:{by}", what, post.id, revision=post.revision_number, asks=asks, **also)


def _follow_form(
    tx: Transaction,
    rows: PostRows,
    chosen: Collection[str],
    before: datetime | None,
    planned_at: datetime | None,
) -> None:
    """The placements follow the edited form; a rejected one stays rejected.

    before: the moment that stood in the form.
    """
    placements: list[Placement] = []
    for placement, platform in rows.placements:
        placements.append(placement)
        if placement.status == PlacementStatus.REJECTED:
            continue
        if platform.key not in chosen:
            placement.status = PlacementStatus.WITHDRAWN
            tx.session.add(placement)
        else:
            at = _its_own(tx, placement, before) if planned_at else None
            placement.status = PlacementStatus.PROPOSED
            plan(tx, placement, at or planned_at)
    for key in sorted(set(chosen) - {platform.key for _, platform in rows.placements}):
        placements.append(place(tx, rows.post, key, planned_at))
    settle_status(tx, rows.post, placements)


def _its_own(tx: Transaction, placement: Placement, before: datetime | None) -> datetime | None:
    """Its moment, where it was moved on its own and that is still to come: an edit leaves it."""
    own = placement.planned_at
    stays = own is not None and own > tx.now and own != before
    return own if stays and placement.status not in OVER else None


def plan(tx: Transaction, placement: Placement, planned_at: datetime | None) -> None:
    """At this moment, anew: nobody holds it any longer, and the owners are asked first."""
    meant = wall_time(planned_at, tx.desk.zone) if planned_at else None
    placement.planned_at = planned_at
    placement.planned_local = meant.local if meant else None
    placement.planned_zone = meant.zone if meant else None
    placement.held_until = placement.escalated_at = None
    tx.session.add(placement)


def _what_else_changes(
    rows: PostRows, chosen: Collection[str], proposal: Proposal
) -> dict[str, Any]:
    """Beside the text, for the history: a new time, other platforms, other pictures."""
    before = _as_it_was(rows)
    also: dict[str, Any] = {}
    if proposal.planned_at != before.planned_at:
        also["planned_at"] = proposal.planned_at.isoformat() if proposal.planned_at else None
    if set(chosen) != set(before.platform_keys):
        also["platforms"] = sorted(chosen)
    if proposal.images != before.images:
        also["images"] = len(proposal.images)
    elif any(proposal.alts.get(i, "") != before.alts.get(i, "") for i in proposal.images):
        also["described"] = True
    return also


def _as_it_was(rows: PostRows) -> Proposal:
    """Of a post that was withdrawn: as it stood before that."""
    stands = proposal_in_rows(rows)
    withdrawn = [p for p, _ in rows.placements if p.status == PlacementStatus.WITHDRAWN]
    if stands.platform_keys or not withdrawn:
        return stands
    keys = tuple(placement.platform_key for placement in withdrawn)
    return replace(stands, platform_keys=keys, planned_at=withdrawn[0].planned_at)
