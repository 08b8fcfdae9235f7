"""Blocks and views with their documented limits; whatever is not known here is refused.

Known are the blocks that apps write by hand: section, header, divider, context, actions, input,
image, rich_text, markdown and video.
Source: docs.slack.dev/reference/block-kit/blocks and docs.slack.dev/reference/views.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.checks import (
    Check,
    Findings,
    Rule,
    any_text,
    array,
    at_least_one_of,
    boolean,
    choice,
    distinct,
    integer,
    plain_text,
    record,
    string,
    typed,
)
from bot.sandbox.slack.elements import (
    CHANNEL,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    PICTURE_SOURCE,
    SLACK_FILE,
    URL,
    USER,
)
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.state import Json, SlackFile

BLOCK = {"block_id": string(255)}
MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
LARGEST_VIEW = 250_000
"""Bytes of JSON."""


def _hears_no_files(block: Json, pointer: str, findings: Findings) -> None:
    """Slack cannot tell an app at once that a file was chosen."""
    if block["element"]["type"] == "file_input" and block.get("dispatch_action"):
        findings.add("file_input does not support dispatch_action", f"{pointer}/dispatch_action")


_STYLE = {
    "style": record({}, dict.fromkeys(("bold", "italic", "strike", "underline", "code"), boolean))
}
_LEAF = typed(
    {
        "text": record({"text": string()}, _STYLE),
        "link": record({"url": URL}, {**_STYLE, "text": string(), "unsafe": boolean}),
        "user": record({"user_id": USER}, _STYLE),
        "channel": record({"channel_id": CHANNEL}, _STYLE),
        "emoji": record({"name": string()}, {**_STYLE, "unicode": string()}),
        "broadcast": record({"range": choice("here", "channel", "everyone")}, _STYLE),
        "date": record(
            {"timestamp": integer(0, 9_999_999_999), "format": string()},
            {**_STYLE, "url": URL, "fallback": string()},
        ),
    }
)
_RICH_LINE = record({"elements": array(_LEAF, least=0)})
_INDENT = {"indent": integer(0, 8), "border": integer(0, 1), "offset": integer(0, 10_000)}
_RICH = typed(
    {
        "rich_text_section": _RICH_LINE,
        "rich_text_quote": record({"elements": array(_LEAF, least=0)}, {"border": integer(0, 1)}),
        "rich_text_preformatted": record(
            {"elements": array(_LEAF, least=0)}, {"border": integer(0, 1)}
        ),
        "rich_text_list": record(
            {
                "elements": array(typed({"rich_text_section": _RICH_LINE})),
                "style": choice("bullet", "ordered"),
            },
            _INDENT,
        ),
    }
)

BLOCKS: dict[str, Check] = {
    "section": record(
        {},
        {
            **BLOCK,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": IN_SECTION,
            "expand": boolean,
        },
        at_least_one_of("text", "fields"),
    ),
    "header": record({"text": plain_text(150)}, {**BLOCK, "level": integer(1, 4)}),
    "divider": record({}, BLOCK),
    "context": record({"elements": array(IN_CONTEXT, 10)}, BLOCK),
    "actions": record(
        {"elements": array(IN_ACTIONS, 25)}, BLOCK, distinct("action_id", "elements")
    ),
    "input": record(
        {"label": plain_text(2000), "element": IN_INPUT},
        {**BLOCK, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
        _hears_no_files,
    ),
    "image": record(
        {"alt_text": string(2000)},
        {**BLOCK, "image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        PICTURE_SOURCE,
    ),
    "rich_text": record({"elements": array(_RICH, least=0)}, BLOCK),
    "markdown": record({"text": string(12_000)}, BLOCK),
    "video": record(
        {
            "alt_text": string(),
            "title": plain_text(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            **BLOCK,
            "title_url": URL,
            "description": plain_text(199),
            "author_name": string(49),
            "provider_name": string(),
            "provider_icon_url": URL,
        },
    ),
}

_ANY_BLOCK = typed(BLOCKS)


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that a person can press, choose or type in, in reading order."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "section" and block.get("accessory", {}).get("type") != "image":
            yield from ((block, block[name]) for name in ("accessory",) if name in block)
        elif block["type"] == "input":
            yield block, block["element"]


def _needs_submit(view: Json, pointer: str, findings: Findings) -> None:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        findings.add("missing required field: submit", pointer)


def _one_focus(view: Json, pointer: str, findings: Findings) -> None:
    if sum(element.get("focus_on_load", False) for _, element in elements_of(view["blocks"])) > 1:
        findings.add("only one element may set focus_on_load", f"{pointer}/blocks")


def _no_file_input(owner: Json, pointer: str, findings: Findings) -> None:
    for place, block in enumerate(owner["blocks"]):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            where = f"{pointer}/blocks/{place}/element/type"
            findings.add("unsupported type: file_input", where)


_UNIQUE: Rule = distinct("block_id", "blocks")
_VIEW: Mapping[str, Check] = {
    "private_metadata": string(3000, shortest=0),
    "callback_id": string(255, shortest=0),
    "external_id": string(255, shortest=0),
}
_MODAL = record(
    {"title": plain_text(24), "blocks": array(_ANY_BLOCK, MOST_IN_VIEW, least=0)},
    {
        **_VIEW,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    _UNIQUE,
    _needs_submit,
    _one_focus,
)
_HOME = record(
    {"blocks": array(_ANY_BLOCK, MOST_IN_VIEW, least=0)},
    _VIEW,
    _UNIQUE,
    _one_focus,
    _no_file_input,
)
_MESSAGE = record(
    {"blocks": array(_ANY_BLOCK, MOST_IN_MESSAGE, least=0)}, {}, _UNIQUE, _no_file_input
)


def check_message_blocks(blocks: Any, files: Mapping[str, SlackFile]) -> None:
    """Raises `invalid_blocks` with every mistake in it, as chat.postMessage does."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    findings = Findings(files)
    _MESSAGE({"blocks": blocks}, "", findings)
    if findings.messages:
        raise SlackError("invalid_blocks", findings.messages)


def check_view(view: Any, kind: str, files: Mapping[str, SlackFile]) -> None:
    """Raises `invalid_arguments` with every mistake in a "modal" or "home", as views.* do."""
    findings = Findings(files)
    typed({"modal": _MODAL, "home": _HOME}, {kind})(view, "/view", findings)
    if findings.messages:
        raise SlackError("invalid_arguments", findings.messages)
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise SlackError("view_too_large")
