"""What every decision shares: what somebody decides about, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.approvals import Say, is_approved, people_of, says_of
from bot.actions.cards import card_of_post
from bot.actions.history import tell_in_thread
from bot.actions.post_views import post_rows, settle_status
from bot.actions.stories import ask_for_agreement, back_to_desk
from bot.actions.transaction import Transaction
from bot.rules import posts as rules
from bot.rules.people import check_may, nobody_decides
from bot.rules.posts import PlacementStatus, PostAction, PostStatus, ReasonLabel
from bot.rules.refusals import Mention, Refusal
from storage.models import Decision, Placement, Post
from storage.queries.posts import PostRows

APPROVALS = frozenset({PostAction.APPROVE, PostAction.APPROVE_EDITED})


def to_decide(
    tx: Transaction, rows: PostRows, by: str, revision: int, verdict: PostAction
) -> list[Say]:
    """What `by` decides about now. Raises Refusal where there is nothing."""
    says = says_of(tx, rows)
    mine = [say for say in says if by in say.deciders]
    platforms = [people_of(tx, platform) for _, platform in rows.placements]
    if not any(say.deciders for say in says):
        raise nobody_decides(platforms)
    check_may(verdict, by, rows.post.proposer, platforms, decides=bool(mine))
    rules.check_revision(revision, rows.post.revision_number, rows.revision.created_at)
    still_open = [say for say in mine if say.is_open]
    if not still_open:
        raise _already_decided(rows, [say.placement for say in mine], by)
    if any(is_over(say.placement, tx.now) for say in still_open):
        raise Refusal("The planned time is over. Press Edit and choose a new one; then decide.")
    if verdict in APPROVALS:
        return _that_count(by, says, still_open)
    # One no for each placement: for its platform, and only else for a topic.
    return list({say.placement.id: say for say in reversed(still_open)}.values())[::-1]


def is_over(placement: Placement, now: datetime) -> bool:
    """Whether its time has come. What has no date yet waits for one."""
    return placement.planned_at is not None and placement.planned_at <= now


def record(
    tx: Transaction,
    rows: PostRows,
    says: Sequence[Say],
    by: str,
    verdict: PostAction,
    reason: str = "",
    label: ReasonLabel | None = None,
) -> None:
    """A decision about the present revision for each of these. It ends what was held."""
    for say in says:
        assert say.placement.id is not None
        say.placement.held_until = None
        tx.session.add(say.placement)
        tx.session.add(
            Decision(
                post_id=say.placement.post_id,
                placement_id=say.placement.id,
                revision_number=rows.post.revision_number,
                verdict=verdict,
                decided_by=by,
                reason=reason.strip(),
                label=label or "",
                topic_key=say.topic_key,
                decided_at=tx.now,
            )
        )


def record_approval(tx: Transaction, rows: PostRows, says: Sequence[Say], by: str) -> bool:
    """Whether a placement has every approval that it needs now."""
    record(tx, rows, says, by, PostAction.APPROVE)
    tx.session.flush()
    return bool(_approve_complete(tx, post_rows(tx, _id(rows.post))))


def recount(tx: Transaction, post_id: int) -> None:
    """Approves what waits for nobody any more, because others decide now than before."""
    rows = post_rows(tx, post_id)
    approved = _approve_complete(tx, rows)
    if approved:
        follow_status(tx, rows)
    card_of_post(tx, post_id)  # it says whom it waits for
    for placement in approved:
        entry = tx.audit("the time", PostAction.APPROVE, "placement", placement.id or 0)
        tell_in_thread(tx, post_id, entry)
        tx.notify_slack(
            rows.post.proposer,
            "post.outcome",
            f"placement:{placement.id}:complete:{rows.post.revision_number}",
            post_id=post_id,
            event="complete",
            placement_id=placement.id,
        )


def follow_status(tx: Transaction, rows: PostRows) -> None:
    """The post's status follows its placements', and others hear what it means for them."""
    post = rows.post
    settle_status(tx, post, [placement for placement, _ in rows.placements])
    card_of_post(tx, _id(post))
    if post.status == PostStatus.AWAITING_FOLLOWER:
        ask_for_agreement(tx, post)
    if post.status == PostStatus.REJECTED:
        back_to_desk(tx, post)


def tell_proposer(tx: Transaction, post: Post, by: str, event: str, **also: Any) -> None:
    """also: what else the message says; what makes it another message stands in it, too."""
    tx.notify_slack(
        post.proposer,
        "post.outcome",
        ":".join(["post", str(post.id), event, str(post.revision_number), by, *_moments(also)]),
        post_id=post.id,
        event=event,
        by=by,
        **also,
    )


def _moments(also: dict[str, Any]) -> list[str]:
    """Somebody can hold the same revision twice, until another moment."""
    return [also["until"]] if "until" in also else []


def _that_count(by: str, says: Sequence[Say], mine: Sequence[Say]) -> list[Say]:
    """Those to which this person's approval adds something. Raises Refusal where none is."""
    counting = [say for say in mine if by in say.standing.awaited]
    if counting:
        return counting
    others = dict.fromkeys(p for say in says if say.is_open for p in say.standing.awaited)
    sentence = (
        rules.APPROVED_BY_YOU if any(by in say.approved for say in mine) else rules.ENOUGH_APPROVALS
    )
    raise Refusal(sentence, who=tuple(Mention(person) for person in others))


def _already_decided(rows: PostRows, placements: list[Placement], by: str) -> Refusal:
    """With who decided it, where what they decided is how it stands."""
    status = {placement.id: placement.status for placement in placements}
    for decision, _ in reversed(rows.decisions):
        verdict = PostAction(decision.verdict) if decision.decided_by else None
        led_to = rules.TRANSITIONS.get((PlacementStatus.PROPOSED, verdict)) if verdict else None
        if led_to and decision.decided_by and status.get(decision.placement_id) == led_to:
            return _decided_by(decision, decision.decided_by, by)
    return rules.refusal(PlacementStatus(placements[0].status))


def _decided_by(decision: Decision, who: str, reader: str) -> Refusal:
    verdict, at = PostAction(decision.verdict), decision.decided_at
    if who == reader:
        return Refusal(rules.OWN_DECISIONS[verdict], at=at)
    return Refusal(rules.DECISIONS[verdict], who=Mention(who), at=at)


def _approve_complete(tx: Transaction, rows: PostRows) -> list[Placement]:
    """The placements that have every approval they need are approved now; what is held waits."""
    says = says_of(tx, rows)
    complete = [
        placement
        for placement, _ in rows.placements
        if placement.status == PlacementStatus.PROPOSED
        and placement.planned_at is not None
        and not is_over(placement, tx.now)
        and not rules.is_held(placement, tx.now)
        and is_approved(says, placement)
    ]
    for placement in complete:
        placement.status = rules.after(PlacementStatus.PROPOSED, PostAction.APPROVE)
        tx.session.add(placement)
    return complete


def _id(post: Post) -> int:
    assert post.id is not None
    return post.id
