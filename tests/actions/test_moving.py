"""Moving: what stays decided, what follows it, and what the calendar offers for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.actions import calendar, calendar_views, holding, moving, posts, publishing, stories
from bot.actions.move_warnings import Crowded, Near, TakesBack
from bot.actions.moving import Outcome, Wish
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Notice, Reminder
from tests.actions.audience import FATIMA, await_follower, submit, update
from tests.actions.test_posts import TOMORROW, approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

S = PlacementStatus
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
LATER = TOMORROW + timedelta(days=2)


def wish(post: PostView, at: datetime, *told: Any, **also: Any) -> Wish:
    seen = {placement.id: placement.planned_at for placement in post.placements}
    return Wish(at, post.revision, seen, told=frozenset(each.key for each in told), **also)


async def move(desk: Desk, post: PostView, at: datetime, by: str = OWNER, *told: Any) -> Outcome:
    return await moving.move(desk, by, post.id, wish(post, at, *told))


async def heard(desk: Desk, post: PostView) -> list[str]:
    notices = await rows(desk, Notice, kind="post.moved")
    return sorted({n.recipient for n in notices if n.payload["post_id"] == post.id})


async def test_who_could_approve_it_moves_the_time_alone(desk: Desk) -> None:
    post = await approve(desk, await proposed(desk))
    moved = (await move(desk, post, LATER)).post
    assert (moved.status, moved.revision, moved.planned_at) == (PostStatus.APPROVED, 1, LATER)
    assert await heard(desk, post) == [PROPOSER]


async def test_the_proposer_is_told_first_what_it_takes_back(desk: Desk) -> None:
    post = await approve(desk, await proposed(desk))
    outcome = await move(desk, post, LATER, PROPOSER)
    assert outcome.unread == (TakesBack((OWNER,)),)
    assert outcome.post.planned_at == TOMORROW
    moved = (await move(desk, post, LATER, PROPOSER, *outcome.unread)).post
    assert (moved.status, moved.revision, moved.planned_at) == (PostStatus.PROPOSED, 2, LATER)
    assert moved.text == post.text
    assert await heard(desk, post) == [OWNER]


async def test_an_owner_who_proposed_it_is_a_proposer(desk: Desk) -> None:
    post = await posts.propose(desk, OWNER, "own", draft())
    post = await approve(desk, post, OTHER_OWNER)
    outcome = await move(desk, post, LATER, OWNER)
    assert outcome.unread == (TakesBack((OTHER_OWNER,)),)


async def test_what_stands_near_and_what_crowds(desk: Desk) -> None:
    post = await proposed(desk)
    other = await posts.propose(desk, PROPOSER, "other", draft(planned_at=LATER, text="The other"))
    near = await move(desk, post, LATER + timedelta(minutes=59))
    assert near.unread == (Near("Telegram", "The other", LATER),)
    crowded = await move(desk, post, LATER + timedelta(hours=1))
    assert crowded.unread == (Crowded("Telegram", LATER.date(), 1),)
    await posts.withdraw(desk, PROPOSER, other.id)
    assert (await move(desk, post, LATER)).unread == ()


async def test_the_reminders_follow(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk)
    await move(desk, post, LATER)
    waiting = [r for r in await rows(desk, Reminder, kind="decide") if r.done_at is None]
    assert waiting
    assert all(reminder.due_at < LATER for reminder in waiting)
    assert max(reminder.due_at for reminder in waiting) > TOMORROW
    assert await rows(desk, Reminder, kind="placement") == []  # that it comes near: once approved


async def test_who_answers_for_the_fixed_moment_that_it_leaves_hears_of_it(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    post = await proposed(desk, planned_at=MONDAY)
    await move(desk, post, MONDAY + timedelta(days=1), OTHER_OWNER)
    notices = await rows(desk, Notice, kind="post.moved")
    assert {n.recipient for n in notices} == {PROPOSER, OWNER}
    assert {tuple(n.payload["left"]) for n in notices} == {("Book tip",)}
    moved = await posts.show(desk, post.id)
    await move(desk, moved, MONDAY + timedelta(days=7, hours=5), OTHER_OWNER)
    newest = (await rows(desk, Notice, kind="post.moved"))[-1]
    assert (newest.payload["left"], newest.payload["taken"]) == ([], ["Book tip"])


async def test_a_hold_ends_where_the_new_time_comes_before_it(desk: Desk) -> None:
    post = await proposed(desk, planned_at=LATER)
    until = TOMORROW + timedelta(hours=2)
    await holding.hold(desk, OWNER, post.id, 1, until, "First the news")
    moved = (await move(desk, post, LATER + timedelta(hours=3))).post
    assert moved.placements[0].held_until == until
    moved = (await move(desk, moved, TOMORROW)).post
    assert moved.placements[0].held_until is None


async def test_a_followers_yes_stays_where_the_time_alone_is_moved(desk: Desk) -> None:
    post = await await_follower(desk, await submit(desk))
    await stories.agree(update(desk), FATIMA, post.id, 1)
    agreed = await posts.show(desk, post.id)
    assert agreed.planned_at is not None
    at = agreed.planned_at + timedelta(hours=5)
    moved = (await move(desk, agreed, at, OTHER_OWNER)).post
    assert (moved.status, moved.revision) == (PostStatus.APPROVED, 1)
    proposer = moved.proposer
    outcome = await move(desk, moved, at + timedelta(hours=1), proposer)
    again = (await move(desk, moved, at + timedelta(hours=1), proposer, *outcome.unread)).post
    (decider,) = again.placements[0].deciders
    assert (await approve(desk, again, decider)).status is PostStatus.AWAITING_FOLLOWER


async def test_only_who_is_responsible_moves_the_rest_of_what_is_out(
    desk: Desk, clock: StandingClock
) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    alone = wish(post, LATER, platform_keys=("instagram",))
    post = (await moving.move(desk, OTHER_OWNER, post.id, alone)).post
    await approve(desk, post)
    post = await approve(desk, post, OTHER_OWNER)
    clock.now = TOMORROW
    await publishing.publish_due(desk)
    post = await posts.show(desk, post.id)
    with pytest.raises(Refusal, match="is out already"):
        await move(desk, post, LATER + timedelta(days=1), PROPOSER, TakesBack((OWNER, OTHER_OWNER)))
    moved = (await move(desk, post, LATER + timedelta(days=1), OTHER_OWNER)).post
    assert [p.status for p in moved.placements] == [S.PUBLISHING, S.APPROVED]


async def test_two_at_once_are_one_move_and_a_word_for_the_second(desk: Desk) -> None:
    post = await proposed(desk)
    deeds = [
        move(desk, post, LATER + timedelta(days=n), by) for n, by in enumerate((OWNER, OTHER_OWNER))
    ]
    done = await asyncio.gather(*deeds, return_exceptions=True)
    (refused,) = [each for each in done if isinstance(each, InvalidForm)]
    assert set(refused.errors) == {"when"}
    assert len([each for each in done if isinstance(each, Outcome)]) == 1


async def test_a_platform_that_is_not_there_is_not_moved(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    gone = wish(post, LATER, platform_keys=("telegram", "newsletter"))
    with pytest.raises(InvalidForm) as told:
        await moving.move(desk, OWNER, post.id, gone)
    assert set(told.value.errors) == {"platforms"}


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*execution: object) -> None:
        seen.append(str(execution[2]))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)


async def test_the_calendar_asks_as_much_of_many_posts_as_of_one(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    await proposed(desk)
    await posts.propose(desk, PROPOSER, "undated", draft(planned_at=None))
    with statements(desk) as for_one:
        await calendar_views.show(desk, "")
    for n in range(15):
        at = TOMORROW + timedelta(hours=5 * n)
        await posts.propose(desk, PROPOSER, f"one {n}", draft(planned_at=at))
        await posts.propose(desk, PROPOSER, f"idea {n}", draft(planned_at=None, text=f"Idea {n}"))
    with statements(desk) as for_many:
        found = await calendar_views.show(desk, "")
    assert len(for_many) == len(for_one)
    assert found.crowds
    offered = [offer.proposal.post_id for offer in found.offers if offer.proposal]
    assert offered
    assert len(set(offered)) == len(offered)


async def test_what_is_made_for_a_special_day_or_a_fixed_moment_is_moved_last(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    await approve(desk, await proposed(desk, planned_at=MONDAY + timedelta(hours=2)))
    await posts.propose(desk, PROPOSER, "at the fixed moment", draft(planned_at=MONDAY))
    shown = await calendar_views.show(desk, "telegram")
    (crowd,) = shown.crowds
    assert (crowd.posts, crowd.post_id) == (2, 1)
