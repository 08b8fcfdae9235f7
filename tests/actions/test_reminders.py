"""Reminders: each is sent once, only where it still matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from bot.actions import (
    calendar,
    decisions,
    posts,
    publishing,
    reminders,
    reminders_to_decide,
)
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk
from bot.rules.posts import PostAction
from storage.models import Card, Notice, Placement, Platform, Reminder, Slot
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

SECOND_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Amsterdam
TWO_DAYS_BEFORE = SECOND_MONDAY - timedelta(days=2)


async def rows(desk: Desk, model: Any) -> list[Any]:
    return await desk.database.read(lambda session: list(session.exec(select(model))))


async def sent(desk: Desk, kind: str) -> list[Notice]:
    return [notice for notice in await rows(desk, Notice) if notice.kind == kind]


async def outcomes(desk: Desk) -> list[str | None]:
    """Of those that are not about deciding, which have tests of their own."""
    return [
        reminder.outcome
        for reminder in await rows(desk, Reminder)
        if reminder.done_at and reminder.kind not in reminders_to_decide.KINDS
    ]


async def propose(desk: Desk, at: datetime, platform: str = "telegram") -> int:
    draft = Proposal("A tip", (platform,), "information", None, at)
    return (await posts.propose(desk, PROPOSER, f"form {at} {platform}", draft)).id


async def approve(desk: Desk, post_id: int, by: str = OWNER) -> None:
    await decisions.decide(desk, by, post_id, 1, PostAction.APPROVE)


async def placement_of(desk: Desk, post_id: int) -> Any:
    return next(p for p in await rows(desk, Placement) if p.post_id == post_id)


async def a_week_with_a_gap(desk: Desk, clock: StandingClock) -> None:
    """The next occurrence is a week away, and its reminder due in five days."""
    clock.move(timedelta(hours=2))  # this Monday's is over
    await calendar.make_occurrences(desk)


async def test_an_owner_hears_of_an_occurrence_without_a_post(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    clock.now = TWO_DAYS_BEFORE - timedelta(seconds=1)
    assert await reminders.send_due(desk) == 0
    clock.now = TWO_DAYS_BEFORE
    assert await reminders.send_due(desk) == 1
    (notice,) = await sent(desk, "reminder.occurrence")
    assert notice.recipient == OWNER
    assert notice.payload["title"] == "Book tip"
    assert notice.payload["platform"] == "Telegram"
    assert datetime.fromisoformat(notice.payload["at"]) == SECOND_MONDAY
    assert await reminders.send_due(desk) == 0


async def test_a_proposal_alone_is_no_reason_to_be_silent(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    await propose(desk, SECOND_MONDAY)
    clock.now = TWO_DAYS_BEFORE
    await reminders.send_due(desk)
    assert len(await sent(desk, "reminder.occurrence")) == 1


async def test_an_approved_post_is(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    await approve(desk, await propose(desk, SECOND_MONDAY + timedelta(hours=3)))
    clock.now = TWO_DAYS_BEFORE
    assert await reminders.send_due(desk) == 0
    assert await outcomes(desk) == ["has a post"]


async def test_an_approved_post_elsewhere_or_on_another_day_is_not(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    await approve(desk, await propose(desk, SECOND_MONDAY, "instagram"), OTHER_OWNER)
    await approve(desk, await propose(desk, SECOND_MONDAY + timedelta(hours=15)))  # Tuesday
    clock.now = TWO_DAYS_BEFORE
    assert await reminders.send_due(desk) == 1


async def test_after_a_long_sleep_only_what_still_matters_is_sent(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    clock.now = SECOND_MONDAY + timedelta(days=6)  # that one is over; the next is tomorrow
    assert await reminders.send_due(desk) == 1
    (notice,) = await sent(desk, "reminder.occurrence")
    assert datetime.fromisoformat(notice.payload["at"]) == SECOND_MONDAY + timedelta(weeks=1)
    assert sorted(filter(None, await outcomes(desk))) == ["over", "sent"]


async def test_who_is_no_owner_any_more_hears_nothing(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)

    def hand_over(session: Session) -> None:
        session.get_one(Platform, "telegram").owners = [OTHER_OWNER]

    await desk.database.write(hand_over)
    clock.now = TWO_DAYS_BEFORE
    assert await reminders.send_due(desk) == 0
    assert await outcomes(desk) == ["no longer theirs"]


async def test_nobody_hears_of_a_retired_slot(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)

    def retire(session: Session) -> None:
        session.exec(select(Slot)).one().active = False

    await desk.database.write(retire)
    clock.now = TWO_DAYS_BEFORE
    assert await reminders.send_due(desk) == 0


async def test_an_owner_is_reminded_an_hour_before_a_publication(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY)
    await approve(desk, post_id)
    clock.now = SECOND_MONDAY - timedelta(minutes=61)
    assert await reminders.send_due(desk) == 0
    clock.now = SECOND_MONDAY - timedelta(minutes=60)
    assert await reminders.send_due(desk) == 1
    (notice,) = await sent(desk, "reminder.placement")
    assert notice.recipient == OWNER
    assert notice.payload == {"placement_id": (await placement_of(desk, post_id)).id}
    assert await reminders.send_due(desk) == 0


async def test_what_still_waits_for_a_decision_is_reminded_of_as_well(
    desk: Desk, clock: StandingClock
) -> None:
    await propose(desk, SECOND_MONDAY)
    clock.now = SECOND_MONDAY - timedelta(minutes=30)
    await reminders.send_due(desk)
    assert len(await sent(desk, "reminder.placement")) == 1


async def test_a_rejected_or_past_publication_is_not(desk: Desk, clock: StandingClock) -> None:
    rejected = await propose(desk, SECOND_MONDAY)
    await decisions.decide(desk, OWNER, rejected, 1, PostAction.REJECT, "We have one")
    clock.now = SECOND_MONDAY - timedelta(minutes=30)
    assert await reminders.send_due(desk) == 0
    await propose(desk, SECOND_MONDAY + timedelta(days=1))
    clock.now = SECOND_MONDAY + timedelta(days=1)
    assert await reminders.send_due(desk) == 0
    assert await outcomes(desk) == ["rejected", "over"]


async def test_a_publication_that_was_moved_is_reminded_of_at_its_new_time(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY)
    later = Proposal("A tip", ("telegram",), None, None, SECOND_MONDAY + timedelta(hours=3))
    await posts.edit(desk, PROPOSER, post_id, 1, later)
    clock.now = SECOND_MONDAY - timedelta(minutes=30)
    await reminders.send_due(desk)
    assert await sent(desk, "reminder.placement") == []
    clock.now = SECOND_MONDAY + timedelta(hours=2)
    await reminders.send_due(desk)
    assert len(await sent(desk, "reminder.placement")) == 1
    assert await outcomes(desk) == ["planned anew", "sent"]


async def test_what_comes_within_the_hour_needs_no_reminder(
    desk: Desk, clock: StandingClock
) -> None:
    await propose(desk, clock.now + timedelta(minutes=40))
    assert await rows(desk, Reminder) == []


async def handed_over(desk: Desk, clock: StandingClock) -> int:
    """A placement that U02OWNER posts by hand, and the id of it; its card stands in Slack."""
    post_id = await propose(desk, SECOND_MONDAY, "instagram")
    await approve(desk, post_id, OTHER_OWNER)
    clock.now = SECOND_MONDAY
    await publishing.publish_due(desk)
    await reminders.send_due(desk)
    placement_id: int = (await placement_of(desk, post_id)).id

    def posted(session: Session) -> None:
        for notice in session.exec(select(Notice)):
            notice.status = "sent"
        card = Card(
            kind="placement.by_hand",
            entity_id=placement_id,
            recipient=OTHER_OWNER,
            channel="D1",
            ts="1.0",
        )
        session.add(card)

    await desk.database.write(posted)
    return placement_id


async def test_a_snoozed_task_comes_back_as_a_fresh_message(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await handed_over(desk, clock)
    due_at = await publishing.snooze(desk, OTHER_OWNER, placement_id)
    clock.move(timedelta(minutes=10))
    due_at = await publishing.snooze(desk, OTHER_OWNER, placement_id)  # later still
    clock.now = due_at - timedelta(seconds=1)
    assert await reminders.send_due(desk) == 0
    clock.now = due_at
    assert await reminders.send_due(desk) == 1
    assert await rows(desk, Card) == []  # so that it is posted anew
    waiting = [n for n in await sent(desk, "placement.by_hand") if n.status == "pending"]
    assert [n.recipient for n in waiting] == [OTHER_OWNER]
    assert waiting[0].payload == {"placement_id": placement_id}


async def test_a_snoozed_task_that_was_done_stays_away(desk: Desk, clock: StandingClock) -> None:
    placement_id = await handed_over(desk, clock)
    clock.now = await publishing.snooze(desk, OTHER_OWNER, placement_id)
    await publishing.confirm_posted(desk, OTHER_OWNER, placement_id, "https://example.org/p/1")
    assert await reminders.send_due(desk) == 0
    assert len(await rows(desk, Card)) == 1
