"""Polls from the form in Slack to the answers in Telegram and back, over both wires."""

import csv
from collections.abc import AsyncIterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from sqlmodel import col, select

from bot.actions import polls
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Message, Person
from handlers.pictures.poll import draw
from storage.models import Poll, PollOption
from tests.conftest import MONDAY_MORNING, StandingClock
from tests.handlers.both_kit import Both, both

DRAW = draw  # Matplotlib takes seconds to come in, which no test should wait for

QUESTION = "What do we read in <spring> & summer?"
LONG = "Something that is far too long for a button on a phone"


@pytest.fixture
async def chats(desk: Desk) -> AsyncIterator[Both]:
    async with both(desk) as made:
        for person in (made.telegram.fatima, made.telegram.jan):
            person.send("/start")
            welcome = await person.hears(lambda message: bool(message.buttons()))
            await person.press(welcome, welcome.buttons()[0])
            person.join(made.telegram.channel)
        yield made


def fields(**more: Any) -> dict[str, Any]:
    return {
        "Question": QUESTION,
        "Options": "Fantasy\nThrillers\nPoetry",
        "Where": "In the channel and in private",
        "Closes": MONDAY_MORNING + timedelta(days=2),
        **{name.replace("_", " "): value for name, value in more.items()},
    }


async def opened(chats: Both, **more: Any) -> SlackMessage:
    anna, olga = chats.slack.anna, chats.slack.olga
    await anna.command("/social poll")
    assert await anna.submit(fields(**more)) is None
    await olga.press(await chats.slack.card("waiting for a decision"), "Approve")
    return await chats.slack.card("approved this")


async def ballot_of(person: Person) -> Message:
    return await person.hears(QUESTION)


async def in_channel(chats: Both) -> Message:
    (message,) = await chats.telegram.telegram.until(lambda: chats.telegram.channel.messages)
    await chats.telegram.until(lambda s: s.exec(select(Poll.native_id)).one())
    return message


async def counted(chats: Both, column: str, *expected: int) -> None:
    """Waits until the tally of that column is this."""

    def tally(session: Any) -> bool:
        rows = session.exec(select(PollOption).order_by(col(PollOption.position))).all()
        return [getattr(row, column) for row in rows] == list(expected)

    await chats.telegram.until(tally)


async def closed(chats: Both, card: SlackMessage) -> SlackMessage:
    await chats.slack.olga.press(card, "Close now")
    return await chats.slack.card("Make a post of the winner")


async def test_one_result_of_both_places_told_apart(chats: Both) -> None:
    card = await opened(chats, Target_group="Parents of young children")
    assert "Parents of young children" in card.seen_by(chats.slack.olga)
    message, ballot = await in_channel(chats), await ballot_of(chats.telegram.fatima)
    chats.telegram.fatima.vote(message, ["Thrillers"])
    chats.telegram.jan.vote(message, ["Fantasy"])
    await chats.telegram.fatima.press(ballot, "Fantasy")
    await counted(chats, "channel_votes", 1, 1, 0)
    await chats.slack.olga.press(card, "Close now")
    card = await chats.slack.card("Numbers as a file")
    shown = card.seen_by(chats.slack.olga)
    assert "Fantasy: 2 votes (67%) · channel 1, private 1" in shown
    assert "In the channel: 2 of 2 people (100%)" in shown
    assert "In private: one" not in shown
    assert "In private: 1 of 2 people (50%)" in shown
    assert "Who votes in both places counts twice." in shown
    chart = next(block for block in card.blocks if block["type"] == "image")
    assert chart["alt_text"].startswith(f"A bar chart of the poll “{QUESTION}”. Fantasy: 2 votes")
    result = await chats.telegram.fatima.hears("The poll is closed")
    assert "You chose: Fantasy." in result.text
    assert "Fantasy: 2 (67%)" in result.text


async def test_the_winner_becomes_a_proposal(chats: Both) -> None:
    card = await opened(chats, Target_group="Parents of young children")
    await chats.telegram.fatima.press(await ballot_of(chats.telegram.fatima), "Poetry")
    card = await closed(chats, card)
    await chats.slack.nora.press(card, "Make a post of the winner")
    form = await chats.slack.nora.sees_modal()
    (words,) = form.values()["text"].values()
    assert words["value"] == (
        f"We asked you: “{QUESTION}” One of you answered.\n\nMost chose: Poetry (100%)."
    )
    assert await chats.slack.nora.submit({"Platforms": ["Telegram"]}) is None
    post = await chats.slack.card("Most chose: Poetry")
    assert "Parents of young children" in post.seen_by(chats.slack.olga)


