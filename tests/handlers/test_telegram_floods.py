"""More presses than can be answered in time."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from bot.actions.transaction import Desk
from handlers.telegram import answers
from storage.models import Vote
from tests.actions.audience import open_poll
from tests.handlers.telegram_kit import House, open_house


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def test_an_answer_that_is_too_late_is_left_out_and_given_when_the_press_comes_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house.fatima.send("/start")
    await house.fatima.press(await house.fatima.hears("Hello"), "Keep me posted")
    await open_poll(house.desk)
    ballot = await house.fatima.hears("What do you read in winter?")
    with monkeypatch.context() as slow, caplog.at_level(logging.WARNING):
        slow.setattr(answers, "STALE", 0.0)
        press = house.fatima.tap(ballot, "Fantasy")
        await house.until(lambda session: len(session.exec(select(Vote)).all()) == 1)
        async with asyncio.timeout(5):
            while "got no answer yet" not in caplog.text:
                house.side.answers.hold(False)  # as with every batch
                await asyncio.sleep(0.01)
    callback = house.telegram.state.callbacks[press]
    assert not callback.answered
    house.telegram.redeliver(press)
    await house.telegram.until(lambda: callback.answered)
    assert "Fantasy" in (callback.answer or "")
    assert await house.count(Vote) == 1
