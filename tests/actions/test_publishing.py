"""Publishing: only what is approved, at its time, by the bot or by hand, and never twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import decisions, notices, posts, publishing
from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Notice, Reminder
from tests.actions.test_posts import draft
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

LINK = "https://t.me/leestafel/7"
UNTIL_THEN = timedelta(days=1, hours=1)
"""From the tests' Monday morning until the time that the drafts are planned for."""


async def approved(desk: Desk, *platforms: str) -> PostView:
    post = await posts.propose(desk, PROPOSER, f"form {platforms}", draft(platform_keys=platforms))
    for owner in (OWNER, OTHER_OWNER):
        if any(owner in placement.deciders for placement in post.placements):
            post = await decisions.decide(desk, owner, post.id, 1, PostAction.APPROVE)
    return post


async def outgoing(desk: Desk, kind: str) -> list[Notice]:
    def find(session: Session) -> list[Notice]:
        return list(session.exec(select(Notice).where(Notice.kind == kind).order_by("id")))

    return await desk.database.read(find)


async def take(desk: Desk, kind: str) -> Outgoing:
    """Claims all that waits for Telegram, and gives the one of this kind."""
    claimed = await notices.claim(desk, "telegram", (), 50)
    return next(notice for notice in claimed if notice.kind == kind)


async def status(desk: Desk, post: PostView) -> Any:
    return (await posts.show(desk, post.id)).placements[0].status


async def test_nothing_goes_out_before_its_time(desk: Desk, clock: StandingClock) -> None:
    await approved(desk, "telegram")
    clock.move(UNTIL_THEN - timedelta(seconds=1))
    assert await publishing.publish_due(desk) == 0


async def test_the_bot_publishes_once_and_everybody_hears(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "telegram")
    clock.move(UNTIL_THEN)
    assert await publishing.publish_due(desk) == 1
    assert await publishing.publish_due(desk) == 0
    assert await status(desk, post) is PlacementStatus.PUBLISHING
    notice = await take(desk, "post.publish")
    assert await publishing.ready_to_send(desk, notice.payload["placement_id"]) is not None
    await notices.arrived(desk, notice.id, {"message_id": 7, "link": LINK})
    published = await posts.show(desk, post.id)
    assert (published.status, published.placements[0].link) == (PostStatus.PUBLISHED, LINK)
    events = [notice.payload["event"] for notice in await outgoing(desk, "post.outcome")]
    assert events == ["approved", "published"]


async def test_what_nobody_decided_expires_and_the_proposer_hears(
    desk: Desk, clock: StandingClock
) -> None:
    post = await posts.propose(desk, PROPOSER, "form", draft())
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    assert await publishing.expire_due(desk) == 1
    assert await status(desk, post) is PlacementStatus.EXPIRED
    assert [n.payload["event"] for n in await outgoing(desk, "post.outcome")] == ["expired"]
    assert await outgoing(desk, "post.publish") == []
    later = draft(planned_at=clock() + timedelta(days=1))
    again = await posts.edit(desk, PROPOSER, post.id, 1, later)
    assert again.status is PostStatus.PROPOSED


async def test_what_expires_on_two_platforms_is_one_message(
    desk: Desk, clock: StandingClock
) -> None:
    await posts.propose(desk, PROPOSER, "form", draft(platform_keys=("telegram", "instagram")))
    clock.move(UNTIL_THEN)
    assert await publishing.expire_due(desk) == 1
    (told,) = await outgoing(desk, "post.outcome")
    assert len(told.payload["placement_ids"]) == 2


async def test_an_edit_after_the_approval_keeps_it_from_going_out(
    desk: Desk, clock: StandingClock
) -> None:
    post = await approved(desk, "telegram")
    await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Never approved"))
    clock.move(UNTIL_THEN)
    assert await publishing.publish_due(desk) == 0


