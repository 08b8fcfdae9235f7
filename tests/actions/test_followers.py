"""Followers: arriving, subscribing, languages, free text."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.actions import followers, polls
from bot.actions.followers import Sender
from bot.actions.transaction import AlreadyHandled, Desk
from bot.rules.delivery import Priority
from bot.rules.refusals import NotThere
from storage.models import Call, Follower, Story
from tests.actions.audience import FATIMA, JAN, kinds, notices, open_poll, rows, update
from tests.conftest import StandingClock


async def test_the_first_contact_takes_the_language_from_telegram(desk: Desk) -> None:
    await followers.start(update(desk), FATIMA, None)
    view = await followers.show(desk, FATIMA.id)
    assert (view.first_name, view.last_name, view.language) == ("Fatima", "El Amrani", "nl")
    assert not view.subscribed
    (welcome,) = await notices(desk)
    assert (welcome.kind, welcome.recipient) == ("welcome", "1001")
    assert welcome.priority == Priority.ANSWER


async def test_a_language_that_we_do_not_speak_falls_back(desk: Desk) -> None:
    await followers.start(update(desk), Sender(5, "Olga", None, "uk"), None)
    await followers.start(update(desk), Sender(6, "Nobody"), None)
    assert (await followers.show(desk, 5)).language == "en"
    assert (await followers.show(desk, 6)).language == "en"


async def test_names_and_language_follow_telegram(desk: Desk) -> None:
    await followers.start(update(desk), FATIMA, None)
    await followers.help(update(desk), replace(FATIMA, first_name="Fati", language_code="en"))
    view = await followers.show(desk, FATIMA.id)
    assert (view.first_name, view.language) == ("Fati", "en")


async def test_a_chosen_language_stays(desk: Desk) -> None:
    await followers.choose_language(update(desk), FATIMA, None)
    await followers.choose_language(update(desk), FATIMA, "en")
    await followers.help(update(desk), FATIMA)
    assert (await followers.show(desk, FATIMA.id)).language == "en"
    assert await kinds(desk, FATIMA.id) == ["language.ask", "language.chosen", "help"]


async def test_an_unknown_language_asks_again(desk: Desk) -> None:
    await followers.choose_language(update(desk), FATIMA, "xx")
    assert await kinds(desk, FATIMA.id) == ["language.ask"]


async def test_start_twice_does_no_harm(desk: Desk) -> None:
    await followers.start(update(desk), FATIMA, None)
    await followers.subscribe(update(desk), FATIMA)
    await followers.start(update(desk), FATIMA, None)
    assert (await followers.show(desk, FATIMA.id)).subscribed
    assert await kinds(desk, FATIMA.id) == ["welcome", "subscribed", "welcome"]


async def test_stop_ends_the_subscription(desk: Desk) -> None:
    await followers.subscribe(update(desk), FATIMA)
    await followers.stop(update(desk), FATIMA)
    assert not (await followers.show(desk, FATIMA.id)).subscribed
    assert await kinds(desk, FATIMA.id) == ["subscribed", "stopped"]


async def test_an_update_that_comes_again_changes_nothing(desk: Desk) -> None:
    same = update(desk)
    await followers.subscribe(same, FATIMA)
    with pytest.raises(AlreadyHandled):
        await followers.stop(same, FATIMA)
    assert (await followers.show(desk, FATIMA.id)).subscribed


async def test_who_blocked_the_bot_is_reachable_again_by_writing(desk: Desk) -> None:
    await followers.subscribe(update(desk), FATIMA)
    await followers.unreachable(update(desk), FATIMA.id)
    await followers.unreachable(update(desk), 999)  # never seen: nothing to remember
    assert [f.reachable for f in await rows(desk, Follower)] == [False]
    await followers.start(update(desk), FATIMA, None)
    assert [f.reachable for f in await rows(desk, Follower)] == [True]


async def test_nobody_is_known_before_they_write(desk: Desk) -> None:
    with pytest.raises(NotThere):
        await followers.show(desk, 999)


async def test_text_out_of_the_blue_gets_a_hint(desk: Desk) -> None:
    await followers.text_received(update(desk), FATIMA, 7, "Hello?")
    assert await kinds(desk, FATIMA.id) == ["hint"]


async def test_any_sentence_can_be_said(desk: Desk) -> None:
    await followers.say(update(desk), FATIMA, "It takes {n} days.", n=3)
    (notice,) = await notices(desk, "sorry")
    assert notice.payload == {"sentence": "It takes {n} days.", "values": {"n": 3}}


@pytest.mark.parametrize(
    ("ask", "kind"), [(followers.help, "help"), (followers.privacy, "privacy")]
)
async def test_questions_are_answered(
    desk: Desk, ask: Callable[[Desk, Sender], Awaitable[None]], kind: str
) -> None:
    await ask(update(desk), JAN)
    assert await kinds(desk, JAN.id) == [kind]


async def test_the_link_of_a_call_begins_its_story(desk: Desk) -> None:
    await followers.start(update(desk), FATIMA, "winter")
    assert await kinds(desk, FATIMA.id) == ["welcome", "story.prompt"]
    (story,) = await rows(desk, Story)
    (call,) = await rows(desk, Call)
    assert story.call_id == call.id


async def test_who_is_known_goes_straight_to_the_story(desk: Desk) -> None:
    await followers.help(update(desk), FATIMA)
    await followers.start(update(desk), FATIMA, "winter")
    assert await kinds(desk, FATIMA.id) == ["help", "story.prompt"]


@pytest.mark.parametrize("key", ["winter", "never_existed"])
async def test_a_closed_or_unknown_call_is_told_kindly(
    desk: Desk, clock: StandingClock, key: str
) -> None:
    def close_now(session: Session) -> None:
        call = session.exec(select(Call)).one()
        call.closes_at = clock()
        session.add(call)

    await desk.database.write(close_now)
    await followers.start(update(desk), FATIMA, key)
    assert await kinds(desk, FATIMA.id) == ["welcome", "sorry"]
    assert not await rows(desk, Story)


async def test_polls_are_sent_on_request(desk: Desk) -> None:
    await polls.open_ballots(update(desk), FATIMA)
    poll = await open_poll(desk)
    await polls.open_ballots(update(desk), FATIMA)
    await polls.open_ballots(update(desk), FATIMA)
    assert await kinds(desk, FATIMA.id) == ["poll.none", "poll.ballot", "poll.ballot"]
    assert (await notices(desk, "poll.ballot"))[0].payload == {
        "poll_id": poll.id,
        "asked": True,
    }
