"""Posts: proposing, editing, withdrawing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.actions import calendar, reminders, stories, topics
from bot.actions.approvals import people_of
from bot.actions.cards import card_of_post, refresh_placement_cards
from bot.actions.history import note_step
from bot.actions.post_views import post_rows, post_view, settle_status
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import Choice, FormChoices, PlatformChoice, PostView
from bot.rules import posts as rules
from bot.rules.calendar import wall_time
from bot.rules.lengths import Counting
from bot.rules.people import check_while_in, may_edit, may_withdraw
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.topics import folded
from storage.models import (
    HouseRule,
    Pillar,
    Placement,
    Platform,
    Post,
    Revision,
    RevisionMedia,
    Story,
    TargetGroup,
)
from storage.queries.posts import PostRows, active_platforms

_OVER = frozenset({PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN})


@dataclass(frozen=True)
class Draft:
    """What a person filled in. images: sha256 of media that are kept; planned_at in UTC."""

    text: str
    platform_keys: tuple[str, ...]
    pillar_key: str | None
    target_group_key: str | None
    planned_at: datetime
    why: str = ""
    images: tuple[str, ...] = ()
    source_link: str | None = None
    story_id: int | None = None


@query
def choices(tx: Transaction) -> FormChoices:
    """What the form offers."""
    pillars = tx.session.exec(
        select(Pillar).where(col(Pillar.active)).order_by(col(Pillar.position))
    )
    groups = tx.session.exec(
        select(TargetGroup).where(col(TargetGroup.active)).order_by(col(TargetGroup.position))
    )
    house_rules = tx.session.exec(
        select(HouseRule).where(col(HouseRule.active)).order_by(col(HouseRule.position))
    )
    return FormChoices(
        platforms=tuple(
            PlatformChoice(p.key, p.name, p.max_length) for p in active_platforms(tx.session)
        ),
        pillars=tuple(Choice(p.key, p.name) for p in pillars),
        target_groups=tuple(Choice(g.key, g.name) for g in groups),
        house_rules=tuple(rule.text for rule in house_rules),
        proposed_time=calendar.next_free(tx),
    )


@query
def show(tx: Transaction, post_id: int) -> PostView:
    """Raises NotThere."""
    return post_view(tx, post_id)


async def propose(desk: Desk, by: str, request_key: str, draft: Draft) -> PostView:
    """A new proposal, or the one that this form made already.

    Raises InvalidForm for text, platforms, when, images; and, for a story that is not to be
    accepted, a Refusal, which is audited.
    """
    try:
        return await _propose(desk, by, request_key, draft)
    except NotThere:
        raise
    except Refusal as refusal:
        if draft.story_id is not None:
            await stories.refused(desk, by, "accept", draft.story_id, refusal.sentence)
        raise


@action
def edit(tx: Transaction, by: str, post_id: int, seen_revision: int, draft: Draft) -> PostView:
    """A new revision: approvals of the earlier one count no more.

    Raises InvalidForm for text, platforms, when, images, and where somebody edited meanwhile.
    """
    rows = post_rows(tx, post_id)
    post = rows.post
    may_edit(by, post.proposer, [people_of(tx, platform) for _, platform in rows.placements])
    if _is_this_edit(rows, by, seen_revision, draft):
        return post_view(tx, post_id)
    _check_still_editable(rows)
    _check_nobody_edited(rows, seen_revision)
    chosen = {platform.key for platform in _checked_platforms(tx, draft)}
    _check_not_rejected(rows, chosen)
    post.revision_number += 1
    post.pillar_key, post.target_group_key = draft.pillar_key, draft.target_group_key
    post.why = draft.why
    _add_revision(tx, post, by, draft)
    also = _what_else_changes(rows, chosen, draft)
    _replan(tx, rows, chosen, draft.planned_at)
    _tell_of_change(tx, by, "edit", post, **also)
    return post_view(tx, post_id)


@action
def withdraw(tx: Transaction, by: str, post_id: int) -> PostView:
    """The proposer takes it back; what is published stays."""
    rows = post_rows(tx, post_id)
    may_withdraw(by, rows.post.proposer)
    open_ones = [
        placement
        for placement, _ in rows.placements
        if rules.can(PlacementStatus(placement.status), PostAction.WITHDRAW)
    ]
    if not open_ones:
        check_while_in(PostAction.WITHDRAW, PlacementStatus(rows.placements[0][0].status))
    for placement in open_ones:
        placement.status = rules.after(PlacementStatus(placement.status), PostAction.WITHDRAW)
        tx.session.add(placement)
        refresh_placement_cards(tx, placement.id or 0)
    settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
    stories.back_to_desk(tx, rows.post)
    card_of_post(tx, post_id)
    note_step(tx, f"slack:{by}", PostAction.WITHDRAW, post_id)
    return post_view(tx, post_id)


@action
def _propose(tx: Transaction, by: str, request_key: str, draft: Draft) -> PostView:
    known = tx.session.exec(select(Post).where(Post.request_key == request_key)).first()
    if known is not None:
        return post_view(tx, known.id or 0)
    platforms = _checked_platforms(tx, draft)
    if draft.story_id is not None:
        stories.accepted(tx, draft.story_id, by)
    post = _new_post(tx, by, request_key, draft)
    _add_revision(tx, post, by, draft)
    for platform in platforms:
        _place(tx, post, platform.key, draft.planned_at)
    assert post.id is not None
    _tell_of_change(tx, by, "propose", post)
    return post_view(tx, post.id)


def _checked_platforms(tx: Transaction, draft: Draft) -> list[Platform]:
    platforms = [p for p in active_platforms(tx.session) if p.key in draft.platform_keys]
    limits = [
        rules.PlatformLimits(p.name, p.max_length, p.max_images, Counting(p.count))
        for p in platforms
    ]
    rules.check_proposal(draft.text, len(draft.images), draft.planned_at, limits, tx.now)
    return platforms


def _new_post(tx: Transaction, by: str, request_key: str, draft: Draft) -> Post:
    story = tx.session.get(Story, draft.story_id) if draft.story_id is not None else None
    post = Post(
        request_key=request_key,
        status=rules.PostStatus.PROPOSED,
        proposer=by,
        pillar_key=draft.pillar_key,
        target_group_key=draft.target_group_key,
        why=draft.why,
        source_link=draft.source_link,
        story_id=draft.story_id,
        credit=story.credit if story else None,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.session.add(post)
    tx.session.flush()  # gives it its id
    return post


def _add_revision(tx: Transaction, post: Post, by: str, draft: Draft) -> None:
    assert post.id is not None
    revision = Revision(
        post_id=post.id,
        number=post.revision_number,
        text=draft.text,
        folded=folded(draft.text),
        author=by,
        created_at=tx.now,
    )
    tx.session.add(revision)
    tx.session.flush()
    assert revision.id is not None
    for position, sha256 in enumerate(draft.images):
        tx.session.add(
            RevisionMedia(revision_id=revision.id, position=position, media_sha256=sha256)
        )


def _place(tx: Transaction, post: Post, platform_key: str, planned_at: datetime) -> Placement:
    assert post.id is not None
    meant = wall_time(planned_at, tx.desk.zone)
    placement = Placement(
        post_id=post.id,
        platform_key=platform_key,
        status=PlacementStatus.PROPOSED,
        planned_at=planned_at,
        planned_local=meant.local,
        planned_zone=meant.zone,
    )
    tx.session.add(placement)
    return placement


def _replan(tx: Transaction, rows: PostRows, chosen: set[str], planned_at: datetime) -> None:
    """The placements follow the edited form; a rejected one stays rejected."""
    meant = wall_time(planned_at, tx.desk.zone)
    placements: list[Placement] = []
    for placement, platform in rows.placements:
        placements.append(placement)
        if placement.status == PlacementStatus.REJECTED:
            continue
        if platform.key not in chosen:
            placement.status = PlacementStatus.WITHDRAWN
        else:
            placement.status = PlacementStatus.PROPOSED
            placement.planned_at = planned_at
            placement.planned_local, placement.planned_zone = meant.local, meant.zone
        tx.session.add(placement)
    for key in sorted(chosen - {platform.key for _, platform in rows.placements}):
        placements.append(_place(tx, rows.post, key, planned_at))
    settle_status(tx, rows.post, placements)


def _check_still_editable(rows: PostRows) -> None:
    """Raises Refusal once something went out, and when all is over."""
    statuses = {PlacementStatus(placement.status) for placement, _ in rows.placements}
    for status in statuses.difference(_OVER) or statuses:
        check_while_in(PostAction.EDIT, status)


def _check_not_rejected(rows: PostRows, chosen: set[str]) -> None:
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


def _is_this_edit(rows: PostRows, by: str, seen_revision: int, draft: Draft) -> bool:
    """Whether this very form was saved already: a second submission is the same edit."""
    return (
        rows.post.revision_number == seen_revision + 1
        and rows.revision.author == by
        and rows.revision.text == draft.text
        and tuple(media.sha256 for media in rows.media) == draft.images
    )


def _check_nobody_edited(rows: PostRows, seen_revision: int) -> None:
    if seen_revision != rows.post.revision_number:
        raise InvalidForm(
            {
                "text": Refusal(
                    "Somebody changed this post while you were typing: {changed_at}. "
                    "Copy your text, close this window and press Edit again.",
                    changed_at=rows.revision.created_at,
                )
            }
        )


def _what_else_changes(rows: PostRows, chosen: set[str], draft: Draft) -> dict[str, Any]:
    """Beside the text, for the history: a new time, other platforms, other pictures."""
    there = [placement for placement, _ in rows.placements if placement.status not in _OVER]
    also: dict[str, Any] = {}
    if draft.planned_at not in {placement.planned_at for placement in there}:
        also["planned_at"] = draft.planned_at.isoformat()
    if chosen != {placement.platform_key for placement in there}:
        also["platforms"] = sorted(chosen)
    if draft.images != tuple(media.sha256 for media in rows.media):
        also["images"] = len(draft.images)
    return also


def _tell_of_change(tx: Transaction, by: str, what: str, post: Post, **also: Any) -> None:
    assert post.id is not None
    tx.session.flush()
    topics.mark(tx, [post.id])
    reminders.plan_for_placements(tx, post.id)
    card_of_post(tx, post.id)
    asks = _deciders(post_view(tx, post.id))
    note_step(tx, f"slack:{by}", what, post.id, revision=post.revision_number, asks=asks, **also)


def _deciders(post: PostView) -> list[str]:
    """Whose decision it waits for now, each once."""
    return list(dict.fromkeys(person for p in post.placements for person in p.deciders))
