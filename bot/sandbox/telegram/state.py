"""The sandbox's Telegram in memory: who and what there is, and how a message comes to be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.sandbox.telegram import wire
from bot.sandbox.telegram.changes import Changes
from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.faults import Faults
from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.model import Callback, Chat, Message, Poll, User
from bot.sandbox.telegram.updates import Updates

TOKEN = "123456:SANDBOX-no-secret-for-loopback-only"


@dataclass(frozen=True)
class ApiCall:
    """One call of the bot, in the order of the answers. `description` of a refusal."""

    method: str
    arguments: dict[str, Any]
    at: datetime
    ok: bool
    description: str = ""


@dataclass
class Profile:
    """What the bot tells about itself, by language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class State:
    """Everything that Telegram remembers. `now` is the movable clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.token = TOKEN
        self.bot = User(123456, "Samenspraak", username="samenspraak_bot", is_bot=True)
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self.polls: dict[str, Poll] = {}
        self.callbacks: dict[str, Callback] = {}
        self.profile = Profile()
        self.files = Files()
        self.limits = Limits()
        self.faults = Faults()
        self.changes = Changes()
        self.updates = Updates(now, self.changes)
        self.calls: list[ApiCall] = []
        self.callback_lifetime = 30.0
        """Seconds (real) after which a press can no longer be answered."""
        self.callback_redelivery: float | None = None
        """Seconds (real) after which an unanswered press is sent again; None: never."""
        self._touches = count(1)
        self._ids = count(1)

    def new_id(self) -> int:
        """A number that was not given before: for polls, presses, albums."""
        return next(self._ids)

    def find_chat(self, chat_id: str) -> Chat:
        """By id or @username; ApiError 400 when there is none."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat_id.startswith("@"):
            name = chat_id[1:].lower()
            found = next((c for c in self.chats.values() if c.username.lower() == name), None)
        else:
            number = chat_id.removeprefix("-")
            found = self.chats.get(int(chat_id)) if number.isdecimal() else None
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self, chat_id: str) -> Chat:
        """A chat that the bot may write to; ApiError 403 when it may not."""
        chat = self.find_chat(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.kind == "private" and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def add_message(self, chat: Chat, sender: User, **content: Any) -> Message:
        """A new message at the end of the chat; `content` as the fields of Message."""
        chat.last_id += 1
        message = Message(chat.last_id, chat, sender, self.now(), **content)
        chat.messages.append(message)
        self.touch(message)
        return message

    def deliver(self, callback: Callback) -> None:
        """Tell the bot of a press; each time as a new update."""
        self.updates.add("callback_query", wire.callback_json(callback))
        self.changes.happened()

    def touch(self, message: Message) -> None:
        """The message is new or changed just now."""
        message.touched = self.moment()

    def moment(self) -> int:
        """The present place in the order of everything that is said and changed."""
        return next(self._touches)
