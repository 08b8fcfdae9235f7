"""Posts: proposing, editing, withdrawing."""

from sqlmodel import col, select

from bot.actions import calendar, stories
from bot.actions.approvals import people_of
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_post, refresh_placement_cards
from bot.actions.history import note_step
from bot.actions.post_views import post_rows, post_view, settle_status
from bot.actions.proposals import Proposal, checked_platforms
from bot.actions.revisions import (
    add_revision,
    changes_nothing,
    check_nobody_edited,
    check_not_rejected,
    check_still_editable,
    is_this_edit,
    place,
    revise,
    tell_of_change,
)
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import Choice, FormChoices, PlatformChoice, PostView
from bot.rules import posts as rules
from bot.rules.people import check_while_in, may_edit, may_withdraw
from bot.rules.posts import PlacementStatus, PostAction
from storage.models import Goal, HouseRule, Pillar, Post, Story, TargetGroup
from storage.queries.posts import active_platforms

__all__ = ["Proposal", "choices", "edit", "propose", "show", "withdraw"]


@query
def choices(tx: Transaction) -> FormChoices:
    """What the form offers."""
    pillars = tx.session.exec(
        select(Pillar).where(col(Pillar.active)).order_by(col(Pillar.position))
    )
    groups = tx.session.exec(
        select(TargetGroup).where(col(TargetGroup.active)).order_by(col(TargetGroup.position))
    )
    goals = tx.session.exec(select(Goal).where(col(Goal.active)).order_by(col(Goal.deadline)))
    house_rules = tx.session.exec(
        select(HouseRule).where(col(HouseRule.active)).order_by(col(HouseRule.position))
    )
    return FormChoices(
        platforms=tuple(
            PlatformChoice(p.key, p.name, p.max_length, p.max_images)
            for p in active_platforms(tx.session)
        ),
        pillars=tuple(Choice(p.key, p.name) for p in pillars),
        target_groups=tuple(Choice(g.key, g.name) for g in groups),
        goals=tuple(Choice(g.key, g.name) for g in goals),
        house_rules=tuple(rule.text for rule in house_rules),
        proposed_time=calendar.next_free(tx),
    )


@query
def show(tx: Transaction, post_id: int) -> PostView:
    """Raises NotThere."""
    return post_view(tx, post_id)


async def propose(desk: Desk, by: str, request_key: str, proposal: Proposal) -> PostView:
    """A new post, or the one that this form made already.

    Raises InvalidForm for text, text:PLATFORM, platforms, when, images; and, for a story that is
    not to be accepted, a Refusal, which is audited.
    """
    work = _propose(desk, by, request_key, proposal)
    if proposal.story_id is None:
        return await work
    return await attempt(desk, by, "accept", "story", proposal.story_id, work)


@action
def edit(
    tx: Transaction, by: str, post_id: int, seen_revision: int, proposal: Proposal
) -> PostView:
    """A new revision: approvals of the earlier one count no more. As it was: nothing changes.

    Raises InvalidForm for text, text:PLATFORM, platforms, when, images, and where somebody
    edited meanwhile.
    """
    rows = post_rows(tx, post_id)
    may_edit(by, rows.post.proposer, [people_of(tx, platform) for _, platform in rows.placements])
    if is_this_edit(rows, by, seen_revision, proposal):
        return post_view(tx, post_id)
    check_still_editable(rows)
    check_nobody_edited(rows, seen_revision)
    if changes_nothing(rows, proposal):
        return post_view(tx, post_id)
    check_not_rejected(rows, proposal.platform_keys)
    revise(tx, rows, by, proposal, PostAction.EDIT)
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
def _propose(tx: Transaction, by: str, request_key: str, proposal: Proposal) -> PostView:
    known = tx.session.exec(select(Post).where(Post.request_key == request_key)).first()
    if known is not None:
        return post_view(tx, known.id or 0)
    platforms = checked_platforms(tx, proposal)
    if proposal.story_id is not None:
        stories.accepted(tx, proposal.story_id, by)
    post = _new_post(tx, by, request_key, proposal)
    add_revision(tx, post, by, proposal)
    for platform in platforms:
        place(tx, post, platform.key, proposal.planned_at)
    assert post.id is not None
    tell_of_change(tx, by, "propose", post)
    return post_view(tx, post.id)


def _new_post(tx: Transaction, by: str, request_key: str, proposal: Proposal) -> Post:
    story = tx.session.get(Story, proposal.story_id) if proposal.story_id is not None else None
    post = Post(
        request_key=request_key,
        status=rules.PostStatus.PROPOSED,
        proposer=by,
        pillar_key=proposal.pillar_key,
        target_group_key=proposal.target_group_key,
        goal_key=proposal.goal_key,
        why=proposal.why,
        source_link=proposal.source_link,
        story_id=proposal.story_id,
        credit=story.credit if story else None,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.session.add(post)
    tx.session.flush()  # gives it its id
    return post
