"""The methods that send, edit and delete messages."""

from datetime import timedelta
from typing import Any

from bot.sandbox.telegram import wire
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.entities import Entity, formatted
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.limits import check_caption, check_text, inline_keyboard
from bot.sandbox.telegram.model import Chat, Message
from bot.sandbox.telegram.state import State

DELETABLE = timedelta(hours=48)

_ALBUM_KINDS = ("photo", "video", "document")
_ALBUM_FIELDS = {
    "type", "media", "caption", "parse_mode", "caption_entities", "show_caption_above_media",
    "has_spoiler", "thumbnail", "width", "height", "duration", "supports_streaming",
    "disable_content_type_detection",
}  # fmt: skip

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(state: State, given: Arguments) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    text, entities = _text(given)
    return wire.message_json(say(state, chat, given, text=text, entities=entities))


def send_photo(state: State, given: Arguments) -> Any:
    return _send_media(state, given, "photo")


def send_voice(state: State, given: Arguments) -> Any:
    return _send_media(state, given, "voice")


def send_video(state: State, given: Arguments) -> Any:
    return _send_media(state, given, "video")


def send_document(state: State, given: Arguments) -> Any:
    return _send_media(state, given, "document")


def send_media_group(state: State, given: Arguments) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    items = given.json("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad_request("media group must include 2-10 items")
    contents = [_album_item(state, given, item) for item in items]
    if len({item["type"] == "document" for item in items}) > 1:
        raise bad_request("document can't be mixed with other media types")
    common = _common(given, chat)
    state.limits.count(chat)
    album = str(13_900_000_000_000_000 + state.new_id())
    sent = [
        state.add_message(chat, state.bot, album=album, **common, **content) for content in contents
    ]
    return [wire.message_json(message) for message in sent]


def edit_message_text(state: State, given: Arguments) -> Any:
    message = own_message(state, given, "message to edit")
    if message.media or message.poll:
        raise bad_request("there is no text in the message to edit")
    text, entities = _text(given)
    return _edit(state, given, message, text=text, entities=entities)


def edit_message_caption(state: State, given: Arguments) -> Any:
    message = own_message(state, given, "message to edit")
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = _caption(given)
    return _edit(state, given, message, caption=caption, entities=entities)


def edit_message_reply_markup(state: State, given: Arguments) -> Any:
    return _edit(state, given, own_message(state, given, "message to edit"))


def delete_message(state: State, given: Arguments) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    message = chat.find(given.whole("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if chat.kind == "private" and state.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    chat.messages.remove(message)
    message.keyboard = []  # what is gone cannot be pressed
    return True


def say(state: State, chat: Chat, given: Arguments, **content: Any) -> Message:
    """The bot's new message, once markup, answer-to and pace are in order."""
    common = _common(given, chat)
    keyboard = inline_keyboard(given.json("reply_markup"))
    state.limits.count(chat)
    return state.add_message(chat, state.bot, keyboard=keyboard, **common, **content)


def own_message(state: State, given: Arguments, wanted: str) -> Message:
    """The bot's own message that it wants to change; `wanted` is how a refusal calls it."""
    chat = state.open_chat(given.text("chat_id"))
    message = chat.find(given.whole("message_id"))
    if message is None:
        raise bad_request(f"{wanted} not found")
    if message.sender is not state.bot:
        raise bad_request("message can't be edited")
    return message


def _send_media(state: State, given: Arguments, kind: str) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    caption, entities = _caption(given)
    media = state.files.take(given.file(kind), kind, given.whole("duration", 0))
    sent = say(state, chat, given, media=media, caption=caption, entities=entities)
    return wire.message_json(sent)


def _album_item(state: State, given: Arguments, item: Any) -> dict[str, Any]:
    problem = "can't parse InputMedia: "
    if not isinstance(item, dict) or item.get("type") not in _ALBUM_KINDS:
        raise bad_request(problem + "type must be one of photo, video, document")
    if unknown := item.keys() - _ALBUM_FIELDS:
        raise bad_request(f'{problem}unknown field "{min(unknown)}"')
    caption, entities = _caption(Arguments(item))
    kind = item["type"]
    media = state.files.take(given.attached(item.get("media")), kind, int(item.get("duration", 0)))
    return {"media": media, "caption": caption, "entities": entities}


def _edit(state: State, given: Arguments, message: Message, **content: Any) -> Any:
    """New content and buttons; buttons that are not given disappear."""
    content["keyboard"] = inline_keyboard(given.json("reply_markup"))
    if all(getattr(message, name) == value for name, value in content.items()):
        raise bad_request(_NOT_MODIFIED)
    for name, value in content.items():
        setattr(message, name, value)
    if len(content) > 1:  # other buttons alone do not mark a message as edited
        message.edited = state.now()
    state.touch(message)
    return wire.message_json(message)


def _text(given: Arguments) -> tuple[str, list[Entity]]:
    mode = given.text("parse_mode")
    text, entities = formatted(given.text("text"), mode, given.json("entities"))
    check_text(text)
    return text, entities


def _caption(given: Arguments) -> tuple[str, list[Entity]]:
    mode = given.text("parse_mode")
    caption, entities = formatted(given.text("caption"), mode, given.json("caption_entities"))
    check_caption(caption)
    return caption, entities


def _common(given: Arguments, chat: Chat) -> dict[str, Any]:
    return {"reply_to": _reply_to(given, chat), "protected": given.flag("protect_content")}


def _reply_to(given: Arguments, chat: Chat) -> Message | None:
    wanted = given.json("reply_parameters")
    if not wanted:
        return None
    found = chat.find(int(wanted.get("message_id", 0)))
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found
