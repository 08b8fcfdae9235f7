"""Sending to Slack when things go wrong: nothing lost, nothing twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.actions import posts
from bot.actions.receipts import CARDS
from bot.actions.transaction import Desk
from bot.rules.delivery import NoticeStatus
from bot.sandbox.slack.faults import Cut
from handlers.slack.outgoing import SENDERS
from storage.models import Notice
from tests.conftest import StandingClock
from tests.factories import PROPOSER
from tests.handlers.slack_kit import A_TEXT, FRIDAY, REVIEW, House, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


@dataclass(frozen=True)
class Trouble:
    cut: Cut | None = None
    status: int | None = None


TROUBLES = (Trouble(cut="after"), Trouble(cut="before"), Trouble(status=500))


async def propose(slack: House) -> None:
    """Without its form, so that the card is the first thing that is sent."""
    draft = posts.Proposal(
        text=A_TEXT,
        platform_keys=("telegram",),
        pillar_key=None,
        target_group_key=None,
        planned_at=FRIDAY,
    )
    await posts.propose(slack.desk, PROPOSER, "form-1", draft)


async def try_again(slack: House, clock: StandingClock) -> Notice:
    """What was put off comes due; the notice as it was then."""
    notice = await slack.put_off("post.card")
    clock.move(timedelta(minutes=1))
    slack.outbox.wake()
    return notice


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_card_that_may_have_arrived_stands_there_once(
    slack: House, clock: StandingClock, trouble: Trouble
) -> None:
    slack.slack.faults.add("chat.postMessage", cut=trouble.cut, status=trouble.status)
    await propose(slack)
    assert (await try_again(slack, clock)).doubtful
    card = await slack.card("New in the library")
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    assert len(slack.slack.channel_messages(REVIEW)) == 1


async def test_a_busy_slack_is_obeyed(slack: House, clock: StandingClock) -> None:
    slack.slack.faults.add("chat.postMessage", status=429, retry_after=7)
    await propose(slack)
    notice = await slack.put_off("post.card")
    assert not notice.doubtful
    assert notice.due_at == clock.now + timedelta(seconds=7)
    await try_again(slack, clock)
    await slack.card("New in the library")


async def test_a_deleted_card_is_posted_anew(slack: House) -> None:
    card = await slack.proposed()
    slack.slack.space.remove(card)
    await slack.anna.press(card, "Withdraw")
    new = await slack.card("withdrawn")
    assert new.ts != card.ts


async def test_what_slack_never_takes_is_shown_to_an_admin(slack: House) -> None:
    slack.slack.faults.add("chat.postMessage", error="is_archived")
    await propose(slack)
    told = await slack.admin.sees("I could not deliver the card of a post")
    assert "is_archived" in told.seen_by(slack.admin)
    (notice,) = await slack.notices("post.card")
    assert notice.status == NoticeStatus.FAILED


async def test_every_kind_of_notice_has_a_sender() -> None:
    assert SENDERS.keys() >= CARDS
