"""Holding: whoever decides waits until a moment; then it comes back by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.approvals import says_of
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_post
from bot.actions.deciding import is_over, record, recount, tell_proposer, to_decide
from bot.actions.history import note_step, tell_in_thread
from bot.actions.post_views import post_rows, post_view
from bot.actions.transaction import Desk, Transaction, action, in_portions
from bot.actions.views import PostView
from bot.rules import posts as rules
from bot.rules.posts import PostAction
from storage.models import Placement
from storage.queries.posts import PostRows, placements_held_till, posts_held_till


async def hold(
    desk: Desk, by: str, post_id: int, revision: int, until: datetime, reason: str
) -> PostView:
    """until: in UTC. Raises Refusal (which is audited) and InvalidForm: until, reason."""
    work = _hold(desk, by, post_id, revision, until, reason)
    return await attempt(desk, by, PostAction.HOLD, "post", post_id, work)


@in_portions
def end_due(tx: Transaction, most: int) -> tuple[int, int]:
    """What was held until now waits for a decision again; how many posts did."""
    due = posts_held_till(tx.session, tx.now, most)
    for post_id in due:
        _resume(tx, post_id, placements_held_till(tx.session, tx.now, post_id))
    return len(due), len(due)


@action
def _hold(
    tx: Transaction, by: str, post_id: int, revision: int, until: datetime, reason: str
) -> PostView:
    rows = post_rows(tx, post_id)
    says = to_decide(tx, rows, by, revision, PostAction.HOLD)
    if all(_is_this_hold(rows, say.placement, by, until) for say in says):
        return post_view(tx, post_id)
    planned = [say.placement.planned_at for say in says if say.placement.planned_at]
    rules.check_hold(until, min(planned, default=None), reason, tx.now)
    had_approved = any(by in say.approved for say in says_of(tx, rows) if say.is_open)
    record(tx, rows, says, by, PostAction.HOLD, reason)
    for say in says:
        say.placement.held_until = until
    tx.session.flush()
    also: dict[str, Any] = {"reason": reason.strip(), "until": until.isoformat()}
    card_of_post(tx, post_id)
    tell_proposer(tx, rows.post, by, "held", **also)
    if had_approved:
        also["own_approval"] = True
    note_step(tx, f"slack:{by}", PostAction.HOLD, post_id, revision=revision, **also)
    return post_view(tx, post_id)


def _is_this_hold(rows: PostRows, placement: Placement, by: str, until: datetime) -> bool:
    """Whether the same form was sent already: a second submission is the same hold."""
    theirs = [decision for decision, held in rows.decisions if held.id == placement.id]
    return placement.held_until == until and bool(theirs) and theirs[-1].decided_by == by


def _resume(tx: Transaction, post_id: int, placements: Sequence[Placement]) -> None:
    for placement in placements:
        placement.held_until = None
        tx.session.add(placement)
    tx.session.flush()
    for placement in placements:
        entry = tx.audit("the time", PostAction.RESUME, "placement", placement.id or 0)
        tell_in_thread(tx, post_id, entry)
    recount(tx, post_id)
    for person in _awaited(tx, post_id, placements):
        tx.notify_slack(
            person,
            "post.resumed",
            f"post:{post_id}:resumed:{tx.now.isoformat()}:{person}",
            post_id=post_id,
        )


def _awaited(tx: Transaction, post_id: int, placements: Sequence[Placement]) -> list[str]:
    """Who decides now about these; nobody, where the time is over or others were enough."""
    ids = {placement.id for placement in placements}
    says = [
        say
        for say in says_of(tx, post_rows(tx, post_id))
        if say.placement.id in ids and say.is_open and not is_over(say.placement, tx.now)
    ]
    return list(dict.fromkeys(person for say in says for person in say.standing.awaited))
