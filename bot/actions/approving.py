"""Approving with a small edit: a new revision by who decides, and their approval of it, in one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.actions.approvals import Say
from bot.actions.attempts import attempt
from bot.actions.deciding import follow_status, record_approval, tell_proposer, to_decide
from bot.actions.decisions import approve, check_date_stands
from bot.actions.post_views import post_rows, post_view
from bot.actions.proposals import OVER, Proposal, proposal_in_rows, same
from bot.actions.revisions import is_this_edit, tell_of_change, write_revision
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import PostView
from bot.rules import posts as rules
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import Refusal
from storage.queries.posts import PostRows


async def approve_edited(
    desk: Desk,
    by: str,
    post_id: int,
    revision: int,
    text: str,
    texts: Mapping[str, str],
    planned_at: datetime | None = None,
) -> PostView:
    """texts: by a platform's key, what it says there instead; the others stay as they are.

    planned_at: for what has no date yet. Where nothing was changed, it is a plain approval.
    Raises Refusal (which is audited) and InvalidForm: text, text:PLATFORM, when.
    """
    work = _approve_edited(desk, by, post_id, revision, text, texts, planned_at)
    return await attempt(desk, by, PostAction.APPROVE_EDITED, "post", post_id, work)


async def may_approve_edited(desk: Desk, by: str, post_id: int, revision: int) -> PostView:
    """Raises the Refusal (which is audited) before somebody types."""
    work = _look(desk, by, post_id, revision)
    return await attempt(desk, by, PostAction.APPROVE_EDITED, "post", post_id, work)


@query
def _look(tx: Transaction, by: str, post_id: int, revision: int) -> PostView:
    rows = post_rows(tx, post_id)
    to_decide(tx, rows, by, revision, PostAction.APPROVE_EDITED)
    _check_nothing_is_out(rows)
    return post_view(tx, post_id)


@action
def _approve_edited(
    tx: Transaction,
    by: str,
    post_id: int,
    revision: int,
    text: str,
    texts: Mapping[str, str],
    planned_at: datetime | None,
) -> PostView:
    rows = post_rows(tx, post_id)
    before = proposal_in_rows(rows)
    worded = replace(before, text=text, texts={**before.texts, **texts})
    edited = replace(worded, planned_at=before.planned_at or planned_at)
    if _is_done(rows, by, revision, edited):
        return post_view(tx, post_id)
    says = to_decide(tx, rows, by, revision, PostAction.APPROVE_EDITED)
    if same(worded, before):
        approve(tx, rows, says, by, planned_at)
    else:
        _check_nothing_is_out(rows)
        check_date_stands(says, planned_at)
        _check_has_date(edited)
        _revise_and_approve(tx, rows, by, edited)
    return post_view(tx, post_id)


def _revise_and_approve(tx: Transaction, rows: PostRows, by: str, edited: Proposal) -> None:
    """Others who approved the earlier version are asked again. It stays as urgent as it was."""
    assert rows.post.id is not None
    escalated = {placement.id: placement.escalated_at for placement, _ in rows.placements}
    also = write_revision(tx, rows, by, edited)
    for placement, _ in rows.placements:
        placement.escalated_at = escalated[placement.id]
    tx.session.flush()
    rows = post_rows(tx, rows.post.id)
    is_enough = record_approval(tx, rows, _says(tx, rows, by), by)
    follow_status(tx, rows)
    tell_proposer(tx, rows.post, by, "approved_edited" if is_enough else "approval_edited")
    tell_of_change(tx, by, PostAction.APPROVE_EDITED, rows.post, **also)


def _is_done(rows: PostRows, by: str, revision: int, edited: Proposal) -> bool:
    """Whether this very form was sent already."""
    approvals = [d for d, _ in rows.decisions if d.revision_number == rows.post.revision_number]
    return is_this_edit(rows, by, revision, edited) and any(d.decided_by == by for d in approvals)


def _says(tx: Transaction, rows: PostRows, by: str) -> list[Say]:
    return to_decide(tx, rows, by, rows.post.revision_number, PostAction.APPROVE)


def _check_nothing_is_out(rows: PostRows) -> None:
    """Raises Refusal where a part of it can no longer be edited."""
    for placement, _ in rows.placements:
        status = PlacementStatus(placement.status)
        if status not in OVER and not rules.can(status, PostAction.EDIT):
            raise Refusal(
                "A part of this post is on its way already, so its text stays as it is. "
                "Press Approve to let the rest go out as it is, or Reject with your reason."
            )


def _check_has_date(proposal: Proposal) -> None:
    if proposal.planned_at is None:
        raise Refusal("This post has no date yet. Close this window, press Approve and choose one.")
