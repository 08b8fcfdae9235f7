"""A text that may be longer than one of Slack's fields: then it stands in two. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.slack import forms
from handlers.slack.blocks import Block
from handlers.slack.forms import LONGEST
from handlers.slack.incoming import Answers


@dataclass(frozen=True)
class Halves:
    """joint: the character between them, which stands in neither: a field may lose blanks at its
    ends. rest: None where one field is enough."""

    first: str
    joint: str = ""
    rest: str | None = None

    @property
    def whole(self) -> str:
        return self.first + self.joint + self.rest if self.rest else self.first


def split(text: str) -> Halves:
    """Cut at a blank where there is one; what two fields do not hold is left out."""
    if len(text) <= LONGEST:
        return Halves(text)
    blank = max(text.rfind("\n", 1, LONGEST), text.rfind(" ", 1, LONGEST))
    if blank == -1:
        return Halves(text[:LONGEST], "", text[LONGEST : 2 * LONGEST])
    return Halves(text[:blank], text[blank], text[blank + 1 :][:LONGEST])


def fields(
    name: str, labels: Sequence[str], halves: Halves, *, optional: bool = False, hint: str = ""
) -> list[Block]:
    """labels: of the first field, and of the second where there is one."""
    first = forms.text_field(
        name, labels[0], halves.first, multiline=True, optional=optional, hint=hint
    )
    if halves.rest is None:
        return [first]
    rest = forms.text_field(_second(name), labels[1], halves.rest, multiline=True, optional=True)
    return [first, rest]


def joints(texts: Mapping[str, Halves]) -> dict[str, str] | None:
    """What the form carries along, so that `typed` finds the text again."""
    return {name: halves.joint for name, halves in texts.items() if halves.joint} or None


def typed(answers: Answers, meta: Mapping[str, Any], name: str) -> Halves:
    """The text as it stands in its fields."""
    second = _second(name)
    rest = answers.text(second) if answers.has(second) else None
    return Halves(answers.text(name), (meta.get("joints") or {}).get(name, ""), rest)


def _second(name: str) -> str:
    return f"rest:{name}"
