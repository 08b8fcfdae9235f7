"""Decisions: approve (with a date, with an edit), request changes, reject, hold."""

from datetime import datetime
from typing import Any

from bot.actions import approving, calendar, decisions, holding, hours
from bot.actions.views import PostView
from bot.rules.posts import PostAction, ReasonLabel
from bot.rules.refusals import Refusal
from bot.rules.working_hours import next_begin
from handlers.slack import decision_forms, forms
from handlers.slack.incoming import Incoming
from handlers.slack.posts import numbers


async def approve(incoming: Incoming) -> None:
    post_id, revision = numbers(incoming.value)
    await decisions.decide(incoming.desk, incoming.by.id, post_id, revision, PostAction.APPROVE)
    await incoming.ack()


async def ask_date(incoming: Incoming) -> None:
    """Approve, on a card without a date."""
    post, meta = await _to_decide(incoming, PostAction.APPROVE)
    if post.planned_at:
        raise Refusal(
            "This was planned for {planned} meanwhile. Look at the newest card, and press "
            "Approve there if that suits you.",
            planned=post.planned_at,
        )
    await incoming.open(decision_forms.plan(incoming.t, await _next_free(incoming, post), meta))
    await incoming.ack()


async def plan(incoming: Incoming) -> None:
    meta, when = incoming.meta, incoming.answers.moment("when")
    await decisions.decide(
        incoming.desk,
        incoming.by.id,
        meta["post"],
        meta["revision"],
        PostAction.APPROVE,
        planned_at=when,
    )
    await incoming.ack()


async def ask_edit(incoming: Incoming) -> None:
    """Approve with an edit: the words as they are now, to be changed."""
    post_id, revision = numbers(incoming.value)
    by = incoming.by.id
    post = await approving.may_approve_edited(incoming.desk, by, post_id, revision)
    if any(len(wording.text) > decision_forms.LONGEST_TEXT for wording in post.wordings):
        raise Refusal(
            "This text is too long for a small edit here. Approve it as it is, or press "
            "Request changes and say what you would change."
        )
    when = None if post.planned_at else await _next_free(incoming, post)
    meta = _meta(incoming, post)
    await incoming.open(decision_forms.edit_and_approve(incoming.t, post, when, meta))
    await incoming.ack()


async def approve_edited(incoming: Incoming) -> None:
    meta, answers = incoming.meta, incoming.answers
    text, texts = decision_forms.edited_texts(answers, meta)
    await approving.approve_edited(
        incoming.desk,
        incoming.by.id,
        meta["post"],
        meta["revision"],
        text,
        texts,
        answers.moment("when") if "when" in answers.values else None,
    )
    await incoming.ack()


async def ask_until(incoming: Incoming) -> None:
    """Hold: until when, and why. Proposed is the next working day, where that is early enough."""
    post, meta = await _to_decide(incoming, PostAction.HOLD)
    theirs = await hours.show(incoming.desk, incoming.by.id)
    until = next_begin(incoming.desk.clock(), theirs)
    fits = post.planned_at is None or until < post.planned_at
    await incoming.open(decision_forms.hold(incoming.t, until if fits else None, meta))
    await incoming.ack()


async def hold(incoming: Incoming) -> None:
    meta, answers = incoming.meta, incoming.answers
    await holding.hold(
        incoming.desk,
        incoming.by.id,
        meta["post"],
        meta["revision"],
        answers.moment("until"),
        answers.text("reason"),
    )
    await incoming.ack()


async def ask_why_changes(incoming: Incoming) -> None:
    title = incoming.t("Request changes")
    await _ask_why(incoming, PostAction.REQUEST_CHANGES, title, with_label=True)


async def ask_why_rejected(incoming: Incoming) -> None:
    await _ask_why(incoming, PostAction.REJECT, incoming.t("Reject"))


async def request_changes(incoming: Incoming) -> None:
    await _decide(incoming, PostAction.REQUEST_CHANGES)


async def reject(incoming: Incoming) -> None:
    await _decide(incoming, PostAction.REJECT)


async def _ask_why(
    incoming: Incoming, verdict: PostAction, title: str, *, with_label: bool = False
) -> None:
    _, meta = await _to_decide(incoming, verdict)
    form = forms.reason(incoming.t, f"post.{verdict}", title, meta, with_label=with_label)
    await incoming.open(form)
    await incoming.ack()


async def _decide(incoming: Incoming, verdict: PostAction) -> None:
    meta, label = incoming.meta, incoming.answers.choice("label")
    await decisions.decide(
        incoming.desk,
        incoming.by.id,
        meta["post"],
        meta["revision"],
        verdict,
        incoming.answers.text("reason"),
        ReasonLabel(label) if label else None,
    )
    await incoming.ack()


async def _to_decide(incoming: Incoming, verdict: PostAction) -> tuple[PostView, dict[str, Any]]:
    """Who may not decide hears it at once, not after writing a reason."""
    post_id, revision = numbers(incoming.value)
    post = await decisions.may_decide(incoming.desk, incoming.by.id, post_id, revision, verdict)
    return post, _meta(incoming, post)


def _meta(incoming: Incoming, post: PostView) -> dict[str, Any]:
    """What a form carries along."""
    return {"post": post.id, "revision": post.revision, "home": incoming.on_home or None}


async def _next_free(incoming: Incoming, post: PostView) -> datetime:
    keys = [placement.platform_key for placement in post.placements]
    (moment,) = await calendar.free_moments(incoming.desk, keys, 1)
    return moment
