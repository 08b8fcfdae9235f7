"""The methods about the bot, chats, files, presses and reactions; the commands in the menu."""

import json
import re
import time
from typing import Any

from bot.sandbox.telegram import wire
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.limits import CALLBACK_ANSWER_LIMIT
from bot.sandbox.telegram.model import User
from bot.sandbox.telegram.state import State

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip

_REACTIONS = set(
    # Those that consist of several signs (heart on fire, shrugging men) are left out.
    "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴"
    "😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)

_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(state: State, given: Arguments) -> Any:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**wire.user_json(state.bot), **abilities}


def get_webhook_info(state: State, given: Arguments) -> Any:
    waiting = len(state.updates)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}


def set_webhook(state: State, given: Arguments) -> Any:
    """An empty address removes the webhook; the sandbox delivers by getUpdates alone."""
    if given.text("url"):
        raise bad_request("bad webhook: the sandbox delivers updates by getUpdates only")
    return delete_webhook(state, given)


def delete_webhook(state: State, given: Arguments) -> Any:
    if given.flag("drop_pending_updates"):
        state.updates.forget()
    return True


def get_file(state: State, given: Arguments) -> Any:
    return state.files.describe(given.text("file_id"))


def get_chat(state: State, given: Arguments) -> Any:
    return wire.full_chat_json(state.find_chat(given.text("chat_id")))


def get_chat_member(state: State, given: Arguments) -> Any:
    chat = state.find_chat(given.text("chat_id"))
    user = _user(state, given.whole("user_id"))
    if user is state.bot:
        return wire.member_json(user, "administrator" if chat.kind == "channel" else "member")
    inside = user.id in chat.members or user is chat.user
    return wire.member_json(user, "member" if inside else "left")


def get_chat_member_count(state: State, given: Arguments) -> Any:
    """The people, and the bot itself."""
    return len(state.find_chat(given.text("chat_id")).members) + 1


def send_chat_action(state: State, given: Arguments) -> Any:
    state.open_chat(given.text("chat_id"))
    if given.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def answer_callback_query(state: State, given: Arguments) -> Any:
    callback = state.callbacks.get(given.text("callback_query_id"))
    text = given.text("text")
    if len(text) > CALLBACK_ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if callback is None or callback.answered:
        raise bad_request(_QUERY_TOO_OLD)
    if time.monotonic() - callback.pressed_at > state.callback_lifetime:
        raise bad_request(_QUERY_TOO_OLD)
    callback.answered = True
    callback.answer = text or None
    callback.alert = given.flag("show_alert")
    return True


def set_message_reaction(state: State, given: Arguments) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    message = chat.find(given.whole("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    wanted = [reaction.get("emoji", "") for reaction in given.json("reaction") or []]
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not _REACTIONS.issuperset(wanted):
        raise bad_request("REACTION_INVALID")
    message.reactions = wanted
    state.touch(message)
    return True


def set_my_commands(state: State, given: Arguments) -> Any:
    commands = given.json("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.profile.commands[_scope(given)] = commands
    return True


def get_my_commands(state: State, given: Arguments) -> Any:
    return state.profile.commands.get(_scope(given), [])


def delete_my_commands(state: State, given: Arguments) -> Any:
    state.profile.commands.pop(_scope(given), None)
    return True


def set_my_description(state: State, given: Arguments) -> Any:
    _describe(state.profile.descriptions, given, "description", 512)
    return True


def set_my_short_description(state: State, given: Arguments) -> Any:
    _describe(state.profile.short_descriptions, given, "short_description", 120)
    return True


def _describe(kept: dict[str, str], given: Arguments, name: str, limit: int) -> None:
    if len(given.text(name)) > limit:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    kept[given.text("language_code")] = given.text(name)


def _scope(given: Arguments) -> tuple[str, str]:
    scope = given.json("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), given.text("language_code")


def _user(state: State, user_id: int) -> User:
    if user_id == state.bot.id:
        return state.bot
    if (user := state.users.get(user_id)) is None:
        raise bad_request("user not found")
    return user
