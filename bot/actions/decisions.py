"""Decisions: the owners of a platform decide, each about the revision they saw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.approvals import Say
from bot.actions.attempts import attempt
from bot.actions.deciding import (
    follow_status,
    record,
    record_approval,
    recount,
    tell_proposer,
    to_decide,
)
from bot.actions.history import note_step
from bot.actions.post_views import post_rows, post_view
from bot.actions.proposals import OVER
from bot.actions.revisions import plan
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import PostView
from bot.rules import posts as rules
from bot.rules.posts import PlacementStatus, PostAction, ReasonLabel
from bot.rules.refusals import InvalidForm, Refusal
from storage.queries.posts import PostRows, undecided_posts

EVENTS = {
    PostAction.REQUEST_CHANGES: "changes_requested",
    PostAction.REJECT: "rejected",
}


async def decide(
    desk: Desk,
    by: str,
    post_id: int,
    revision: int,
    verdict: PostAction,
    reason: str = "",
    label: ReasonLabel | None = None,
    planned_at: datetime | None = None,
) -> PostView:
    """verdict: approve, request_changes or reject; the latter two need a reason.

    label: what a request for changes is about. planned_at: when it goes out, for the approval of
    what has no date yet. A placement is approved as soon as its platform's policy is met and the
    owner of each sensitive topic agrees.
    Raises Refusal (which is audited) and InvalidForm: reason, when.
    """
    work = _decide(desk, by, post_id, revision, verdict, reason, label, planned_at)
    return await attempt(desk, by, verdict, "post", post_id, work)


async def may_decide(
    desk: Desk, by: str, post_id: int, revision: int, verdict: PostAction
) -> PostView:
    """Raises the Refusal (which is audited) before somebody is asked for anything."""
    work = _look(desk, by, post_id, revision, verdict)
    return await attempt(desk, by, verdict, "post", post_id, work)


def recount_all(tx: Transaction) -> None:
    """For whenever somebody goes away or comes back, and when the strategy changes."""
    for post_id in undecided_posts(tx.session, tx.now):
        recount(tx, post_id)


def approve(
    tx: Transaction, rows: PostRows, says: Sequence[Say], by: str, planned_at: datetime | None
) -> None:
    """This person's approval of the post as it stands, with what follows.

    Raises Refusal, InvalidForm for when.
    """
    also = _set_date(tx, rows, says, planned_at)
    is_enough = record_approval(tx, rows, says, by)
    _follow(tx, rows, by, PostAction.APPROVE, "approved" if is_enough else "approval", **also)


@action
def _decide(
    tx: Transaction,
    by: str,
    post_id: int,
    revision: int,
    verdict: PostAction,
    reason: str,
    label: ReasonLabel | None,
    planned_at: datetime | None,
) -> PostView:
    rows = post_rows(tx, post_id)
    says = to_decide(tx, rows, by, revision, verdict)
    if verdict is PostAction.APPROVE:
        approve(tx, rows, says, by, planned_at)
        return post_view(tx, post_id)
    rules.check_reason(reason)
    record(tx, rows, says, by, verdict, reason, label)
    for say in says:
        say.placement.status = rules.after(PlacementStatus(say.placement.status), verdict)
    _follow(tx, rows, by, verdict, EVENTS[verdict], reason=reason.strip(), label=label or "")
    return post_view(tx, post_id)


@query
def _look(tx: Transaction, by: str, post_id: int, revision: int, verdict: PostAction) -> PostView:
    to_decide(tx, post_rows(tx, post_id), by, revision, verdict)
    return post_view(tx, post_id)


def _follow(
    tx: Transaction, rows: PostRows, by: str, verdict: PostAction, event: str, **also: Any
) -> None:
    assert rows.post.id is not None
    follow_status(tx, rows)  # the card first: whoever hears of it finds it up to date
    tell_proposer(tx, rows.post, by, event, **also)
    revision = rows.post.revision_number
    note_step(tx, f"slack:{by}", verdict, rows.post.id, revision=revision, **also)


def _set_date(
    tx: Transaction, rows: PostRows, says: Sequence[Say], planned_at: datetime | None
) -> dict[str, Any]:
    """The first approval of what has no date sets it; the others approve that, too."""
    if all(say.placement.planned_at for say in says):
        check_date_stands(says, planned_at)
        return {}
    if planned_at is None:
        raise Refusal(
            "This post has no date yet. Press Approve on its newest card: there you choose one."
        )
    rules.check_planned(planned_at, tx.now)
    for placement, _ in rows.placements:
        if placement.planned_at is None and placement.status not in OVER:
            plan(tx, placement, planned_at)
    return {"planned_at": planned_at.isoformat()}


def check_date_stands(says: Sequence[Say], planned_at: datetime | None) -> None:
    """Somebody who chose a date finds that another one was chosen. Raises InvalidForm for when."""
    for say in says:
        if planned_at and say.placement.planned_at and planned_at != say.placement.planned_at:
            raise InvalidForm(
                {
                    "when": Refusal(
                        "This was planned for {planned} meanwhile. Choose that moment, or close "
                        "this window and write in the thread which date you would choose.",
                        planned=say.placement.planned_at,
                    )
                }
            )
