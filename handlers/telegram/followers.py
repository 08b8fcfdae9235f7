"""What followers do besides votes and stories: start, stop, languages, help, any other words."""

from bot.actions import followers
from bot.actions.transaction import Desk
from handlers.telegram.payloads import Message, Press, Update, is_private
from handlers.telegram.words import STALE

CALL = "call_"
"""How the argument of /start begins behind a deep link to a call; its key follows."""

GONE = ("kicked", "left")


async def start(desk: Desk, message: Message, argument: str) -> None:
    key = argument.removeprefix(CALL) if argument.startswith(CALL) else None
    await followers.start(desk, message.who, key)


async def stop(desk: Desk, message: Message, argument: str) -> None:
    await followers.stop(desk, message.who)


async def help_(desk: Desk, message: Message, argument: str) -> None:
    await followers.help(desk, message.who)


async def privacy(desk: Desk, message: Message, argument: str) -> None:
    await followers.privacy(desk, message.who)


async def language(desk: Desk, message: Message, argument: str) -> None:
    """Asks by buttons."""
    await followers.choose_language(desk, message.who, None)


async def text(desk: Desk, message: Message) -> None:
    """Any other words: a part of a story, an answer to a question, or nothing that is known."""
    await followers.text_received(desk, message.who, message.id, message.text)


async def subscribe(desk: Desk, press: Press, words: list[str]) -> None:
    await followers.subscribe(desk, press.who)


async def choose_language(desk: Desk, press: Press, words: list[str]) -> None:
    match words:
        case [("en" | "nl") as chosen]:
            await followers.choose_language(desk, press.who, chosen)
        case _:
            raise STALE


async def membership(desk: Desk, update: Update) -> None:
    """A follower who blocks the bot is left in peace until they come back."""
    change = update["my_chat_member"]
    if not is_private(change):
        return
    if change["new_chat_member"]["status"] in GONE:
        await followers.unreachable(desk, change["chat"]["id"])
    else:
        await followers.reachable_again(desk, change["chat"]["id"])
