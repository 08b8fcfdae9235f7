"""Posts: proposing, editing, withdrawing."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import col, select

from bot.actions import calendar, drafts, stories
from bot.actions.approvals import people_of
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_post, refresh_placement_cards
from bot.actions.drafts import Continued
from bot.actions.history import note_step
from bot.actions.post_views import post_rows, post_view, settle_status
from bot.actions.proposals import Proposal, checked_platforms, proposal_in_rows
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
from bot.rules.refusals import InvalidForm, Mention, Refusal
from storage.models import Goal, Pillar, Post, Story, TargetGroup
from storage.queries.posts import PostRows, active_platforms, house_rules

__all__ = ["Proposal", "choices", "describe", "edit", "propose", "show", "withdraw"]


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
    return FormChoices(
        platforms=tuple(
            PlatformChoice(p.key, p.name, p.max_length, p.max_images)
            for p in active_platforms(tx.session)
        ),
        pillars=tuple(Choice(p.key, p.name) for p in pillars),
        target_groups=tuple(Choice(g.key, g.name) for g in groups),
        goals=tuple(Choice(g.key, g.name) for g in goals),
        house_rules=house_rules(tx.session),
        proposed_time=calendar.next_free(tx),
    )


@query
def show(tx: Transaction, post_id: int) -> PostView:
    """Raises NotThere."""
    return post_view(tx, post_id)


async def propose(
    desk: Desk,
    by: str,
    form_key: str,
    proposal: Proposal,
    continued: Continued | None = None,
) -> PostView:
    """A new post, or the one that this form made already; the form's draft goes with it.

    form_key: the window; continued: the draft that it goes on with.

    Raises InvalidForm for text, text:PLATFORM, platforms, when, images; and, for a story that is
    not to be accepted, a Refusal, which is audited.
    """
    work = _propose(desk, by, form_key, proposal, continued)
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
def describe(
    tx: Transaction, by: str, post_id: int, seen_revision: int, alts: Mapping[str, str]
) -> PostView:
    """What can be seen in its pictures (sha256 → words): a new revision, where words came.

    Raises Refusal where the post was changed or decided on meanwhile: this is no reason to take
    an approval back.
    """
    rows = post_rows(tx, post_id)
    may_edit(by, rows.post.proposer, [people_of(tx, platform) for _, platform in rows.placements])
    new = {sha256: alt for sha256, alt in alts.items() if alt.strip()}
    before = proposal_in_rows(rows)
    described = replace(before, alts={**before.alts, **new})
    if not new or is_this_edit(rows, by, seen_revision, described):
        return post_view(tx, post_id)
    check_still_editable(rows)
    _check_untouched(rows, seen_revision)
    try:
        revise(tx, rows, by, described, PostAction.EDIT)
    except InvalidForm as invalid:  # its fields are not in this form
        raise next(iter(invalid.errors.values())) from invalid
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
def _propose(
    tx: Transaction, by: str, form_key: str, proposal: Proposal, continued: Continued | None
) -> PostView:
    return propose_within(tx, by, form_key, proposal, continued)


def propose_within(
    tx: Transaction,
    by: str,
    form_key: str,
    proposal: Proposal,
    continued: Continued | None = None,
) -> PostView:
    """As `propose`, as a part of something larger."""
    request_key = continued.request_key if continued else form_key
    known = tx.session.exec(select(Post).where(Post.request_key == request_key)).first()
    if known is not None:
        drafts.check_is_same(tx, known, form_key, proposal)
        drafts.became_proposal(tx, by, form_key, continued)
        return post_view(tx, known.id or 0)
    platforms = checked_platforms(tx, proposal)
    if proposal.story_id is not None:
        stories.accepted(tx, proposal.story_id, by)
    post = _new_post(tx, by, request_key, proposal)
    add_revision(tx, post, by, proposal)
    for platform in platforms:
        place(tx, post, platform.key, proposal.planned_at)
    assert post.id is not None
    tell_of_change(tx, by, "propose", post, **({"window": form_key} if continued else {}))
    drafts.became_proposal(tx, by, form_key, continued)
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
        special_day_key=proposal.special_day_key,
        story_id=proposal.story_id,
        credit=story.credit if story else None,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.session.add(post)
    tx.session.flush()  # gives it its id
    return post


def _check_untouched(rows: PostRows, seen_revision: int) -> None:
    """Raises Refusal."""
    if seen_revision != rows.post.revision_number:
        raise Refusal(
            "Somebody changed this post meanwhile: {changed_at}. Copy your words, close this "
            "window and press Edit on the card.",
            changed_at=rows.revision.created_at,
        )
    for decision, _ in rows.decisions:
        if decision.revision_number == seen_revision and decision.decided_by:
            raise Refusal(
                "{who} decided on this post meanwhile. To add your words after all, copy them, "
                "close this window and press Edit on the card: then it is decided on anew.",
                who=Mention(decision.decided_by),
            )
