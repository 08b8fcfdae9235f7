"""Notices to followers: welcome, help, languages, and what else has no word of its own."""

from collections.abc import Callable, Mapping

from bot.outbox import Receipt
from bot.texts import Texts
from handlers.telegram import messages
from handlers.telegram.keyboards import language_keyboard, menu_keyboard, welcome_keyboard
from handlers.telegram.letters import Letter, Send, always_the_same
from handlers.telegram.words import sentence_text


async def _welcome(letter: Letter) -> Receipt:
    t = await letter.texts()
    text = messages.welcome(t, await letter.organisation())
    return await letter.say(text, welcome_keyboard(t))


async def _language(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(messages.language_question(t), language_keyboard())


async def _sorry(letter: Letter) -> Receipt:
    """One sentence: a gettext key and what fills it."""
    t = await letter.texts()
    sentence, values = letter.payload["sentence"], letter.payload.get("values", {})
    return await letter.say(sentence_text(t, sentence, values, letter.desk.zone))


def _with_menu(text: Callable[[Texts], str]) -> Send:
    async def send(letter: Letter) -> Receipt:
        t = await letter.texts()
        return await letter.say(text(t), menu_keyboard(t))

    return send


KINDS: Mapping[str, Send] = {
    "welcome": _welcome,
    "subscribed": always_the_same(messages.subscribed),
    "stopped": _with_menu(messages.stopped),
    "help": _with_menu(messages.help_text),
    "language.ask": _language,
    "language.chosen": always_the_same(messages.language_chosen),
    "hint": _with_menu(messages.hint),
    "sorry": _sorry,
}
