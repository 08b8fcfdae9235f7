"""What followers do besides votes and stories, as they see it."""

from collections.abc import AsyncIterator

import pytest

from bot.actions.transaction import Desk
from bot.sandbox.telegram import ApiCall
from storage.models import Follower, ParkedUpdate
from tests.handlers.telegram_kit import House, open_house


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


def menus_sent(house: House) -> list[ApiCall]:
    return [call for call in house.telegram.calls if call.method == "setMyCommands"]


async def test_start_is_answered_with_an_honest_welcome(house: House) -> None:
    house.fatima.send("/start")
    welcome = await house.fatima.hears("Bibliotheek De Leestafel")
    assert "computer program" in welcome.text
    assert "/privacy" in welcome.text
    assert welcome.buttons() == ["Keep me posted", "Polls", "Tell a story", "What else?"]


async def test_a_button_subscribes_and_stop_ends_it(house: House) -> None:
    house.fatima.send("/start")
    welcome = await house.fatima.hears("Hello")
    assert await house.fatima.press(welcome, "Keep me posted") is None
    await house.fatima.hears("I will tell you")
    assert (await house.follower(house.fatima)).subscribed
    house.fatima.send("/stop")
    await house.fatima.hears("not get new polls")
    assert not (await house.follower(house.fatima)).subscribed


@pytest.mark.parametrize("command", ["/help", "/HELP@samenspraak_bot", "/nonsense", "/help now"])
async def test_help_comes_for_help_and_for_unknown_commands(house: House, command: str) -> None:
    house.fatima.send(command)
    assert "/mystories" in (await house.fatima.hears("This is what you can do")).text


async def test_dutch_names_of_commands_work_and_are_in_the_menu(house: House) -> None:
    house.jan.send("/peilingen")
    await house.jan.hears(lambda message: bool(message.text))
    [answer] = await house.notices("poll.none")
    assert answer.recipient == str(house.jan.id)
    await house.telegram.until(lambda: len(menus_sent(house)) == 3)
    names = {
        command.command for command in await house.side.bot.get_my_commands(language_code="nl")
    }
    assert {"peilingen", "verhaal", "mijnverhalen", "taal", "annuleer"} <= names


async def test_the_language_can_be_chosen(house: House) -> None:
    house.fatima.send("/language")
    question = await house.fatima.hears("Which language")
    assert await house.fatima.press(question, "Nederlands") is None
    await house.until(lambda s: s.get_one(Follower, house.fatima.id).language == "nl")
    house.fatima.send("/taal")
    again = await house.fatima.hears(lambda message: "English" in message.buttons())
    await house.fatima.press(again, "English")
    await house.fatima.hears("I speak English")


async def test_words_that_belong_to_nothing_get_a_hint(house: House) -> None:
    house.fatima.send("What time do you open?")
    await house.fatima.hears("/story")


async def test_unknown_and_forged_buttons_are_answered(house: House) -> None:
    house.fatima.send("/start")
    welcome = await house.fatima.hears("Hello")
    for data in ("x", "", "st:1", "st:x:done", "sc:1:yes", "sw", "lang:xx", "v:", "v:" + "9" * 40):
        welcome.keyboard = [[{"text": "Odd", "callback_data": data}]]
        assert "does not work any more" in (await house.fatima.press(welcome, "Odd") or "")
    assert await house.count(ParkedUpdate) == 0


async def test_who_blocks_the_bot_is_left_in_peace_until_they_write(house: House) -> None:
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    house.fatima.block()
    await house.until(lambda s: not s.get_one(Follower, house.fatima.id).reachable)
    house.fatima.unblock()
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    assert (await house.follower(house.fatima)).reachable
