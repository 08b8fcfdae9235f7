"""Polls as followers see them: ballots in private, the native poll in the channel."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import polls
from bot.actions.transaction import Desk
from bot.actions.views import PollView
from bot.rules.polls import PollPlace
from bot.sandbox.telegram import Message
from storage.models import ParkedUpdate, Poll, PollOption, Press, Vote
from tests.factories import OWNER, PROPOSER
from tests.handlers.telegram_kit import House, open_house

QUESTION = "What do we read in <spring> & summer?"


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        house.fatima.send("/start")
        welcome = await house.fatima.hears("Hello")
        await house.fatima.press(welcome, "Keep me posted")
        await house.fatima.hears("I will tell you")
        yield house


async def opened(house: House, place: PollPlace = PollPlace.BOTH) -> PollView:
    poll = await polls.propose(
        house.desk,
        PROPOSER,
        "form 1",
        QUESTION,
        ("Fantasy", "Thriller", "A *classic*"),
        place,
        house.desk.clock() + timedelta(days=2),
    )
    return await polls.decide(house.desk, OWNER, poll.id, approve=True)


async def private_votes(house: House, poll: PollView) -> list[int]:
    return [o.private_votes for o in (await polls.show(house.desk, poll.id)).options]


def votes_in(session: Session, poll: PollView, column: str) -> list[int]:
    rows = session.exec(select(PollOption).where(PollOption.poll_id == poll.id))
    return [getattr(option, column) for option in sorted(rows, key=lambda row: row.position)]


def calls(house: House, method: str) -> int:
    return sum(call.method == method for call in house.telegram.calls)


async def ballot_of(house: House) -> Message:
    return await house.fatima.hears(QUESTION)


async def test_a_vote_can_be_given_changed_and_taken_back(house: House) -> None:
    poll = await opened(house)
    ballot = await ballot_of(house)
    assert ballot.buttons() == ["Fantasy", "Thriller", "A *classic*"]
    answer = await house.fatima.press(ballot, "Fantasy")
    assert answer == "Your vote: Fantasy. Press it again to take it back."
    await house.telegram.until(lambda: ballot.buttons()[0] == "✓ Fantasy")
    assert "Fantasy: 1 (100%)" in ballot.text
    answer = await house.fatima.press(ballot, "A *classic*")
    assert answer == "Your vote: A *classic*. Press it again to take it back."
    assert await private_votes(house, poll) == [0, 0, 1]
    await house.telegram.until(lambda: ballot.buttons()[2] == "✓ A *classic*")
    assert await house.fatima.press(ballot, "A *classic*") == "Your vote is taken back."
    assert await private_votes(house, poll) == [0, 0, 0]
    await house.telegram.until(lambda: ballot.buttons()[2] == "A *classic*")
    assert "%" not in ballot.text  # who has not voted is not told how others did


async def test_a_press_that_comes_again_counts_once(house: House) -> None:
    poll = await opened(house)
    ballot = await ballot_of(house)
    house.telegram.faults.add("answerCallbackQuery", status=502)
    house.telegram.callback_redelivery = 0.05
    answer = await house.fatima.press(ballot, "Thriller")
    assert answer == "Your vote: Thriller. Press it again to take it back."
    assert await private_votes(house, poll) == [0, 1, 0]
    assert await house.count(Press) == 1


async def test_two_quick_taps_are_two_presses_in_order(house: House) -> None:
    poll = await opened(house)
    ballot = await ballot_of(house)
    house.fatima.tap(ballot, "Fantasy")
    house.fatima.tap(ballot, "Thriller")
    await house.until(lambda s: s.get(Vote, (poll.id, house.fatima.id, 0)))
    await house.telegram.until(lambda: ballot.buttons()[1] == "✓ Thriller")
    assert await private_votes(house, poll) == [0, 1, 0]


async def test_a_closed_poll_says_so_and_sends_its_result(house: House) -> None:
    poll = await opened(house)
    ballot = await ballot_of(house)
    await house.fatima.press(ballot, "Fantasy")
    await polls.close(house.desk, OWNER, poll.id)
    result = await house.fatima.hears("The poll is closed. Thank you")
    assert "Fantasy: 1 (100%)" in result.text
    assert "One vote altogether" in result.text
    answer = await house.fatima.press(ballot, "Thriller")
    assert answer
    assert "closed" in answer
    assert await private_votes(house, poll) == [1, 0, 0]


async def test_polls_on_request_and_when_there_is_none(house: House) -> None:
    house.jan.send("/polls")
    await house.jan.hears(lambda message: len(message.buttons()) == 1)
    await opened(house, PollPlace.PRIVATE)
    house.jan.send("/polls")
    ballot = await house.jan.hears(QUESTION)
    await house.jan.press(ballot, "Thriller")
    assert await house.count(Vote) == 1


async def test_the_channel_has_a_native_poll_with_its_own_counts(house: House) -> None:
    poll = await opened(house)
    [message] = await house.telegram.until(lambda: house.channel.messages)
    assert message.poll is not None
    assert message.poll.question == QUESTION
    assert message.poll.anonymous
    await house.until(lambda s: s.get_one(Poll, poll.id).native_id)
    house.jan.join(house.channel)
    house.jan.vote(message, ["Thriller"])
    await house.until(lambda s: votes_in(s, poll, "channel_votes") == [0, 1, 0])
    house.jan.retract_vote(message)
    house.jan.vote(message, ["Fantasy"])
    await polls.close(house.desk, OWNER, poll.id)
    await house.telegram.until(lambda: message.poll is not None and message.poll.closed)
    await house.until(lambda s: votes_in(s, poll, "channel_votes") == [1, 0, 0])


async def test_a_poll_that_somebody_stopped_in_the_channel_can_still_be_closed(
    house: House,
) -> None:
    poll = await opened(house)
    [message] = await house.telegram.until(lambda: house.channel.messages)
    await house.until(lambda s: s.get_one(Poll, poll.id).native_id)
    await house.side.bot.stop_poll("@leestafel", message.id)
    await polls.close(house.desk, OWNER, poll.id)
    await house.until(lambda s: s.get_one(Poll, poll.id).closed_at)
    await house.telegram.until(lambda: calls(house, "stopPoll") == 2)
    [stop] = await house.notices("poll.stop")
    await house.until(lambda s: s.get_one(type(stop), stop.id).status in ("sent", "overtaken"))


async def test_many_votes_in_one_batch_are_all_there(house: House) -> None:
    poll = await opened(house)
    await ballot_of(house)
    option = poll.options[1].id
    house.telegram.enqueue_raw(
        {"callback_query": raw_press(f"c{n}", 5000 + n, f"v:{option}")} for n in range(250)
    )
    await house.until(lambda s: votes_in(s, poll, "private_votes") == [0, 250, 0])
    await house.telegram.until(lambda: calls(house, "answerCallbackQuery") > 250)
    assert await house.count(ParkedUpdate) == 0


async def test_one_impossible_vote_does_not_spoil_the_others(house: House) -> None:
    poll = await opened(house)
    await ballot_of(house)
    option = poll.options[0].id
    presses = [raw_press(f"c{n}", 6000 + n, f"v:{option}") for n in range(10)]
    del presses[4]["from"]["first_name"]
    house.telegram.enqueue_raw({"callback_query": press} for press in presses)
    await house.until(lambda s: votes_in(s, poll, "private_votes") == [9, 0, 0])
    await house.until(lambda s: s.exec(select(ParkedUpdate)).one_or_none())


def raw_press(callback_id: str, user_id: int, data: str) -> dict[str, Any]:
    user: dict[str, object] = {"id": user_id, "is_bot": False, "first_name": "Reader"}
    return {"id": callback_id, "from": user, "chat_instance": "1", "data": data}
