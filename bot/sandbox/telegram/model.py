"""What Telegram holds: users, chats, messages, polls, callbacks. Plain objects that stay alive:
a message that the bot edits is the same object with other content.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.telegram.entities import Entity
from bot.sandbox.telegram.files import StoredFile

Button = dict[str, Any]
"""An InlineKeyboardButton: text, and callback_data or url."""


@dataclass(eq=False)
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    is_bot: bool = False


@dataclass(eq=False)
class Chat:
    """A private chat with one follower, or a channel."""

    id: int
    kind: Literal["private", "channel"]
    title: str = ""
    username: str = ""
    user: User | None = None
    started: bool = False
    blocked: bool = False
    members: dict[int, User] = field(default_factory=dict)
    messages: list["Message"] = field(default_factory=list)
    last_id: int = 0

    def find(self, message_id: int) -> "Message | None":
        """The message with that id, unless it was deleted. Ids ascend, the newest is asked most."""
        return next((m for m in reversed(self.messages) if m.id == message_id), None)


@dataclass(frozen=True)
class PollOption:
    """`persistent_id` stays with the option, whatever its position."""

    persistent_id: str
    text: str


@dataclass(eq=False)
class Poll:
    """A native poll. `votes`: user id → persistent ids; `closes_at` by the movable clock;
    `right`: positions of a quiz's right options, none: it is no quiz."""

    id: str
    question: str
    options: list[PollOption]
    anonymous: bool = True
    multiple: bool = False
    revoting: bool = True
    hides_results: bool = False
    description: str = ""
    open_period: int | None = None
    closes_at: int | None = None
    closed: bool = False
    right: list[int] = field(default_factory=list)
    explanation: str = ""
    votes: dict[int, list[str]] = field(default_factory=dict)

    def count(self, option: PollOption) -> int:
        return sum(option.persistent_id in chosen for chosen in self.votes.values())


@dataclass(eq=False)
class Message:
    """One message as both sides see it. `entities` belong to the text or to the caption."""

    id: int
    chat: Chat
    sender: User
    date: datetime
    text: str = ""
    caption: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: StoredFile | None = None
    location: tuple[float, float] | None = None
    poll: Poll | None = None
    keyboard: list[list[Button]] = field(default_factory=list)
    album: str = ""
    reply_to: "Message | None" = None
    edited: datetime | None = None
    protected: bool = False
    reactions: list[str] = field(default_factory=list)
    touched: int = 0
    """Rises with every change in the whole sandbox: what was said or edited after what."""

    def buttons(self) -> list[str]:
        """The labels, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    def links(self) -> list[str]:
        """The addresses that a person could follow: behind words, in the text, on buttons."""
        in_text = [self._address(entity) for entity in self.entities]
        on_buttons = [button.get("url", "") for row in self.keyboard for button in row]
        return [address for address in [*in_text, *on_buttons] if address]

    def _address(self, entity: Entity) -> str:
        if entity["type"] != "url":
            return str(entity.get("url", ""))
        units = (self.text or self.caption).encode("utf-16-le")
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        return units[start:end].decode("utf-16-le")

    def seen(self) -> str:
        """The message as a person sees it, in plain text."""
        parts = [_seen_media(self), self.text or self.caption, _seen_poll(self.poll)]
        rows = [" ".join(f"[{button['text']}]" for button in row) for row in self.keyboard]
        return "\n".join(part for part in [*parts, *rows] if part)


@dataclass(eq=False)
class Callback:
    """One press of a button. `pressed_at` in seconds of the monotonic clock."""

    id: str
    message: Message
    user: User
    data: str
    pressed_at: float
    answered: bool = False
    answer: str | None = None
    alert: bool = False


def _seen_media(message: Message) -> str:
    if message.location:
        return "[location]"
    if (media := message.media) is None:
        return ""
    length = f" {media.duration // 60}:{media.duration % 60:02}"
    details = {"voice": length, "video": length, "document": f" {media.name}"}
    return f"[{media.kind}{details.get(media.kind, '')}]"


def _seen_poll(poll: Poll | None) -> str:
    if poll is None:
        return ""
    hidden = poll.hides_results and not poll.closed
    options = [
        f"( ) {option.text}" + ("" if hidden else f"  {poll.count(option)}")
        for option in poll.options
    ]
    closing = ["(closed)"] if poll.closed else []
    return "\n".join([f"[poll] {poll.question}", *options, *closing])
