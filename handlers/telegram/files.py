"""Fetching what followers send: photos and voices, kept under the hash of their content.

Only what its sender agreed to give is fetched. What is still to be fetched stands in the stories'
parts, so that a restart forgets none.
"""

import logging

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.actions import media, stories
from bot.actions.transaction import Desk
from handlers.telegram.errors import where

log = logging.getLogger(__name__)

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg"}


async def fetch_due(desk: Desk, bot: Bot) -> int:
    """Fetches what waits; how many files came. What the network refuses is tried next time."""
    fetched = 0
    for fetch in await stories.to_fetch(desk):
        try:
            await _fetch(desk, bot, fetch)
        except (BadRequest, Forbidden) as error:  # too big, or gone: it will not come any more
            await stories.fetch_failed(desk, fetch.part_id, str(error))
        except TelegramError as error:
            log.warning("A file could not be fetched yet: %s", where(error))
        else:
            fetched += 1
    return fetched


async def _fetch(desk: Desk, bot: Bot, fetch: stories.Fetch) -> None:
    file = await bot.get_file(fetch.file_id)
    content = bytes(await file.download_as_bytearray())
    content_type = fetch.content_type or "application/octet-stream"
    ending = ENDINGS.get(content_type, content_type.split("/")[-1])
    kept = await media.keep(desk, content, content_type, f"{fetch.kind}-{fetch.part_id}.{ending}")
    await stories.fetched(desk, fetch.part_id, kept.sha256)
