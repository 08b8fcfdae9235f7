"""Who has to decide is reminded in working hours; then the deputies decide beside them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import (
    absences,
    decisions,
    history,
    holding,
    posts,
    reminder_messages,
    reminders,
)
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PostAction, PostStatus
from bot.rules.refusals import Refusal
from storage.models import Colleague, Notice, Reminder, ReminderMessage
from tests.actions.test_deciding import EXPERT, THIRD, policy, topic
from tests.actions.test_posts import approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

# Thursday 5 March, 12:00 in Amsterdam; before it, in working hours:
PLANNED = datetime(2026, 3, 5, 11, tzinfo=UTC)
EIGHT = datetime(2026, 3, 4, 11, tzinfo=UTC)
FOUR = datetime(2026, 3, 4, 15, tzinfo=UTC)
TWO = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
async def post(desk: Desk) -> PostView:
    return await proposed(desk, planned_at=PLANNED)


async def asked(desk: Desk) -> list[str]:
    """Who was asked to decide, apart from the admins, in the order of their messages."""
    told = [r for r in await rows(desk, Reminder, kind="decide") if r.message_id]
    told = [r for r in told if r.recipient != ADMIN]
    return [r.recipient for r in sorted(told, key=lambda r: (r.message_id or 0, r.id or 0))]


async def at(desk: Desk, clock: StandingClock, moment: datetime) -> list[str]:
    """Who was asked by then."""
    clock.now = moment
    await reminders.send_due(desk)
    assert await reminders.send_due(desk) == 0
    return await asked(desk)


async def outcomes(desk: Desk) -> list[str | None]:
    found = [r for r in await rows(desk, Reminder) if r.kind == "decide" and r.recipient != ADMIN]
    return [reminder.outcome for reminder in sorted(found, key=lambda r: r.due_at)]


async def test_the_owners_twice_then_the_deputies(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    assert await at(desk, clock, EIGHT - timedelta(seconds=1)) == []
    assert await at(desk, clock, EIGHT) == [OWNER]
    assert await at(desk, clock, FOUR) == [OWNER, OWNER]
    with pytest.raises(Refusal):
        await approve(desk, post, OTHER_OWNER)
    assert await at(desk, clock, TWO) == [OWNER, OWNER, OTHER_OWNER]
    placement = (await posts.show(desk, post.id)).placements[0]
    assert placement.escalated_at == TWO
    assert placement.deciders == (OWNER, OTHER_OWNER)
    assert (await history.show(desk, post.id)).steps[-1].what == "escalate"
    assert (await approve(desk, post, OTHER_OWNER)).status is PostStatus.APPROVED


async def test_a_decision_stops_the_rest(desk: Desk, clock: StandingClock, post: PostView) -> None:
    await at(desk, clock, EIGHT)
    await approve(desk, post)
    assert await outcomes(desk) == ["withdrawn", "approved", "approved"]
    assert await at(desk, clock, TWO) == [OWNER]


async def test_what_was_withdrawn_is_seen_when_it_is_due(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    await posts.withdraw(desk, PROPOSER, post.id)
    assert await at(desk, clock, TWO) == []
    assert await outcomes(desk) == ["withdrawn"] * 3


async def test_a_new_version_begins_anew(desk: Desk, clock: StandingClock, post: PostView) -> None:
    await at(desk, clock, TWO)
    edited = await posts.edit(
        desk, PROPOSER, post.id, 1, draft(text="Better", planned_at=PLANNED + timedelta(days=1))
    )
    assert edited.placements[0].escalated_at is None
    assert edited.placements[0].deciders == (OWNER,)
    before = len(await asked(desk))
    assert (await at(desk, clock, EIGHT + timedelta(days=1)))[before:] == [OWNER]
    assert (await at(desk, clock, TWO + timedelta(days=1)))[before:] == [OWNER, OWNER, OTHER_OWNER]


async def test_the_same_time_in_a_new_version_asks_again(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    """Their moment was settled by the approval, and comes once more."""
    await approve(desk, post)
    await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better", planned_at=PLANNED))
    assert await outcomes(desk) == [None, None, None]
    assert await at(desk, clock, EIGHT) == [OWNER]


async def test_a_moment_that_is_past_is_left_out(desk: Desk, clock: StandingClock) -> None:
    clock.now = FOUR
    await proposed(desk, planned_at=PLANNED)
    assert len(await outcomes(desk)) == 2  # the owner's comes the next morning
    assert await at(desk, clock, TWO - timedelta(hours=1)) == [OWNER]
    assert await at(desk, clock, TWO) == [OWNER, OTHER_OWNER]


async def test_after_a_long_sleep_each_gets_one_message(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    await posts.propose(desk, PROPOSER, "another", draft(planned_at=PLANNED))
    found = sorted(await at(desk, clock, TWO + timedelta(minutes=5)))
    assert found == [OWNER, OWNER, OTHER_OWNER, OTHER_OWNER]
    messages = await rows(desk, ReminderMessage)
    assert sorted(message.recipient for message in messages) == [OWNER, OTHER_OWNER]


async def test_when_all_is_over_nobody_is_asked(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    assert await at(desk, clock, PLANNED) == []
    assert await outcomes(desk) == ["over"] * 3


async def test_what_is_held_pauses(desk: Desk, clock: StandingClock, post: PostView) -> None:
    until = FOUR + timedelta(minutes=30)
    await holding.hold(desk, OWNER, post.id, 1, until, "First the news")
    assert await at(desk, clock, FOUR) == []
    clock.now = until
    await holding.end_due(desk)
    assert await at(desk, clock, TWO) == [OWNER, OTHER_OWNER]  # the owner in the morning
    assert await outcomes(desk) == ["held", "held", "sent", "sent"]


async def test_a_hold_into_the_last_hours_asks_the_deputies_after_it(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    until = PLANNED - timedelta(minutes=30)
    await holding.hold(desk, OWNER, post.id, 1, until, "First the news")
    assert await at(desk, clock, PLANNED - timedelta(hours=1)) == []
    assert await rows(desk, Notice, kind="reminder.placement") == []
    clock.now = until
    await holding.end_due(desk)
    assert await at(desk, clock, until) == [OTHER_OWNER]


async def test_an_approval_that_ends_the_hold_in_the_last_hours_asks_the_deputies_at_once(
    desk: Desk, clock: StandingClock
) -> None:
    """Their moment came while it was held; one approval of two does not make it pass."""
    await policy(desk, owners=[OWNER, THIRD], deputies=[OTHER_OWNER], approvals=2)
    post = await proposed(desk, planned_at=PLANNED)
    until = PLANNED - timedelta(minutes=30)
    await holding.hold(desk, OWNER, post.id, 1, until, "First the news")
    assert await at(desk, clock, PLANNED - timedelta(hours=1)) == []
    await approve(desk, post)
    assert await at(desk, clock, PLANNED - timedelta(hours=1)) == [OTHER_OWNER]
    assert (await approve(desk, post, OTHER_OWNER)).status is PostStatus.APPROVED


async def test_held_once_more_after_their_moment_the_deputies_are_still_asked(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    last = PLANNED - timedelta(minutes=10)
    await holding.hold(desk, OWNER, post.id, 1, PLANNED - timedelta(minutes=30), "The news")
    assert await at(desk, clock, PLANNED - timedelta(hours=1)) == []
    await holding.hold(desk, OWNER, post.id, 1, last, "Still the news")
    clock.now = last
    await holding.end_due(desk)
    assert await at(desk, clock, last) == [OTHER_OWNER]


async def test_an_absent_owner_is_replaced(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    await absences.name(desk, OWNER, clock.now.date(), clock.now.date() + timedelta(days=5))
    assert await at(desk, clock, EIGHT) == [OTHER_OWNER]


async def test_nobody_is_asked_twice_or_about_their_own(desk: Desk, clock: StandingClock) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[OTHER_OWNER], approvals=2)
    mine = await posts.propose(desk, OWNER, "own", draft(planned_at=PLANNED))
    await approve(desk, mine, THIRD)
    assert await at(desk, clock, FOUR) == []  # the deputy is not asked before it is time
    assert await at(desk, clock, TWO) == [OTHER_OWNER]


async def test_all_of_them_with_a_deputy_in_the_place_of_one(
    desk: Desk, clock: StandingClock
) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[OTHER_OWNER], approvals="all")
    post = await approve(desk, await proposed(desk, planned_at=PLANNED), THIRD)
    await at(desk, clock, TWO)
    assert (await approve(desk, post, OTHER_OWNER)).status is PostStatus.APPROVED


async def test_what_a_deputy_approved_before_is_enough_then(
    desk: Desk, clock: StandingClock
) -> None:
    """Somebody was away, a deputy approved, and the owner came back but does not decide."""
    await policy(desk, owners=[OWNER, THIRD], deputies=[OTHER_OWNER, "U07"], approvals="all")
    await absences.name(desk, OWNER, clock.now.date(), clock.now.date())
    post = await approve(desk, await proposed(desk, planned_at=PLANNED), THIRD)
    await approve(desk, post, OTHER_OWNER)
    status = (await posts.show(desk, post.id)).status
    assert status is PostStatus.APPROVED
    later = await posts.propose(desk, PROPOSER, "later", draft(planned_at=PLANNED))
    await approve(desk, later, OTHER_OWNER)
    await absences.come_back(desk, OWNER)
    await approve(desk, later, THIRD)
    assert (await posts.show(desk, later.id)).status is PostStatus.PROPOSED
    await at(desk, clock, TWO)
    assert (await posts.show(desk, later.id)).status is PostStatus.APPROVED


async def test_the_people_of_a_topic_are_asked_too(desk: Desk, clock: StandingClock) -> None:
    await topic(desk, deputies=(THIRD,))
    post = await approve(desk, await proposed(desk, text="On war", planned_at=PLANNED))
    assert await at(desk, clock, EIGHT) == [EXPERT]
    assert THIRD in await at(desk, clock, TWO)
    assert (await approve(desk, post, THIRD)).status is PostStatus.APPROVED


@pytest.mark.parametrize("timezone", ["America/New_York", "Nowhere/Land"])
async def test_everybody_has_their_own_working_hours(
    desk: Desk, clock: StandingClock, timezone: str
) -> None:
    def live_there(session: Session) -> None:
        values: dict[str, Any] = {"name": "O", "language": "en", "seen_at": clock.now}
        session.add(Colleague(slack_id=OWNER, timezone=timezone, **values))

    await desk.database.write(live_there)
    await proposed(desk, planned_at=PLANNED)  # 6:00 in New York
    there = datetime(2026, 3, 4, 14, tzinfo=UTC)  # so that all of Wednesday is left
    due = sorted(r.due_at for r in await rows(desk, Reminder, kind="decide"))
    assert due[0] == (there if timezone == "America/New_York" else EIGHT)


async def test_without_a_date_nobody_is_reminded(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk, planned_at=None)
    assert await outcomes(desk) == []
    await decisions.decide(desk, OWNER, post.id, 1, PostAction.REQUEST_CHANGES, "When?")
    assert await outcomes(desk) == []


async def test_the_message_shows_only_what_still_waits(
    desk: Desk, clock: StandingClock, post: PostView
) -> None:
    other = await posts.propose(desk, PROPOSER, "another", draft(planned_at=PLANNED))
    await at(desk, clock, EIGHT)
    (message,) = await rows(desk, ReminderMessage)
    await approve(desk, post)
    view = await reminder_messages.show(desk, message.id)
    assert [each.task.post.id for each in view.open if each.task] == [other.id]
    await holding.hold(desk, OWNER, other.id, 1, FOUR, "Later")
    view = await reminder_messages.show(desk, message.id)
    assert (len(view.open), len(view.closed)) == (0, 2)
