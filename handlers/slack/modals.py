"""Showing an open modal anew."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.slack.blocks import Block
from handlers.slack.errors import slack_error
from handlers.slack.incoming import PATIENCE, Incoming

logger = logging.getLogger(__name__)

OVERTAKEN = frozenset({"hash_conflict", "not_found", "view_not_found", "ratelimited"})
"""Shown anew by a later change already, closed meanwhile, or too often: the next change does it."""


async def open_here(incoming: Incoming, view: Block) -> None:
    """In the place of the modal in which they pressed; from anywhere else, a new one."""
    if incoming.view is not None and incoming.view["type"] == "modal":
        await show_anew(incoming, view)
    else:
        await incoming.open(view)


async def show_anew(incoming: Incoming, view: Block) -> None:
    """The modal that it came from becomes this one; what was typed stays.

    Where it was overtaken nothing happens, and the person hears of nothing.
    """
    assert incoming.view is not None
    try:
        async with asyncio.timeout(PATIENCE):
            await incoming.workspace.client.views_update(
                view_id=incoming.view["id"], hash=incoming.view["hash"], view=view
            )
    except SlackApiError as error:
        if slack_error(error) not in OVERTAKEN:
            raise
    except (aiohttp.ClientError, TimeoutError) as error:
        logger.warning("A form could not be shown anew: %s", type(error).__name__)
