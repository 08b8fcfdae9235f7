"""Decisions: the owners of a platform decide, each about the revision they saw."""

from bot.actions.cards import card_of_post
from bot.actions.post_views import people_of, post_rows, post_view, settle_status
from bot.actions.stories import ask_for_agreement, back_to_desk
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import PostView
from bot.rules import posts as rules
from bot.rules.people import decides_for
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import Mention, Refusal
from bot.texts import N_
from storage.models import Decision, Placement
from storage.queries.posts import PostRows

EVENTS = {
    PostAction.APPROVE: "approved",
    PostAction.REQUEST_CHANGES: "changes_requested",
    PostAction.REJECT: "rejected",
}

ALREADY = {
    PostAction.APPROVE: N_("{who} already approved this, {at}."),
    PostAction.REQUEST_CHANGES: N_("{who} already asked for changes, {at}."),
    PostAction.REJECT: N_("{who} already rejected this, {at}."),
}


async def decide(
    desk: Desk, by: str, post_id: int, revision: int, verdict: PostAction, reason: str = ""
) -> PostView:
    """verdict: approve, request_changes or reject; the latter two need a reason.

    Raises Refusal (which is audited) and, for an empty reason, InvalidForm.
    """
    try:
        return await _decide(desk, by, post_id, revision, verdict, reason)
    except Refusal as refusal:
        await _note_refusal(desk, by, post_id, verdict, refusal.sentence)
        raise


async def may_decide(
    desk: Desk, by: str, post_id: int, revision: int, verdict: PostAction
) -> PostView:
    """Raises the Refusal (which is audited) before somebody is asked for a reason."""
    try:
        return await _look(desk, by, post_id, revision)
    except Refusal as refusal:
        await _note_refusal(desk, by, post_id, verdict, refusal.sentence)
        raise


@action
def _decide(
    tx: Transaction, by: str, post_id: int, revision: int, verdict: PostAction, reason: str
) -> PostView:
    rows = post_rows(tx, post_id)
    placements = _to_decide(tx, rows, by, revision)
    if verdict is not PostAction.APPROVE:
        rules.check_reason(reason)
    for placement in placements:
        _record(tx, placement, rows.post.revision_number, by, verdict, reason)
    settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
    tx.audit(f"slack:{by}", verdict, "post", post_id, revision=revision, reason=reason)
    _tell_of_decision(tx, rows, by, verdict, reason)
    return post_view(tx, post_id)


@query
def _look(tx: Transaction, by: str, post_id: int, revision: int) -> PostView:
    _to_decide(tx, post_rows(tx, post_id), by, revision)
    return post_view(tx, post_id)


@action
def _note_refusal(tx: Transaction, by: str, post_id: int, verdict: PostAction, why: str) -> None:
    tx.audit(f"slack:{by}", f"{verdict} refused", "post", post_id, why=why)


def _to_decide(tx: Transaction, rows: PostRows, by: str, revision: int) -> list[Placement]:
    """The placements that `by` decides about now. Raises Refusal where there is none."""
    platforms = [people_of(platform) for _, platform in rows.placements]
    theirs = {p.key for p in decides_for(by, rows.post.proposer, platforms)}
    mine = [placement for placement, platform in rows.placements if platform.key in theirs]
    rules.check_revision(revision, rows.post.revision_number, rows.revision.created_at)
    still_open = [p for p in mine if p.status == PlacementStatus.PROPOSED]
    if not still_open:
        raise _already_decided(rows, mine)
    if any(placement.planned_at <= tx.now for placement in still_open):
        raise Refusal("The planned time is over. Press Edit and choose a new one; then decide.")
    return still_open


def _already_decided(rows: PostRows, placements: list[Placement]) -> Refusal:
    """Who decided, where that is how it stands; else how it stands (it was withdrawn, say)."""
    ids = {placement.id for placement in placements}
    for decision, placement in reversed(rows.decisions):
        stands = placement.status == rules.TRANSITIONS.get(
            (PlacementStatus.PROPOSED, PostAction(decision.verdict))
        )
        if decision.placement_id in ids and decision.decided_by and stands:
            return Refusal(
                ALREADY[PostAction(decision.verdict)],
                who=Mention(decision.decided_by),
                at=decision.decided_at,
            )
    return rules.refusal(PlacementStatus(placements[0].status))


def _record(
    tx: Transaction,
    placement: Placement,
    revision_number: int,
    by: str,
    verdict: PostAction,
    reason: str,
) -> None:
    assert placement.id is not None
    placement.status = rules.after(PlacementStatus(placement.status), verdict)
    tx.session.add(placement)
    tx.session.add(
        Decision(
            post_id=placement.post_id,
            placement_id=placement.id,
            revision_number=revision_number,
            verdict=verdict,
            decided_by=by,
            reason=reason.strip(),
            decided_at=tx.now,
        )
    )


def _tell_of_decision(
    tx: Transaction, rows: PostRows, by: str, verdict: PostAction, reason: str
) -> None:
    post = rows.post
    assert post.id is not None
    event = EVENTS[verdict]
    card_of_post(tx, post.id)
    tx.notify_slack(
        post.proposer,
        "post.outcome",
        f"post:{post.id}:{event}:{post.revision_number}:{by}",
        post_id=post.id,
        event=event,
        by=by,
        reason=reason.strip(),
    )
    if post.status == PostStatus.AWAITING_FOLLOWER:
        ask_for_agreement(tx, post)
    if post.status == PostStatus.REJECTED:
        back_to_desk(tx, post)
