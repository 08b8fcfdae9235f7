"""Polls: proposed, decided, opened, closed; the tally of the channel."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.actions import followers, polls
from bot.actions import notices as settle
from bot.actions.polls import VotePress
from bot.actions.transaction import Desk, Transaction
from bot.actions.views import PollView
from bot.rules.delivery import NoticeStatus, Priority
from bot.rules.polls import PollPlace, PollStatus
from bot.rules.refusals import InvalidForm, Mention, NotThere, Refusal
from storage.models import Notice
from tests.actions.audience import (
    FATIMA,
    JAN,
    audited,
    kinds,
    notices,
    open_poll,
    propose_poll,
    update,
)
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

REVIEW = "C01REVIEW"
CHANNEL = "@leestafel"


async def press(desk: Desk, poll: PollView, number: int, callback_id: str, by: int = 1001) -> None:
    option = poll.options[number].id
    await polls.vote(desk, [VotePress(callback_id, by, option, "Fatima", None, "nl")])


async def all_sent(desk: Desk) -> None:
    """As if the outbox had sent everything."""

    def send(session: Session) -> None:
        for notice in session.exec(select(Notice)):
            notice.status = NoticeStatus.SENT
            session.add(notice)

    await desk.database.write(send)


async def test_a_proposal_waits_in_the_review_channel(desk: Desk) -> None:
    poll = await propose_poll(desk)
    assert poll.status is PollStatus.PROPOSED
    assert [option.text for option in poll.options] == ["Fantasy", "Thrillers", "Poetry"]
    assert await kinds(desk, REVIEW) == ["poll.card"]
    assert await audited(desk, "poll") == [(f"slack:{PROPOSER}", "propose")]
    assert await polls.show(desk, poll.id) == poll


async def test_the_same_form_twice_is_one_poll(desk: Desk) -> None:
    assert await propose_poll(desk) == await propose_poll(desk)
    assert await kinds(desk, REVIEW) == ["poll.card"]


async def test_every_mistake_stands_at_its_field(desk: Desk) -> None:
    with pytest.raises(InvalidForm) as caught:
        await polls.propose(desk, PROPOSER, "f", " ", ("A",), PollPlace.BOTH, desk.clock())
    assert set(caught.value.errors) == {"question", "options", "closes"}


async def test_approval_opens_it_everywhere(desk: Desk) -> None:
    await followers.subscribe(update(desk), FATIMA)
    await followers.help(update(desk), JAN)  # known, but no subscriber
    poll = await open_poll(desk)
    assert (poll.status, poll.decided_by) == (PollStatus.OPEN, OWNER)
    assert await kinds(desk, CHANNEL) == ["poll.native"]
    (ballot,) = await notices(desk, "poll.ballot")
    assert (ballot.recipient, ballot.priority) == ("1001", Priority.BROADCAST)
    (outcome,) = await notices(desk, "poll.outcome", to=PROPOSER)
    assert (outcome.payload["event"], outcome.payload["by"]) == ("approved", OWNER)


@pytest.mark.parametrize(
    ("place", "expected"),
    [(PollPlace.CHANNEL, {"poll.native"}), (PollPlace.PRIVATE, {"poll.ballot"})],
)
async def test_it_opens_only_where_it_was_meant(
    desk: Desk, place: PollPlace, expected: set[str]
) -> None:
    await followers.subscribe(update(desk), FATIMA)
    await open_poll(desk, place)
    opened = {notice.kind for notice in await notices(desk)} & {"poll.native", "poll.ballot"}
    assert opened == expected


async def test_who_cannot_be_reached_gets_no_ballot(desk: Desk) -> None:
    await followers.subscribe(update(desk), FATIMA)
    await followers.unreachable(update(desk), FATIMA.id)
    await open_poll(desk)
    assert not await notices(desk, "poll.ballot")


async def test_rejection_tells_why(desk: Desk) -> None:
    poll = await propose_poll(desk)
    poll = await polls.decide(desk, OWNER, poll.id, approve=False, reason=" Too early. ")
    assert (poll.status, poll.reason) == (PollStatus.REJECTED, "Too early.")
    (outcome,) = await notices(desk, "poll.outcome")
    assert (outcome.payload["event"], outcome.payload["reason"]) == ("rejected", "Too early.")
    assert not await notices(desk, "poll.native")


@pytest.mark.parametrize("by", [PROPOSER, OTHER_OWNER, "U08STRANGER"])
async def test_only_owners_decide_and_an_attempt_is_audited(desk: Desk, by: str) -> None:
    poll = await propose_poll(desk)
    with pytest.raises(Refusal):
        await polls.decide(desk, by, poll.id, approve=True)
    assert (await polls.show(desk, poll.id)).status is PollStatus.PROPOSED
    assert (f"slack:{by}", "approve refused") in await audited(desk, "poll")


async def test_an_owners_own_poll_is_for_the_deputy(desk: Desk) -> None:
    closes_at = desk.clock() + timedelta(days=1)
    poll = await polls.propose(desk, OWNER, "f", "Q?", ("A", "B"), PollPlace.BOTH, closes_at)
    with pytest.raises(Refusal):
        await polls.decide(desk, OWNER, poll.id, approve=True)
    poll = await polls.decide(desk, OTHER_OWNER, poll.id, approve=True)
    assert poll.decided_by == OTHER_OWNER


async def test_of_two_decisions_at_once_one_counts(desk: Desk) -> None:
    poll = await propose_poll(desk)
    outcomes = await asyncio.gather(
        polls.decide(desk, OWNER, poll.id, approve=True),
        polls.decide(desk, OWNER, poll.id, approve=False),
        return_exceptions=True,
    )
    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refusal.values["person"] == Mention(OWNER)
    assert refusal.values["moment"] == desk.clock()
    assert len(await notices(desk, "poll.outcome")) == 1


async def test_too_late_to_open(desk: Desk, clock: StandingClock) -> None:
    poll = await propose_poll(desk)
    clock.move(timedelta(days=2))
    with pytest.raises(Refusal):
        await polls.decide(desk, OWNER, poll.id, approve=True)
    poll = await polls.decide(desk, OWNER, poll.id, approve=False)
    assert poll.status is PollStatus.REJECTED


async def test_it_closes_on_time_and_once(desk: Desk, clock: StandingClock) -> None:
    poll = await open_poll(desk)
    await press(desk, poll, 0, "c1", by=1001)
    await press(desk, poll, 1, "c2", by=1002)
    await press(desk, poll, 1, "c3", by=1002)  # taken back
    assert await polls.close_due(desk) == 0
    clock.move(timedelta(days=30))  # however late it is noticed
    assert [await polls.close_due(desk), await polls.close_due(desk)] == [1, 0]
    closed = await polls.show(desk, poll.id)
    assert (closed.status, closed.closed_by) == (PollStatus.CLOSED, None)
    assert await kinds(desk, CHANNEL) == ["poll.native", "poll.stop"]
    assert ("the time", "close") in await audited(desk, "poll")


@pytest.mark.parametrize("outcome", ["stopped", "nothing to stop", "refused"])
async def test_the_result_waits_for_the_channels_last_counts(desk: Desk, outcome: str) -> None:
    poll = await open_poll(desk)
    await press(desk, poll, 0, "c1", by=1001)
    await press(desk, poll, 1, "c2", by=1002)
    await press(desk, poll, 1, "c3", by=1002)  # taken back
    await polls.close(desk, OWNER, poll.id)
    assert await notices(desk, "poll.result") == []
    (stop,) = await notices(desk, "poll.stop")
    assert stop.id is not None
    if outcome == "stopped":
        await settle.arrived(desk, stop.id, {"counts": {"a": 4, "b": 1, "c": 0}})
    elif outcome == "nothing to stop":
        await settle.arrived(desk, stop.id, None)
    else:
        await settle.refused(desk, stop.id, "message to stop not found", unreachable=False)
    assert [notice.recipient for notice in await notices(desk, "poll.result")] == ["1001"]
    events = [notice.payload["event"] for notice in await notices(desk, "poll.outcome")]
    assert events == ["approved", "closed"]
    counted = [option.channel_votes for option in (await polls.show(desk, poll.id)).options]
    assert counted[:2] == ([4, 1] if outcome == "stopped" else [0, 0])


async def test_a_poll_in_private_alone_tells_its_result_at_once(desk: Desk) -> None:
    poll = await open_poll(desk, PollPlace.PRIVATE)
    await press(desk, poll, 0, "c1", by=1001)
    await polls.close(desk, OWNER, poll.id)
    assert len(await notices(desk, "poll.result")) == 1


@pytest.mark.parametrize("by", [PROPOSER, OWNER, OTHER_OWNER])
async def test_it_can_be_closed_by_hand(desk: Desk, by: str) -> None:
    poll = await open_poll(desk)
    assert (await polls.close(desk, by, poll.id)).closed_by == by
    with pytest.raises(Refusal) as caught:
        await polls.close(desk, OWNER, poll.id)
    assert caught.value.values["person"] == Mention(by)


async def test_a_stranger_does_not_close_it(desk: Desk) -> None:
    poll = await open_poll(desk)
    with pytest.raises(Refusal):
        await polls.close(desk, "U08STRANGER", poll.id)
    assert ("slack:U08STRANGER", "close refused") in await audited(desk, "poll")


async def test_a_proposed_poll_cannot_be_closed(desk: Desk) -> None:
    poll = await propose_poll(desk)
    with pytest.raises(Refusal):
        await polls.close(desk, OWNER, poll.id)


async def test_what_is_not_there(desk: Desk) -> None:
    for nothing in (
        polls.show(desk, 99),
        polls.ballot(desk, 99, 1001),
        polls.decide(desk, OWNER, 99, approve=True),
        polls.close(desk, OWNER, 99),
    ):
        with pytest.raises(NotThere):
            await nothing


async def test_the_channels_tally(desk: Desk) -> None:
    poll = await open_poll(desk)
    await sent_to_channel(desk, poll)
    await polls.native_counts(desk, "native-1", {"a": 3, "b": 1, "c": 0}, False)
    await polls.native_counts(desk, "somebody-elses", {"a": 9}, False)
    await press(desk, poll, 0, "c1")
    counted = await polls.show(desk, poll.id)
    assert [option.votes for option in counted.options] == [4, 1, 0]
    assert (counted.votes, counted.native_message_id) == (5, 77)
    await polls.close(desk, OWNER, poll.id)
    await desk.database.write(
        lambda session: polls.native_stopped(
            Transaction(session, desk), poll.id, {"a": 4, "b": 1, "c": 2}
        )
    )
    assert (await polls.show(desk, poll.id)).votes == 8


async def test_stopped_in_its_only_place_it_is_closed(desk: Desk) -> None:
    poll = await open_poll(desk, PollPlace.CHANNEL)
    await sent_to_channel(desk, poll)
    await polls.native_counts(desk, "native-1", {"a": 1}, True)
    assert (await polls.show(desk, poll.id)).status is PollStatus.CLOSED


async def test_stopped_in_the_channel_it_goes_on_in_private(desk: Desk) -> None:
    poll = await open_poll(desk, PollPlace.BOTH)
    await sent_to_channel(desk, poll)
    await polls.native_counts(desk, "native-1", {"a": 1}, True)
    assert (await polls.show(desk, poll.id)).status is PollStatus.OPEN


async def test_in_the_channel_without_a_receipt_it_is_recognised(desk: Desk) -> None:
    poll = await open_poll(desk)
    counts = {"a": 2, "b": 0, "c": 1}
    await polls.native_counts(desk, "native-9", counts, False, "Another question?")
    assert (await polls.show(desk, poll.id)).votes == 0
    await polls.native_counts(desk, "native-9", counts, False, poll.question)
    assert [o.votes for o in (await polls.show(desk, poll.id)).options] == [2, 0, 1]


async def test_a_ballot_shows_what_was_chosen(desk: Desk) -> None:
    poll = await open_poll(desk)
    await press(desk, poll, 2, "c1")
    ballot = await polls.ballot(desk, poll.id, 1001)
    assert (set(ballot.chosen), ballot.language) == ({poll.options[2].id}, "nl")
    assert (await polls.ballot(desk, poll.id, 55)).chosen == set()


async def test_the_card_follows_the_votes_at_its_pace(desk: Desk, clock: StandingClock) -> None:
    poll = await open_poll(desk)
    await all_sent(desk)
    clock.move(timedelta(minutes=1))
    assert await polls.refresh_cards(desk) == 0  # nobody voted
    await press(desk, poll, 0, "c1")
    assert await polls.refresh_cards(desk) == 1
    await all_sent(desk)
    await press(desk, poll, 1, "c2")  # a change of mind: the sum is the same
    assert await polls.refresh_cards(desk) == 0  # too soon
    clock.move(timedelta(seconds=30))
    assert await polls.refresh_cards(desk) == 1
    clock.move(timedelta(seconds=30))
    assert await polls.refresh_cards(desk) == 0  # it shows this tally already
    await polls.close(desk, OWNER, poll.id)
    assert await polls.refresh_cards(desk) == 0


async def test_owners_look_when_the_sending_is_in_doubt(desk: Desk) -> None:
    poll = await open_poll(desk)
    await in_doubt(desk, poll)
    assert await kinds(desk, OWNER) == ["poll.in_doubt"]
    with pytest.raises(Refusal):
        await polls.resolve_doubt(desk, PROPOSER, poll.id, False)
    await polls.resolve_doubt(desk, OWNER, poll.id, False)
    assert await kinds(desk, CHANNEL) == ["poll.native", "poll.native"]
    with pytest.raises(Refusal):  # a second press sends nothing
        await polls.resolve_doubt(desk, OTHER_OWNER, poll.id, False)
    assert len(await notices(desk, "poll.native")) == 2


async def test_in_doubt_and_found_it_is_not_sent_again(desk: Desk) -> None:
    poll = await open_poll(desk)
    await in_doubt(desk, poll)
    with pytest.raises(InvalidForm):
        await polls.resolve_doubt(desk, OWNER, poll.id, True, "https://t.me/leestafel")
    link = "https://t.me/leestafel/17"
    assert (await polls.resolve_doubt(desk, OWNER, poll.id, True, link)).native_message_id == 17
    with pytest.raises(Refusal):
        await polls.resolve_doubt(desk, OWNER, poll.id, False)
    assert len(await notices(desk, "poll.native")) == 1


async def sent_to_channel(desk: Desk, poll: PollView) -> None:
    await desk.database.write(
        lambda session: polls.native_sent(
            Transaction(session, desk), poll.id, "native-1", 77, ["a", "b", "c"]
        )
    )


async def in_doubt(desk: Desk, poll: PollView) -> None:
    """As the outbox leaves it after a connection that broke in the middle."""

    def settle(session: Session) -> None:
        notice = session.exec(select(Notice).where(Notice.kind == "poll.native")).one()
        notice.status = NoticeStatus.IN_DOUBT
        session.add(notice)
        polls.doubted(Transaction(session, desk), poll.id)

    await desk.database.write(settle)
