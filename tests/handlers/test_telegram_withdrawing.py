"""Withdrawing a story, as followers live it: before it is placed, and after."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.actions import media, publishing, stories, takedowns
from bot.actions.decisions import decide
from bot.actions.transaction import Desk
from bot.rules.posts import PostAction
from bot.sandbox.telegram import Message
from bot.sandbox.telegram.samples import picture
from storage.models import Follower, Notice, Story, Takedown
from tests.conftest import StandingClock
from tests.handlers.telegram_kit import House, open_house
from tests.handlers.test_telegram_stories import proposed, submitted

DECIDER = "U02OWNER"
LONG = "A cat reads. " * 120


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def placed(house: House, clock: StandingClock, text: str = "A cat reads.") -> Story:
    """In the channel, with two pictures."""
    kept = [await media.keep(house.desk, picture(n), "image/jpeg", "cat.jpg") for n in (1, 2)]
    story = await submitted(house)
    post_id = await proposed(house, story, text, tuple(each.sha256 for each in kept))
    await decide(house.desk, DECIDER, post_id, 1, PostAction.APPROVE)
    await house.fatima.press(await house.fatima.hears("Is it all right?"), "Yes, publish")
    clock.move(timedelta(days=1))
    await publishing.publish_due(house.desk)
    await house.fatima.hears("is published")
    return story


@pytest.mark.parametrize("text", ["A cat reads.", LONG.strip()])
async def test_the_bot_deletes_every_message_of_it_and_says_so(
    house: House, clock: StandingClock, text: str
) -> None:
    await placed(house, clock, text)
    assert len(house.channel.messages) > 1
    house.fatima.send("/mystories")
    listed = await house.fatima.hears("Telegram: https://t.me/leestafel/")
    assert await house.fatima.press(listed, "Withdraw") is None
    told = await house.fatima.hears("It is still on Telegram")
    assert "by Thursday 5 March at the latest" in told.text
    await house.fatima.hears("is taken away from Telegram")
    assert "not on our social media any more" in house.fatima.last.text
    assert house.channel.messages == []
    house.fatima.send("/mystories")
    listed = await house.fatima.hears("Telegram: taken away")
    assert listed.buttons() == []


async def test_a_message_that_somebody_deleted_already_is_gone_too(
    house: House, clock: StandingClock
) -> None:
    story = await placed(house, clock)
    house.telegram.faults.add(
        "deleteMessage", status=400, description="Bad Request: message to delete not found"
    )
    await house.fatima.press(await mystories(house), "Withdraw")
    await house.fatima.hears("is taken away from Telegram")
    assert (await stories.show(house.desk, story.id or 0)).links == ()


async def test_where_telegram_does_not_let_the_bot_a_person_does_it(
    house: House, clock: StandingClock
) -> None:
    await placed(house, clock)
    house.telegram.faults.add(
        "deleteMessage", status=400, description="Bad Request: message can't be deleted"
    )
    await house.fatima.press(await mystories(house), "Withdraw")
    await house.fatima.hears("It is still on Telegram")
    await house.until(lambda s: s.exec(select(Notice).where(Notice.kind == "takedown.card")).all())
    await takedowns.done(house.desk, DECIDER, 1)
    await house.fatima.hears("is taken away from Telegram")


async def test_who_blocks_the_bot_after_it_hears_it_when_they_come_back(
    house: House, clock: StandingClock
) -> None:
    await placed(house, clock)
    house.telegram.faults.add(
        "deleteMessage", status=400, description="Bad Request: message can't be deleted"
    )
    await house.fatima.press(await mystories(house), "Withdraw")
    await house.fatima.hears("It is still on Telegram")
    house.fatima.block()
    await house.until(lambda s: not s.get_one(Follower, house.fatima.id).reachable)
    await house.until(lambda s: s.exec(select(Notice).where(Notice.kind == "takedown.card")).all())
    await takedowns.done(house.desk, DECIDER, 1)
    refused = select(Notice).where(Notice.kind == "story.taken_down", Notice.status == "failed")
    await house.until(lambda s: s.exec(refused).first())
    house.fatima.unblock()
    await house.fatima.hears("is taken away from Telegram")


async def test_killed_between_the_withdrawal_and_the_deletion(
    house: House, clock: StandingClock
) -> None:
    await placed(house, clock)
    listed = await mystories(house)
    house.telegram.faults.add("deleteMessage", delay=0.3)
    house.fatima.tap(listed, "Withdraw")
    await house.until(lambda s: s.get(Takedown, 1))
    await house.restart()
    await house.fatima.hears("is taken away from Telegram")
    assert house.channel.messages == []
    assert len(await house.notices("story.taken_down")) == 1


async def test_in_dutch(house: House, clock: StandingClock) -> None:
    await placed(house, clock)
    house.fatima.send("/taal")
    await house.fatima.press(await house.fatima.hears("Which language"), "Nederlands")
    house.fatima.send("/mijnverhalen")
    await house.fatima.press(await house.fatima.hears("Je verhalen"), "Intrekken")
    told = await house.fatima.hears("Het staat nog op Telegram")
    assert "uiterlijk donderdag 5 maart" in told.text
    await house.fatima.hears("is weggehaald van Telegram")


async def mystories(house: House) -> Message:
    house.fatima.send("/mystories")
    return await house.fatima.hears("Your stories")
