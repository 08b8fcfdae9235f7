"""What goes wrong, and what it means: for the log, and for the outbox."""

import logging
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

log = logging.getLogger(__name__)

UNTIL_THE_TOKEN = timedelta(minutes=1)
UNTIL_THE_LINE = timedelta(seconds=15)
"""A network that is away, however long, makes nothing undeliverable."""

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
        log.error("Telegram does not accept TELEGRAM_BOT_TOKEN any more; what is to be sent waits")
        return SendLater(UNTIL_THE_TOKEN)
    if isinstance(error, (Forbidden, BadRequest, ChatMigrated, Conflict)):
        return SendRefused(str(error), unreachable=is_follower and _is_gone(error))
    return SendLater(UNTIL_THE_LINE) if nothing_sent(error) else SendDoubtful(type(error).__name__)


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or any(words in str(error).lower() for words in GONE)
