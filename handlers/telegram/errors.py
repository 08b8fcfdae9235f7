"""What goes wrong, and what it means: for the log, and for the outbox."""

from datetime import timedelta
from pathlib import Path
from traceback import extract_tb

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.outbox import SendDoubtful, SendLater, SendRefused
from bot.texts import N_

NOTHING_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What ends a request before any of it went out."""

GONE = ("chat not found", "user is deactivated", "peer_id_invalid")
"""What Telegram says of somebody who cannot be written to any more, besides Forbidden."""


def wait_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def where(error: BaseException) -> str:
    """'KeyError in stories.py, line 12': for the log. The error's own words are left out, for
    they may quote a follower, or an address with the token in it."""
    frames = extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def nothing_sent(error: TelegramError) -> bool:
    """Whether the request never left this machine."""
    return isinstance(error.__cause__, NOTHING_SENT)


def for_outbox(
    error: TelegramError, *, is_follower: bool
) -> SendLater | SendRefused | SendDoubtful:
    """What a failed call means for the notice that it was to send.

    is_follower: the recipient is one, who may want to hear nothing from us; the channel is not.
    """
    if isinstance(error, RetryAfter):
        return SendLater(wait_of(error))
    if isinstance(error, InvalidToken):  # its own words may hold the token
        return SendRefused(N_("Telegram does not accept the bot's token."))
    if isinstance(error, (Forbidden, BadRequest, ChatMigrated, Conflict)):
        return SendRefused(str(error), unreachable=is_follower and _is_gone(error))
    return SendLater(None) if nothing_sent(error) else SendDoubtful(type(error).__name__)


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or any(words in str(error).lower() for words in GONE)
