"""Notices to Telegram: each kind has a function that renders and sends it.

A notice is rendered when it is sent, from the entity's present state, in the language of whoever
reads it.
"""

import logging
from collections.abc import Mapping

from telegram import Bot
from telegram.error import TelegramError

from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk
from bot.outbox import Receipt, SendRefused
from bot.rules.refusals import NotThere
from handlers.telegram import (
    outgoing_followers,
    outgoing_polls,
    outgoing_posts,
    outgoing_rights,
    outgoing_stories,
)
from handlers.telegram.errors import for_outbox
from handlers.telegram.letters import Letter, Send

log = logging.getLogger(__name__)

KINDS: Mapping[str, Send] = {
    **outgoing_followers.KINDS,
    **outgoing_polls.KINDS,
    **outgoing_posts.KINDS,
    **outgoing_rights.KINDS,
    **outgoing_stories.KINDS,
}
"""Kind of notice → how it is sent."""


class TelegramSender:
    """The outbox's way to Telegram."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, notice: Outgoing) -> Receipt | None:
        """None: overtaken. Raises SendLater, SendRefused or SendDoubtful."""
        send = KINDS.get(notice.kind)
        if send is None:
            raise SendRefused(f"Nothing sends notices of the kind {notice.kind}")
        try:
            return await send(Letter(self._bot, self._desk, notice))
        except NotThere:  # what it was about is deleted
            return None
        except TelegramError as error:
            raise for_outbox(error, is_follower=notice.recipient.isdecimal()) from error
