"""The workspace: everything that the sandbox's Slack knows. All of it in memory."""

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Channel, Json, SlackFile, Team, User
from bot.sandbox.slack.views import View

TRIGGER_SECONDS = 3.0
"""How long a trigger_id lives, in real time."""


@dataclass
class Trigger:
    """What an interaction gives the app: the right to open one modal, for a moment."""

    user: str
    given: float
    """On the monotonic clock."""
    view: str | None = None
    """The modal in which the person acted."""
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction, without a token: five times in half an hour."""

    user: str
    channel: str
    given: datetime
    message: Message | None = None
    uses: int = 0


@dataclass
class Workspace:
    """One Slack workspace with one app in it."""

    now: Callable[[], datetime]
    team: Team = field(default_factory=Team)
    base_url: str = ""
    """"http://host:port", known once the server listens."""
    bot_token: str = field(default_factory=lambda: f"xoxb-sandbox-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-sandbox-{secrets.token_hex(12)}")
    app_id: str = "A01SANDBOX"
    bot_id: str = "B01SOCIAL"
    changes: Changes = field(default_factory=Changes)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    """Per channel, oldest first, replies in threads among them."""
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    """Per person: what only they saw."""
    modals: dict[str, list[View]] = field(default_factory=dict)
    """Per person: the open modals, the one they look at last."""
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    post_rate: float | None = 1.0
    """chat.postMessage a second per channel; None: as often as one likes."""
    post_burst: float = 5.0
    """How many may come at once before the rate is held to."""
    post_tokens: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Per channel: how many may come now, counted at which moment of the monotonic clock."""
    tickets: set[str] = field(default_factory=set)
    """What apps.connections.open has given out and no connection has used yet."""

    def __post_init__(self) -> None:
        self.bot = User("U01SOCIAL", "Social", "social", is_bot=True)
        self.users[self.bot.id] = self.bot
        self._last_moment = 0
        self._ids = itertools.count(0x1A2B00)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._ids):07X}"

    def new_ts(self) -> str:
        """The moment as Slack writes it, unique and increasing also when the clock stands still."""
        moment = int(self.now().timestamp() * 1_000_000)
        self._last_moment = max(moment, self._last_moment + 100)
        seconds, micros = divmod(self._last_moment, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def user(self, user_id: str) -> User:
        if user := self.users.get(user_id):
            return user
        raise SlackError("user_not_found")

    def channel(self, channel_id: str) -> Channel:
        """A channel or direct message by id; a person's id means the direct message with them."""
        if channel := self.channels.get(channel_id):
            return channel
        if channel_id in self.users and channel_id != self.bot.id:
            return self.direct_message(channel_id)
        raise SlackError("channel_not_found")

    def direct_message(self, user_id: str) -> Channel:
        """The conversation of this person with the bot; made when it is not there."""
        user = self.user(user_id)
        channel_id = f"D{user.id[1:]}"
        if channel_id not in self.channels:
            created = int(self.now().timestamp())
            members = [user.id, self.bot.id]
            self.channels[channel_id] = Channel(channel_id, "directmessage", members, created, True)
        return self.channels[channel_id]

    def file(self, file_id: str) -> SlackFile:
        found = self.files.get(file_id)
        if found is None or not found.shared:
            raise SlackError("file_not_found")
        return found

    def message(self, channel_id: str, ts: str) -> Message:
        """Raises `message_not_found`, also for what only one person can see."""
        for message in reversed(self.messages.get(channel_id, [])):
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")

    def post(self, message: Message) -> Message:
        """Show the message: to the one person it is for, or to everybody in the channel."""
        if message.ephemeral_for is None:
            self.messages.setdefault(message.channel, []).append(message)
        elif self.user(message.ephemeral_for).active:
            self.ephemerals.setdefault(message.ephemeral_for, []).append(message)
        self.changes.tell()
        return message

    def remove(self, message: Message) -> None:
        message.deleted = True
        lists = [self.messages.get(message.channel, []), *self.ephemerals.values()]
        for held in lists:
            if message in held:
                held.remove(message)
        self.changes.tell()

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        trigger_id = f"{len(self.triggers) + 1}.{self.team.id}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user_id, time.monotonic(), view_id)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger:
        """It serves once, within three seconds."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.given > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        key = secrets.token_hex(12)
        self.response_urls[key] = ResponseUrl(user, channel, self.now(), message)
        return f"{self.base_url}/actions/{self.team.id}/{key}"

    def all_views(self) -> list[View]:
        """Every view that somebody has before them: open modals and Home tabs."""
        stacked = [view for stack in self.modals.values() for view in stack]
        return stacked + list(self.homes.values())

    def file_wire(self, file: SlackFile) -> Json:
        return file.wire(self.base_url, self.team)
