"""The intake's promises: nothing lost, nothing twice, nobody waits for what cannot be handled."""

import logging
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, select

from bot.actions.transaction import Desk
from bot.sandbox.telegram.samples import picture
from handlers.telegram.answers import Answers
from handlers.telegram.app import build_telegram
from handlers.telegram.intake import Intake
from storage.database import Database
from storage.models import Follower, HandledUpdate, Notice, ParkedUpdate, StoryPart
from tests.handlers.telegram_kit import House, open_house, settings_for

FIRST = 800_000_000  # an update id that Telegram did not give yet


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def test_order_is_kept_within_a_chat(house: House) -> None:
    house.fatima.send("/story")
    for n in range(25):
        house.fatima.send(f"Line {n}")
        house.jan.send("/help")
    await house.until(lambda s: handled(s) == 51)
    texts = await house.read(
        lambda s: s.exec(select(StoryPart.text).order_by(col(StoryPart.id))).all()
    )
    assert texts == [f"Line {n}" for n in range(25)]


@pytest.mark.parametrize("done_before", [0, 1, 7, 12])
async def test_a_death_before_the_offset_moves_loses_and_repeats_nothing(
    house: House, done_before: int
) -> None:
    """The effects of the first updates are committed, and then there is no more next request."""
    await house.die()
    house.fatima.send("/story")
    for n in range(9):
        house.fatima.send(f"Line {n}")
    house.fatima.send_album([picture(n) for n in range(2)])
    async with build_telegram(settings_for(house.telegram), house.desk).bot as bot:
        updates = await bot.do_api_request("getUpdates")  # confirms none of them
        dying = Intake(bot, house.desk, Answers(bot), lambda: None)
        await dying.take(updates[:done_before])
    await house.restart()
    await house.until(lambda s: handled(s) == 12)
    assert await house.count(StoryPart) == 11
    prompts = await house.read(
        lambda s: s.exec(select(Notice.payload).where(Notice.kind == "story.prompt")).all()
    )
    assert sorted(payload["parts"] for payload in prompts) == list(range(12))


async def test_a_stop_finishes_what_is_in_hand(house: House) -> None:
    for n in range(30):
        house.fatima.send("/help")
        if n == 15:
            await house.until(lambda s: handled(s) > 3)
            await house.restart()
    await house.until(lambda s: handled(s) == 30)
    assert len(await house.notices("help")) == 30


@pytest.mark.parametrize(
    "update",
    [
        {"nobody_knows": {}},
        {"message": {}},
        {"message": None},
        {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "/help"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"type": "private"}, "text": 3}},
        {"callback_query": {"id": "1"}},
        {"callback_query": None},
        {"callback_query": "v:1"},
        {"callback_query": {"id": "1", "from": {"id": "x", "first_name": 1}, "data": 5}},
        {"callback_query": {"id": "1", "from": None, "data": "v:1"}},
        {"poll": {"id": "1"}},
        {"my_chat_member": {"chat": {"id": 1, "type": "private"}}},
    ],
)
async def test_what_cannot_be_handled_is_parked_and_the_others_go_on(
    house: House, update: dict[str, Any]
) -> None:
    house.telegram.enqueue_raw([{"update_id": FIRST, **update}])
    house.fatima.send("/help")
    await house.fatima.hears("/mystories")
    [parked] = await house.until(lambda s: list(s.exec(select(ParkedUpdate))))
    assert parked.update_id == FIRST
    assert parked.error


async def test_the_person_hears_that_something_went_wrong(house: House) -> None:
    message = {
        "message_id": 1,
        "date": 1,
        "from": {"id": house.fatima.id, "is_bot": False, "first_name": "Fatima"},
        "chat": {"id": house.fatima.id, "type": "private"},
        "photo": "not a list of sizes",
    }
    house.fatima.send("/help")
    await house.fatima.hears("/mystories")
    house.telegram.enqueue_raw([{"update_id": FIRST, "message": message}])
    await house.fatima.hears("something went wrong on our side")


async def test_groups_channels_and_edits_are_left_alone(house: House) -> None:
    user = {"id": 77, "is_bot": False, "first_name": "Passer-by"}
    group = {"id": -5, "type": "group", "title": "Reading club"}
    house.telegram.enqueue_raw(
        [{"message": {"message_id": 1, "date": 1, "from": user, "chat": group, "text": "/start"}}]
    )
    edited = house.fatima.send("/help")
    house.fatima.edit(edited, "/start")
    house.jan.send("/help")
    await house.jan.hears("/peilingen")
    assert await house.count(Follower) == 2
    assert await house.count(ParkedUpdate) == 0
    assert not await house.notices("welcome")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502},
        {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
        {"status": 401, "description": "Unauthorized"},
        {"retry_after": 1},
        {"cut": "after"},
    ],
)
async def test_the_intake_outlives_trouble_on_the_line(
    house: House, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    house.telegram.faults.add("getUpdates", **fault)
    house.fatima.send("/help")  # ends the long poll; the next one meets the trouble
    house.jan.send("/help")
    await house.jan.hears("/peilingen")
    await house.fatima.hears("/mystories")
    assert house.telegram.token not in caplog.text


async def test_words_and_tokens_are_in_no_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    secret = "My neighbour's secret"
    house.fatima.send("/story")
    await house.fatima.hears("tell us")
    house.fatima.send(secret)
    await house.fatima.hears("1 part")
    house.telegram.enqueue_raw([{"update_id": FIRST, "message": {"text": secret}}])
    await house.until(lambda s: s.exec(select(ParkedUpdate)).one_or_none())
    house.telegram.faults.add("sendMessage", status=500)
    house.fatima.send(secret)
    await house.until(lambda s: s.exec(select(func.count()).select_from(StoryPart)).one() == 2)
    await house.restart()
    assert secret not in caplog.text
    assert house.telegram.token not in caplog.text


def handled(session: Session) -> int:
    return session.exec(select(func.count()).select_from(HandledUpdate)).one()


async def test_a_database_that_refuses_keeps_the_updates_with_telegram(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: nothing is confirmed, nothing is parked; when there is room, all is handled."""
    write, full_until = Database.write, monotonic() + 1

    async def refuse(database: Database, run: Callable[[Session], Any]) -> Any:
        if monotonic() < full_until:
            raise OperationalError("INSERT", {}, OSError("database or disk is full"))
        return await write(database, run)

    monkeypatch.setattr(Database, "write", refuse)
    house.fatima.send("/help")
    await house.fatima.hears("/mystories", timeout=10)
    assert len(await house.notices("help")) == 1
    assert await house.count(ParkedUpdate) == 0


async def test_it_starts_without_a_network_and_catches_up(house: House) -> None:
    await house.die()
    await house.telegram.stop()
    house.fatima.send("/start")
    house.side = build_telegram(settings_for(house.telegram), house.desk)
    await house.begin()
    await house.telegram.start()
    await house.fatima.hears("Hello", timeout=10)
