"""Fetching what followers send: photos and voices, kept under the hash of their content.

Only what its sender agreed to give is fetched. What is still to be fetched stands in the stories'
parts, so that a restart forgets none.
"""

import asyncio
import logging

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.actions import media, stories
from bot.actions.transaction import Desk
from handlers.telegram.errors import where
from handlers.telegram.file_checks import NotWhatItSays, check_content

log = logging.getLogger(__name__)

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "video/mp4": "mp4"}


async def fetch_due(desk: Desk, bot: Bot) -> int:
    """Fetches what waits; how many files came. What the network refuses is tried next time."""
    fetched, last = 0, 0
    while due := await stories.to_fetch(desk, after=last):
        fetched += sum([await _try(desk, bot, fetch) for fetch in due])
        last = due[-1].part_id
    return fetched


async def _try(desk: Desk, bot: Bot, fetch: stories.Fetch) -> bool:
    """Whether it came. One that does not must not keep those behind it waiting."""
    try:
        await _fetch(desk, bot, fetch)
    except NotWhatItSays as error:
        await stories.fetch_failed(desk, fetch.part_id, str(error), told=error.sentence)
    except (BadRequest, Forbidden) as error:  # it will not come any more
        await stories.fetch_failed(desk, fetch.part_id, str(error))
    except TelegramError as error:
        log.warning("A file could not be fetched yet: %s", where(error))
    else:
        return True
    return False


async def _fetch(desk: Desk, bot: Bot, fetch: stories.Fetch) -> None:
    file = await bot.get_file(fetch.file_id)
    content = bytes(await file.download_as_bytearray())
    if file.file_size and len(content) != file.file_size:
        raise NetworkError("The file did not come whole")
    await asyncio.to_thread(check_content, fetch.kind, content)
    content_type = fetch.content_type or "application/octet-stream"
    ending = ENDINGS.get(content_type, content_type.split("/")[-1])
    kept = await media.keep(desk, content, content_type, f"{fetch.kind}-{fetch.part_id}.{ending}")
    await stories.fetched(desk, fetch.part_id, kept.sha256)
