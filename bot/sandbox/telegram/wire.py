"""What goes over the wire: the model as the objects of the Bot API."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.model import Callback, Chat, Message, Poll, User

JsonObject = dict[str, Any]

_CHANNEL_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_post_messages": True,
    "can_edit_messages": True,
}


def seconds(moment: datetime) -> int:
    """Unix time, as Telegram writes every date."""
    return int(moment.timestamp())


def user_json(user: User) -> JsonObject:
    return _without_empty(
        {
            "id": user.id,
            "is_bot": user.is_bot,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "username": user.username,
            "language_code": user.language,
        },
        keep={"id", "is_bot", "first_name"},
    )


def chat_json(chat: Chat) -> JsonObject:
    names = {
        "first_name": chat.user.first_name if chat.user else "",
        "last_name": chat.user.last_name if chat.user else "",
        "title": chat.title,
        "username": chat.user.username if chat.user else chat.username,
    }
    return {"id": chat.id, "type": chat.kind, **_without_empty(names)}


def full_chat_json(chat: Chat) -> JsonObject:
    """ChatFullInfo, with the parts that it always has."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return {
        **chat_json(chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }


def member_json(user: User, status: str) -> JsonObject:
    """A ChatMember: administrator (the bot in its channel), member, left or kicked."""
    extras: dict[str, JsonObject] = {
        "administrator": _CHANNEL_RIGHTS,
        "kicked": {"until_date": 0},
    }
    extra = extras.get(status, {})
    return {"status": status, "user": user_json(user), **extra}


def message_json(message: Message, *, nested: bool = False) -> JsonObject:
    """A Message; a message inside another has no further message inside it."""
    result: JsonObject = {
        "message_id": message.id,
        **_sender(message),
        "chat": chat_json(message.chat),
        "date": seconds(message.date),
        **_content(message),
    }
    if message.reply_to and not nested:
        result["reply_to_message"] = message_json(message.reply_to, nested=True)
    if message.keyboard:
        result["reply_markup"] = {"inline_keyboard": message.keyboard}
    if message.edited:
        result["edit_date"] = seconds(message.edited)
    if message.album:
        result["media_group_id"] = message.album
    if message.protected:
        result["has_protected_content"] = True
    return result


def poll_json(poll: Poll, *, in_message: bool = False) -> JsonObject:
    """A Poll; its description is part of it inside a message only."""
    result: JsonObject = {
        "id": poll.id,
        "question": poll.question,
        "options": [
            {
                "persistent_id": option.persistent_id,
                "text": option.text,
                "voter_count": poll.count(option),
            }
            for option in poll.options
        ],
        "total_voter_count": len(poll.votes),
        "is_closed": poll.closed,
        "is_anonymous": poll.anonymous,
        "type": "quiz" if poll.right else "regular",
        "allows_multiple_answers": poll.multiple,
        "allows_revoting": poll.revoting,
        "members_only": False,
    }
    times = {"open_period": poll.open_period, "close_date": poll.closes_at}
    result |= {name: value for name, value in times.items() if value is not None}
    if poll.right:
        result |= {"correct_option_ids": poll.right, "explanation": poll.explanation}
    if in_message and poll.description:
        result["description"] = poll.description
    return result


def poll_answer_json(poll: Poll, user: User) -> JsonObject:
    """A PollAnswer; a vote taken back has no options."""
    chosen = poll.votes.get(user.id, [])
    positions = [
        place for place, option in enumerate(poll.options) if option.persistent_id in chosen
    ]
    return {
        "poll_id": poll.id,
        "user": user_json(user),
        "option_ids": positions,
        "option_persistent_ids": chosen,
    }


def callback_json(callback: Callback) -> JsonObject:
    return {
        "id": callback.id,
        "from": user_json(callback.user),
        "message": message_json(callback.message),
        "chat_instance": str(7_919 * abs(callback.message.chat.id)),
        "data": callback.data,
    }


def _sender(message: Message) -> JsonObject:
    if message.chat.kind == "channel":
        return {"sender_chat": chat_json(message.chat)}
    return {"from": user_json(message.sender)}


def _content(message: Message) -> JsonObject:
    if message.poll:
        return {"poll": poll_json(message.poll, in_message=True)}
    if message.location:
        latitude, longitude = message.location
        return {"location": {"latitude": latitude, "longitude": longitude}}
    if message.media:
        texts = {"caption": message.caption, "caption_entities": message.entities}
        return {**_media(message.media), **_without_empty(texts)}
    return _without_empty({"text": message.text, "entities": message.entities})


def _media(file: StoredFile) -> JsonObject:
    size = {"width": file.width, "height": file.height}
    named = _without_empty({"file_name": file.name, "mime_type": file.mime})
    if file.kind == "photo":
        small = file.thumbnail
        sizes = [{**file.reference(), **size}]
        if small:
            sizes.insert(0, {**small.reference(), "width": small.width, "height": small.height})
        return {"photo": sizes}
    if file.kind == "voice":
        voice = {"duration": file.duration, "mime_type": file.mime}
        return {"voice": {**file.reference(), **voice}}
    if file.kind == "video":
        return {"video": {**file.reference(), **size, "duration": file.duration, **named}}
    return {"document": {**file.reference(), **named}}


def _without_empty(values: JsonObject, keep: Collection[str] = ()) -> JsonObject:
    return {name: value for name, value in values.items() if value or name in keep}
