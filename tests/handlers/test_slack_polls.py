"""Polls in Slack: proposed, decided, closed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

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


SEVERAL = {"Each person gives": "Several answers"}
NAMED = "Not anonymous: we see who chose what (in private only)"
HIDDEN = "Followers see the results when it is closed"


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({**SEVERAL, "Right answer": "Fantasy"}, "Each person gives", "one right answer"),
        ({"Right answer": "Comics"}, "Right answer", "none of the answers above"),
        ({"Right answer": "4"}, "Right answer", "none of the answers above"),
        ({"Explanation": "So it is."}, "Explanation", "belongs to the right answer"),
        ({"Right answer": "1", "Explanation": "x" * 201}, "Explanation", "200 characters at most"),
        ({"Right answer": "1", "Explanation": "a\nb\nc\nd"}, "Explanation", "3 lines at most"),
        ({"Besides": [NAMED]}, "Besides", "anonymous polls only"),
        ({"Right answer": "1", "Besides": [HIDDEN]}, "Besides", "cannot wait"),
    ],
)
async def test_what_does_not_go_together_is_refused_at_its_field(
    slack: House, fields: dict[str, Any], where: str, why: str
) -> None:
    await slack.anna.command("/social poll")
    errors = await slack.anna.submit(
        {"Question": QUESTION, "Options": "Fantasy\nThrillers\nPoetry", **fields}
    )
    assert errors is not None
    assert list(errors) == [where]
    assert why in errors[where]
    await slack.anna.press(await slack.anna.sees_modal(), "Preview")
    preview = await slack.anna.sees_modal()
    assert errors[where] in preview.seen_by(slack.anna)  # the preview says it, too


async def test_a_preview_shows_both_places_and_the_form_stays(slack: House) -> None:
    await slack.anna.command("/social poll")
    form = await slack.anna.sees_modal()
    await slack.anna.fill(
        {"Question": QUESTION, "Options": f"Fantasy\n{'Long ' * 10}", "Right answer": "1"}
    )
    await slack.anna.press(form, "Preview")
    shown = (await slack.anna.sees_modal()).seen_by(slack.anna)
    for words in (QUESTION, "In the channel", "○ Fantasy", "In private", "[ 1 ] [ 2 ]", "Quiz"):
        assert words in shown
    assert "⚠️" not in shown
    await slack.anna.close()
    assert await slack.anna.submit({}) is None
    await slack.card("✅ Fantasy")


async def test_a_poll_serves_a_goal_and_a_post(slack: House) -> None:
    await slack.proposed()
    await slack.anna.command("/social poll")
    form = await slack.anna.sees_modal()
    assert form.options("For the post") == ["New in the library: 40 board games"]
    fields = {
        "Question": QUESTION,
        "Options": "A\nB",
        "For the post": form.options("For the post")[0],
    }
    assert await slack.anna.submit(fields) is None
    card = await slack.card("For the post")
    assert "40 board games" in card.seen_by(slack.olga)


async def test_a_double_tap_on_the_form_is_one_poll(slack: House) -> None:
    await proposed(slack)
    cards = slack.slack.channel_messages("C01REVIEW")
    assert len(cards) == 1


async def test_what_is_not_closed_has_no_file(slack: House) -> None:
    card = await proposed(slack)
    await slack.olga.press(card, "Approve")
    card = await slack.card("approved this")
    assert card.buttons() == ["Close now"]
