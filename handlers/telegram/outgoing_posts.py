"""Posts to the channel.

With pictures and a text that fits a caption (1,024 characters) a post is one message, or one
album. A longer text goes first, as a message of its own, and the pictures follow right below it:
a reader has the news at once, and a post whose second half fails is still a whole text. Such a
failure is a doubt, never a reason to send the text again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from telegram import Bot, InputMediaPhoto, Message
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.actions import publishing
from bot.actions.views import MediaView
from bot.outbox import Receipt, SendDoubtful, SendRefused
from bot.texts import N_
from handlers.telegram.errors import wait_of
from handlers.telegram.letters import Letter, Send, pieces

T = TypeVar("T")

GONE = "message to delete not found"
"""What Telegram says of a message that somebody deleted before."""

LONGEST_CAPTION = 1024  # characters; Telegram's limit
LONGEST_PAUSE = 30  # seconds between the two halves of a post; a lease lasts a minute


async def _publish(letter: Letter) -> Receipt | None:
    """None: it must not go out any more (withdrawn, or the follower's consent is)."""
    task = await publishing.ready_to_send(letter.desk, letter.payload["placement_id"])
    if task is None:
        return None
    sent = await send_post(letter.bot, letter.chat, task.placement.text, task.post.images)
    return {
        "message_id": sent[0].message_id,
        "message_ids": [message.message_id for message in sent],
        "link": link_to(sent[0]),
    }


async def _take_down(letter: Letter) -> Receipt:
    """Every message of the post. One that somebody deleted already is gone, too."""
    for message_id in letter.payload["messages"]:
        try:
            await letter.bot.delete_message(letter.chat, message_id)
        except BadRequest as error:
            if GONE not in str(error).lower():
                raise
    return {"message_ids": letter.payload["messages"]}


async def send_post(bot: Bot, chat: str, text: str, images: Sequence[MediaView]) -> list[Message]:
    """A post as readers see it; the messages that it became, in their order.

    Raises TelegramError or SendRefused where nothing went out, SendDoubtful where half of it did.
    """
    contents = await _contents(images)
    if contents and len(text) <= LONGEST_CAPTION:
        return await _send_pictures(bot, chat, contents, text)
    beginning, *rest = pieces(text)
    sent = [await bot.send_message(chat, beginning)]
    try:
        for piece in rest:
            sent.append(await _patiently(partial(bot.send_message, chat, piece)))
        if contents:
            sent += await _patiently(partial(_send_pictures, bot, chat, contents, None))
    except TelegramError as error:
        raise SendDoubtful("The beginning is there; the rest may not be") from error
    return sent


async def _contents(images: Sequence[MediaView]) -> list[bytes]:
    """Read before anything is sent, so that a picture that is gone leaves nothing in doubt."""
    try:
        return [await asyncio.to_thread(image.path.read_bytes) for image in images]
    except OSError as error:
        raise SendRefused(N_("A picture or recording is not in MEDIA_DIR any more.")) from error


async def _patiently(send: Callable[[], Awaitable[T]]) -> T:
    """Waits out one 429: the first half is public, so giving up has a price."""
    try:
        return await send()
    except RetryAfter as error:
        wait = wait_of(error).total_seconds()
        if wait > LONGEST_PAUSE:
            raise
        await asyncio.sleep(wait)
        return await send()


async def _send_pictures(
    bot: Bot, chat: str, contents: Sequence[bytes], caption: str | None
) -> list[Message]:
    if len(contents) == 1:
        return [await bot.send_photo(chat, contents[0], caption=caption)]
    album = [
        InputMediaPhoto(content, caption=caption if position == 0 else None)
        for position, content in enumerate(contents)
    ]
    return list(await bot.send_media_group(chat, album))


def link_to(message: Message) -> str:
    """Where readers find it. message.link exists for channels only."""
    return message.link or ""


KINDS: Mapping[str, Send] = {"post.publish": _publish, "takedown.delete": _take_down}
