"""What every kind of notice needs to be sent: to whom, in which language, about what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import MessageLimit

from bot.actions import followers, strategy
from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk
from bot.outbox import Receipt
from bot.texts import Texts, texts_in

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Letter:
    """A notice on its way to one chat."""

    bot: Bot
    desk: Desk
    notice: Outgoing

    @property
    def payload(self) -> dict[str, Any]:
        return self.notice.payload

    @property
    def chat(self) -> str:
        return self.notice.recipient

    @property
    def follower_id(self) -> int:
        """Whose private chat it is."""
        return int(self.notice.recipient)

    async def texts(self) -> Texts:
        """The follower's language, as it is at this moment. Raises NotThere."""
        follower = await followers.show(self.desk, self.follower_id)
        return texts_in(follower.language)

    async def organisation(self) -> str:
        return await strategy.organisation_name(self.desk)

    async def say(
        self, text: str, keyboard: InlineKeyboardMarkup | None = None, about: int | None = None
    ) -> Receipt:
        """Sends the text as it stands, in several messages where it is too long for one; the
        keyboard hangs below the last. about: the message that it answers. Raises TelegramError.
        """
        *firsts, last = pieces(text)
        for piece in firsts:
            await self.bot.send_message(self.chat, piece, link_preview_options=NO_PREVIEW)
        sent = await self.bot.send_message(
            self.chat,
            last,
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
            reply_parameters=(
                ReplyParameters(about, allow_sending_without_reply=True) if about else None
            ),
        )
        return {"message_id": sent.message_id}


def pieces(text: str) -> list[str]:
    """Cut where a line ends, where it can be, and else where a word does.

    Telegram counts code points, as Python does: 4,096 emoji are one message.
    """
    found = []
    while len(text) > MessageLimit.MAX_TEXT_LENGTH:
        room = text[: MessageLimit.MAX_TEXT_LENGTH + 1]
        end = max(room.rfind("\n"), 0) or max(room.rfind(" "), 0) or len(room) - 1
        found.append(text[:end])
        text = text[end:].lstrip("\n ")
    return [*found, text] if text or not found else found


def always_the_same(text: Callable[[Texts], str]) -> "Send":
    """How a notice is sent that says the same to everybody, each in their language."""

    async def send(letter: Letter) -> Receipt:
        return await letter.say(text(await letter.texts()))

    return send


Send = Callable[[Letter], Awaitable[Receipt | None]]
"""Renders and sends one kind of notice; None: overtaken."""
