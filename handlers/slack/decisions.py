"""Decisions: approve, request changes, reject."""

from bot.actions import decisions
from bot.rules.posts import PostAction, ReasonLabel
from handlers.slack import forms
from handlers.slack.incoming import Incoming
from handlers.slack.posts import numbers


async def approve(incoming: Incoming) -> None:
    post_id, revision = numbers(incoming.value)
    await decisions.decide(incoming.desk, incoming.by.id, post_id, revision, PostAction.APPROVE)
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
    """Who may not decide hears it at once, not after writing a reason."""
    post_id, revision = numbers(incoming.value)
    await decisions.may_decide(incoming.desk, incoming.by.id, post_id, revision, verdict)
    meta = {"post": post_id, "revision": revision, "home": incoming.on_home or None}
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
