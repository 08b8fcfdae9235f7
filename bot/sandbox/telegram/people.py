"""People with Telegram on their phone: a script of what they do reads like what they do."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram import wire
from bot.sandbox.telegram.entities import with_found
from bot.sandbox.telegram.limits import CAPTION_LIMIT, TEXT_LIMIT
from bot.sandbox.telegram.model import Button, Callback, Chat, Message, User
from bot.sandbox.telegram.polls import CannotVote, vote
from bot.sandbox.telegram.state import State

Wanted = str | Callable[[Message], object]
"""What somebody waits to hear: a part of the message as it is seen, or a condition on it."""


class NoSuchButton(Exception):
    """The message has no such button; the text lists those it has."""


class NotAnswered(Exception):
    """The bot did not answer the press in time."""


class NotHeard(Exception):
    """The awaited message did not come; the text has what was said instead."""


class Channel:
    """A public channel, as everybody sees it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self.id = chat.id
        self.username = chat.username
        self.title = chat.title

    @property
    def messages(self) -> list[Message]:
        """The posts, newest last."""
        return list(self._chat.messages)

    @property
    def members(self) -> list[int]:
        """The user ids of who joined."""
        return list(self._chat.members)


class Person:
    """One follower and their private chat with the bot."""

    def __init__(
        self,
        state: State,
        user_id: int,
        first_name: str,
        last_name: str = "",
        username: str = "",
        language: str = "",
    ) -> None:
        self._state = state
        self.id = user_id
        self.user = User(user_id, first_name, last_name, username, language)
        self._chat = Chat(user_id, "private", user=self.user)
        self._acted = 0
        state.users[user_id] = self.user
        state.chats[user_id] = self._chat

    @property
    def name(self) -> str:
        return f"{self.user.first_name} {self.user.last_name}".strip()

    @property
    def chat(self) -> list[Message]:
        """What both said, newest last."""
        return list(self._chat.messages)

    @property
    def last(self) -> Message:
        """The last message from the bot."""
        from_bot = [m for m in self._chat.messages if m.sender is self._state.bot]
        if not from_bot:
            raise NotHeard(f"{self.name} has heard nothing from the bot yet")
        return from_bot[-1]

    def send(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Say something; a command is marked as one."""
        text = text.strip()
        if not 1 <= len(text) <= TEXT_LIMIT:
            raise ValueError(f"a message has 1 to {TEXT_LIMIT} characters, not {len(text)}")
        return self._say(text=text, entities=with_found(text, []), reply_to=reply_to)

    def open_link(self, link: str) -> Message:
        """Follow a deep link (a t.me address, or what stands after start=) and press Start."""
        query = parse_qs(urlsplit(link).query)
        key = query["start"][0] if "start" in query else link
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key):
            raise ValueError(f"not a deep link: {link}")
        return self.send(f"/start {key}")

    def send_photo(self, content: bytes, caption: str | None = None) -> Message:
        return self._send_file("photo", content, caption)

    def send_album(
        self, contents: Sequence[bytes], captions: Sequence[str | None] = ()
    ) -> list[Message]:
        """Several photos at once; they arrive as single messages with one media_group_id."""
        if not 2 <= len(contents) <= 10:
            raise ValueError("an album has 2 to 10 photos")
        album = str(13_700_000_000_000_000 + self._state.new_id())
        padded = [*captions, *[None] * (len(contents) - len(captions))]
        return [
            self._send_file("photo", content, caption, album=album)
            for content, caption in zip(contents, padded, strict=True)
        ]

    def send_voice(self, content: bytes, duration: int, caption: str | None = None) -> Message:
        """A voice message of `duration` seconds."""
        return self._send_file("voice", content, caption, duration=duration)

    def send_video(
        self, content: bytes, duration: int = 0, caption: str | None = None, name: str = ""
    ) -> Message:
        return self._send_file("video", content, caption, duration=duration, name=name)

    def send_document(
        self, content: bytes, name: str, caption: str | None = None, mime: str = ""
    ) -> Message:
        return self._send_file("document", content, caption, name=name, mime=mime)

    def send_location(self, latitude: float, longitude: float) -> Message:
        return self._say(location=(latitude, longitude))

    def edit(self, message: Message, text: str) -> Message:
        """Change the text, or the caption, of one's own message."""
        if message.sender is not self.user:
            raise ValueError("people edit their own messages only")
        if message.media:
            message.caption = text
        else:
            message.text = text
        message.entities = with_found(text, [])
        message.edited = self._state.now()
        self._state.touch(message)
        self._acted = self._state.moment()
        self._state.updates.add("edited_message", wire.message_json(message))
        self._state.changes.happened()
        return message

    async def hears(self, wanted: Wanted, timeout: float = 5) -> Message:
        """The newest message from the bot that fits, said or edited since this person last acted.

        Waits up to `timeout` seconds for it; NotHeard tells what was there instead.
        """
        try:
            return await self._state.changes.until(lambda: self._heard(wanted), timeout)
        except TimeoutError:
            said = "\n---\n".join(message.seen() for message in self._chat.messages[-5:])
            raise NotHeard(f"{self.name} did not hear {wanted!r}; last:\n{said}") from None

    async def press(self, message: Message, label: str, timeout: float = 5) -> str | None:
        """Press a button and wait for the bot's answer to it: its text, or None without text.

        The label as it is seen; an emoji before it and a tally after it may be left out.
        """
        callback = self._press(message, label)
        try:
            await self._state.changes.until(lambda: callback.answered, timeout)
        except TimeoutError:
            raise NotAnswered(f"no answer to {label!r} within {timeout} s") from None
        return callback.answer

    def tap(self, message: Message, label: str) -> str:
        """Press a button and do not wait; the id of the callback query."""
        return self._press(message, label).id

    def block(self) -> None:
        self._set_blocked(True)

    def unblock(self) -> None:
        self._set_blocked(False)

    def vote(self, message: Message, options: Sequence[str]) -> None:
        """Vote in a native poll, by the words of the options."""
        if message.poll is None:
            raise CannotVote("there is no poll in this message")
        vote(self._state, message.poll, self.user, list(options))

    def retract_vote(self, message: Message) -> None:
        self.vote(message, [])

    def join(self, channel: Channel) -> None:
        self._change_membership(channel, "left", "member")

    def leave(self, channel: Channel) -> None:
        self._change_membership(channel, "member", "left")

    def _send_file(
        self,
        kind: str,
        content: bytes,
        caption: str | None,
        *,
        album: str = "",
        **details: Any,
    ) -> Message:
        caption = (caption or "").strip()
        if len(caption) > CAPTION_LIMIT:
            raise ValueError(f"a caption has at most {CAPTION_LIMIT} characters")
        file = self._state.files.keep(kind, content, **details)
        entities = with_found(caption, [])
        return self._say(media=file, caption=caption, entities=entities, album=album)

    def _say(self, **content: Any) -> Message:
        if self._chat.blocked:
            raise RuntimeError(f"{self.name} blocked the bot; unblock it first")
        self._chat.started = True
        message = self._state.add_message(self._chat, self.user, **content)
        self._acted = self._state.moment()
        self._state.updates.add("message", wire.message_json(message))
        self._state.changes.happened()
        return message

    def _heard(self, wanted: Wanted) -> Message | None:
        for message in reversed(self._chat.messages):
            if message.sender is self.user or message.touched < self._acted:
                continue
            if wanted in message.seen() if isinstance(wanted, str) else wanted(message):
                return message
        return None

    def _press(self, message: Message, label: str) -> Callback:
        data = find_button(message, label).get("callback_data")
        if data is None:
            raise NoSuchButton(f"{label!r} opens a link: {message.links()}")
        self._acted = self._state.moment()
        number = (self.id << 32) + self._state.new_id()
        callback = Callback(str(number), message, self.user, data, time.monotonic())
        self._state.callbacks[callback.id] = callback
        self._deliver(callback)
        return callback

    def _deliver(self, callback: Callback) -> None:
        """Tell the bot, and tell it again as long as it does not answer (when switched on)."""
        state = self._state
        if callback.answered or time.monotonic() - callback.pressed_at > state.callback_lifetime:
            return
        state.deliver(callback)
        if state.callback_redelivery is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(state.callback_redelivery, self._deliver, callback)

    def _set_blocked(self, blocked: bool) -> None:
        if self._chat.blocked == blocked:
            return
        self._chat.blocked = blocked
        change = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_membership("my_chat_member", self._chat, self._state.bot, *change)

    def _change_membership(self, channel: Channel, before: str, after: str) -> None:
        chat = self._state.chats[channel.id]
        if (self.id in chat.members) == (after == "member"):
            return
        if after == "member":
            chat.members[self.id] = self.user
        else:
            del chat.members[self.id]
        self._tell_membership("chat_member", chat, self.user, before, after)

    def _tell_membership(self, kind: str, chat: Chat, who: User, before: str, after: str) -> None:
        self._state.updates.add(
            kind,
            {
                "chat": wire.chat_json(chat),
                "from": wire.user_json(self.user),
                "date": wire.seconds(self._state.now()),
                "old_chat_member": wire.member_json(who, before),
                "new_chat_member": wire.member_json(who, after),
            },
        )
        self._state.changes.happened()


def find_button(message: Message, label: str) -> Button:
    """The button that a person means: its whole label, without an emoji, or its beginning."""
    buttons = [button for row in message.keyboard for button in row]
    for reading in (str, _without_emoji):
        if found := [button for button in buttons if reading(button["text"]) == reading(label)]:
            return found[0]
    wanted = _without_emoji(label)
    begins = [button for button in buttons if _without_emoji(button["text"]).startswith(wanted)]
    if wanted and len(begins) == 1:
        return begins[0]
    raise NoSuchButton(f"no button {label!r} among {message.buttons()} of: {message.seen()}")


def _without_emoji(label: str) -> str:
    """'✅ Done' → 'Done'; a label of emoji alone stays what it is."""
    return re.sub(r"^[^\w(«\"'/+-]+", "", label).strip() or label