async def test_the_numbers_as_a_file_without_names(chats: Both) -> None:
    card = await opened(chats)
    await chats.telegram.fatima.press(await ballot_of(chats.telegram.fatima), "Poetry")
    card = await closed(chats, card)
    for _ in range(2):  # two taps are one file
        await chats.slack.anna.press(card, "Numbers as a file")
    await chats.slack.sent("poll.file")
    (file,) = [f for f in chats.slack.slack.space.files.values() if f.name.endswith(".csv")]
    text = file.content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["answer"], row["votes"]) for row in rows] == [
        ("Fantasy", "0"), ("Thrillers", "0"), ("Poetry", "1"),
    ]  # fmt: skip
    assert "Fatima" not in text
    assert str(chats.telegram.fatima.id) not in text


async def test_several_answers(chats: Both) -> None:
    card = await opened(chats, Each_person_gives="Several answers")
    message, fatima = await in_channel(chats), chats.telegram.fatima
    assert message.poll is not None
    assert message.poll.multiple
    chats.telegram.jan.vote(message, ["Fantasy", "Poetry"])
    ballot = await ballot_of(fatima)
    assert "Press every answer that you agree with." in ballot.text
    assert await fatima.press(ballot, "Fantasy") == (
        "Your answers: Fantasy. Press one again to take it back."
    )
    assert "Fantasy and Thrillers" in (await fatima.press(ballot, "Thrillers") or "")
    await chats.telegram.telegram.until(lambda: ballot.buttons()[1] == "✓ Thrillers")
    assert ballot.buttons() == ["✓ Fantasy", "✓ Thrillers", "Poetry"]
    assert await fatima.press(ballot, "✓ Fantasy") == (
        "Your answers: Thrillers. Press one again to take it back."
    )
    await counted(chats, "private_votes", 0, 1, 0)
    await counted(chats, "channel_votes", 1, 0, 1)
    shown = (await closed(chats, card)).seen_by(chats.slack.olga)
    assert "2 people took part" in shown
    assert "Fantasy: one vote (50%)" in shown


async def test_a_quiz_is_answered_once_and_explained(chats: Both) -> None:
    card = await opened(chats, Right_answer="2", Explanation="It was a Tuesday.")
    assert "✅ Thrillers" in card.seen_by(chats.slack.olga)
    assert "Quiz: the first answer counts" in card.seen_by(chats.slack.olga)
    message, fatima, jan = await in_channel(chats), chats.telegram.fatima, chats.telegram.jan
    assert message.poll is not None
    assert (message.poll.right, message.poll.explanation) == ([1], "It was a Tuesday.")
    assert not message.poll.revoting
    ballot = await ballot_of(fatima)
    assert "This is a quiz" in ballot.text
    answer = await fatima.press(ballot, "Poetry")
    assert answer == "The right answer is: Thrillers. It was a Tuesday."
    await chats.telegram.telegram.until(lambda: "✓ Poetry" in ballot.buttons())
    assert "Your answer: Poetry" in ballot.text
    assert "✅ Thrillers: 0 (0%)" in ballot.text
    assert await fatima.press(ballot, "Thrillers") == (
        "In a quiz your first answer counts, so this one changes nothing."
    )
    right = await jan.press(await ballot_of(jan), "Thrillers")
    assert right == "Dat klopt! It was a Tuesday."
    await counted(chats, "private_votes", 0, 1, 1)
    await closed(chats, card)
    result = await fatima.hears("The poll is closed")
    assert "The right answer is: Thrillers." in result.text
    assert "You chose: Poetry." in result.text


async def test_hidden_results_show_when_it_is_closed(chats: Both) -> None:
    card = await opened(chats, Besides=["Followers see the results when it is closed"])
    message, fatima = await in_channel(chats), chats.telegram.fatima
    assert message.poll is not None
    assert message.poll.hides_results
    ballot = await ballot_of(fatima)
    await fatima.press(ballot, "Fantasy")
    await chats.telegram.telegram.until(lambda: "✓ Fantasy" in ballot.buttons())
    assert "%" not in ballot.text
    assert "I send you the result when the poll is closed." in ballot.text
    await closed(chats, card)
    assert "Fantasy: 1 (100%)" in (await fatima.hears("The poll is closed")).text


