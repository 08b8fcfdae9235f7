"""What a follower can ask about themselves: what is kept, to have it, and to have it erased."""

from telegram import Bot

from bot.actions import followers, forgetting, my_data
from bot.actions.transaction import Desk
from bot.rules.refusals import NotThere
from bot.texts import language_from, texts_in
from handlers.telegram import messages_rights as messages
from handlers.telegram.answers import Answers
from handlers.telegram.payloads import Message, Press
from handlers.telegram.words import STALE, clipped


async def my_data_(desk: Desk, message: Message, argument: str) -> None:
    await my_data.ask(desk, message.who)


async def forget_me(desk: Desk, message: Message, argument: str) -> None:
    """Asks by buttons, and erases nothing yet."""
    await forgetting.ask_whether(desk, message.who)


async def forget(desk: Desk, answers: Answers, press: Press, words: list[str]) -> None:
    """words: yes or no, and the question's token.

    The answer to yes is no notice: after it nothing is kept to whom it could go. It stands above
    the chat, and where the question was; a press that was not answered comes again.
    """
    match words:
        case ["yes", token]:
            t = texts_in(await _language(desk, press))
            await forgetting.forget(desk, press.who.id, token)
            answers.give(press.callback_id, clipped(messages.forgotten_shortly(t)))
            _say_goodbye(answers, press, messages.forgotten(t))
        case ["no", _]:
            await forgetting.keep_after_all(desk, press.who)
            answers.give(press.callback_id)
        case _:
            raise STALE


def _say_goodbye(answers: Answers, press: Press, text: str) -> None:
    message_id, chat = press.message_id, press.who.id

    async def edit(bot: Bot) -> None:
        await bot.edit_message_text(text, chat_id=chat, message_id=message_id)

    if message_id is not None:
        answers.do(edit)


async def _language(desk: Desk, press: Press) -> str:
    try:
        return (await followers.show(desk, press.who.id)).language
    except NotThere:
        return language_from(press.who.language_code, desk.language)
