"""What became of polls: turnout, earlier polls, the table, who chose what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import followers, poll_results, polls
from bot.actions.polls import VotePress
from bot.actions.transaction import Desk, Transaction
from bot.actions.views import PollView
from bot.rules.polls import Manner, PollPlace
from bot.rules.refusals import Refusal
from storage.models import Vote
from tests.actions.audience import FATIMA, JAN, notices, rows, update
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER


async def opened(
    desk: Desk, request_key: str = "form-1", place: PollPlace = PollPlace.PRIVATE, **manner: Any
) -> PollView:
    proposed = await polls.propose(
        desk, PROPOSER, request_key, "What do you read?", ("Fantasy", "Thrillers", "Poetry"),
        place, desk.clock() + timedelta(days=2), Manner(**manner),
    )  # fmt: skip
    return await polls.decide(desk, OWNER, proposed.id, approve=True)


async def press(desk: Desk, poll: PollView, number: int, by: int = 1001) -> polls.VoteOutcome:
    one = VotePress(f"{by}:{len(await rows(desk, Vote))}:{number}", by, poll.options[number].id,
                    f"Reader {by}", None, "nl")  # fmt: skip
    return (await polls.vote(desk, [one]))[0]


async def press_anew(desk: Desk, poll: PollView, number: int, name: str) -> polls.VoteOutcome:
    one = VotePress(name, 1001, poll.options[number].id, "Fatima", None, "nl")
    return (await polls.vote(desk, [one]))[0]


async def test_several_answers_count_people_once(desk: Desk) -> None:
    poll = await opened(desk, several=True)
    await press_anew(desk, poll, 0, "c1")
    outcome = await press_anew(desk, poll, 2, "c2")
    assert outcome.texts == ("Fantasy", "Poetry")
    assert outcome.several
    shown = await polls.show(desk, poll.id)
    assert (shown.private_people, shown.votes) == (1, 2)
    assert (await press_anew(desk, poll, 0, "c2")).repeated  # the same press again
    await press_anew(desk, poll, 0, "c3")
    await press_anew(desk, poll, 2, "c4")
    shown = await polls.show(desk, poll.id)
    assert (shown.private_people, shown.votes) == (0, 0)


async def test_everybody_who_took_part_is_thanked_once(desk: Desk) -> None:
    poll = await opened(desk, several=True)
    for name, number in (("c1", 0), ("c2", 1), ("c3", 2)):
        await press_anew(desk, poll, number, name)
    await polls.close(desk, OWNER, poll.id)
    assert [notice.recipient for notice in await notices(desk, "poll.result")] == ["1001"]


async def test_in_a_quiz_the_first_answer_counts(desk: Desk) -> None:
    poll = await opened(desk, right="Thrillers", explanation="Look.")
    outcome = await press_anew(desk, poll, 1, "c1")
    assert outcome.quiz
    assert (outcome.quiz.is_right, outcome.quiz.explanation) == (True, "Look.")
    for number, name in ((1, "c2"), (0, "c3")):
        assert (await press_anew(desk, poll, number, name)).refusal
    assert (await polls.show(desk, poll.id)).options[1].votes == 1


async def test_compared_with_earlier_polls(desk: Desk, clock: StandingClock) -> None:
    for person in (FATIMA, JAN):
        await followers.subscribe(update(desk), person)
    for number, people in enumerate(([1001], [1001, 1002])):
        poll = await opened(desk, f"earlier-{number}")
        for by in people:
            await press(desk, poll, 0, by)
        clock.move(timedelta(minutes=1))
        await polls.close(desk, OWNER, poll.id)
    poll = await opened(desk, "now")
    clock.move(timedelta(minutes=1))
    assert (await poll_results.show(desk, poll.id))[1] is None  # not closed yet
    await polls.close(desk, OWNER, poll.id)
    shown, earlier = await poll_results.show(desk, poll.id)
    assert (shown.people, shown.followers, shown.turnout) == (0, 2, 0)
    assert earlier == poll_results.EarlierPolls(2, 1.5, 0.75)


async def test_the_channels_people_and_members(desk: Desk) -> None:
    poll = await opened(desk, place=PollPlace.CHANNEL, several=True)

    def stopped(session: Session) -> None:
        tx = Transaction(session, desk)
        polls.native_sent(tx, poll.id, "native-1", 77, ["a", "b", "c"], 100)
        polls.native_stopped(tx, poll.id, {"a": 4, "b": 3, "c": 0}, 5, 120)

    await desk.database.write(stopped)
    shown = await polls.show(desk, poll.id)
    assert (shown.votes, shown.people, shown.members) == (7, 5, 120)
    assert shown.turnout == 5 / 120
    assert shown.is_counted
    assert [option.text for option in shown.winners] == ["Fantasy"]


async def test_the_table_has_counts_and_no_people(desk: Desk) -> None:
    poll = await opened(desk, target_group_key="parents")
    await press(desk, poll, 1)
    await polls.propose(
        desk, PROPOSER, "not open", "Q?", ("A", "B"), PollPlace.BOTH,
        desk.clock() + timedelta(days=1),
    )  # fmt: skip
    lines = await poll_results.lines(desk)
    assert [(line.answer, line.private, line.votes) for line in lines] == [
        ("Fantasy", 0, 0), ("Thrillers", 1, 1), ("Poetry", 0, 0),
    ]  # fmt: skip
    assert lines[0].target_group == "Parents of young children"
    assert "1001" not in repr(lines)
    assert await poll_results.lines(desk, poll.id) == lines


async def test_a_file_only_of_what_is_closed(desk: Desk) -> None:
    poll = await opened(desk)
    with pytest.raises(Refusal):
        await poll_results.ask_file(desk, poll.id)
    await polls.close(desk, OWNER, poll.id)
    for _ in range(2):
        await poll_results.ask_file(desk, poll.id)
    assert len(await notices(desk, "poll.file")) == 1


async def test_who_chose_what_is_for_who_is_responsible(desk: Desk) -> None:
    poll = await opened(desk, anonymous=False)
    for by in (1002, 1001):
        await press(desk, poll, 1, by)
    for colleague in (PROPOSER, OWNER, OTHER_OWNER):
        _, chosen = await poll_results.chosen(desk, colleague, poll.id)
        assert [each.names for each in chosen] == [(), ("Reader 1001", "Reader 1002"), ()]
    with pytest.raises(Refusal):
        await poll_results.chosen(desk, "U08STRANGER", poll.id)
    anonymous = await opened(desk, "form-2")
    with pytest.raises(Refusal):
        await poll_results.chosen(desk, OWNER, anonymous.id)


async def test_old_votes_are_of_place_zero(desk: Desk) -> None:
    """A poll of one answer has one row of each person, whatever they press."""
    poll = await opened(desk)
    for name, number in (("c1", 0), ("c2", 2), ("c3", 1)):
        await press_anew(desk, poll, number, name)
    (vote,) = await desk.database.read(lambda session: list(session.exec(select(Vote))))
    assert (vote.place, vote.option_id) == (0, poll.options[1].id)
