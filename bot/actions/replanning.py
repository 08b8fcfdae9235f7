"""Replanning: a post whose time came too early gets a new one with a single press."""

from dataclasses import replace
from datetime import datetime

from bot.actions.approvals import people_of
from bot.actions.calendar import next_moments
from bot.actions.post_views import post_rows, post_view
from bot.actions.proposals import OVER, proposal_in_rows
from bot.actions.revisions import check_still_editable, revise
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import PostView
from bot.rules import posts as rules
from bot.rules.people import may_edit
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import Refusal
from storage.queries.posts import PostRows

MOST_TIMES = 3


@query
def new_times(tx: Transaction, post_id: int) -> tuple[datetime, ...]:
    """To choose from, in UTC; none where it waits for no new time, or a part of it is out."""
    rows = post_rows(tx, post_id)
    if not _waits_for_a_time(rows):
        return ()
    left = [placement for placement, _ in rows.placements if placement.status not in OVER]
    if not all(rules.can(PlacementStatus(each.status), PostAction.EDIT) for each in left):
        return ()
    return next_moments(tx, {placement.platform_key for placement in left}, MOST_TIMES)


@action
def replan(
    tx: Transaction, by: str, post_id: int, seen_revision: int, planned_at: datetime
) -> PostView:
    """The same text at another time: approvals do not survive, whoever decides is asked anew.

    Raises Refusal, also where the moment is over by now, or somebody chose a time before.
    """
    rows = post_rows(tx, post_id)
    may_edit(by, rows.post.proposer, [people_of(tx, platform) for _, platform in rows.placements])
    if _is_done(rows, by, seen_revision, planned_at):
        return post_view(tx, post_id)
    _check_waits_for_a_time(rows)
    check_still_editable(rows)
    rules.check_revision(seen_revision, rows.post.revision_number, rows.revision.created_at)
    if planned_at <= tx.now:
        raise Refusal("That moment is over by now. Press Another time and choose one to come.")
    revise(tx, rows, by, replace(proposal_in_rows(rows), planned_at=planned_at), "replan")
    return post_view(tx, post_id)


def _waits_for_a_time(rows: PostRows) -> bool:
    return any(placement.status == PlacementStatus.EXPIRED for placement, _ in rows.placements)


def _check_waits_for_a_time(rows: PostRows) -> None:
    """Raises Refusal, with the time that it has."""
    if _waits_for_a_time(rows):
        return
    planned_at = proposal_in_rows(rows).planned_at
    if planned_at is None:
        raise rules.refusal(rules.PostStatus(rows.post.status))
    raise Refusal(
        "This has another time already: {planned}. Press Edit on its card to change that.",
        planned=planned_at,
    )


def _is_done(rows: PostRows, by: str, seen_revision: int, planned_at: datetime) -> bool:
    """Whether this very button was pressed already."""
    return (
        rows.post.revision_number == seen_revision + 1
        and rows.revision.author == by
        and proposal_in_rows(rows).planned_at == planned_at
    )
