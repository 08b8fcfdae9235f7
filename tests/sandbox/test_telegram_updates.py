"""getUpdates: nothing is lost, nothing is confirmed by accident, one poller at a time."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from telegram import Update
from telegram.error import Conflict

from tests.sandbox.telegram_kit import House, connected


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]


async def test_an_update_stays_until_a_higher_offset_confirms_it(house: House) -> None:
    for text in ("one", "two", "three"):
        house.fatima.send(text)
    first = await house.bot.get_updates()
    assert texts(first) == ["one", "two", "three"]
    assert texts(await house.bot.get_updates()) == ["one", "two", "three"]
    same = first[1].update_id
    assert texts(await house.bot.get_updates(offset=same)) == ["two", "three"]
    assert texts(await house.bot.get_updates(offset=same + 1)) == ["three"]
    assert texts(await house.bot.get_updates(offset=0)) == ["three"]


async def test_update_ids_rise_by_one(house: House) -> None:
    for number in range(5):
        house.fatima.send(str(number))
    ids = [update.update_id for update in await house.bot.get_updates()]
    assert ids == list(range(ids[0], ids[0] + 5))


async def test_a_negative_offset_keeps_the_newest_and_forgets_the_rest(house: House) -> None:
    for text in ("one", "two", "three"):
        house.fatima.send(text)
    assert texts(await house.bot.get_updates(offset=-1)) == ["three"]
    assert texts(await house.bot.get_updates()) == ["three"]


async def test_the_limit_is_kept_and_must_be_1_to_100(house: House) -> None:
    for number in range(120):
        house.fatima.send(str(number))
    assert texts(await house.bot.get_updates(limit=2)) == ["0", "1"]
    assert len(await house.bot.get_updates()) == 100


async def test_a_long_poll_answers_as_soon_as_something_happens(house: House) -> None:
    poll = asyncio.create_task(house.bot.get_updates(timeout=10))
    await house.telegram.until(lambda: house.telegram.polling)
    before = time.monotonic()
    house.fatima.send("hello")
    assert texts(await poll) == ["hello"]
    assert time.monotonic() - before < 2


async def test_a_long_poll_without_news_ends_empty(house: House) -> None:
    assert await house.bot.get_updates(timeout=1) == ()


async def test_a_second_poller_ends_the_first_with_409(house: House) -> None:
    other = await house.another_bot()
    first = asyncio.create_task(house.bot.get_updates(timeout=10))
    await house.telegram.until(lambda: house.telegram.polling)
    second = asyncio.create_task(other.get_updates(timeout=10))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    house.fatima.send("hello")
    assert texts(await second) == ["hello"]


async def test_a_poller_that_dies_swallows_nothing(house: House) -> None:
    telegram = house.telegram
    address = f"{telegram.api_url}{telegram.token}/getUpdates"
    async with aiohttp.ClientSession() as session:
        dying = asyncio.create_task(session.post(address, data={"timeout": "10"}))
        await telegram.until(lambda: telegram.polling)
        dying.cancel()
    house.fatima.send("said while nobody listened")
    assert texts(await house.bot.get_updates(timeout=5)) == ["said while nobody listened"]


async def test_what_was_not_asked_for_is_not_kept_and_the_wish_is_remembered(house: House) -> None:
    await house.bot.get_updates(allowed_updates=["callback_query"])
    house.fatima.send("not asked for")
    assert await house.bot.get_updates() == ()
    await house.bot.get_updates(allowed_updates=[])
    house.fatima.send("welcome")
    assert texts(await house.bot.get_updates()) == ["welcome"]


async def test_members_come_only_when_asked_for(house: House) -> None:
    house.fatima.join(house.channel)
    assert await house.bot.get_updates(allowed_updates=["chat_member"]) == ()
    house.fatima.leave(house.channel)
    (update,) = await house.bot.get_updates()
    assert update.chat_member
    assert update.chat_member.new_chat_member.status == "left"


async def test_an_update_lives_24_hours(house: House) -> None:
    house.fatima.send("old")
    house.clock.forward(hours=23)
    house.fatima.send("newer")
    house.clock.forward(hours=2)
    assert texts(await house.bot.get_updates()) == ["newer"]


async def test_waiting_updates_can_be_dropped(house: House) -> None:
    house.fatima.send("one")
    info = await house.bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 1)
    await house.bot.delete_webhook(drop_pending_updates=True)
    assert await house.bot.get_updates() == ()


async def test_an_edited_message_arrives_as_such(house: House) -> None:
    message = house.fatima.send("helo")
    house.clock.forward(minutes=1)
    house.fatima.edit(message, "hello")
    first, second = await house.bot.get_updates()
    assert first.message
    assert first.message.text == "helo"
    assert second.edited_message
    assert second.edited_message.text == "hello"
    assert second.edited_message.message_id == message.id
    assert second.edited_message.edit_date == house.clock()


async def test_prepared_updates_are_served_fast(house: House) -> None:
    """More than 20,000 a second through HTTP, measured loosely: busy machines stay green."""
    telegram, total = house.telegram, 50_000
    message = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "x" * 50}
    telegram.enqueue_raw({"update_id": number, "message": message} for number in range(total))
    address = f"{telegram.api_url}{telegram.token}/getUpdates"
    seen, offset, before = 0, 0, time.monotonic()
    async with aiohttp.ClientSession() as session:
        while seen < total:
            async with session.post(address, data={"offset": str(offset)}) as answer:
                batch = json.loads(await answer.read())["result"]
            seen += len(batch)
            offset = batch[-1]["update_id"] + 1
    assert total / (time.monotonic() - before) > 5_000


async def test_a_prepared_update_may_be_json_and_may_lack_its_number(house: House) -> None:
    message = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "x"}
    house.telegram.enqueue_raw([json.dumps({"update_id": 999_000_000, "message": message})])
    house.telegram.enqueue_raw([{"message": message}])
    ids = [update.update_id for update in await house.bot.get_updates()]
    assert ids == [999_000_000, 999_000_001]
