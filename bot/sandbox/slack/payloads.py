"""What Slack sends to the app when a person does something, field for field.

Source: docs.slack.dev/reference/interaction-payloads and …/apis/events-api.
"""

import html
import re
import time
from typing import Any

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Channel, Json, User
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"


def slash_command(space: Workspace, user: User, channel: Channel, command: str, text: str) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": space.team.id,
        "team_domain": space.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": command,
        "text": as_typed(space, text),
        "api_app_id": space.app_id,
        "is_enterprise_install": "false",
        "response_url": space.new_response_url(user.id, channel.id),
        "trigger_id": space.new_trigger(user.id),
    }


def global_shortcut(space: Workspace, user: User, callback_id: str) -> Json:
    return {
        **_interaction(space, user, "shortcut"),
        "callback_id": callback_id,
        "action_ts": _moment(),
        "trigger_id": space.new_trigger(user.id),
    }


def message_shortcut(space: Workspace, user: User, callback_id: str, message: Message) -> Json:
    return {
        **_interaction(space, user, "message_action"),
        "callback_id": callback_id,
        "action_ts": _moment(),
        "trigger_id": space.new_trigger(user.id),
        "response_url": space.new_response_url(user.id, message.channel, message),
        "message_ts": message.ts,
        "channel": _channel(space, message.channel),
        "message": message.wire(),
    }


def press(
    space: Workspace, user: User, place: Message | View, block: Json, element: Json, state: Json
) -> Json:
    """`block_actions`; `state` is what the inputs around the button hold."""
    payload = {
        **_interaction(space, user, "block_actions"),
        "state": {"values": state},
        "actions": [_action(block, element)],
    }
    if isinstance(place, View):
        return payload | {
            "container": {"type": "view", "view_id": place.id},
            "trigger_id": space.new_trigger(user.id, place.id),
            "view": place.wire(),
        }
    container = {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": place.channel,
        "is_ephemeral": place.ephemeral_for is not None,
    }
    seen = {} if place.ephemeral_for else {"message": place.wire(with_metadata=True)}
    return (
        payload
        | seen
        | {
            "container": container | ({"thread_ts": place.thread_ts} if place.thread_ts else {}),
            "trigger_id": space.new_trigger(user.id),
            "channel": _channel(space, place.channel),
            "response_url": space.new_response_url(user.id, place.channel, place),
        }
    )


def submission(space: Workspace, user: User, view: View) -> Json:
    return {
        **_interaction(space, user, "view_submission"),
        "trigger_id": space.new_trigger(user.id, view.id),
        "view": view.wire(),
        "response_urls": [],
    }


def closed(space: Workspace, user: User, view: View, *, all_of_them: bool) -> Json:
    return {
        **_interaction(space, user, "view_closed"),
        "view": view.wire(),
        "is_cleared": all_of_them,
    }


def event(space: Workspace, kind: str, fields: Json) -> Json:
    """An event of the Events API in its envelope; sent again with the same event_id."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": space.team.id,
        "api_app_id": space.app_id,
        "event": {"type": kind, **fields, "event_ts": space.new_ts()},
        "type": "event_callback",
        "event_id": space.new_id("Ev"),
        "event_time": int(space.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": space.team.id,
                "user_id": space.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def as_typed(space: Workspace, text: str) -> str:
    """What a person types, as Slack passes it on: escaped, "@name" of a colleague as a mention.

    `<@U…>` and `<#C…>` of who and what is there stand for a mention that was picked from the
    list that Slack offers.
    """
    escaped = html.escape(text, quote=False)
    known = "|".join(re.escape(one) for one in [*space.users, *space.channels])
    escaped = re.sub(rf"&lt;([@#])({known})&gt;", r"<\1\2>", escaped)
    for user in space.users.values():
        escaped = re.sub(rf"(?<!\w)@{re.escape(user.handle)}\b", f"<@{user.id}>", escaped)
    return escaped


def _interaction(space: Workspace, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": user.brief(space.team),
        "api_app_id": space.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": space.team.id, "domain": space.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(space: Workspace, channel_id: str) -> Json:
    return {"id": channel_id, "name": space.channels[channel_id].name}


def _action(block: Json, element: Json) -> Json:
    known = ("type", "action_id", "text", "value", "style", "url")
    kept: dict[str, Any] = {
        name: held
        for name, held in element.items()
        if name in known or name.startswith("selected_")
    }
    return kept | {"block_id": block["block_id"], "action_ts": _moment()}


def _moment() -> str:
    return f"{time.time():.6f}"
