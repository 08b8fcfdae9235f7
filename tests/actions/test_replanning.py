"""A new time with one press after its own was over; and opening again what was withdrawn."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import calendar, decisions, history, posts, publishing, reopening, replanning
from bot.actions import stories as stories_
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Notice, Revision
from tests.actions.audience import FATIMA, accept, submit, update
from tests.actions.test_posts import TOMORROW, approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

MONDAYS = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (9, 16, 23)]


@pytest.fixture
async def expired(desk: Desk, clock: StandingClock) -> PostView:
    post = await proposed(desk)
    await calendar.make_occurrences(desk)
    clock.now = TOMORROW
    await publishing.expire_due(desk)
    return await posts.show(desk, post.id)


async def replan(desk: Desk, post: PostView, at: datetime, by: str = PROPOSER) -> PostView:
    return await replanning.replan(desk, by, post.id, post.revision, at)


async def test_the_next_free_moments_are_offered(desk: Desk, expired: PostView) -> None:
    assert list(await replanning.new_times(desk, expired.id)) == MONDAYS
    await posts.propose(desk, PROPOSER, "other", draft(planned_at=MONDAYS[0]))
    offered = await replanning.new_times(desk, expired.id)
    assert offered[:2] == (MONDAYS[1], MONDAYS[2])
    assert len({moment.date() for moment in offered}) == 3


async def test_where_the_calendar_has_none_they_are_at_the_usual_time(
    desk: Desk, clock: StandingClock
) -> None:
    post = await proposed(desk, platform_keys=("instagram",))
    clock.now = TOMORROW
    assert await replanning.new_times(desk, post.id) == ()  # it has its time still
    await publishing.expire_due(desk)
    wednesday = datetime(2026, 3, 4, 9, tzinfo=UTC)
    days = [wednesday + timedelta(days=n) for n in range(3)]
    assert list(await replanning.new_times(desk, post.id)) == days


async def test_one_press_plans_it_anew(desk: Desk, expired: PostView) -> None:
    post = await replan(desk, expired, MONDAYS[0])
    assert (post.status, post.revision) == (PostStatus.PROPOSED, 2)
    assert (post.text, post.planned_at) == (expired.text, MONDAYS[0])
    assert post.placements[0].deciders == (OWNER,)
    step = (await history.show(desk, post.id)).steps[-1]
    assert (step.what, step.planned_at, step.asks) == ("replan", MONDAYS[0], (OWNER,))
    assert (await approve(desk, post)).status is PostStatus.APPROVED


async def test_a_double_tap_is_one_and_a_second_time_is_told(desk: Desk, expired: PostView) -> None:
    await asyncio.gather(replan(desk, expired, MONDAYS[0]), replan(desk, expired, MONDAYS[0]))
    assert len(await rows(desk, Revision)) == 2
    with pytest.raises(Refusal, match="another time already") as told:
        await replan(desk, expired, MONDAYS[1])
    assert told.value.values["planned"] == MONDAYS[0]


async def test_a_button_that_is_too_old(
    desk: Desk, expired: PostView, clock: StandingClock
) -> None:
    clock.now = MONDAYS[0]
    with pytest.raises(Refusal, match="over by now"):
        await replan(desk, expired, MONDAYS[0])
    edited = await posts.edit(desk, OWNER, expired.id, 1, draft(planned_at=MONDAYS[1]))
    clock.now = MONDAYS[1]
    await publishing.expire_due(desk)
    with pytest.raises(Refusal, match="changed meanwhile"):
        await replan(desk, expired, MONDAYS[2])
    assert (await replan(desk, edited, MONDAYS[2])).planned_at == MONDAYS[2]


async def test_who_may_edit_may_replan(desk: Desk, expired: PostView) -> None:
    with pytest.raises(Refusal, match="can edit this"):
        await replan(desk, expired, MONDAYS[0], "U08STRANGER")
    assert (await replan(desk, expired, MONDAYS[0], OTHER_OWNER)).revision == 2


async def test_what_was_withdrawn_since_is_not_planned(desk: Desk, expired: PostView) -> None:
    await posts.withdraw(desk, PROPOSER, expired.id)
    assert await replanning.new_times(desk, expired.id) == ()
    with pytest.raises(Refusal, match="Where this post stands now"):
        await replan(desk, expired, MONDAYS[0])


async def test_an_approval_does_not_survive(desk: Desk, clock: StandingClock) -> None:
    both = await proposed(desk, platform_keys=("telegram", "instagram"))
    await approve(desk, both, OTHER_OWNER)  # for Instagram
    clock.now = TOMORROW
    await publishing.publish_due(desk)  # by hand: it is handed over
    await publishing.expire_due(desk)
    assert await replanning.new_times(desk, both.id) == ()  # a part of it is out
    with pytest.raises(Refusal):
        await replan(desk, both, MONDAYS[0])


async def reopen(desk: Desk, post: PostView, by: str = PROPOSER, text: str = "Anew") -> PostView:
    return await reopening.reopen(desk, by, post.id, post.revision, draft(text=text))


async def test_the_proposer_opens_it_again(desk: Desk) -> None:
    post = await approve(desk, await proposed(desk))
    await posts.withdraw(desk, PROPOSER, post.id)
    assert (await reopening.to_reopen(desk, PROPOSER, post.id)).text == post.text
    again = await reopen(desk, post)
    assert (again.status, again.revision, again.text) == (PostStatus.PROPOSED, 2, "Anew")
    assert again.placements[0].deciders == (OWNER,)
    step = (await history.show(desk, post.id)).steps[-1]
    assert (step.what, step.asks, step.taken_back) == ("reopen", (OWNER,), (OWNER,))
    assert (await approve(desk, again)).status is PostStatus.APPROVED


async def test_the_same_form_twice_reopens_once(desk: Desk) -> None:
    post = await proposed(desk)
    await posts.withdraw(desk, PROPOSER, post.id)
    await asyncio.gather(reopen(desk, post), reopen(desk, post))
    assert len(await rows(desk, Revision)) == 2
    with pytest.raises(Refusal, match="Where this post stands now"):
        await reopen(desk, post, text="Something else")


async def test_only_the_proposer_and_only_what_is_withdrawn(desk: Desk) -> None:
    post = await proposed(desk)
    for look in (reopening.to_reopen(desk, PROPOSER, post.id), reopen(desk, post)):
        with pytest.raises(Refusal, match="Where this post stands now"):
            await look
    await posts.withdraw(desk, PROPOSER, post.id)
    for by in (OWNER, "U08STRANGER"):
        with pytest.raises(Refusal, match="can open this again"):
            await reopening.to_reopen(desk, by, post.id)


async def test_what_was_rejected_stays_rejected(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    await decisions.decide(desk, OTHER_OWNER, post.id, 1, PostAction.REJECT, "Not there")
    await posts.withdraw(desk, PROPOSER, post.id)
    both = draft(platform_keys=("telegram", "instagram"))
    with pytest.raises(InvalidForm) as mistake:
        await reopening.reopen(desk, PROPOSER, post.id, 1, both)
    assert set(mistake.value.errors) == {"platforms"}
    again = await reopen(desk, post)
    assert [p.status for p in again.placements] == [
        PlacementStatus.PROPOSED,
        PlacementStatus.REJECTED,
    ]


async def test_a_form_of_before_is_not_taken_for_the_newest(desk: Desk) -> None:
    post = await proposed(desk)
    await posts.withdraw(desk, PROPOSER, post.id)
    await reopen(desk, post)
    await posts.withdraw(desk, PROPOSER, post.id)
    with pytest.raises(InvalidForm, match="text"):
        await reopen(desk, post, text="What I had typed before")


async def test_a_story_goes_another_way(desk: Desk) -> None:
    post = await accept(desk, await submit(desk))
    await posts.withdraw(desk, OWNER, post.id)
    with pytest.raises(Refusal, match="press Accept"):
        await reopening.to_reopen(desk, OWNER, post.id)
    await stories_.withdraw(update(desk), FATIMA, post.story_id or 0)
    with pytest.raises(Refusal, match="stays closed"):
        await reopening.to_reopen(desk, OWNER, post.id)
    assert await rows(desk, Notice, kind="story.confirm") == []
