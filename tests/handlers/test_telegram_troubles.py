"""Followers, files and the database, each at their least helpful."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.actions import polls
from bot.actions.transaction import Desk
from bot.rules.polls import PollPlace
from bot.sandbox.telegram.samples import picture, voice
from storage.models import (
    ParkedUpdate,
    Placement,
    PollOption,
    Story,
    StoryPart,
    Vote,
)
from tests.actions.audience import open_poll
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.telegram_kit import House, open_house
from tests.handlers.test_telegram_outgoing import outgoing, published
from tests.handlers.test_telegram_stories import agreed, told


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def test_the_cancel_of_an_earlier_story_leaves_the_new_one_alone(house: House) -> None:
    earlier = await told(house)
    await house.fatima.press(earlier, "Cancel")
    await house.fatima.hears("Your story is deleted")
    await told(house, "Another one.")
    assert "not there any more" in (await house.fatima.press(earlier, "Cancel") or "")
    assert await house.count(Story) == 1


async def test_an_album_after_done_is_answered_once(house: House) -> None:
    await house.fatima.press(await told(house), "Done")
    await house.fatima.hears("how shall we name you")
    house.fatima.send_album([picture(n) for n in range(10)])
    house.fatima.send("/help")
    await house.fatima.hears("This is what you can do")
    assert len(await house.notices("sorry")) == 1
    assert len(await house.notices("story.step")) == 2
    assert await house.count(StoryPart) == 1


async def test_the_parts_of_an_album_that_do_not_fit_are_refused_once(house: House) -> None:
    await told(house)
    for number in range(3):
        house.fatima.send_album([picture(10 * number + n) for n in range(10)])
    house.fatima.send("/help")
    await house.fatima.hears("This is what you can do")
    assert await house.count(StoryPart) == 11
    assert len(await house.notices("sorry")) == 2  # one for each album


async def test_what_is_only_called_a_picture_is_given_up(house: House) -> None:
    await told(house)
    house.fatima.send_document(b"MZ\x90\x00", "cat.jpg", mime="image/jpeg")
    house.fatima.send_photo(picture(1))
    await house.fatima.hears("3 parts")
    await agreed(house)

    def settled(session: Session) -> list[StoryPart]:
        parts = session.exec(select(StoryPart).order_by(col(StoryPart.id))).all()
        return list(parts) if parts[1].fetch_error and parts[2].media_sha256 else []

    assert (await house.until(settled))[1].media_sha256 is None


@pytest.mark.parametrize(("name", "mime"), [("cat.heic", "image/heic"), ("c.svg", "image/svg+xml")])
async def test_a_picture_that_nobody_can_show_is_asked_for_again(
    house: House, name: str, mime: str
) -> None:
    await told(house)
    house.fatima.send_document(b"...", name, mime=mime)
    await house.fatima.hears("as a photo instead of a file")
    assert await house.count(StoryPart) == 1


async def test_files_that_do_not_come_keep_no_others_waiting(house: House) -> None:
    await told(house)
    for number in range(10):
        house.fatima.send_photo(picture(number))
    for number in range(15):
        house.fatima.send_voice(voice(number), duration=3)
    await house.fatima.hears("26 parts")
    house.telegram.faults.add("getFile", status=502, times=24)
    await agreed(house)
    await house.until(
        lambda s: s.exec(select(StoryPart).where(col(StoryPart.media_sha256).is_not(None))).first()
    )


@pytest.mark.parametrize("length", [10, 2000])
async def test_a_picture_that_is_gone_is_a_failure_and_no_doubt(house: House, length: int) -> None:
    house.telegram.faults.add("sendPhoto", retry_after=1)
    house.telegram.faults.add("sendMessage", retry_after=1)
    placement_id = await published(house, "a" * length, images=1)
    for path in house.desk.media_dir.rglob("*"):
        if path.is_file():
            path.unlink()
    assert isinstance(house.desk.clock, StandingClock)
    house.desk.clock.move(timedelta(seconds=5))
    house.outbox.wake()
    await house.until(lambda s: s.get_one(Placement, placement_id).status == "failed")
    assert house.channel.messages == []


async def test_who_stops_while_ballots_go_out_gets_none(house: House) -> None:
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    poll = await open_poll(house.desk, PollPlace.PRIVATE)
    to_all = outgoing(str(house.fatima.id), "poll.ballot", poll_id=poll.id)
    assert await house.side.sender.send(to_all) is None
    asked = outgoing(str(house.fatima.id), "poll.ballot", poll_id=poll.id, asked=True)
    assert await house.side.sender.send(asked)


async def test_a_ballot_of_a_closed_poll_has_no_buttons_any_more(house: House) -> None:
    poll = await open_poll(house.desk, PollPlace.PRIVATE)
    house.fatima.send("/polls")
    ballot = await house.fatima.hears("What do you read")
    await polls.close(house.desk, OWNER, poll.id)
    assert "closed" in (await house.fatima.press(ballot, "Fantasy") or "")
    await house.telegram.until(lambda: not ballot.buttons())


async def test_a_file_that_somebody_holds_parks_nobody(house: House) -> None:
    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 20")

    engine = house.desk.database.engine
    event.listen(engine, "connect", hurry)
    engine.dispose()  # from now on, every connection is a new one
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    house.fatima.send("/start")
    house.jan.send("/start")
    await house.until(lambda _: house.side.intake_of_updates._failures >= 3, timeout=15)
    other.close()
    await house.fatima.hears("Hello", timeout=15)
    await house.jan.hears("Hallo", timeout=15)
    assert await house.count(ParkedUpdate) == 0


async def test_votes_are_counted_as_a_model_counts_them_whatever_is_killed(house: House) -> None:
    poll = await open_poll(house.desk, PollPlace.PRIVATE)
    people = [house.telegram.add_person(5000 + n, f"P{n}", language="en") for n in range(20)]
    for person in people:
        person.send("/polls")
    ballots = [await person.hears("What do you read", timeout=15) for person in people]
    options = {option.text: option.id for option in poll.options}
    model: dict[int, int | None] = {}
    chance = random.Random(7)
    for _ in range(6):
        for _ in range(100):
            which = chance.randrange(len(people))
            text = chance.choice(list(options))
            people[which].tap(ballots[which], text)
            before = model.get(people[which].id)
            model[people[which].id] = None if before == options[text] else options[text]
        assert house.side.intake is not None
        await asyncio.sleep(chance.random() / 50)
        await house.restart()

    def counted(session: Session) -> bool:
        votes = {v.follower_id: v.option_id for v in session.exec(select(Vote))}
        return votes == model

    await house.until(counted, timeout=15)
    tally = {
        o.id: o.private_votes for o in await house.read(lambda s: s.exec(select(PollOption)).all())
    }
    assert tally == {id: list(model.values()).count(id) for id in options.values()}
