"""Views: modals, stacked three high at most, and Home tabs."""

import copy
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.slack import forms, render
from bot.sandbox.slack.blocks import elements_of
from bot.sandbox.slack.state import Json, Reader

if TYPE_CHECKING:
    from bot.sandbox.slack.workspace import Workspace

HIGHEST_STACK = 3


@dataclass(eq=False)
class View:
    """One view before one person; when the bot updates it, this very object changes."""

    workspace: "Workspace" = field(repr=False)
    id: str
    user: str
    definition: Json
    """As the app gave it, with an id for every block and element."""
    root: str = ""
    previous: str | None = None
    hash: str = ""
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)
    """What the person has put in: (block_id, action_id) → state."""
    errors: dict[str, str] = field(default_factory=dict)
    """block_id → what stands in red under it."""
    times_shown: int = 0
    """How often the app has opened, updated or published it."""

    @property
    def type(self) -> str:
        return str(self.definition["type"])

    @property
    def callback_id(self) -> str:
        return str(self.definition.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        return str(self.definition.get("external_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.definition.get("private_metadata", ""))

    @property
    def title(self) -> str:
        return str(self.definition.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.definition["blocks"])

    def labels(self) -> list[str]:
        """The labels of the fields, in reading order."""
        return forms.field_labels(self.blocks)

    def buttons(self) -> list[str]:
        return forms.button_labels(self.blocks)

    def find(self, label: str) -> Json:
        """The button with this label. Raises NoSuchButton."""
        return forms.find_button(self.blocks, label)[1]

    def options(self, label: str) -> list[str]:
        """What can be chosen in the field with this label. Raises NoSuchField."""
        return forms.option_labels(forms.find_field(self.blocks, label)["element"])

    def values(self) -> Json:
        """`state.values`, as it goes to the app."""
        return forms.state_values(self.blocks, self.typed)

    def seen_by(self, person: Reader) -> str:
        """Plain text, as this person sees it: fields as "Label: what it holds"."""
        return render.view(self, person, self.workspace)

    def show(self, definition: Json) -> None:
        """Put this in place of what was there; what was typed stays where the ids stay."""
        self.definition = with_ids(definition)
        self.hash = f"{int(self.workspace.now().timestamp())}.{secrets.token_hex(4)}"
        self.errors = {}
        self.times_shown += 1
        there = {(b["block_id"], e["action_id"]): e["type"] for b, e in elements_of(self.blocks)}
        self.typed = {
            key: state for key, state in self.typed.items() if there.get(key) == state["type"]
        }
        self.workspace.changes.tell()

    def wire(self) -> Json:
        space, given = self.workspace, self.definition
        wire: Json = {
            "id": self.id,
            "team_id": space.team.id,
            "type": self.type,
            "blocks": copy.deepcopy(self.blocks),
            "private_metadata": self.private_metadata,
            "callback_id": self.callback_id,
            "state": {"values": self.values()},
            "hash": self.hash,
            "title": given.get("title", {"type": "plain_text", "text": "View Title"}),
            "clear_on_close": given.get("clear_on_close", False),
            "notify_on_close": given.get("notify_on_close", False),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root or self.id,
            "app_id": space.app_id,
            "external_id": self.external_id,
            "app_installed_team_id": space.team.id,
            "bot_id": space.bot_id,
        }
        return wire


def with_ids(definition: Any) -> Json:
    """A copy in which every block has a block_id and every element an action_id."""
    made: Json = copy.deepcopy(definition)
    add_ids(made["blocks"])
    return made


def add_ids(blocks: list[Json]) -> list[Json]:
    """Slack makes up the ids that an app leaves out."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
    for _, element in elements_of(blocks):
        element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks
