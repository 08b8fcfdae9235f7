"""Polls in Slack: proposed, decided, closed."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions.transaction import Desk
from bot.sandbox.slack import Message
from tests.conftest import MONDAY_MORNING
from tests.handlers.slack_kit import House, house

QUESTION = "What do you read in <winter> & *spring*?"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def proposed(slack: House) -> Message:
    await slack.anna.command("/social poll")
    labels = (await slack.anna.sees_modal()).labels()
    assert labels[:4] == ["Question", "Options", "Where", "Closes"]
    fields = {
        "Question": QUESTION,
        "Options": "Fantasy\n\nThrillers\n Poetry ",
        "Where": "In the channel",
        "Closes": MONDAY_MORNING + timedelta(days=2),
    }
    assert await slack.anna.submit(fields) is None
    return await slack.card("Poetry")


async def test_a_poll_is_proposed_approved_and_closed(slack: House) -> None:
    card = await proposed(slack)
    assert QUESTION in card.seen_by(slack.olga)
    assert card.buttons() == ["Approve", "Reject"]
    assert "Your poll is with" in slack.anna.direct_messages()[0].seen_by(slack.anna)
    await slack.olga.press(card, "Approve")
    card = await slack.card("@Olga Jansen approved this")
    assert "Fantasy: 0 votes (0%)" in card.seen_by(slack.olga)
    assert QUESTION in (await slack.anna.sees("approved your poll")).seen_by(slack.anna)
    await slack.olga.press(card, "Close now")
    card = await slack.card("@Olga Jansen closed this")
    assert card.buttons() == []


async def test_mistakes_stand_at_their_fields(slack: House) -> None:
    await slack.anna.command("/social poll")
    errors = await slack.anna.submit(
        {"Question": " ", "Options": "One", "Closes": MONDAY_MORNING - timedelta(days=1)}
    )
    assert errors == {
        "Question": "Write the question here.",
        "Options": "Give 2 to 12 answers, one on each line.",
        "Closes": "Leave people time: at least five minutes from now.",
    }


async def test_a_poll_is_rejected_with_a_reason(slack: House) -> None:
    card = await proposed(slack)
    await slack.olga.press(card, "Reject")
    assert await slack.olga.submit({"Reason": "We asked this in May"}) is None
    assert "We asked this in May" in (await slack.card("rejected")).seen_by(slack.olga)
    told = await slack.anna.sees("rejected your poll")
    assert "We asked this in May" in told.seen_by(slack.anna)


async def test_only_who_is_responsible_for_telegram_decides(slack: House) -> None:
    card = await proposed(slack)
    await slack.nora.press(card, "Approve")
    assert len(slack.nora.ephemerals) == 1
    assert "approve refused" in await slack.audited()
    assert "waiting for a decision" in (await slack.card()).seen_by(slack.olga)
