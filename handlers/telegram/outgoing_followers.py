"""Notices to followers: welcome, help, languages, and what else has no word of its own."""

from collections.abc import Mapping

from bot.outbox import Receipt
from handlers.telegram import messages
from handlers.telegram.keyboards import language_keyboard, subscribe_keyboard
from handlers.telegram.letters import Letter, Send, always_the_same
from handlers.telegram.words import sentence_text


async def _welcome(letter: Letter) -> Receipt:
    t = await letter.texts()
    text = messages.welcome(t, await letter.organisation())
    return await letter.say(text, subscribe_keyboard(t))


async def _privacy(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(messages.privacy(t, await letter.organisation()))


async def _language(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(messages.language_question(t), language_keyboard())


async def _sorry(letter: Letter) -> Receipt:
    """One sentence: a gettext key and what fills it."""
    t = await letter.texts()
    sentence, values = letter.payload["sentence"], letter.payload.get("values", {})
    return await letter.say(sentence_text(t, sentence, values, letter.desk.zone))


KINDS: Mapping[str, Send] = {
    "welcome": _welcome,
    "subscribed": always_the_same(messages.subscribed),
    "stopped": always_the_same(messages.stopped),
    "help": always_the_same(messages.help_text),
    "privacy": _privacy,
    "language.ask": _language,
    "language.chosen": always_the_same(messages.language_chosen),
    "hint": always_the_same(messages.hint),
    "sorry": _sorry,
}
