"""Reopening: the proposer takes up again what they withdrew."""

from bot.actions.post_views import post_rows, post_view
from bot.actions.proposals import Proposal
from bot.actions.revisions import check_nobody_edited, check_not_rejected, is_this_edit, revise
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import PostView
from bot.rules.people import check_while_in, may_reopen
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import Refusal
from bot.rules.stories import StoryStatus
from storage.models import Story
from storage.queries.posts import PostRows


@query
def to_reopen(tx: Transaction, by: str, post_id: int) -> PostView:
    """Before the form is opened. Raises Refusal."""
    _check_reopenable(tx, post_rows(tx, post_id), by)
    return post_view(tx, post_id)


@action
def reopen(
    tx: Transaction, by: str, post_id: int, seen_revision: int, proposal: Proposal
) -> PostView:
    """A new revision, for the owners to decide on. What was rejected stays rejected.

    Raises Refusal, and InvalidForm for text, text:PLATFORM, platforms, when, images.
    """
    rows = post_rows(tx, post_id)
    if is_this_edit(rows, by, seen_revision, proposal):
        return post_view(tx, post_id)
    _check_reopenable(tx, rows, by)
    check_nobody_edited(rows, seen_revision)
    check_not_rejected(rows, proposal.platform_keys)
    revise(tx, rows, by, proposal, PostAction.REOPEN)
    return post_view(tx, post_id)


def _check_reopenable(tx: Transaction, rows: PostRows, by: str) -> None:
    may_reopen(by, rows.post.proposer)
    statuses = {PlacementStatus(placement.status) for placement, _ in rows.placements}
    for status in statuses - {PlacementStatus.REJECTED} or statuses:
        check_while_in(PostAction.REOPEN, status)
    if rows.post.story_id is not None:
        raise _story_went_back(tx.session.get_one(Story, rows.post.story_id))


def _story_went_back(story: Story) -> Refusal:
    if story.status == StoryStatus.WITHDRAWN:
        return Refusal(
            "The follower withdrew the story that this was made of, so it stays closed. "
            "Propose something else instead."
        )
    return Refusal(
        "This was made of a follower's story, and the story went back to the team. "
        "Look it up with /social stories and press Accept: then you make a new post of it."
    )
