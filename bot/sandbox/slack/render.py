"""What a person sees of a message or a view, as plain text.

Marks (*bold*, _italic_, ~struck~, `code`) are taken away, for a person sees the letters and not
the marks. The text beside blocks is not shown: Slack uses it for notifications alone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates

from bot.sandbox.slack import forms
from bot.sandbox.slack.state import Json, Reader

if TYPE_CHECKING:
    from bot.sandbox.slack.messages import Message
    from bot.sandbox.slack.views import View
    from bot.sandbox.slack.workspace import Workspace

_TOKEN = re.compile(r"<([^<>\n]+)>")
_MARKS = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_CODE = re.compile(r"```\n?(.*?)\n?```|`([^`\n]+)`", re.DOTALL)


def message(shown: "Message", person: Reader, space: "Workspace") -> str:
    if shown.blocks:
        lines = [line for block in shown.blocks for line in _block(block, person, space, {})]
    elif shown.mrkdwn:
        lines = [mrkdwn(shown.text, person, space)]
    else:
        lines = [plain(shown.text)]
    for file_id in shown.files:
        file = space.files[file_id]
        kind = "picture" if file.mimetype.startswith("image/") else "file"
        lines.append(f"[{kind}: {file.alt_text or file.title or file.name}]")
    return "\n".join(line for line in lines if line)


def view(shown: "View", person: Reader, space: "Workspace") -> str:
    lines = [shown.title] if shown.title else []
    values = shown.values()
    for block in shown.blocks:
        lines += _block(block, person, space, values)
        if error := shown.errors.get(block["block_id"]):
            lines.append(f"! {error}")
    ends = [shown.definition[name] for name in ("submit", "close") if name in shown.definition]
    if ends:
        lines.append(_row(end["text"] for end in ends))
    return "\n".join(line for line in lines if line)


def mrkdwn(text: str, person: Reader, space: "Workspace") -> str:
    """Slack's markup as it reads: mentions by name, links by their text, dates in their zone."""
    kept: list[str] = []

    def keep(shown: str) -> str:
        # Set apart, so that no mark is looked for inside a name, a link or a date.
        kept.append(shown)
        return f"\x00{len(kept) - 1}\x00"

    text = _CODE.sub(lambda found: keep(plain(found[1] or found[2] or "")), text)
    text = _TOKEN.sub(lambda found: keep(_token(found[1], person, space)), text)
    previous = None
    while previous != text:
        previous, text = text, _MARKS.sub(r"\2", text)
    text = re.sub(r"(?m)^> ?", "", text)
    text = plain(text)
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)


def plain(text: str) -> str:
    """The three characters that Slack spells out, as they read."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inside: str, person: Reader, space: "Workspace") -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        user = space.users.get(target[1:])
        return f"@{user.name}" if user else plain(label or target)
    if target.startswith("#"):
        channel = space.channels.get(target[1:])
        return f"#{channel.name}" if channel else plain(label or target)
    if target.startswith("!date^"):
        return _date_token(target, label, person, space)
    if target.startswith("!"):
        return f"@{target[1:]}"
    return plain(label or target.removeprefix("mailto:"))


def _date_token(target: str, fallback: str, person: Reader, space: "Workspace") -> str:
    parts = target.split("^")
    if len(parts) < 3 or not parts[1].isdigit():
        return plain(fallback)
    try:
        return plain(_date(int(parts[1]), parts[2], person, space.now()))
    except KeyError:  # a word in braces that Slack does not know
        return plain(fallback)


def _date(seconds: int, pattern: str, person: Reader, now: datetime) -> str:
    zone = ZoneInfo(person.tz)
    at, locale = datetime.fromtimestamp(seconds, UTC).astimezone(zone), _locale(person.locale)
    forms_of_date = {
        "{date_num}": f"{at:%Y-%m-%d}",
        "{date}": str(dates.format_date(at, "long", locale)),
        "{date_short}": str(dates.format_date(at, "medium", locale)),
        "{date_long}": str(dates.format_date(at, "full", locale)),
        "{date_long_full}": str(dates.format_date(at, "full", locale)),
        "{time}": _plain_spaces(dates.format_time(at, "short", locale=locale)),
        "{time_secs}": _plain_spaces(dates.format_time(at, "medium", locale=locale)),
        "{ago}": str(dates.format_timedelta(at - now, add_direction=True, locale=locale)),
    }
    near = _near_day(at, now.astimezone(zone), locale)
    for name in ("date", "date_short", "date_long"):
        forms_of_date["{" + name + "_pretty}"] = near or forms_of_date["{" + name + "}"]
    return re.sub(r"\{\w+\}", lambda found: forms_of_date[found[0]], pattern)


def _plain_spaces(text: str) -> str:
    return text.replace("\u202f", " ")


def _near_day(at: datetime, now: datetime, locale: Locale) -> str | None:
    """'today', 'tomorrow', 'yesterday' in the reader's language, else None."""
    days = (at.date() - now.date()).days
    if abs(days) > 1:
        return None
    words = {"nl": ("gisteren", "vandaag", "morgen")}
    return words.get(locale.language, ("yesterday", "today", "tomorrow"))[days + 1]


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def _text(text: Json, person: Reader, space: "Workspace") -> str:
    if text["type"] == "mrkdwn":
        return mrkdwn(text["text"], person, space)
    return plain(text["text"])


