"""Approving with an edit, and giving a date to what has none: in one transaction."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import approving, decisions, history, posts, publishing
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.changes import Kept
from bot.rules.posts import APPROVED_BY_YOU, PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import AuditEntry, Decision, Notice, Placement, Revision
from tests.actions.audience import DECIDER, FATIMA, accept, await_follower, notices, submit
from tests.actions.test_deciding import EXPERT, THIRD, events, policy, topic
from tests.actions.test_posts import TOMORROW, approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

BETTER = "Our book of this week"


async def with_edit(
    desk: Desk, post: PostView, text: str = BETTER, by: str = OWNER, **texts: str
) -> PostView:
    return await approving.approve_edited(desk, by, post.id, post.revision, text, texts)


async def plan(desk: Desk, post: PostView, by: str = OWNER, at: Any = TOMORROW) -> PostView:
    return await decisions.decide(
        desk, by, post.id, post.revision, PostAction.APPROVE, planned_at=at
    )


async def test_the_edit_and_the_approval_are_one(desk: Desk) -> None:
    post = await with_edit(desk, await proposed(desk))
    assert (post.status, post.revision, post.text) == (PostStatus.APPROVED, 2, BETTER)
    assert post.why == "Spring is coming"
    (decision,) = post.decisions
    assert (decision.verdict, decision.revision, decision.by) == ("approve", 2, OWNER)
    assert await events(desk) == ["approved_edited"]
    step = (await history.show(desk, post.id)).steps[-1]
    assert (step.what, step.by, step.platforms) == ("approve_edited", OWNER, ("Telegram",))
    assert {p.text.strip() for p in step.changes if p.kept is Kept.NEW} == {"this"}
    assert step.asks == ()
    assert [n.kind for n in await rows(desk, Notice, recipient="C01REVIEW")].count("post.thread")


async def test_nothing_changed_is_a_plain_approval(desk: Desk) -> None:
    post = await proposed(desk)
    approved = await with_edit(desk, post, post.text)
    assert (approved.status, approved.revision) == (PostStatus.APPROVED, 1)
    assert await events(desk) == ["approved"]


async def test_a_platforms_own_text_is_edited_alone(desk: Desk) -> None:
    both = await proposed(
        desk, platform_keys=("telegram", "instagram"), texts={"instagram": "A book #read"}
    )
    post = await with_edit(desk, both, both.text, instagram="A book #reading")
    texts = {placement.platform_key: placement.text for placement in post.placements}
    assert texts == {"telegram": both.text, "instagram": "A book #reading"}
    statuses = {p.platform_key: p.status for p in post.placements}
    assert statuses == {
        "telegram": PlacementStatus.APPROVED,
        "instagram": PlacementStatus.PROPOSED,  # its own owner is asked
    }
    again = await with_edit(desk, post, post.text, by=OTHER_OWNER, instagram=" ")
    assert {placement.text for placement in again.placements} == {both.text}
    # The text for Telegram stayed, but a revision is one: its approval is asked again.
    step = (await history.show(desk, post.id)).steps[-1]
    assert step.taken_back == (OWNER,)
    assert step.asks == (OWNER,)


async def test_others_who_approved_are_asked_again(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk), THIRD)
    edited = await with_edit(desk, post)
    assert edited.status is PostStatus.PROPOSED
    assert edited.placements[0].approved_by == (OWNER,)
    assert edited.placements[0].deciders == (THIRD,)
    assert await events(desk) == ["approval", "approval_edited"]
    step = (await history.show(desk, post.id)).steps[-1]
    assert (step.taken_back, step.asks) == ((THIRD,), (THIRD,))
    with pytest.raises(Refusal, match=APPROVED_BY_YOU[:20]):
        await with_edit(desk, edited, "Once more")
    assert (await approve(desk, edited, THIRD)).status is PostStatus.APPROVED


async def test_words_that_are_sensitive_ask_the_topics_owner(desk: Desk) -> None:
    await topic(desk)
    post = await with_edit(desk, await proposed(desk), "Our book about war")
    assert post.status is PostStatus.PROPOSED
    assert post.placements[0].deciders == (EXPERT,)


async def test_the_same_form_twice_is_one(desk: Desk) -> None:
    post = await proposed(desk)
    await asyncio.gather(with_edit(desk, post), with_edit(desk, post))
    assert len(await rows(desk, Decision)) == 1
    assert len(await rows(desk, Revision)) == 2
    assert await events(desk) == ["approved_edited"]


async def test_an_old_card_and_who_may_not(desk: Desk) -> None:
    post = await proposed(desk)
    for by in (PROPOSER, OTHER_OWNER):
        with pytest.raises(Refusal):
            await with_edit(desk, post, by=by)
    await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Mine is better"))
    with pytest.raises(Refusal, match="changed meanwhile"):
        await with_edit(desk, post)
    assert (await posts.show(desk, post.id)).text == "Mine is better"
    audited = [e.action for e in await rows(desk, AuditEntry, actor=f"slack:{OWNER}")]
    assert audited == ["approve_edited refused"]


@pytest.mark.parametrize(("text", "field"), [(" ", "text"), ("x" * 5000, "text")])
async def test_a_text_that_does_not_fit(desk: Desk, text: str, field: str) -> None:
    post = await proposed(desk)
    with pytest.raises(InvalidForm) as mistake:
        await with_edit(desk, post, text)
    assert set(mistake.value.errors) == {field}
    assert (await posts.show(desk, post.id)).revision == 1


async def test_a_text_of_which_a_part_is_out_stays_as_it_is(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))

    def publish(session: Session) -> None:
        placement = session.get_one(Placement, post.placements[1].id)
        placement.status = PlacementStatus.PUBLISHED

    await desk.database.write(publish)
    with pytest.raises(Refusal, match="on its way already"):
        await approving.may_approve_edited(desk, OWNER, post.id, 1)
    with pytest.raises(Refusal, match="on its way already"):
        await with_edit(desk, post)
    assert (await approve(desk, post)).revision == 1


async def test_a_followers_story_is_read_by_the_follower_again(desk: Desk) -> None:
    post = await await_follower(desk, await submit(desk))
    edited = await posts.edit(desk, OWNER, post.id, 1, draft(text="Fatima reads", story_id=1))
    agreed = await with_edit(desk, edited, "Fatima reads a lot", by=DECIDER)
    assert agreed.status is PostStatus.AWAITING_FOLLOWER
    asked = [n.payload["revision"] for n in await notices(desk, "story.confirm", to=FATIMA.id)]
    assert asked == [1, 3]


async def test_a_story_that_only_its_proposer_read_is_not_theirs_to_approve(desk: Desk) -> None:
    post = await accept(desk, await submit(desk))
    with pytest.raises(Refusal):
        await with_edit(desk, post, by=OWNER)


async def test_what_has_no_date_waits_for_one(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk, planned_at=None)
    clock.move(timedelta(days=400))
    await publishing.expire_due(desk)
    with pytest.raises(Refusal, match="no date yet"):
        await approve(desk, post)
    with pytest.raises(Refusal, match="no date yet"):
        await with_edit(desk, post)
    with pytest.raises(InvalidForm) as mistake:
        await plan(desk, post)
    assert set(mistake.value.errors) == {"when"}
    at = clock.now + timedelta(days=2)
    planned = await plan(desk, post, at=at)
    assert (planned.status, planned.revision, planned.planned_at) == (PostStatus.APPROVED, 1, at)
    (outcome,) = await rows(desk, Notice, kind="post.outcome")
    assert outcome.payload["planned_at"] == at.isoformat()
    assert (await history.show(desk, post.id)).steps[-1].planned_at == at
    clock.now = at
    assert await publishing.publish_due(desk) == 1


async def test_the_first_ones_date_stands(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[], approvals=2)
    post = await proposed(desk, planned_at=None)
    first = await plan(desk, post)
    assert (first.status, first.planned_at) == (PostStatus.PROPOSED, TOMORROW)
    with pytest.raises(InvalidForm) as mistake:
        await plan(desk, post, THIRD, TOMORROW + timedelta(days=1))
    assert set(mistake.value.errors) == {"when"}
    second = await plan(desk, post, THIRD)  # the same date, by chance
    assert (second.status, second.planned_at) == (PostStatus.APPROVED, TOMORROW)


async def test_an_edit_can_bring_the_date_along(desk: Desk) -> None:
    post = await proposed(desk, planned_at=None)
    approved = await approving.approve_edited(desk, OWNER, post.id, 1, BETTER, {}, TOMORROW)
    assert (approved.status, approved.planned_at) == (PostStatus.APPROVED, TOMORROW)
    assert (await history.show(desk, post.id)).steps[-1].planned_at == TOMORROW


async def test_without_a_date_everything_else_works(desk: Desk) -> None:
    post = await proposed(desk, planned_at=None)
    asked = await decisions.decide(
        desk, OWNER, post.id, 1, PostAction.REQUEST_CHANGES, "Which book?"
    )
    assert asked.status is PostStatus.CHANGES_REQUESTED
    edited = await posts.edit(desk, PROPOSER, post.id, 1, draft(planned_at=None, text="This one"))
    assert edited.planned_at is None
    rejected = await decisions.decide(desk, OWNER, post.id, 2, PostAction.REJECT, "We had it")
    assert rejected.status is PostStatus.REJECTED
