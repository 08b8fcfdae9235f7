"""Native polls: what may be sent, persistent option ids, votes, stopping and closing in time."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Poll, Update
from telegram.error import BadRequest

from bot.sandbox.telegram import CannotVote
from tests.sandbox.telegram_kit import House, connected, keyboard, refused


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


def counts(poll: Poll) -> dict[str, int]:
    return {option.text: option.voter_count for option in poll.options}


async def polls_told(house: House) -> list[Poll]:
    return [update.poll for update in await house.bot.get_updates() if update.poll]


async def test_votes_are_told_as_counts_under_persistent_ids(house: House) -> None:
    karim = house.telegram.add_person(1002, "Karim")
    sent = await house.bot.send_poll("@leestafel", "What next?", ["Winter", "Summer"])
    post = house.channel.messages[-1]
    house.fatima.vote(post, ["Winter"])
    karim.vote(post, ["Winter"])
    karim.vote(post, ["Summer"])
    house.fatima.retract_vote(post)
    told = await polls_told(house)
    assert [counts(poll) for poll in told] == [
        {"Winter": 1, "Summer": 0},
        {"Winter": 2, "Summer": 0},
        {"Winter": 1, "Summer": 1},
        {"Winter": 0, "Summer": 1},
    ]
    assert [poll.total_voter_count for poll in told] == [1, 2, 2, 1]
    assert sent.poll
    assert sent.poll.is_anonymous
    ids = [option.persistent_id for option in sent.poll.options]
    assert len(set(ids)) == 2
    assert all([option.persistent_id for option in poll.options] == ids for poll in told)
    assert {poll.id for poll in told} == {sent.poll.id}


async def test_the_same_vote_again_tells_nothing(house: House) -> None:
    await house.bot.send_poll("@leestafel", "What next?", ["Winter", "Summer"])
    house.fatima.vote(house.channel.messages[-1], ["Winter"])
    house.fatima.vote(house.channel.messages[-1], ["Winter"])
    assert len(await polls_told(house)) == 1


async def test_stopping_gives_the_final_counts_and_ends_the_voting(house: House) -> None:
    sent = await house.bot.send_poll("@leestafel", "What next?", ["Winter", "Summer"])
    post = house.channel.messages[-1]
    house.fatima.vote(post, ["Summer"])
    final = await house.bot.stop_poll("@leestafel", sent.message_id)
    assert final.is_closed
    assert counts(final) == {"Winter": 0, "Summer": 1}
    assert post.seen() == "[poll] What next?\n( ) Winter  0\n( ) Summer  1\n(closed)"
    with pytest.raises(CannotVote, match="closed"):
        house.fatima.vote(post, ["Winter"])
    async with refused(BadRequest, "poll has already been closed"):
        await house.bot.stop_poll("@leestafel", sent.message_id)


async def test_a_quiz_has_a_right_answer_and_is_answered_once(house: House) -> None:
    sent = await house.bot.send_poll(
        "@leestafel", "What next?", ["Winter", "Summer"],
        type="quiz", correct_option_ids=[1], explanation="It is May.",
    )  # fmt: skip
    assert sent.poll
    assert (sent.poll.type, sent.poll.correct_option_ids) == ("quiz", (1,))
    assert (sent.poll.explanation, sent.poll.allows_revoting) == ("It is May.", False)
    post = house.channel.messages[-1]
    house.fatima.vote(post, ["Winter"])
    with pytest.raises(CannotVote, match="final"):
        house.fatima.retract_vote(post)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"correct_option_ids": [2]},
        {"correct_option_ids": [0, 1]},
        {"correct_option_ids": [0], "explanation": "x" * 201},
        {"correct_option_ids": [0], "explanation": "a\nb\nc\nd"},
    ],
)
async def test_a_quiz_that_is_wrong_is_refused(house: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        await house.bot.send_poll("@leestafel", "What next?", ["A", "B"], type="quiz", **wrong)


async def test_only_a_poll_can_be_stopped(house: House) -> None:
    text = await house.bot.send_message("@leestafel", "x")
    for message_id in (text.message_id, 999):
        async with refused(BadRequest, "message with poll to stop not found"):
            await house.bot.stop_poll("@leestafel", message_id)


async def test_a_poll_closes_when_its_time_has_come(house: House) -> None:
    sent = await house.bot.send_poll("@leestafel", "Soon?", ["Yes", "No"], open_period=600)
    assert sent.poll
    assert sent.poll.close_date
    house.clock.forward(seconds=601)
    poll = house.channel.messages[-1].poll
    assert poll
    await house.telegram.until(lambda: poll.closed)
    (told,) = await polls_told(house)
    assert told.is_closed


async def test_a_channel_takes_anonymous_polls_only(house: House) -> None:
    async with refused(BadRequest, "non-anonymous polls can't be sent to channel chats"):
        await house.bot.send_poll("@leestafel", "Who?", ["A", "B"], is_anonymous=False)


async def test_a_named_poll_tells_who_voted_and_an_empty_list_when_taken_back(
    house: House,
) -> None:
    house.fatima.send("/start")
    await house.bot.send_poll(
        1001, "Which?", ["A", "B", "C"], is_anonymous=False, allows_multiple_answers=True
    )
    house.fatima.vote(house.fatima.last, ["C", "A"])
    house.fatima.retract_vote(house.fatima.last)
    updates = await house.bot.get_updates()
    chosen, taken_back = [update.poll_answer for update in updates if update.poll_answer]
    assert chosen.user
    assert chosen.user.id == 1001
    assert chosen.option_ids == (0, 2)
    assert taken_back.option_ids == ()


async def test_one_answer_means_one(house: House) -> None:
    await house.bot.send_poll("@leestafel", "Which?", ["A", "B"])
    with pytest.raises(CannotVote, match="one answer"):
        house.fatima.vote(house.channel.messages[-1], ["A", "B"])
    with pytest.raises(CannotVote, match="no option 'D'"):
        house.fatima.vote(house.channel.messages[-1], ["D"])


LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"question": "q" * 301}, "poll question length must not exceed 300"),
    ({"question": " "}, "text must be non-empty"),
    ({"options": ["A", "o" * 101]}, "poll options length must not exceed 100"),
    ({"options": ["A", "\n"]}, "text must be non-empty"),
    ({"options": [str(n) for n in range(13)]}, "poll can't have more than 12 options"),
    ({"options": []}, "poll must have at least one answer option"),
    ({"description": "d" * 1025}, "poll description is too long"),
    ({"open_period": 4}, "poll can be open for 5-2628000 seconds only"),
    ({"open_period": 2_628_001}, "poll can be open for 5-2628000 seconds only"),
]


@pytest.mark.parametrize(("wrong", "error"), LIMITS)
async def test_a_poll_beyond_the_limits_is_refused(
    house: House, wrong: dict[str, Any], error: str
) -> None:
    arguments = {"question": "Which?", "options": ["A", "B"], **wrong}
    async with refused(BadRequest, error):
        await house.bot.send_poll("@leestafel", **arguments)
    assert house.channel.messages == []


async def test_a_poll_at_the_limits_is_taken(house: House) -> None:
    options = [f"{number:0>100}" for number in range(12)]
    sent = await house.bot.send_poll(
        "@leestafel", "q" * 300, options, description="d" * 1024, open_period=2_628_000
    )
    assert sent.poll
    assert sent.poll.description == "d" * 1024
    await house.bot.send_poll("@leestafel", "One?", ["Only"], open_period=5)


async def test_a_close_date_lies_at_least_five_seconds_ahead(house: House) -> None:
    now = int(house.clock().timestamp())
    async with refused(BadRequest, "poll can be open for 5-2628000 seconds only"):
        await house.bot.send_poll("@leestafel", "Which?", ["A", "B"], close_date=now + 4)
    sent = await house.bot.send_poll("@leestafel", "Which?", ["A", "B"], close_date=now + 5)
    assert sent.poll
    assert not sent.poll.is_closed


async def test_stopping_can_leave_other_buttons(house: House) -> None:
    sent = await house.bot.send_poll(
        "@leestafel", "Which?", ["A", "B"], reply_markup=keyboard([("Help", "h")])
    )
    await house.bot.stop_poll(sent.chat_id, sent.message_id)
    assert house.channel.messages[-1].buttons() == []


async def test_the_spec_s_poll_is_what_arrives(house: House) -> None:
    """The raw update has exactly the fields of a Poll; the description is in messages only."""
    await house.bot.send_poll("@leestafel", "Which?", ["A"], description="more about it")
    house.fatima.vote(house.channel.messages[-1], ["A"])
    (update,) = await house.bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.poll
    assert update.poll.description is None
    assert update.poll.api_kwargs == {}
