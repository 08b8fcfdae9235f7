"""Figures of placements: filled in, corrected, put off, or said not to be there."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.actions import figures, figures_asked
from bot.actions.views import PlacementTask
from bot.rules.refusals import InvalidForm
from handlers.slack import figure_views
from handlers.slack.blocks import Block
from handlers.slack.errors import slack_error
from handlers.slack.incoming import Incoming

logger = logging.getLogger(__name__)


async def of_post(incoming: Incoming) -> None:
    """The button on a card: figures to fill in, or to correct."""
    tasks = await figures.to_enter_of_post(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.open(_form(incoming, tasks, {}))
    await incoming.ack()


async def enter(incoming: Incoming) -> None:
    """In answer to the question: one form after another."""
    ids = _ids(incoming.value)
    view = await figures_asked.show(incoming.desk, incoming.by.id, ids)
    still = [each.task.placement.id for each in view.open]
    tasks = await figures.to_enter(incoming.desk, incoming.by.id, still or ids)
    await incoming.open(_form(incoming, tasks, {"asked": ids, "message": _message(incoming)}))
    await incoming.ack()


async def save(incoming: Incoming) -> None:
    """One placement's; then the next one, if there is one."""
    meta, desk = incoming.meta, incoming.desk
    placement_id: int = meta["placement"]
    typed = {
        field.partition(":")[0]: incoming.answers.text(field)
        for field in incoming.answers.values
        if field.endswith(f":{placement_id}")
    }
    try:
        await figures.enter(desk, incoming.by.id, placement_id, typed, meta["seen"])
    except InvalidForm as wrong:
        raise figure_views.in_fields(wrong, placement_id) from None
    tasks = await figures.show(desk, meta["left"])
    if tasks:
        kept: dict[str, Any] = {n: meta[n] for n in ("asked", "message") if n in meta}
        await incoming.ack(response_action="update", view=_form(incoming, tasks, kept))
    else:
        await incoming.ack()
    if "message" in meta:
        incoming.workspace.go_on(_show_question_anew(incoming, meta["asked"], meta["message"]))


async def not_now(incoming: Incoming) -> None:
    ids = _ids(incoming.value)
    await figures_asked.not_now(incoming.desk, incoming.by.id, ids)
    await incoming.ack()
    incoming.workspace.go_on(_show_question_anew(incoming, ids, _message(incoming)))


async def no_figures(incoming: Incoming) -> None:
    ids = _ids(incoming.value)
    await figures_asked.no_figures(incoming.desk, incoming.by.id, ids)
    await incoming.ack()
    incoming.workspace.go_on(_show_question_anew(incoming, ids, _message(incoming)))


def _form(incoming: Incoming, tasks: Sequence[PlacementTask], meta: Mapping[str, Any]) -> Block:
    """Of the first; the others come after it."""
    first, *left = tasks
    also = {**meta, "left": [task.placement.id for task in left]}
    return figure_views.form(first, incoming.t, incoming.desk.zone, also, len(left))


async def _show_question_anew(
    incoming: Incoming, ids: Sequence[int], message: Sequence[str]
) -> None:
    """What was answered stands in the message that asked."""
    view = await figures_asked.show(incoming.desk, incoming.by.id, ids)
    shown = figure_views.ask(view, incoming.t, incoming.desk.zone)
    channel, ts = message
    try:
        await incoming.workspace.client.chat_update(
            channel=channel, ts=ts, text=shown.text, blocks=shown.blocks
        )
    except SlackApiError as error:  # it was deleted, say: the answer is kept all the same
        logger.warning("A question could not be shown anew: %s", slack_error(error))
    except (aiohttp.ClientError, TimeoutError) as error:
        logger.warning("A question could not be shown anew: %s", type(error).__name__)


def _ids(value: str) -> list[int]:
    return [int(id) for id in value.split(",")]


def _message(incoming: Incoming) -> list[str]:
    """Where the pressed message stands."""
    return [str(incoming.channel), str(incoming.body["message"]["ts"])]
