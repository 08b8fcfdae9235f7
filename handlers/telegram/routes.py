"""Which handler an update is for: tables, so that a route costs the same however many there are.

Every handler runs one action, which commits the update's id with its effects. A Refusal is
answered here, in one place: a press above the chat, a message by a message.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.actions import followers as follower_actions
from bot.actions.followers import Sender
from bot.actions.transaction import AlreadyHandled, Desk
from bot.rules.abuse import TOO_MUCH, Blocked, Hour, Room
from bot.rules.refusals import NotThere, Refusal
from bot.texts import language_from, texts_in
from handlers.telegram import followers, polls, rights, stories
from handlers.telegram.answers import Answers
from handlers.telegram.messages import DUTCH_COMMANDS
from handlers.telegram.payloads import (
    Message,
    Press,
    Update,
    is_private,
    is_vote,
    message_from,
    press_from,
)
from handlers.telegram.words import STALE, clipped, refusal_text

Command = Callable[[Desk, Message, str], Awaitable[None]]
"""With what stands behind the command."""

Pressed = Callable[[Desk, Press, list[str]], Awaitable[None]]
"""With the words of the button's data behind the first."""

COMMANDS: Mapping[str, Command] = {
    "start": followers.start,
    "stop": followers.stop,
    "help": followers.help_,
    "privacy": followers.privacy,
    "language": followers.language,
    "mydata": rights.my_data_,
    "forgetme": rights.forget_me,
    "polls": polls.open_ballots,
    "story": stories.begin,
    "mystories": stories.mine,
    "cancel": stories.cancel,
}

FROM_DUTCH = {dutch: english for english, dutch in DUTCH_COMMANDS.items()}

CONTENT: Mapping[str, Callable[[Desk, Message], Awaitable[None]]] = {
    "photo": stories.photo,
    "voice": stories.voice,
    "video": stories.video,
    "video_note": stories.video,
    "document": stories.document,
    "text": followers.text,
}
"""What a message has in it → its handler."""

PRESSES: Mapping[str, Pressed] = {
    "sub": followers.subscribe,
    "lang": followers.choose_language,
    "st": stories.step,
    "sc": stories.confirm,
    "sw": stories.withdraw,
}
"""The first word of a button's data → its handler."""

DO = "do"
"""The first word of a button that does what a command does; the command's name follows."""

FORGET = "fm"
"""The first word of the buttons below the second question of /forgetme."""


RIGHTS = frozenset({"forgetme", "mydata", "privacy", "stop", "language", "mystories", "cancel"})
"""Commands that are answered however much somebody sent before."""


async def route(desk: Desk, answers: Answers, hour: Hour, update: Update) -> None:
    """Handles one update. hour: how much everybody sent lately.

    Raises AlreadyHandled; KeyError, TypeError for what is malformed; what an action raises but a
    Refusal, which the person is told.
    """
    if "message" in update:
        await _message(desk, hour, update["message"])
    elif is_vote(update):
        await polls.vote(desk, answers, [update])
    elif "callback_query" in update:
        await _press(desk, answers, update["callback_query"])
    elif "poll" in update:
        await polls.native_counts(desk, update)
    elif "my_chat_member" in update:
        await followers.membership(desk, update)
    elif "edited_message" in update:
        await _edited(desk, update["edited_message"])
    else:
        raise ValueError("an update of a kind that was not asked for")


async def _message(desk: Desk, hour: Hour, content: Update) -> None:
    if not is_private(content):
        return  # the bot serves private chats only
    message = message_from(content)
    desk = replace(desk, album=content.get("media_group_id"))
    if _command_of(message) not in RIGHTS:
        match hour.one_more(message.who.id, desk.clock()):
            case Room.NO:
                await follower_actions.say(desk, message.who, TOO_MUCH, most=hour.most)
                return
            case Room.STILL_NO:
                return
    try:
        await _content(desk, message)
    except Blocked:
        await follower_actions.tell_blocked(desk, message.who.id)
    except Refusal as refusal:
        t = texts_in(await _language(desk, message.who))
        await follower_actions.say(desk, message.who, refusal_text(t, refusal, desk.zone))


async def _edited(desk: Desk, content: Update) -> None:
    """Only words and captions; a live location, for instance, changes by itself all the time."""
    if not is_private(content) or not ("text" in content or "caption" in content):
        return
    message = message_from(content)
    if message.text.startswith("/"):
        return
    try:
        await stories.edited(desk, message)
    except Refusal as refusal:
        t = texts_in(await _language(desk, message.who))
        await follower_actions.say(desk, message.who, refusal_text(t, refusal, desk.zone))


async def _content(desk: Desk, message: Message) -> None:
    if command := _command_of(message):
        _, *rest = message.text.split(maxsplit=1)
        await COMMANDS[command](desk, message, rest[0].strip() if rest else "")
        return
    for kind, handler in CONTENT.items():
        if kind in message.content:
            await handler(desk, message)
            return
    await stories.wrong_kind(desk, message)


def _command_of(message: Message) -> str:
    """Its English name; empty, where it is none. Telegram may put the bot's name behind it:
    /help@the_bot. What is unknown is help."""
    if not message.content.get("text", "").startswith("/"):
        return ""
    name = message.text.split(maxsplit=1)[0][1:].split("@")[0].lower()
    name = FROM_DUTCH.get(name, name)
    return name if name in COMMANDS else "help"


async def _press(desk: Desk, answers: Answers, query: Update) -> None:
    """Answered in any case, and only after the commit."""
    press = press_from(query)
    word, *words = press.data.split(":")
    try:
        if word == FORGET:  # it answers by itself: nothing is left to whom a notice could go
            await rights.forget(desk, answers, press, words)
            return
        if word == DO and words and words[0] in COMMANDS:
            await COMMANDS[words[0]](desk, _as_message(press), "")
        elif word in PRESSES:
            await PRESSES[word](desk, press, words)
        else:
            raise STALE
    except AlreadyHandled:
        answers.give(press.callback_id)
        raise
    except Blocked as blocked:
        t = texts_in(await _language(desk, press.who))
        answers.give(press.callback_id, clipped(refusal_text(t, blocked, desk.zone)))
        await follower_actions.tell_blocked(desk, press.who.id)
    except Refusal as refusal:
        t = texts_in(await _language(desk, press.who))
        answers.give(press.callback_id, clipped(refusal_text(t, refusal, desk.zone)))
    else:
        answers.give(press.callback_id)


def _as_message(press: Press) -> Message:
    """A press on a button is as good as the command that it stands for."""
    return Message(who=press.who, id=press.message_id or 0, text="", content={})


async def _language(desk: Desk, who: Sender) -> str:
    try:
        return (await follower_actions.show(desk, who.id)).language
    except NotThere:
        return language_from(who.language_code, desk.language)
