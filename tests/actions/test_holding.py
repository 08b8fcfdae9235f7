"""Holding: whoever decides waits until a moment, with a reason; then it comes back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import absences, decisions, history, holding, home, posts, publishing
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import AuditEntry, Decision, Notice
from tests.actions.test_deciding import THIRD, policy
from tests.actions.test_posts import TOMORROW, approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

UNTIL = TOMORROW - timedelta(hours=5)


async def hold(desk: Desk, post: PostView, by: str = OWNER, until: Any = UNTIL) -> PostView:
    return await holding.hold(desk, by, post.id, post.revision, until, "First the news")


async def waiting(desk: Desk, who: str = OWNER) -> int:
    return len((await home.show(desk, who)).waiting.shown)


async def told(desk: Desk, kind: str = "post.resumed") -> list[str]:
    return [notice.recipient for notice in await rows(desk, Notice, kind=kind)]


async def test_it_waits_until_then_and_comes_back(desk: Desk, clock: StandingClock) -> None:
    post = await hold(desk, await proposed(desk))
    placement = post.placements[0]
    assert post.status is PostStatus.PROPOSED
    assert (placement.held_until, placement.held_by) == (UNTIL, OWNER)
    assert post.decisions[-1].verdict == "hold"
    (outcome,) = await rows(desk, Notice, kind="post.outcome")
    assert (outcome.recipient, outcome.payload["event"]) == (PROPOSER, "held")
    assert outcome.payload["reason"] == "First the news"
    assert await waiting(desk) == 0
    clock.now = UNTIL - timedelta(seconds=1)
    assert await holding.end_due(desk) == 0
    clock.now = UNTIL
    assert await holding.end_due(desk) == 1
    assert await holding.end_due(desk) == 0
    assert await told(desk) == [OWNER]
    assert await waiting(desk) == 1
    assert (await posts.show(desk, post.id)).placements[0].held_until is None
    steps = (await history.show(desk, post.id)).steps
    assert [(step.what, step.by) for step in steps[1:]] == [("hold", OWNER), ("resume", None)]
    assert (steps[1].until, steps[1].reason) == (UNTIL, "First the news")
    assert steps[1].platforms == ("Telegram",)


@pytest.mark.parametrize(
    ("until", "reason", "fields"),
    [
        (UNTIL, " ", {"reason"}),
        (TOMORROW, "Later", {"until"}),
        (TOMORROW + timedelta(hours=1), "", {"until", "reason"}),
        (TOMORROW - timedelta(days=9), "Later", {"until"}),
    ],
)
async def test_a_form_that_is_not_right(
    desk: Desk, until: Any, reason: str, fields: set[str]
) -> None:
    post = await proposed(desk)
    with pytest.raises(InvalidForm) as mistake:
        await holding.hold(desk, OWNER, post.id, 1, until, reason)
    assert set(mistake.value.errors) == fields
    assert await rows(desk, Decision) == []


async def test_the_same_form_twice_is_one_hold_another_moment_is_another(desk: Desk) -> None:
    post = await proposed(desk)
    await asyncio.gather(hold(desk, post), hold(desk, post))
    assert len(await rows(desk, Decision)) == 1
    await hold(desk, post, until=UNTIL - timedelta(hours=1))
    assert len(await rows(desk, Decision)) == 2
    assert len(await told(desk, "post.outcome")) == 2


async def test_any_decision_and_any_edit_end_it(desk: Desk, clock: StandingClock) -> None:
    for n, verdict in enumerate((PostAction.APPROVE, PostAction.REQUEST_CHANGES)):
        post = await posts.propose(desk, PROPOSER, f"form {n}", draft())
        await hold(desk, post)
        decided = await decisions.decide(desk, OWNER, post.id, 1, verdict, "Well")
        assert decided.placements[0].held_until is None
    post = await hold(desk, await proposed(desk))
    edited = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better"))
    assert edited.placements[0].held_until is None
    clock.now = UNTIL
    assert await holding.end_due(desk) == 0


async def test_what_is_withdrawn_does_not_come_back(desk: Desk, clock: StandingClock) -> None:
    post = await hold(desk, await proposed(desk))
    assert (await posts.withdraw(desk, PROPOSER, post.id)).placements[0].held_until is None
    clock.now = UNTIL
    assert await holding.end_due(desk) == 0
    assert await told(desk) == []


async def test_without_a_date_it_can_be_held_too(desk: Desk, clock: StandingClock) -> None:
    post = await hold(desk, await proposed(desk, planned_at=None), until=TOMORROW)
    assert await waiting(desk) == 0
    clock.now = TOMORROW + timedelta(days=3)  # a long sleep
    await publishing.expire_due(desk)
    assert await holding.end_due(desk) == 1
    assert await told(desk) == [OWNER]
    assert (await posts.show(desk, post.id)).status is PostStatus.PROPOSED


async def test_after_a_sleep_that_was_too_long_nobody_is_asked(
    desk: Desk, clock: StandingClock
) -> None:
    await hold(desk, await proposed(desk))
    clock.now = TOMORROW + timedelta(hours=1)
    await holding.end_due(desk)
    assert await told(desk) == []


async def test_only_who_decides_holds_and_not_an_old_version(desk: Desk) -> None:
    post = await proposed(desk)
    for by in (PROPOSER, OTHER_OWNER, "U08STRANGER"):
        with pytest.raises(Refusal):
            await hold(desk, post, by)
    await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better"))
    with pytest.raises(Refusal, match="changed meanwhile"):
        await hold(desk, post)
    audited = [e.action for e in await rows(desk, AuditEntry, actor=f"slack:{OWNER}")]
    assert audited == ["hold refused"]


async def test_everybody_who_decides_hears_that_it_is_over(
    desk: Desk, clock: StandingClock
) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk), THIRD)
    await hold(desk, post)
    clock.now = UNTIL
    await holding.end_due(desk)
    assert await told(desk) == [OWNER]  # who approved already has nothing to do
    assert (await approve(desk, post)).status is PostStatus.APPROVED


async def test_who_approved_and_then_wants_to_wait_takes_the_approval_back(
    desk: Desk, clock: StandingClock
) -> None:
    """Else the other's yes would send out what they have doubts about."""
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals="all")
    post = await hold(desk, await approve(desk, await proposed(desk), OWNER))
    assert post.placements[0].missing == 2
    assert await waiting(desk, OWNER) == 0
    step = (await history.show(desk, post.id)).steps[-1]
    assert (step.what, step.taken_back) == ("hold", (OWNER,))
    assert (await approve(desk, post, THIRD)).status is PostStatus.PROPOSED
    assert await waiting(desk, OWNER) == 1
    assert (await approve(desk, post, OWNER)).status is PostStatus.APPROVED


async def test_after_it_who_held_what_they_had_approved_is_asked_again(
    desk: Desk, clock: StandingClock
) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals=2)
    await hold(desk, await approve(desk, await proposed(desk), OWNER))
    clock.now = UNTIL
    await holding.end_due(desk)
    assert await told(desk) == [OWNER, THIRD]


async def test_an_absence_approves_nothing_that_is_held(desk: Desk, clock: StandingClock) -> None:
    """It is complete without who is away; but somebody wanted to wait, so it waits."""
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals="all")
    post = await approve(desk, await proposed(desk), THIRD)
    await hold(desk, post)
    await absences.name(desk, OWNER, clock.now.date(), clock.now.date() + timedelta(days=2))
    assert (await posts.show(desk, post.id)).status is PostStatus.PROPOSED
    clock.now = UNTIL
    await holding.end_due(desk)
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED
