"""Proposing a post in Slack, and what becomes of it, through the real Bolt and sockets."""

from collections.abc import AsyncIterator

import pytest

from bot.actions.transaction import Desk
from tests.handlers.slack_kit import House, a_proposal, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def test_a_proposal_becomes_a_card_and_its_proposer_is_thanked(slack: House) -> None:
    card = await slack.proposed()
    seen = card.seen_by(slack.olga)
    for words in (
        "@Anna de Vries proposes a post for Telegram",
        "New in the library: 40 board games",
        "Parents of young children",
        "People ask for them",
        "waiting for a decision",
    ):
        assert words in seen
    assert card.buttons() == ["Approve", "Request changes", "Reject", "Edit", "Withdraw"]
    assert "Thank you!" in slack.anna.direct_messages()[0].seen_by(slack.anna)


async def test_an_owner_approves_and_everybody_sees_it(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    card = await slack.card("@Olga Jansen approved this for Telegram")
    assert card.buttons() == ["Edit", "Withdraw"]
    told = await slack.anna.sees("@Olga Jansen approved your proposal")
    assert "New in the library" in told.seen_by(slack.anna)
