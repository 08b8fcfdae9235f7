"""response_url: how an app answers an interaction afterwards, without a token."""

import json
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.slack.chat import check_text, checked_blocks, new_message
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import ResponseUrl, Workspace

MOST_USES = 5
LIFETIME = timedelta(minutes=30)
KNOWN = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "mrkdwn",
    "metadata",
    "unfurl_links",
    "unfurl_media",
}


async def handle(space: Workspace, request: web.Request) -> web.Response:
    try:
        url = _usable(space, request.match_info["key"])
        answer(space, url, json.loads(await request.text()))
    except SlackError as error:
        body: Json = {"ok": False, "error": error.error}
        if error.messages:
            body["response_metadata"] = {"messages": error.messages}
        return web.json_response(body, status=404 if error.error.endswith("_url") else 400)
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    return web.json_response({"ok": True})


def _usable(space: Workspace, key: str) -> ResponseUrl:
    url = space.response_urls.get(key)
    if url is None or space.now() - url.given > LIFETIME:
        raise SlackError("expired_url")
    if url.uses >= MOST_USES:
        raise SlackError("used_url")
    url.uses += 1
    return url


def answer(space: Workspace, url: ResponseUrl, given: Any) -> None:
    """Show the answer: to the person alone unless it says otherwise. Raises SlackError."""
    if not isinstance(given, dict) or set(given) - KNOWN:
        unknown = sorted(set(given) - KNOWN) if isinstance(given, dict) else []
        raise SlackError("invalid_payload", [f"unknown field: {name}" for name in unknown])
    if given.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
        raise SlackError("invalid_payload", ["unknown response_type"])
    if given.get("delete_original"):
        if url.message is not None:
            space.remove(url.message)
    elif given.get("replace_original") and url.message is not None:
        check_text(given)
        url.message.blocks = checked_blocks(space, given.get("blocks") or [])
        url.message.text = given.get("text", url.message.text)
        space.changes.tell()
    else:
        own = given.get("response_type") != "in_channel"
        seen_by = url.user if own else None
        space.post(new_message(space, space.channel(url.channel), given, ephemeral_for=seen_by))
