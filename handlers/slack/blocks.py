"""Block Kit, in the few shapes that we use. Pure.

Source: docs.slack.dev/reference/block-kit.
"""

from collections.abc import Sequence
from typing import Any

from bot.actions.views import MediaView
from handlers.slack.words import literal, pieces

Block = dict[str, Any]

SECTION = 3000
ROOM = 2400
"""Of a section or a context, for text of ours: however Slack counts an emoji."""
HEADER = 150
OPTION = 75
FIELD = 2000
IN_MESSAGE = 50
IN_VIEW = 100
CHANGED = "form.changed"
"""The action of a field that is live."""


def plain(text: str) -> Block:
    """Text in which Slack changes nothing: no mentions, no formatting, no :emoji:."""
    return {"type": "plain_text", "text": literal(text), "emoji": False}


def mrkdwn(text: str) -> Block:
    """Our own words. Verbatim, so that Slack looks for no mentions in names."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def sections(lines: Sequence[str]) -> list[Block]:
    """Our own lines, as many of them in each section as fit."""
    found: list[Block] = []
    left = list(lines)
    while left:
        together = fitting("\n", left)
        found.append(section(together))
        left = left[together.count("\n") + 1 :]
    return found


def fitting(joint: str, parts: Sequence[str]) -> str:
    """As many of the parts, from the first, as fit in one text; each is whole."""
    kept = list(parts)
    while len(kept) > 1 and len(joint.join(kept)) > ROOM:
        kept = kept[:-1]
    return joint.join(kept)


def said(text: str) -> list[Block]:
    """What a person wrote, every character of it."""
    return [{"type": "section", "text": plain(piece)} for piece in pieces(text, SECTION)]


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, HEADER))}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def pairs(rows: Sequence[tuple[str, Block]]) -> list[Block]:
    """Names on the left, values on the right: five rows a section at most."""
    found: list[Block] = []
    for start in range(0, len(rows), 5):
        fields: list[Block] = []
        for name, value in rows[start : start + 5]:
            fields += [mrkdwn(f"*{name}*"), value]
        found.append({"type": "section", "fields": fields})
    return found


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    """style: primary (the one that is meant most) or danger."""
    made: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": label, "emoji": True},
        "action_id": action_id,
        "value": value,
    }
    return made | ({"style": style} if style else {})


def menu(action_id: str, entries: Sequence[tuple[str, str, str]]) -> Block:
    """ "…", with at most five entries: what each reads, and the name and value of its press."""
    options = [
        {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": f"{name} {value}"}
        for label, name, value in entries
    ]
    return {"type": "overflow", "action_id": action_id, "options": options}


def confirmed(asked: Block, title: str, text: str, yes: str, no: str) -> Block:
    """A button that asks first."""
    ask = {
        "title": plain(shortened(title, 100)),
        "text": plain(shortened(text, 300)),
        "confirm": plain(shortened(yes, 30)),
        "deny": plain(shortened(no, 30)),
    }
    return {**asked, "confirm": ask}


def actions(buttons: Sequence[Block]) -> list[Block]:
    """Nothing where there is nothing to press."""
    return [{"type": "actions", "elements": list(buttons)}] if buttons else []


def pictures(media: Sequence[MediaView]) -> list[Block]:
    """Those that are on Slack already."""
    shown = [m for m in media if m.slack_file_id and m.is_image]
    return [picture(m.slack_file_id or "", m.alt or m.name) for m in shown]


def picture(slack_file_id: str, words: str) -> Block:
    return {
        "type": "image",
        "slack_file": {"id": slack_file_id},
        "alt_text": shortened(words, 2000) or "-",
    }


def shortened(text: str, most: int) -> str:
    """The text where it fits, else its beginning."""
    return text if fits(text, most) else next(pieces(text, most - 1)) + "…"


def fits(text: str, most: int) -> bool:
    """However Slack counts."""
    return sum(1 for _ in pieces(text, most)) <= 1


def option(text: str, value: str) -> Block:
    return {"text": plain(shortened(text, OPTION)), "value": value}


def field(
    name: str, label: str, element: Block, *, optional: bool = False, hint: str = ""
) -> Block:
    """An input; its `name` is what an InvalidForm calls it, so that an error finds its place."""
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        "optional": optional,
    }
    return made | ({"hint": plain(shortened(hint, 2000))} if hint else {})


def live(made: Block) -> Block:
    """The same field; the bot hears at once when something else is chosen in it."""
    element = {**made["element"], "action_id": CHANGED}
    return {**made, "element": element, "dispatch_action": True}
