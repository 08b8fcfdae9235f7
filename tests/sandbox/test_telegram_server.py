"""The protocol around the methods: names, tokens, ways to pass arguments, faults, the record."""

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from tests.sandbox.telegram_kit import House, connected, refused


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


async def raw(house: House, method: str, **request: Any) -> tuple[int, dict[str, Any]]:
    address = f"{house.telegram.api_url}{house.telegram.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, **request) as answer,
    ):
        return answer.status, await answer.json()


async def description(house: House, method: str, **arguments: Any) -> str:
    """How a call with these arguments is refused."""
    status, answer = await raw(house, method, json=arguments)
    assert (status, answer["ok"]) == (400, False)
    return str(answer["description"])


async def test_the_bot_knows_itself(house: House) -> None:
    me = await house.bot.get_me()
    assert (me.id, me.username, me.is_bot) == (123456, "samenspraak_bot", True)


async def test_an_unknown_method_is_not_found(house: House) -> None:
    assert await raw(house, "sendFlowers") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )


async def test_a_wrong_token_is_unauthorized(house: House) -> None:
    bot = Bot("123456:wrong", base_url=house.telegram.api_url)
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_a_parameter_that_the_method_does_not_have_is_refused(house: House) -> None:
    house.fatima.send("/start")
    async with refused(BadRequest, 'sendMessage has no parameter "colour"'):
        await house.bot.send_message(1001, "x", api_kwargs={"colour": "red"})
    assert await description(house, "getMe", x=1) == 'Bad Request: getMe has no parameter "x"'


async def test_a_missing_parameter_is_refused(house: House) -> None:
    there = {"chat_id": "@leestafel"}
    assert await description(house, "sendMessage", text="x") == "Bad Request: chat_id is empty"
    missing = await description(house, "deleteMessage", **there)
    assert missing == 'Bad Request: parameter "message_id" is required'
    missing = await description(house, "sendPhoto", **there)
    assert missing == "Bad Request: there is no photo in the request"
    async with refused(BadRequest, "limit must be between 1 and 100"):
        await house.bot.get_updates(limit=101)


async def test_arguments_come_as_query_form_multipart_or_json(house: House) -> None:
    given = {"chat_id": "@leestafel", "text": "hé"}
    multipart = aiohttp.FormData(given, default_to_multipart=True)
    ways: list[dict[str, Any]] = [
        {"params": given},
        {"data": given},
        {"data": multipart},
        {"json": given},
    ]
    for number, request in enumerate(ways, 1):
        status, answer = await raw(house, "sendMessage", **request)
        assert (status, answer["ok"]) == (200, True)
        assert [post.text for post in house.channel.messages] == ["hé"] * number


async def test_commands_are_kept_by_scope_and_language(house: House) -> None:
    english, dutch = [BotCommand("story", "Tell")], [BotCommand("verhaal", "Vertel")]
    private = BotCommandScopeAllPrivateChats()
    await house.bot.set_my_commands(english)
    await house.bot.set_my_commands(dutch, scope=private, language_code="nl")
    assert await house.bot.get_my_commands() == tuple(english)
    assert await house.bot.get_my_commands(private, "nl") == tuple(dutch)
    async with refused(BadRequest, "Bot_command_invalid"):
        await house.bot.set_my_commands([("Wrong!", "x")])
    await house.bot.set_my_description("About us")
    await house.bot.set_my_short_description("About", language_code="en")
    assert house.telegram.state.profile.descriptions == {"": "About us"}


async def test_a_webhook_is_honestly_refused(house: House) -> None:
    async with refused(BadRequest, "bad webhook: the sandbox delivers updates by getUpdates only"):
        await house.bot.set_webhook("https://bot.example/hook")


async def test_chats_and_actions(house: House) -> None:
    chat = await house.bot.get_chat("@LeesTafel")
    assert (chat.id, chat.title, chat.type) == (-1001234567890, "De Leestafel", "channel")
    await house.bot.send_chat_action("@leestafel", "typing")
    async with refused(BadRequest, "wrong parameter action in request"):
        await house.bot.send_chat_action("@leestafel", "sleeping")


async def test_a_fault_is_served_as_often_as_ordered(house: House) -> None:
    faults = house.telegram.faults
    faults.add("sendMessage", retry_after=7)
    faults.add("sendMessage", status=502, times=2)
    with pytest.raises(RetryAfter) as caught:
        await house.bot.send_message("@leestafel", "x")
    assert caught.value.retry_after == 7
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await house.bot.send_message("@leestafel", "x")
    assert house.channel.messages == []
    await house.bot.send_message("@leestafel", "at last")
    assert len(house.channel.messages) == 1


async def test_a_connection_cut_before_the_effect(house: House) -> None:
    house.telegram.faults.add("sendMessage", cut="before")
    with pytest.raises(NetworkError):
        await house.bot.send_message("@leestafel", "x")
    assert house.channel.messages == []
    await house.bot.send_message("@leestafel", "again")


async def test_a_connection_cut_after_the_effect_leaves_the_bot_in_doubt(house: House) -> None:
    house.telegram.faults.add("sendMessage", cut="after")
    with pytest.raises(NetworkError):
        await house.bot.send_message("@leestafel", "there or not?")
    assert [post.text for post in house.channel.messages] == ["there or not?"]
    assert house.telegram.calls[-1].ok


async def test_a_delay_is_only_a_delay(house: House) -> None:
    house.telegram.faults.add("sendMessage", delay=0.1)
    before = time.monotonic()
    await house.bot.send_message("@leestafel", "slowly")
    assert time.monotonic() - before >= 0.1
    assert len(house.channel.messages) == 1


async def test_a_download_can_fail_too(house: House) -> None:
    house.fatima.send_document(b"words", "story.txt")
    (update,) = await house.bot.get_updates()
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()
    house.telegram.faults.add("download", cut="before")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"words"


async def test_every_call_is_recorded_with_its_outcome(house: House) -> None:
    await house.bot.send_message("@leestafel", "Hello")
    with pytest.raises(BadRequest):
        await house.bot.send_message(404, "Hello")
    good, bad = house.telegram.calls[-2:]
    assert (good.method, good.ok, good.at) == ("sendMessage", True, house.clock())
    assert good.arguments == {"chat_id": "@leestafel", "text": "Hello"}
    assert (bad.ok, bad.description) == (False, "Bad Request: chat not found")


async def test_until_is_asked_again_after_every_change(house: House) -> None:
    with pytest.raises(TimeoutError):
        await house.telegram.until(lambda: house.fatima.chat, timeout=0.05)
    house.fatima.send("hello")
    assert (await house.telegram.until(lambda: house.fatima.chat))[0].text == "hello"
    with pytest.raises(ZeroDivisionError):
        await house.telegram.until(lambda: 1 / 0)
