"""Messages: what was said where, and how a person sees it."""

import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.sandbox.slack import forms, render
from bot.sandbox.slack.state import Json, Reader

if TYPE_CHECKING:
    from bot.sandbox.slack.workspace import Workspace


@dataclass(eq=False)
class Message:
    """One message; when the bot edits it, this very object changes."""

    workspace: "Workspace" = field(repr=False)
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    mrkdwn: bool = True
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    ephemeral_for: str | None = None
    """The one person who sees it; nobody else does, and it is in no history."""
    deleted: bool = False
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)

    @property
    def thread(self) -> list["Message"]:
        """The replies, oldest first."""
        return [
            message
            for message in self.workspace.messages.get(self.channel, [])
            if message.thread_ts == self.ts and message.ts != self.ts
        ]

    def seen_by(self, person: Reader) -> str:
        """Plain text, as this person sees it: in their language and time zone."""
        return render.message(self, person, self.workspace)

    def buttons(self) -> list[str]:
        """The labels of what can be pressed, in reading order."""
        return forms.button_labels(self.blocks)

    def find(self, label: str) -> Json:
        """The button with this label. Raises NoSuchButton."""
        return forms.find_button(self.blocks, label)[1]

    def snapshot(self) -> "Message":
        """The message as it looks now, for somebody who presses it after it has changed."""
        return replace(self, blocks=copy.deepcopy(self.blocks))

    def wire(self, *, with_metadata: bool = False) -> Json:
        space = self.workspace
        wire: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.user == space.bot.id:
            wire |= {"bot_id": space.bot_id, "app_id": space.app_id, "team": space.team.id}
        if self.blocks:
            wire["blocks"] = copy.deepcopy(self.blocks)
        if self.edited:
            wire["edited"] = self.edited
        if self.files:
            shown = [space.files[file].wire(space.base_url, space.team) for file in self.files]
            wire["files"] = shown
        if self.metadata and with_metadata:
            wire["metadata"] = self.metadata
        if self.reactions:
            wire["reactions"] = [
                {"name": name, "users": users, "count": len(users)}
                for name, users in self.reactions.items()
            ]
        return wire | self._thread_wire()

    def _thread_wire(self) -> Json:
        if self.thread_ts:
            return {"thread_ts": self.thread_ts}
        if self.ephemeral_for or not (replies := self.thread):
            return {}
        return {
            "thread_ts": self.ts,
            "reply_count": len(replies),
            "reply_users": sorted({reply.user for reply in replies}),
            "latest_reply": replies[-1].ts,
        }