async def test_by_hand_every_owner_gets_it_and_one_posts_it(
    desk: Desk, clock: StandingClock
) -> None:
    post = await approved(desk, "instagram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    assert [n.recipient for n in await outgoing(desk, "placement.by_hand")] == [OTHER_OWNER]
    placement = post.placements[0].id
    with pytest.raises(Refusal):
        await publishing.confirm_posted(desk, "U05STRANGER", placement, LINK)
    with pytest.raises(InvalidForm) as mistake:
        await publishing.confirm_posted(desk, OTHER_OWNER, placement, "it is on insta")
    assert set(mistake.value.errors) == {"link"}
    task = await publishing.confirm_posted(desk, OTHER_OWNER, placement, " https://insta.gram/p/1 ")
    assert (task.placement.status, task.placement.link) == (
        PlacementStatus.PUBLISHED,
        "https://insta.gram/p/1",
    )
    again = await publishing.confirm_posted(desk, OTHER_OWNER, placement, "https://insta.gram/p/1")
    assert again.placement == task.placement  # the same answer twice is one answer
    with pytest.raises(Refusal):
        await publishing.confirm_posted(desk, OTHER_OWNER, placement, LINK)


async def test_what_is_withdrawn_is_no_task_any_more(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "instagram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    task = next(n for n in await notices.claim(desk, "slack", (), 50) if "by_hand" in n.kind)
    await notices.arrived(desk, task.id, {"channel": "D1", "ts": "1.1"})
    await posts.withdraw(desk, PROPOSER, post.id)
    assert len(await outgoing(desk, "placement.by_hand")) == 2  # the card is written again


async def test_snooze_comes_back(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "instagram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    back_at = await publishing.snooze(desk, OTHER_OWNER, post.placements[0].id)
    assert back_at > clock()

    def due(session: Session) -> list[datetime]:
        found = select(Reminder).where(Reminder.stage == "again", Reminder.done_at == None)  # noqa: E711
        return [reminder.due_at for reminder in session.exec(found)]

    assert await desk.database.read(due) == [back_at]


async def test_doubt_is_told_and_the_owner_says_how_it_is(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "telegram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    notice = await take(desk, "post.publish")
    await notices.doubted(desk, notice.id)
    assert await status(desk, post) is PlacementStatus.IN_DOUBT
    assert [n.recipient for n in await outgoing(desk, "placement.in_doubt")] == [OWNER]
    placement = post.placements[0].id
    await publishing.resolve_doubt(desk, OWNER, placement, is_there=False)
    assert len(await outgoing(desk, "post.publish")) == 2  # a second notice, asked for by a person
    with pytest.raises(Refusal):
        await publishing.resolve_doubt(desk, OWNER, placement, is_there=False)


async def test_doubt_ends_when_it_is_there(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "telegram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    await notices.doubted(desk, (await take(desk, "post.publish")).id)
    task = await publishing.resolve_doubt(desk, OWNER, post.placements[0].id, True, LINK)
    assert task.placement.status is PlacementStatus.PUBLISHED
    assert len(await outgoing(desk, "post.publish")) == 1


async def test_what_telegram_refuses_is_shown_to_owner_admin_and_proposer(
    desk: Desk, clock: StandingClock
) -> None:
    post = await approved(desk, "telegram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    notice = await take(desk, "post.publish")
    await notices.refused(desk, notice.id, "not enough rights", unreachable=False)
    assert await status(desk, post) is PlacementStatus.FAILED
    assert len(await outgoing(desk, "admin.failed")) == 1
    assert len(await outgoing(desk, "placement.in_doubt")) == 1
    assert [n.payload["event"] for n in await outgoing(desk, "post.outcome")][-1] == "failed"
    await publishing.resolve_doubt(desk, OWNER, post.placements[0].id, is_there=False)
    assert await status(desk, post) is PlacementStatus.PUBLISHING


async def test_withdrawn_in_the_last_moment_is_not_sent(desk: Desk, clock: StandingClock) -> None:
    post = await approved(desk, "telegram", "instagram")
    clock.move(UNTIL_THEN)
    await publishing.publish_due(desk)
    by_bot, by_hand = post.placements
    assert await publishing.ready_to_send(desk, by_hand.id) is None
    assert await publishing.ready_to_send(desk, by_bot.id) is not None
