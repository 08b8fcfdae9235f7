"""Votes: many at once, once each; the tally is the sum of the votes."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot.actions import followers, polls
from bot.actions.polls import VoteOutcome, VotePress
from bot.actions.transaction import Desk
from bot.actions.views import PollView
from bot.rules.polls import PollPlace
from bot.rules.refusals import NotThere
from storage.models import Follower, Poll, Press, Vote
from tests.actions.audience import FATIMA, open_poll, propose_poll, rows, update
from tests.conftest import StandingClock
from tests.factories import OWNER


def a_press(poll: PollView, number: int, callback_id: str, by: int = 1001) -> VotePress:
    return VotePress(callback_id, by, poll.options[number].id, "Fatima", "El Amrani", "nl")


async def one(desk: Desk, press: VotePress) -> VoteOutcome:
    (outcome,) = await polls.vote(desk, [press])
    return outcome


async def tally(desk: Desk, poll: PollView) -> list[int]:
    return [option.private_votes for option in (await polls.show(desk, poll.id)).options]


async def test_a_press_votes_changes_and_takes_back(desk: Desk) -> None:
    poll = await open_poll(desk)
    outcome = await one(desk, a_press(poll, 0, "c1"))
    assert (set(outcome.chosen), outcome.texts) == ({poll.options[0].id}, ("Fantasy",))
    assert (outcome.poll_id, outcome.language, outcome.repeated) == (poll.id, "nl", False)
    assert await tally(desk, poll) == [1, 0, 0]
    await one(desk, a_press(poll, 2, "c2"))
    assert await tally(desk, poll) == [0, 0, 1]
    outcome = await one(desk, a_press(poll, 2, "c3"))
    assert (outcome.chosen, outcome.texts, outcome.refusal) == (frozenset(), (), None)
    assert await tally(desk, poll) == [0, 0, 0]
    assert len(await rows(desk, Vote)) == 1


async def test_a_press_that_comes_again_undoes_nothing(desk: Desk) -> None:
    poll = await open_poll(desk)
    await one(desk, a_press(poll, 0, "c1"))
    await one(desk, a_press(poll, 1, "c2"))
    late = await one(desk, a_press(poll, 0, "c1"))
    assert (late.repeated, late.texts) == (True, ("Thrillers",))
    assert await tally(desk, poll) == [0, 1, 0]


async def test_twice_in_one_batch_counts_once(desk: Desk) -> None:
    poll = await open_poll(desk)
    first, again = await polls.vote(desk, [a_press(poll, 0, "c1")] * 2)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.chosen == {poll.options[0].id}
    assert await tally(desk, poll) == [1, 0, 0]


async def test_presses_of_one_chat_keep_their_order(desk: Desk) -> None:
    poll = await open_poll(desk)
    batch = [a_press(poll, number, f"c{i}") for i, number in enumerate((0, 1, 1, 2))]
    outcomes = await polls.vote(desk, batch)
    assert [o.texts for o in outcomes] == [("Fantasy",), ("Thrillers",), (), ("Poetry",)]
    assert await tally(desk, poll) == [0, 0, 1]


async def test_a_closed_poll_refuses_and_the_others_count(desk: Desk, clock: StandingClock) -> None:
    closed = await open_poll(desk)
    await one(desk, a_press(closed, 1, "c0"))
    await polls.close(desk, OWNER, closed.id)
    proposed = await propose_poll(desk, request_key="form-2")
    poll = await polls.decide(
        desk,
        OWNER,
        (await propose_poll(desk, PollPlace.PRIVATE, "form-3")).id,
        approve=True,
    )
    outcomes = await polls.vote(
        desk,
        [
            a_press(closed, 0, "c1"),
            a_press(proposed, 0, "c2"),
            replace(a_press(poll, 0, "c3"), option_id=9999),
            a_press(poll, 0, "c4"),
        ],
    )
    assert [bool(outcome.refusal) for outcome in outcomes] == [True, True, True, False]
    assert outcomes[0].texts == ("Thrillers",)  # what stands
    assert isinstance(outcomes[2].refusal, NotThere)
    assert outcomes[2].poll_id is None
    clock.move(timedelta(days=2))  # past its time, though nothing closed it yet
    assert (await one(desk, a_press(poll, 1, "c5"))).refusal
    assert await tally(desk, poll) == [1, 0, 0]
    assert await tally(desk, closed) == [0, 1, 0]


async def test_a_voter_becomes_a_follower(desk: Desk) -> None:
    poll = await open_poll(desk)
    await polls.vote(desk, [a_press(poll, 0, "c1", by=7), a_press(poll, 0, "c2", by=8)])
    found = {f.id: (f.first_name, f.language, f.subscribed) for f in await rows(desk, Follower)}
    assert found == {7: ("Fatima", "nl", False), 8: ("Fatima", "nl", False)}


async def test_a_known_voter_is_kept_in_step(desk: Desk) -> None:
    poll = await open_poll(desk)
    await followers.subscribe(update(desk), FATIMA)
    await followers.choose_language(update(desk), FATIMA, "en")
    await followers.unreachable(desk, FATIMA.id)
    outcome = await one(desk, replace(a_press(poll, 0, "c1"), first_name="Fati"))
    (follower,) = await rows(desk, Follower)
    assert (follower.first_name, follower.language, outcome.language) == ("Fati", "en", "en")
    assert follower.reachable
    assert follower.subscribed


async def test_no_presses_no_outcomes(desk: Desk) -> None:
    assert await polls.vote(desk, []) == []


async def test_a_batch_costs_the_same_statements_whatever_its_size(desk: Desk) -> None:
    poll = await open_poll(desk)
    counted: list[str] = []

    def count(*args: object) -> None:
        counted.append(str(args[2]))

    event.listen(desk.database.engine, "before_cursor_execute", count)
    spent = []
    for size in (2, 200):
        counted.clear()
        await polls.vote(
            desk, [a_press(poll, n % 3, f"{size}:{n}", by=size * 1000 + n) for n in range(size)]
        )
        spent.append(len([sql for sql in counted if "SAVEPOINT" not in sql]))
    assert spent[0] == spent[1] <= 10


PRESSES = st.lists(
    st.tuples(
        st.integers(1, 4),  # who
        st.integers(0, 2),  # which option
        st.integers(0, 9),  # which press of theirs: a number that came before is a redelivery
    ),
    max_size=40,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(presses=PRESSES, cuts=st.integers(1, 7))
async def test_any_presses_in_any_batches_count_as_one_after_another(
    desk: Desk, presses: list[tuple[int, int, int]], cuts: int
) -> None:
    """Against the plainest model: a dict of choices, and a set of what was handled."""
    poll = await fresh_poll(desk)
    model: dict[int, int] = {}
    handled: set[str] = set()
    batch: list[VotePress] = []
    for who, number, which in presses:
        callback_id = f"{poll.id}:{who}:{which}"
        batch.append(a_press(poll, number, callback_id, by=who))
        if callback_id in handled:
            continue
        handled.add(callback_id)
        if model.get(who) == number:
            del model[who]
        else:
            model[who] = number
    for start in range(0, len(batch), cuts):
        await polls.vote(desk, batch[start : start + cuts])
    expected = Counter(model.values())
    assert await tally(desk, poll) == [expected[number] for number in range(3)]
    votes = [v for v in await rows(desk, Vote) if v.poll_id == poll.id and v.option_id]
    assert {vote.follower_id for vote in votes} == set(model)
    assert {p.callback_id for p in await rows(desk, Press)} >= handled


async def fresh_poll(desk: Desk) -> PollView:
    proposed = await propose_poll(desk, PollPlace.PRIVATE, f"form-{len(await rows(desk, Poll))}")
    return await polls.decide(desk, OWNER, proposed.id, approve=True)