def _row(labels: Any) -> str:
    return " ".join(f"[{plain(label)}]" for label in labels)


def _block(block: Json, person: Reader, space: "Workspace", values: Json) -> Iterator[str]:
    """The lines of one block."""
    kind = block["type"]
    if kind in {"section", "header"}:
        yield from _section(block, person, space)
    elif kind == "context":
        parts = [_picture(e) or _text(e, person, space) for e in block["elements"]]
        yield " ".join(parts)
    elif kind == "image":
        yield _text(block["title"], person, space) if "title" in block else ""
        yield _picture(block)
    elif kind == "actions":
        yield _row(forms.button_labels([block]))
    elif kind == "input":
        held = values.get(block["block_id"], {}).get(block["element"]["action_id"])
        state = held or forms.initial_state(block["element"])
        yield f"{plain(block['label']['text'])}: {_held(state, person, space)}".rstrip()
        yield plain(block["hint"]["text"]) if "hint" in block else ""
    elif kind == "rich_text":
        yield from (_rich(part, person, space) for part in block["elements"])
    elif kind == "markdown":
        yield plain(block["text"])
    elif kind == "video":
        yield f"[video: {plain(block['title']['text'])}]"


def _section(block: Json, person: Reader, space: "Workspace") -> Iterator[str]:
    if "text" in block:
        yield _text(block["text"], person, space)
    for part in block.get("fields", ()):
        yield _text(part, person, space)
    if accessory := block.get("accessory"):
        yield _picture(accessory) or _row(forms.button_labels([block]))


def _picture(element: Json) -> str:
    return f"[picture: {element['alt_text']}]" if element["type"] == "image" else ""


def _rich(part: Json, person: Reader, space: "Workspace") -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(f"• {_rich(line, person, space)}" for line in part["elements"])
    return "".join(leaf(each, person, space) for each in part["elements"])


def leaf(found: Json, person: Reader, space: "Workspace") -> str:
    """A piece of rich text as it reads."""
    kind = found["type"]
    if kind == "text":
        return str(found["text"])
    if kind == "link":
        return str(found.get("text", found["url"]))
    if kind == "date":
        return _date(found["timestamp"], found["format"], person, space.now())
    if kind == "emoji":
        return f":{found['name']}:"
    tokens = {"user": "@{user_id}", "channel": "#{channel_id}", "broadcast": "!{range}"}
    return _token(tokens[kind].format(**found), person, space)


def _held(state: Json | None, person: Reader, space: "Workspace") -> str:
    """What a field holds, as it reads."""
    value = next((v for k, v in (state or {}).items() if k != "type"), None)
    if isinstance(value, list):
        return ", ".join(_one_held(one, person, space) for one in value)
    return "" if value is None else _one_held(value, person, space)


def _one_held(value: Any, person: Reader, space: "Workspace") -> str:
    if isinstance(value, int):
        return _date(value, "{date_long}, {time}", person, space.now())
    if isinstance(value, str):
        user = space.users.get(value)
        return f"@{user.name}" if user else value
    return str(value["name"]) if "name" in value else _text(value["text"], person, space)