async def test_not_anonymous_in_private_and_everybody_knows(chats: Both) -> None:
    card = await opened(
        chats,
        Where="In private, to followers who subscribed",
        Besides=["Not anonymous: we see who chose what (in private only)"],
    )
    ballot = await ballot_of(chats.telegram.fatima)
    assert "not anonymous: our team sees your name" in ballot.text
    await chats.telegram.fatima.press(ballot, "Fantasy")
    await chats.slack.olga.press(card, "Who chose what")
    window = await chats.slack.olga.sees_modal()
    assert "Fatima El Amrani" in window.seen_by(chats.slack.olga)
    await chats.slack.nora.press(card, "Who chose what")
    assert chats.slack.nora.modal is None
    assert len(chats.slack.nora.ephemerals) == 1


async def test_long_answers_stand_in_the_text_and_buttons_have_numbers(chats: Both) -> None:
    await opened(chats, Options=f"Fantasy\n{LONG}\nPoetry")
    fatima = chats.telegram.fatima
    ballot = await ballot_of(fatima)
    assert f"1. Fantasy\n2. {LONG}\n3. Poetry" in ballot.text
    assert ballot.buttons() == ["1", "2", "3"]
    assert LONG in (await fatima.press(ballot, "2") or "")
    await chats.telegram.telegram.until(lambda: ballot.buttons() == ["1", "✓ 2", "3"])
    assert f"2. {LONG}: 1 (100%)" in ballot.text


async def test_fifty_people_vote_change_and_take_back_half_of_it_while_the_bot_is_down(
    chats: Both,
) -> None:
    await opened(chats)
    telegram = chats.telegram
    crowd = [telegram.telegram.add_person(5000 + n, f"Reader {n}") for n in range(50)]
    for person in crowd:
        person.send("/polls")
    ballots = {person: await person.hears(QUESTION) for person in crowd}
    chosen = {person: ("Fantasy", "Thrillers", "Poetry")[n % 3] for n, person in enumerate(crowd)}
    for person in crowd[:25]:
        person.tap(ballots[person], chosen[person])
    await telegram.die()
    for person in crowd[25:]:
        person.tap(ballots[person], chosen[person])
    for person in crowd[::5]:  # these change their mind, one of them twice
        chosen[person] = "Poetry" if chosen[person] != "Poetry" else "Fantasy"
        person.tap(ballots[person], chosen[person])
    for person in crowd[3::10]:  # and these take it back
        person.tap(ballots[person], chosen.pop(person))
    await telegram.restart()
    expected = [
        sum(choice == option for choice in chosen.values())
        for option in ("Fantasy", "Thrillers", "Poetry")
    ]
    await counted(chats, "private_votes", *expected)
    (poll_id,) = await telegram.read(lambda s: s.exec(select(Poll.id)).all())
    poll = await polls.show(telegram.desk, poll_id or 0)
    assert poll.private_people == len(chosen) == poll.votes


async def test_it_closes_once_also_when_the_bot_was_down_at_that_moment(
    chats: Both, clock: StandingClock
) -> None:
    await opened(chats)
    message, fatima = await in_channel(chats), chats.telegram.fatima
    await fatima.press(await ballot_of(fatima), "Fantasy")
    await chats.telegram.die()
    clock.move(timedelta(days=5))
    await chats.telegram.restart()
    for _ in range(3):
        await polls.close_due(chats.telegram.desk)
    await fatima.hears("The poll is closed")
    await chats.slack.card("Closed on time")
    assert message.poll is not None
    assert message.poll.closed
    calls = [call.method for call in chats.telegram.telegram.calls]
    assert calls.count("stopPoll") == 1
    assert len(await chats.telegram.notices("poll.result")) == 1


async def test_a_late_press_with_a_new_update_id_undoes_nothing(chats: Both) -> None:
    await opened(chats)
    telegram, fatima = chats.telegram, chats.telegram.fatima
    ballot = await ballot_of(fatima)
    telegram.telegram.faults.add("answerCallbackQuery", status=502)
    telegram.telegram.callback_redelivery = 0.05
    fatima.tap(ballot, "Fantasy")
    await counted(chats, "private_votes", 1, 0, 0)
    await fatima.press(ballot, "Poetry")
    await counted(chats, "private_votes", 0, 0, 1)
    await telegram.telegram.until(
        lambda: sum(c.method == "answerCallbackQuery" for c in telegram.telegram.calls) >= 3
    )
    await counted(chats, "private_votes", 0, 0, 1)
