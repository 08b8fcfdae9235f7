"""chat.* and reactions.add, and the messages that response URLs and slash commands make."""

import json
import re
import time
from typing import Any

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.blocks import check_message_blocks
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Channel, Json
from bot.sandbox.slack.views import with_ids
from bot.sandbox.slack.workspace import Workspace

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LARGEST_METADATA = 16_000
"""Characters of JSON."""


def check_text(arguments: Json, longest: int = LONGEST_TEXT) -> None:
    if not arguments.get("text") and not arguments.get("blocks"):
        raise SlackError("no_text")
    if len(arguments.get("text", "")) > longest:
        raise SlackError("msg_too_long")


def checked_blocks(space: Workspace, blocks: Any) -> list[Json]:
    """The blocks with an id each. Raises `invalid_blocks`."""
    check_message_blocks(blocks, space.files)
    filled = with_ids({"blocks": blocks})["blocks"]
    return list(filled)


def _checked_metadata(metadata: Any) -> Json | None:
    if metadata is None or metadata == {}:
        return None
    if (
        not isinstance(metadata, dict)
        or set(metadata) != {"event_type", "event_payload"}
        or not isinstance(metadata["event_type"], str)
        or not isinstance(metadata["event_payload"], dict)
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def _own_channel(space: Workspace, channel_id: str) -> Channel:
    channel = space.channel(channel_id)
    if space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _thread(space: Workspace, channel: Channel, ts: str | None) -> str | None:
    """The thread's first message; to answer a reply is to answer its thread."""
    if ts is None:
        return None
    try:
        parent = space.message(channel.id, ts)
    except SlackError:
        raise SlackError("thread_not_found") from None
    return parent.thread_ts or parent.ts


def new_message(space: Workspace, channel: Channel, given: Json, **more: Any) -> Message:
    """A message of the bot, checked but not yet posted."""
    check_text(given)
    return Message(
        workspace=space,
        channel=channel.id,
        ts=space.new_ts(),
        user=space.bot.id,
        text=given.get("text", ""),
        blocks=checked_blocks(space, given.get("blocks") or []),
        metadata=_checked_metadata(given.get("metadata")),
        thread_ts=_thread(space, channel, given.get("thread_ts")),
        broadcast=given.get("reply_broadcast", False),
        mrkdwn=given.get("mrkdwn", True),
        **more,
    )


def _limit_rate(space: Workspace, channel: Channel) -> None:
    """About one message a second per channel, a short burst allowed (real time)."""
    if space.post_rate is None:
        return
    now = time.monotonic()
    tokens, since = space.post_tokens.get(channel.id, (space.post_burst, now))
    tokens = min(space.post_burst, tokens + (now - since) * space.post_rate)
    if tokens < 1:
        seconds = max(1, round((1 - tokens) / space.post_rate))
        headers = {"Retry-After": str(seconds)}
        raise SlackError("ratelimited", status=429, headers=headers)
    space.post_tokens[channel.id] = (tokens - 1, now)


def post_message(space: Workspace, given: Json) -> Json:
    channel = _own_channel(space, given["channel"])
    _limit_rate(space, channel)
    message = space.post(new_message(space, channel, given))
    wire = message.wire(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": wire}


def post_ephemeral(space: Workspace, given: Json) -> Json:
    channel = _own_channel(space, given["channel"])
    user = space.user(given["user"])
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = space.post(new_message(space, channel, given, ephemeral_for=user.id))
    return {"message_ts": message.ts}


def _own_message(space: Workspace, channel_id: str, ts: str, error: str) -> Message:
    if channel_id not in space.channels:
        raise SlackError("channel_not_found")
    message = space.message(channel_id, ts)
    if message.user != space.bot.id:
        raise SlackError(error)
    return message


def update(space: Workspace, given: Json) -> Json:
    message = _own_message(space, given["channel"], given["ts"], "cant_update_message")
    check_text(given, LONGEST_UPDATE)
    blocks = checked_blocks(space, given.get("blocks") or [])
    metadata = _checked_metadata(given.get("metadata"))
    # Text without blocks takes the old blocks away; with blocks no "(edited)" is shown.
    message.blocks = blocks
    message.text = given.get("text", message.text)
    if "metadata" in given:
        message.metadata = metadata
    if not blocks:
        message.edited = {"user": space.bot.id, "ts": space.new_ts()}
    space.changes.tell()
    wire = message.wire(with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": wire}


def delete(space: Workspace, given: Json) -> Json:
    message = _own_message(space, given["channel"], given["ts"], "cant_delete_message")
    space.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(space: Workspace, given: Json) -> Json:
    channel = space.channel(given["channel"])
    message = space.message(channel.id, given["message_ts"])
    moment = message.ts.replace(".", "")
    link = f"https://{space.team.domain}.slack.com/archives/{channel.id}/p{moment}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(space: Workspace, given: Json) -> Json:
    channel = space.channel(given["channel"])
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", given["name"]):
        raise SlackError("invalid_name")
    reactions = space.message(channel.id, given["timestamp"]).reactions
    users = reactions.setdefault(given["name"], [])
    if space.bot.id in users:
        raise SlackError("already_reacted")
    users.append(space.bot.id)
    space.changes.tell()
    return {}


_CONTENT = {
    "text": "str",
    "blocks": "json",
    "thread_ts": "str",
    "link_names": "bool",
    "parse": "str",
}
_LOOKS = {"username": "str", "icon_emoji": "str", "icon_url": "str"}

METHODS = {
    "chat.postMessage": Method(
        post_message,
        {"channel": "str"},
        {
            **_CONTENT,
            **_LOOKS,
            "metadata": "json",
            "mrkdwn": "bool",
            "reply_broadcast": "bool",
            "unfurl_links": "bool",
            "unfurl_media": "bool",
        },
    ),
    "chat.postEphemeral": Method(
        post_ephemeral, {"channel": "str", "user": "str"}, {**_CONTENT, **_LOOKS}
    ),
    "chat.update": Method(
        update,
        {"channel": "str", "ts": "str"},
        {
            "text": "str",
            "blocks": "json",
            "metadata": "json",
            "link_names": "bool",
            "parse": "str",
            "reply_broadcast": "bool",
        },
    ),
    "chat.delete": Method(delete, {"channel": "str", "ts": "str"}),
    "chat.getPermalink": Method(get_permalink, {"channel": "str", "message_ts": "str"}),
    "reactions.add": Method(add_reaction, {"channel": "str", "name": "str", "timestamp": "str"}),
}
