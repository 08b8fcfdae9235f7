"""Drafts: what somebody typed in the proposal's form is kept, by a press or by itself."""

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.actions import drafts, posts
from bot.actions.drafts import Continued
from bot.actions.proposals import Proposal
from bot.actions.transaction import Unavailable
from bot.actions.views import DraftView, FileOnSlack, FormChoices
from bot.rules.refusals import Refusal
from bot.texts import N_, Texts
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    picture,
    plain,
    said,
    section,
)
from handlers.slack.emoji import with_emoji
from handlers.slack.errors import Handler, described, logger
from handlers.slack.incoming import Incoming
from handlers.slack.picture_fields import ON_SLACK, kept_in, uploaded_in
from handlers.slack.proposal_form import read_proposal
from handlers.slack.words import escape, first_words, unescape

SAVED = "draft.saved"
"""The block in the form that says so."""

KEPT = N_("You closed the form before you proposed it. I kept what you had typed, as a draft:")


async def save(incoming: Incoming) -> None:
    """The button in the form. The form stays open, with everything that was typed."""
    draft = await _save(incoming)
    await incoming.ack()
    incoming.workspace.go_on(_show_saved(incoming, draft))


async def throw_away(incoming: Incoming) -> None:
    """On Home, which is shown anew, or below the message that told of the draft."""
    await drafts.throw_away(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()
    if not incoming.on_home:
        gone = incoming.t("The draft is thrown away.")
        incoming.workspace.go_on(incoming.replace(gone, [section(gone)]))


async def closed(incoming: Incoming) -> None:
    """The form was closed. Who does not know yet that it is a draft hears where it went."""
    kept = await keep_typed(incoming) if _is_changed(incoming.view or {}) else None
    await incoming.ack()
    if kept is not None and not {"draft", "saved"} & incoming.meta.keys():
        incoming.workspace.go_on(tell_kept(incoming, incoming.t(KEPT), kept))


async def pressed(incoming: Incoming) -> None:
    """Something in the form was pressed or chosen, and Slack sent along all that stands in it."""
    await keep_typed(incoming)


def keeping(handler: Handler) -> Handler:
    """The handler of the form, after which what was typed is kept where it did not work out."""

    async def kept(incoming: Incoming) -> None:
        try:
            await handler(incoming)
        except Unavailable:  # then a draft cannot be written either; the form stays open
            raise
        except Exception:  # whatever it was: what was typed is kept before it goes its way
            await keep_typed(incoming)
            raise

    return kept


async def keep_typed(incoming: Incoming) -> DraftView | None:
    """What stands in the form of a new proposal, where somebody wrote something there.

    Never fails: it happens besides, and nobody asked for it.
    """
    view = incoming.view or {}
    if view.get("callback_id") != "proposal" or "post" in incoming.meta or not _texts(view):
        return None
    try:
        return await _save(incoming)
    except Refusal:
        return None  # proposed already, say
    except Exception as error:  # it happens beside what the person asked for, and may not stop it
        logger.warning("A draft could not be kept: %s", described(error))
        return None


async def tell_kept(incoming: Incoming, why: str, draft: DraftView) -> None:
    await incoming.tell(why, kept_blocks(why, draft, incoming.t, incoming.desk.zone))


def typed(incoming: Incoming, choices: FormChoices) -> tuple[Proposal, tuple[FileOnSlack, ...]]:
    """What stands in the form, right or not, and those of its pictures that are still on Slack."""
    assert incoming.view is not None
    proposal = read_proposal(incoming.answers, incoming.meta, choices)
    shown = (*kept_in(incoming.view, incoming.answers), *uploaded_in(incoming.answers))
    on_slack = tuple(
        FileOnSlack(picture.value.removeprefix(ON_SLACK), picture.name)
        for picture in shown
        if picture.is_kept and picture.value.startswith(ON_SLACK)
    )
    here = tuple(value for value in proposal.images if not value.startswith(ON_SLACK))
    has_moment = incoming.answers.moment("when").timestamp() > 0  # else the field was emptied
    planned_at = proposal.planned_at if has_moment else None
    return replace(proposal, images=here, planned_at=planned_at), on_slack


def continued(meta: dict[str, Any]) -> Continued | None:
    """The draft that the form goes on with."""
    if "draft" not in meta:
        return None
    return Continued(meta["draft"], meta["version"], meta["key"])


def with_saved(view: dict[str, Any], draft: DraftView, t: Texts, zone: ZoneInfo) -> Block:
    """Pure. The open form, its blocks as Slack sent them, saying below its button that it is
    saved. Nothing else changes, so that Slack leaves in the fields what was typed."""
    words = t(
        "✅ Saved as a draft, {at}. You find it on the Home tab, below “Your drafts”. "
        "You can go on writing here.",
        at=escape(t.moment(draft.changed_at, zone)),
    )
    content: list[Block] = []
    for block in view["blocks"]:
        if block["block_id"] != SAVED:
            content.append(_as_ours(block))
        if any(each.get("action_id") == "draft.save" for each in block.get("elements", ())):
            content.append(context(words) | {"block_id": SAVED})
    parts = ("type", "callback_id", "title", "submit", "close", "notify_on_close")
    meta = json.loads(view["private_metadata"] or "{}") | {"saved": True}
    return {
        **{name: view[name] for name in parts},
        "private_metadata": json.dumps(meta),
        "blocks": content,
    }


def kept_blocks(why: str, draft: DraftView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """The message that tells of a draft."""
    return [section(why), *entry(draft, t, zone)]


def entry(draft: DraftView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """Its first words, when it was saved, and what can be done with it."""
    value = str(draft.id)
    sure = {
        "title": plain(t("Throw this draft away?")),
        "text": plain(t("What you wrote is gone then. It cannot be brought back.")),
        "confirm": plain(t("Throw away")),
        "deny": plain(t("Keep it")),
        "style": "danger",
    }
    words = first_words(draft.proposal.text, 150) or t("A draft without words")
    saved = t("Saved {at}", at=t.moment(draft.changed_at, zone))
    return [
        *said(f"{words}\n{saved}"),
        *actions(
            [
                button(t("Continue"), "draft.continue", value),
                button(t("Throw away"), "draft.throw_away", value) | {"confirm": sure},
            ]
        ),
    ]


async def _save(incoming: Incoming) -> DraftView:
    assert incoming.view is not None
    proposal, on_slack = typed(incoming, await posts.choices(incoming.desk))
    return await drafts.save(
        incoming.desk,
        incoming.by.id,
        incoming.view["id"],
        proposal,
        on_slack,
        continued(incoming.meta),
    )


async def _show_saved(incoming: Incoming, draft: DraftView) -> None:
    """In the form; where that was closed meanwhile, in a message."""
    assert incoming.view is not None
    view = with_saved(incoming.view, draft, incoming.t, incoming.desk.zone)
    try:
        await incoming.workspace.client.views_update(view_id=incoming.view["id"], view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        logger.warning("A form could not show that it is saved: %s", type(error).__name__)
        await tell_kept(incoming, incoming.t("Your draft is saved:"), draft)


def _texts(view: dict[str, Any]) -> list[tuple[str, Block]]:
    """What stands in the fields for text, each with its field; empty ones left out."""
    values = view.get("state", {}).get("values", {})
    found = []
    for block in view.get("blocks", ()):
        element = block.get("element", {})
        if element.get("type") == "plain_text_input":
            state = values.get(block["block_id"], {}).get(element["action_id"], {})
            found.append((state.get("value") or "", element))
    return [(text, element) for text, element in found if text.strip()]


def _is_changed(view: dict[str, Any]) -> bool:
    """Whether somebody wrote something else than what stood there beforehand. Slack may leave
    out what was typed when it tells of a closed form: then nothing is known."""
    if json.loads(view.get("private_metadata") or "{}").get("shown_anew"):
        return True
    return any(
        with_emoji(unescape(text)) != with_emoji(unescape(element.get("initial_value") or ""))
        for text, element in _texts(view)
    )


def _as_ours(block: Block) -> Block:
    """As we would send it: to a picture Slack adds what it does not take back."""
    if block["type"] != "image":
        return block
    shown = picture(block["slack_file"]["id"], block["alt_text"])
    return {**shown, "block_id": block["block_id"]}
