"""auth.test, apps.connections.open, users.*, bots.info and conversations.*."""

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Channel, Json
from bot.sandbox.slack.workspace import Workspace

MOST_AT_ONCE = 999


def auth_test(space: Workspace, _: Json) -> Json:
    return {
        "url": f"https://{space.team.domain}.slack.com/",
        "team": space.team.name,
        "user": space.bot.handle,
        "team_id": space.team.id,
        "user_id": space.bot.id,
        "bot_id": space.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_: Workspace, __: Json) -> Json:
    return {"args": {}}


def open_connection(space: Workspace, _: Json) -> Json:
    ticket = secrets.token_hex(16)
    space.tickets.add(ticket)
    link = space.base_url.replace("http://", "ws://", 1)
    return {"url": f"{link}/link/?ticket={ticket}&app_id={space.app_id}"}


def bots_info(space: Workspace, given: Json) -> Json:
    if given.get("bot", space.bot_id) != space.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": space.bot_id,
        "app_id": space.app_id,
        "user_id": space.bot.id,
        "name": space.bot.handle,
        "deleted": False,
        "updated": 0,
        "icons": {},
    }
    return {"bot": bot}


def user_info(space: Workspace, given: Json) -> Json:
    user = space.user(given["user"])
    with_locale = given.get("include_locale", False)
    return {"user": user.wire(space.team, space.now(), with_locale=with_locale)}


def list_users(space: Workspace, given: Json) -> Json:
    page, cursor = _page(list(space.users.values()), given)
    with_locale = given.get("include_locale", False)
    members = [user.wire(space.team, space.now(), with_locale=with_locale) for user in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversation_info(space: Workspace, given: Json) -> Json:
    return {"channel": space.channel(given["channel"]).wire(space.bot.id)}


def open_conversation(space: Workspace, given: Json) -> Json:
    if "channel" in given:
        channel = space.channel(given["channel"])
    elif len(given.get("users", ())) == 1:
        channel = space.direct_message(given["users"][0])
    else:
        raise SlackError("users_list_not_supplied")
    full = channel.wire(space.bot.id) if given.get("return_im") else {"id": channel.id}
    return {"channel": full, "no_op": False, "already_open": True}


def list_conversations(space: Workspace, given: Json) -> Json:
    kinds = given.get("types", ["public_channel"])
    wanted = [
        channel
        for channel in space.channels.values()
        if ("im" if channel.is_im else "public_channel") in kinds
    ]
    page, cursor = _page(wanted, given)
    channels = [channel.wire(space.bot.id) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def members(space: Workspace, given: Json) -> Json:
    page, cursor = _page(space.channel(given["channel"]).members, given)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def history(space: Workspace, given: Json) -> Json:
    """Newest first; replies stay in their thread unless they were sent to the channel too."""
    channel = _readable(space, given["channel"])
    shown = [
        message
        for message in reversed(space.messages.get(channel.id, []))
        if message.thread_ts in {None, message.ts} or message.broadcast
    ]
    return _messages_page(shown, given)


def replies(space: Workspace, given: Json) -> Json:
    """The thread's first message and its replies, oldest first."""
    channel = _readable(space, given["channel"])
    try:
        first = space.message(channel.id, given["ts"])
    except SlackError:
        raise SlackError("thread_not_found") from None
    return _messages_page([first, *first.thread], given)


def _readable(space: Workspace, channel_id: str) -> Channel:
    if channel_id not in space.channels:
        raise SlackError("channel_not_found")
    channel = space.channels[channel_id]
    if space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _messages_page(messages: list[Message], given: Json) -> Json:
    latest, oldest = given.get("latest"), given.get("oldest")
    inclusive = given.get("inclusive", False)
    between = [
        message
        for message in messages
        if (latest is None or message.ts < latest or (inclusive and message.ts == latest))
        and (oldest is None or message.ts > oldest or (inclusive and message.ts == oldest))
    ]
    page, cursor = _page(between, given)
    with_metadata = given.get("include_all_metadata", False)
    answer: Json = {
        "messages": [message.wire(with_metadata=with_metadata) for message in page],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _page(rows: Sequence[Any], given: Json) -> tuple[Sequence[Any], str]:
    """One page, and the cursor of the next ("" after the last)."""
    limit = given.get("limit", 100)
    if not 1 <= limit <= MOST_AT_ONCE:
        raise SlackError("invalid_limit")
    start = 0
    if cursor := given.get("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True).removeprefix(b"next:"))
        except ValueError:
            raise SlackError("invalid_cursor") from None
    end = start + limit
    more = base64.b64encode(f"next:{end}".encode()).decode() if end < len(rows) else ""
    return rows[start:end], more


_PAGE = {"cursor": "str", "limit": "int"}
_SPAN = {"latest": "str", "oldest": "str", "inclusive": "bool", "include_all_metadata": "bool"}

METHODS = {
    "api.test": Method(api_test, token="none"),
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(open_connection, token="app"),
    "bots.info": Method(bots_info, {}, {"bot": "str"}),
    "users.info": Method(user_info, {"user": "str"}, {"include_locale": "bool"}),
    "users.list": Method(list_users, {}, {**_PAGE, "include_locale": "bool"}),
    "conversations.info": Method(
        conversation_info,
        {"channel": "str"},
        {"include_locale": "bool", "include_num_members": "bool"},
    ),
    "conversations.open": Method(
        open_conversation,
        {},
        {
            "channel": "str",
            "users": "ids",
            "return_im": "bool",
            "prevent_creation": "bool",
        },
    ),
    "conversations.list": Method(
        list_conversations,
        {},
        {**_PAGE, "types": "ids", "exclude_archived": "bool"},
    ),
    "conversations.members": Method(members, {"channel": "str"}, _PAGE),
    "conversations.history": Method(history, {"channel": "str"}, {**_PAGE, **_SPAN}),
    "conversations.replies": Method(replies, {"channel": "str", "ts": "str"}, {**_PAGE, **_SPAN}),
}
