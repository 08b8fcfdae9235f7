"""What the bot reads of Telegram's payloads: raw JSON, without building update objects.

A payload that lacks what it must have raises KeyError or TypeError; the intake parks it.
"""

from dataclasses import dataclass
from typing import Any

from bot.actions.followers import Sender

Update = dict[str, Any]

STEP = "st:"
"""How the data of a button begins that is pressed while telling a story."""

VOTE = "v:"
"""How the data of a vote's button begins; an option's id follows."""


@dataclass(frozen=True)
class Message:
    """One message of a follower, in their private chat with the bot."""

    who: Sender
    id: int
    text: str  # the caption, where there is a file
    content: dict[str, Any]  # all of it, for what only one handler reads


@dataclass(frozen=True)
class Press:
    """A press on a button under one of the bot's messages."""

    who: Sender
    callback_id: str
    data: str
    message_id: int | None  # None: Telegram does not say any more
    shown: str  # the text above the button


def sender_from(user: dict[str, Any]) -> Sender:
    return Sender(
        id=user["id"],
        first_name=user["first_name"],
        last_name=user.get("last_name"),
        language_code=user.get("language_code"),
    )


def message_from(content: dict[str, Any]) -> Message:
    return Message(
        who=sender_from(content["from"]),
        id=content["message_id"],
        text=content.get("text") or content.get("caption") or "",
        content=content,
    )


def press_from(query: dict[str, Any]) -> Press:
    message = query.get("message") or {}
    return Press(
        who=sender_from(query["from"]),
        callback_id=query["id"],
        data=query.get("data", ""),
        message_id=message.get("message_id"),
        shown=message.get("text", ""),
    )


def is_private(content: dict[str, Any]) -> bool:
    """Whether a message, or what else has a chat, is between one follower and the bot."""
    return bool(content["chat"]["type"] == "private")


def is_vote(update: Update) -> bool:
    """Whether it is a press on a ballot, which goes the fast way."""
    data = _pressed(update)
    return data.startswith(VOTE) and is_id(data[len(VOTE) :])


def is_id(word: str) -> bool:
    """Whether the word of a button's data can be an id: 64 bits hold 18 digits."""
    return word.isdecimal() and len(word) <= 18


def is_step(update: Update) -> bool:
    """Whether it is a press on the way to submitting a story."""
    return _pressed(update).startswith(STEP)


def order_of(update: Update) -> str:
    """Updates with the same answer are handled one after another: those of a chat, of a poll."""
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in update:
            return f"chat {update[kind]['chat']['id']}"
    if "callback_query" in update:
        return f"chat {update['callback_query']['from']['id']}"
    if "poll" in update:
        return f"poll {update['poll']['id']}"
    return f"update {update['update_id']}"


def follower_in(update: Update) -> Sender | None:
    """Whom an update is from, where that can be read: to say sorry to."""
    for kind in ("message", "edited_message", "callback_query"):
        content = update.get(kind)
        if not isinstance(content, dict):
            continue
        try:
            who = sender_from(content["from"])
        except (KeyError, TypeError):
            return None
        return who if isinstance(who.id, int) else None
    return None


def _pressed(update: Update) -> str:
    """The data of the button that was pressed; nothing, where none was."""
    query = update.get("callback_query")
    data = query.get("data") if isinstance(query, dict) else None
    return data if isinstance(data, str) else ""
