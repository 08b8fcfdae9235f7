"""The limits of Telegram, refused in its own words: lengths, keyboards, and how much how fast."""

import math
import time
from collections import deque
from typing import Any

from bot.sandbox.telegram.errors import bad_request, too_many_requests
from bot.sandbox.telegram.model import Button, Chat

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64  # bytes
CALLBACK_ANSWER_LIMIT = 200
BUTTONS_LIMIT = 100

_ACTIONS = {
    "callback_data", "url", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
    "callback_game", "pay",
}  # fmt: skip
_LOOKS = {"text", "style", "icon_custom_emoji_id"}


def check_text(text: str) -> None:
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    if len(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")


def inline_keyboard(markup: Any) -> list[list[Button]]:
    """The rows of an InlineKeyboardMarkup; other markups are for the bot's own use and have none.

    Rows without buttons fall away, as at Telegram.
    """
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an array of arrays of buttons')
    if sum(map(len, rows)) > BUTTONS_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Any) -> Button:
    problem = "can't parse inline keyboard button: "
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request(problem + 'Can\'t find field "text"')
    if unknown := button.keys() - _ACTIONS - _LOOKS:
        raise bad_request(f'{problem}unknown field "{min(unknown)}"')
    if not any(button.get(action) for action in _ACTIONS):
        raise bad_request(problem + "Text buttons are unallowed in the inline keyboard")
    if len(button.get("callback_data", "").encode()) > CALLBACK_DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return dict(button)


class _Window:
    """At most `most` within any `period` seconds."""

    def __init__(self, most: int, period: float) -> None:
        self._most = most
        self._period = period
        self._times: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Seconds until the next is allowed; 0 or less: now."""
        if len(self._times) < self._most:
            return 0
        return self._times[0] + self._period - now

    def count(self, now: float) -> None:
        self._times.append(now)


class Limits:
    """How many messages the bot may send, in real time. An album counts as one.

    30 a second overall; one a second in a private chat, three at once; 20 a minute in a channel.
    """

    def __init__(self) -> None:
        self.enabled = True
        self._overall = _Window(30, 1)
        self._chats: dict[int, _Window] = {}

    def count(self, chat: Chat) -> None:
        """One more message to the chat; ApiError 429 when it is too soon."""
        if not self.enabled:
            return
        now = time.monotonic()
        if chat.id not in self._chats:
            private = chat.kind == "private"
            self._chats[chat.id] = _Window(3, 3) if private else _Window(20, 60)
        windows = (self._overall, self._chats[chat.id])
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for window in windows:
            window.count(now)
