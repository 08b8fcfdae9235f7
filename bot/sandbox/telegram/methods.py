"""The table of methods: what each takes, and who does it.

The names of the parameters are those of the Bot API. What the sandbox does not model (topics,
business connections, paid messages) is left out, so that using it is an error and not silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram import about, messages, polls
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.state import State

Run = Callable[[State, Arguments], Any]

_SEND = "chat_id disable_notification protect_content reply_parameters reply_markup"
_CAPTION = "caption parse_mode caption_entities"
_EDIT = "chat_id message_id reply_markup"

GET_UPDATES = frozenset({"offset", "limit", "timeout", "allowed_updates"})


@dataclass(frozen=True)
class Method:
    """`run` gives the result as JSON can hold it, or raises ApiError."""

    run: Run
    parameters: frozenset[str]


_TABLE: dict[str, tuple[Run, str]] = {
    "getMe": (about.get_me, ""),
    "getWebhookInfo": (about.get_webhook_info, ""),
    "setWebhook": (
        about.set_webhook,
        "url certificate ip_address max_connections allowed_updates drop_pending_updates "
        "secret_token",
    ),
    "deleteWebhook": (about.delete_webhook, "drop_pending_updates"),
    "sendMessage": (
        messages.send_message,
        f"{_SEND} text parse_mode entities link_preview_options",
    ),
    "sendPhoto": (
        messages.send_photo,
        f"{_SEND} {_CAPTION} photo show_caption_above_media has_spoiler",
    ),
    "sendVoice": (messages.send_voice, f"{_SEND} {_CAPTION} voice duration"),
    "sendVideo": (
        messages.send_video,
        f"{_SEND} {_CAPTION} video duration width height thumbnail show_caption_above_media "
        "has_spoiler supports_streaming",
    ),
    "sendDocument": (
        messages.send_document,
        f"{_SEND} {_CAPTION} document thumbnail disable_content_type_detection",
    ),
    "sendMediaGroup": (
        messages.send_media_group,
        "chat_id media disable_notification protect_content reply_parameters",
    ),
    "sendPoll": (
        polls.send_poll,
        f"{_SEND} question question_parse_mode options is_anonymous type allows_multiple_answers "
        "allows_revoting shuffle_options hide_results_until_closes correct_option_ids explanation "
        "explanation_parse_mode open_period close_date is_closed description "
        "description_parse_mode",
    ),
    "stopPoll": (polls.stop_poll, _EDIT),
    "editMessageText": (
        messages.edit_message_text,
        f"{_EDIT} text parse_mode entities link_preview_options",
    ),
    "editMessageCaption": (
        messages.edit_message_caption,
        f"{_EDIT} {_CAPTION} show_caption_above_media",
    ),
    "editMessageReplyMarkup": (messages.edit_message_reply_markup, _EDIT),
    "deleteMessage": (messages.delete_message, "chat_id message_id"),
    "answerCallbackQuery": (
        about.answer_callback_query,
        "callback_query_id text show_alert cache_time",
    ),
    "getFile": (about.get_file, "file_id"),
    "getChat": (about.get_chat, "chat_id"),
    "getChatMember": (about.get_chat_member, "chat_id user_id"),
    "getChatMemberCount": (about.get_chat_member_count, "chat_id"),
    "sendChatAction": (about.send_chat_action, "chat_id action"),
    "setMessageReaction": (about.set_message_reaction, "chat_id message_id reaction is_big"),
    "setMyCommands": (about.set_my_commands, "commands scope language_code"),
    "getMyCommands": (about.get_my_commands, "scope language_code"),
    "deleteMyCommands": (about.delete_my_commands, "scope language_code"),
    "setMyDescription": (about.set_my_description, "description language_code"),
    "setMyShortDescription": (about.set_my_short_description, "short_description language_code"),
}

METHODS = {
    name.lower(): Method(run, frozenset(parameters.split()))
    for name, (run, parameters) in _TABLE.items()
}
"""By the name in lower case: Telegram does not mind the case."""
