"""Reminders: of the step that is missing, to who can do it; each is told once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import (
    absences,
    calendar,
    decisions,
    holding,
    posts,
    publishing,
    reminder_answers,
    reminder_messages,
    reminders,
    slot_dates,
    slots,
)
from bot.actions.posts import Proposal
from bot.actions.reminder_messages import State
from bot.actions.transaction import Desk
from bot.rules.posts import PostAction
from bot.rules.refusals import InvalidForm, Refusal
from storage.database import Database
from storage.models import (
    Card,
    Colleague,
    Notice,
    Occurrence,
    Placement,
    Platform,
    Reminder,
    ReminderMessage,
    Slot,
)
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

SECOND_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Amsterdam
FRIDAY_NINE = datetime(2026, 3, 6, 8, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


async def rows(desk: Desk, model: Any) -> list[Any]:
    return await desk.database.read(lambda session: list(session.exec(select(model))))


async def of_kind(desk: Desk, kind: str) -> list[Reminder]:
    found = [reminder for reminder in await rows(desk, Reminder) if reminder.kind == kind]
    return sorted(found, key=lambda reminder: (reminder.due_at, reminder.id or 0))


async def told(desk: Desk, kind: str) -> list[str]:
    """Who was told, in the order in which it was due."""
    return [reminder.recipient for reminder in await of_kind(desk, kind) if reminder.message_id]


async def at(desk: Desk, clock: StandingClock, moment: datetime, kind: str) -> list[str]:
    """Who was told by then."""
    clock.now = moment
    await reminders.send_due(desk)
    assert await reminders.send_due(desk) == 0
    return await told(desk, kind)


async def outcomes(desk: Desk, kind: str) -> list[str | None]:
    return [reminder.outcome for reminder in await of_kind(desk, kind)]


async def propose(
    desk: Desk, at: datetime, platform: str = "telegram", by: str = PROPOSER, text: str = "A tip"
) -> int:
    draft = Proposal(text, (platform,), "information", None, at)
    return (await posts.propose(desk, by, f"form {text} {at} {platform}", draft)).id


async def approve(desk: Desk, post_id: int, by: str = OWNER) -> None:
    await decisions.decide(desk, by, post_id, 1, PostAction.APPROVE)


async def placement_of(desk: Desk, post_id: int) -> Any:
    return next(p for p in await rows(desk, Placement) if p.post_id == post_id)


async def platform(desk: Desk, key: str, **values: Any) -> None:
    def change(session: Session) -> None:
        row = session.get_one(Platform, key)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)

    await desk.database.write(change)


async def a_week_with_a_gap(desk: Desk, clock: StandingClock) -> None:
    """The next moment is a week away, on a Monday."""
    clock.move(timedelta(hours=2))  # this Monday's is over
    await calendar.make_occurrences(desk)


async def item(desk: Desk, recipient: str, kind: str) -> Reminder:
    """The newest that this person was told."""
    mine = [r for r in await of_kind(desk, kind) if r.recipient == recipient and r.message_id]
    return mine[-1]


async def shown(desk: Desk, reminder: Reminder) -> State:
    assert reminder.message_id is not None
    view = await reminder_messages.show(desk, reminder.message_id)
    return next(each.state for each in view.reminders if each.id == reminder.id)


async def test_a_moment_without_a_post_owner_deputy_admin(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    assert await at(desk, clock, FRIDAY_NINE - timedelta(seconds=1), "occurrence") == []
    assert await at(desk, clock, FRIDAY_NINE, "occurrence") == [OWNER]
    assert await at(desk, clock, FRIDAY_NINE + AN_HOUR, "occurrence") == [OWNER, OTHER_OWNER]
    everybody = [OWNER, OTHER_OWNER, ADMIN]
    assert await at(desk, clock, FRIDAY_NINE + 5 * AN_HOUR, "occurrence") == everybody


async def test_a_proposal_ends_it_and_when_it_is_rejected_it_begins_again(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    assert await at(desk, clock, FRIDAY_NINE, "occurrence") == [OWNER]
    post_id = await propose(desk, SECOND_MONDAY + 3 * AN_HOUR)
    assert await shown(desk, await item(desk, OWNER, "occurrence")) is State.GONE
    assert await at(desk, clock, FRIDAY_NINE + AN_HOUR, "occurrence") == [OWNER]
    assert (await outcomes(desk, "occurrence"))[:2] == ["withdrawn", "has a post"]
    await decisions.decide(desk, OWNER, post_id, 1, PostAction.REJECT, "We have one")
    assert await reminders.send_due(desk) == 1
    assert await told(desk, "occurrence") == [OWNER, OTHER_OWNER]


async def test_a_post_elsewhere_or_on_another_day_is_no_post(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    await propose(desk, SECOND_MONDAY, "instagram")
    await propose(desk, SECOND_MONDAY + 15 * AN_HOUR)  # Tuesday
    assert await at(desk, clock, FRIDAY_NINE, "occurrence") == [OWNER]


@pytest.mark.parametrize("what", ["skip", "move", "stop", "over"])
async def test_a_moment_that_does_not_come_is_withdrawn(
    desk: Desk, clock: StandingClock, what: str
) -> None:
    await a_week_with_a_gap(desk, clock)
    await at(desk, clock, FRIDAY_NINE, "occurrence")
    told_one = await item(desk, OWNER, "occurrence")
    slot = (await rows(desk, Slot))[0]
    day = SECOND_MONDAY.date()
    if what == "skip":
        await slot_dates.skip(desk, OWNER, slot.id, day)
    elif what == "move":
        later = SECOND_MONDAY + timedelta(days=1)
        await slot_dates.move(desk, OWNER, slot.id, day, SECOND_MONDAY, later)
    elif what == "stop":
        await slots.stop(desk, OWNER, slot.id)
    else:
        clock.now = SECOND_MONDAY
        await reminders.withdraw_needless(desk)
    assert (await item(desk, OWNER, "occurrence")).outcome == "withdrawn"
    assert await shown(desk, told_one) is State.GONE
    (card,) = [n for n in await rows(desk, Notice) if n.kind == "reminder_message.card"]
    assert card.status == "pending"  # it was not sent yet, and will say so


async def test_after_a_long_sleep_only_what_still_matters_is_told(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    wednesday = SECOND_MONDAY + timedelta(days=2)
    assert await at(desk, clock, wednesday, "occurrence") == []
    assert (await outcomes(desk, "occurrence"))[:3] == ["over"] * 3
    friday = FRIDAY_NINE + timedelta(days=7, hours=3)
    assert await at(desk, clock, friday, "occurrence") == [OWNER, OTHER_OWNER]


async def test_who_is_no_owner_any_more_hears_nothing(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    await platform(desk, "telegram", owners=[OTHER_OWNER], deputies=[])
    assert await at(desk, clock, FRIDAY_NINE, "occurrence") == []
    assert (await outcomes(desk, "occurrence"))[0] == "no longer theirs"


async def test_in_the_place_of_who_is_away(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    await absences.name(desk, OWNER, clock.now.date(), SECOND_MONDAY.date())
    assert await at(desk, clock, FRIDAY_NINE, "occurrence") == [OTHER_OWNER]
    assert (await outcomes(desk, "occurrence"))[0] == "somebody stands in"


async def test_an_owner_is_reminded_an_hour_before_a_publication(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY)
    assert await of_kind(desk, "placement") == []
    await approve(desk, post_id)
    assert await at(desk, clock, SECOND_MONDAY - timedelta(minutes=61), "placement") == []
    assert await at(desk, clock, SECOND_MONDAY - AN_HOUR, "placement") == [OWNER]
    clock.now = SECOND_MONDAY
    await publishing.publish_due(desk)
    assert (await item(desk, OWNER, "placement")).outcome == "withdrawn"


async def test_a_publication_that_was_moved_is_reminded_of_at_its_new_time(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY)
    later = Proposal("A tip", ("telegram",), None, None, SECOND_MONDAY + 3 * AN_HOUR)
    await posts.edit(desk, PROPOSER, post_id, 1, later)
    await decisions.decide(desk, OWNER, post_id, 2, PostAction.APPROVE)
    assert await at(desk, clock, SECOND_MONDAY - AN_HOUR, "placement") == []
    assert await at(desk, clock, SECOND_MONDAY + 2 * AN_HOUR, "placement") == [OWNER]


async def test_nobody_decides_and_the_admins_hear_of_it_last(
    desk: Desk, clock: StandingClock
) -> None:
    await propose(desk, SECOND_MONDAY)
    asked = await at(desk, clock, SECOND_MONDAY - AN_HOUR, "decide")
    assert asked == [OWNER, OTHER_OWNER, ADMIN]  # the owner's two came late, and were one
    assert (await outcomes(desk, "decide"))[1] == "told already"


async def test_where_nobody_can_decide_the_admins_hear_of_it(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY, "instagram", by=OTHER_OWNER)
    assert await of_kind(desk, "decide") == []
    assert await at(desk, clock, FRIDAY_NINE - 7 * AN_HOUR, "nobody") == []
    assert await at(desk, clock, FRIDAY_NINE, "nobody") == [ADMIN]
    await platform(desk, "instagram", deputies=[OWNER])
    await decisions.decide(desk, OWNER, post_id, 1, PostAction.APPROVE)
    assert (await item(desk, ADMIN, "nobody")).outcome == "withdrawn"


async def test_the_proposer_hears_that_a_picture_is_missing(
    desk: Desk, clock: StandingClock
) -> None:
    await platform(desk, "instagram", needs_image=True)
    await propose(desk, SECOND_MONDAY, "instagram")
    await propose(desk, SECOND_MONDAY, "telegram")
    assert await at(desk, clock, FRIDAY_NINE, "image") == [PROPOSER]
    await platform(desk, "instagram", needs_image=False)
    assert await at(desk, clock, SECOND_MONDAY - AN_HOUR, "image") == [PROPOSER]
    assert "not missing any more" in await outcomes(desk, "image")


async def test_the_proposer_hears_that_changes_are_not_made(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, SECOND_MONDAY)
    await decisions.decide(desk, OWNER, post_id, 1, PostAction.REQUEST_CHANGES, "Warmer")
    assert await at(desk, clock, FRIDAY_NINE, "changes") == [PROPOSER]
    assert await told(desk, "decide") == []
    warmer = Proposal("A warm tip", ("telegram",), None, None, SECOND_MONDAY)
    await posts.edit(desk, PROPOSER, post_id, 1, warmer)
    assert await shown(desk, await item(desk, PROPOSER, "changes")) is State.GONE
    assert await at(desk, clock, FRIDAY_NINE + 4 * AN_HOUR, "changes") == [PROPOSER]


async def by_hand(desk: Desk, clock: StandingClock) -> int:
    """A placement that U02OWNER posts by hand, and that nobody confirms."""
    await platform(desk, "instagram", deputies=[OWNER])
    post_id = await propose(desk, SECOND_MONDAY, "instagram")
    await approve(desk, post_id, OTHER_OWNER)
    clock.now = SECOND_MONDAY
    await publishing.publish_due(desk)
    await reminders.send_due(desk)
    placement_id: int = (await placement_of(desk, post_id)).id
    return placement_id


async def test_what_is_not_posted_is_asked_of_owner_deputy_admins(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await by_hand(desk, clock)
    assert await at(desk, clock, SECOND_MONDAY + AN_HOUR, "by_hand") == [OTHER_OWNER]
    assert await at(desk, clock, SECOND_MONDAY + 3 * AN_HOUR, "by_hand") == [OTHER_OWNER, OWNER]
    everybody = [OTHER_OWNER, OWNER, ADMIN]
    assert await at(desk, clock, SECOND_MONDAY + 24 * AN_HOUR, "by_hand") == everybody
    await publishing.confirm_posted(desk, OWNER, placement_id, "https://example.org/p/1")
    assert set(await outcomes(desk, "by_hand")) == {"withdrawn"}


async def test_a_task_that_was_put_off_comes_back_and_twice_moves_it(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await by_hand(desk, clock)
    await publishing.snooze(desk, OTHER_OWNER, placement_id)
    clock.move(timedelta(minutes=10))
    due_at = await publishing.snooze(desk, OTHER_OWNER, placement_id)  # later still
    assert await at(desk, clock, due_at - timedelta(seconds=1), "by_hand") == []
    assert await at(desk, clock, due_at, "by_hand") == [OTHER_OWNER]


async def test_a_task_that_was_put_off_and_done_stays_away(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await by_hand(desk, clock)
    clock.now = await publishing.snooze(desk, OTHER_OWNER, placement_id)
    await publishing.confirm_posted(desk, OTHER_OWNER, placement_id, "https://example.org/p/1")
    assert await reminders.send_due(desk) == 0


async def test_who_posted_without_a_link_is_asked_for_it_the_next_morning(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await by_hand(desk, clock)
    for _ in range(2):  # the same form, sent twice
        await publishing.confirm_posted(desk, OWNER, placement_id, "")
    tuesday = SECOND_MONDAY + 23 * AN_HOUR
    assert await at(desk, clock, tuesday - AN_HOUR, "link") == []
    assert await at(desk, clock, tuesday, "link") == [OWNER]
    with pytest.raises(InvalidForm):
        await publishing.add_link(desk, OWNER, placement_id, "nowhere")
    for _ in range(2):
        await publishing.add_link(desk, OWNER, placement_id, "https://example.org/p/1")
    assert (await item(desk, OWNER, "link")).outcome == "withdrawn"
    with pytest.raises(Refusal):
        await publishing.add_link(desk, OTHER_OWNER, placement_id, "https://example.org/p/2")


async def test_several_at_once_are_one_message(desk: Desk, clock: StandingClock) -> None:
    await a_week_with_a_gap(desk, clock)
    await propose(desk, SECOND_MONDAY + 24 * AN_HOUR, text="One")
    await propose(desk, SECOND_MONDAY + 24 * AN_HOUR, text="Two")
    clock.now = SECOND_MONDAY + AN_HOUR  # the first Monday's moment is over, the others came
    await reminders.send_due(desk)
    messages = [m for m in await rows(desk, ReminderMessage) if m.recipient == OWNER]
    assert len(messages) == 1
    cards = [n for n in await rows(desk, Notice) if n.kind == "reminder_message.card"]
    assert sorted(n.recipient for n in cards) == [OWNER]
    view = await reminder_messages.show(desk, messages[0].id)
    assert [r.task.post.text for r in view.open if r.task] == ["One", "Two"]


async def test_many_at_once_are_looked_at_in_portions_and_still_are_one_message(
    desk: Desk, clock: StandingClock
) -> None:
    for n in range(25):  # more than two portions
        await propose(desk, SECOND_MONDAY + 24 * AN_HOUR, text=f"Tip {n}")
    clock.now = SECOND_MONDAY + AN_HOUR
    assert await reminders.send_due(desk) == 25
    assert [m.recipient for m in await rows(desk, ReminderMessage)] == [OWNER]


async def test_three_processes_tell_everything_once(
    desk: Desk, clock: StandingClock, database: Database
) -> None:
    for n in range(30):
        await propose(desk, SECOND_MONDAY + 24 * AN_HOUR, text=f"Tip {n}")
    clock.now = SECOND_MONDAY + AN_HOUR
    url = str(database.engine.url)
    others = [Database(url), Database(url)]
    desks = [desk, *(replace(desk, database=other) for other in others)]
    sent = await asyncio.gather(*(reminders.send_due(each) for each in desks))
    for other in others:
        other.close()
    assert sum(sent) == 30
    assert len(await told(desk, "decide")) == 30


async def test_outside_their_hours_nobody_is_disturbed(desk: Desk, clock: StandingClock) -> None:
    """The bot was down when it was due, and comes back at night."""
    await propose(desk, SECOND_MONDAY)
    assert await at(desk, clock, FRIDAY_NINE + 14 * AN_HOUR, "decide") == []  # 23:00
    morning = SECOND_MONDAY - AN_HOUR
    assert sorted(await at(desk, clock, morning, "decide")) == [OWNER, OTHER_OWNER, ADMIN]


async def test_too_late_for_their_next_working_day_it_is_noted(
    desk: Desk, clock: StandingClock
) -> None:
    saturday = FRIDAY_NINE + timedelta(days=1)
    await propose(desk, saturday)
    assert await at(desk, clock, saturday - AN_HOUR, "decide") == []
    assert "too late" in await outcomes(desk, "decide")


async def test_working_hours_of_their_own_count(desk: Desk, clock: StandingClock) -> None:
    def live_there(session: Session) -> None:
        values: dict[str, Any] = {"name": "O", "language": "en", "seen_at": clock.now}
        session.add(Colleague(slack_id=OWNER, timezone="UTC", working_days=[2], **values))

    await desk.database.write(live_there)
    await propose(desk, SECOND_MONDAY)
    due = [r.due_at for r in await of_kind(desk, "decide") if r.recipient == OWNER]
    assert {moment.weekday() for moment in due} == {2}


async def asked_to_decide(desk: Desk, clock: StandingClock) -> tuple[int, Reminder]:
    """Of Friday 10:00; the message is there by now."""
    post_id = await propose(desk, SECOND_MONDAY)
    assert await at(desk, clock, FRIDAY_NINE + AN_HOUR, "decide") == [OWNER]
    return post_id, await item(desk, OWNER, "decide")


async def test_done_ends_it_for_them_and_not_for_who_comes_next(
    desk: Desk, clock: StandingClock
) -> None:
    _, reminder = await asked_to_decide(desk, clock)
    for _ in range(2):  # a double tap
        await reminder_answers.done(desk, OWNER, reminder.id or 0)
    assert await shown(desk, reminder) is State.DONE
    asked = await at(desk, clock, SECOND_MONDAY - AN_HOUR, "decide")
    assert asked == [OWNER, OTHER_OWNER, ADMIN]
    with pytest.raises(Refusal, match="nothing left"):
        await reminder_answers.put_off(desk, OWNER, reminder.id or 0, SECOND_MONDAY - AN_HOUR)


async def test_done_stays_done_when_the_post_changes_and_not_when_it_moves(
    desk: Desk, clock: StandingClock
) -> None:
    post_id, reminder = await asked_to_decide(desk, clock)
    await reminder_answers.done(desk, OWNER, reminder.id or 0)
    await posts.edit(
        desk, PROPOSER, post_id, 1, Proposal("B", ("telegram",), None, None, SECOND_MONDAY)
    )
    assert (await at(desk, clock, FRIDAY_NINE + 5 * AN_HOUR, "decide")).count(OWNER) == 1
    tuesday = SECOND_MONDAY + 24 * AN_HOUR
    await posts.edit(desk, PROPOSER, post_id, 2, Proposal("B", ("telegram",), None, None, tuesday))
    assert (await at(desk, clock, SECOND_MONDAY + 2 * AN_HOUR, "decide")).count(OWNER) == 2


async def test_later_is_at_work_and_instead_of_what_would_come_before(
    desk: Desk, clock: StandingClock
) -> None:
    _, reminder = await asked_to_decide(desk, clock)
    form = await reminder_answers.ask_until(desk, OWNER, reminder.id or 0)
    assert form.this_afternoon == FRIDAY_NINE + 5 * AN_HOUR
    assert form.tomorrow == SECOND_MONDAY - AN_HOUR
    assert form.planned_at == SECOND_MONDAY
    night = FRIDAY_NINE + 13 * AN_HOUR
    for _ in range(2):
        again_at = await reminder_answers.put_off(desk, OWNER, reminder.id or 0, night)
        assert again_at == SECOND_MONDAY - AN_HOUR
    assert await shown(desk, reminder) is State.PUT_OFF
    assert (await at(desk, clock, FRIDAY_NINE + 6 * AN_HOUR, "decide")).count(OWNER) == 1
    assert (await at(desk, clock, again_at, "decide")).count(OWNER) == 2


async def test_later_than_the_publication_is_refused_kindly(
    desk: Desk, clock: StandingClock
) -> None:
    _, reminder = await asked_to_decide(desk, clock)
    with pytest.raises(InvalidForm) as invalid:
        await reminder_answers.put_off(desk, OWNER, reminder.id or 0, SECOND_MONDAY)
    assert "only after that" in invalid.value.errors["until"].sentence
    with pytest.raises(InvalidForm):
        await reminder_answers.put_off(desk, OWNER, reminder.id or 0, clock.now)


async def test_handed_over_it_is_theirs_and_says_by_whom(desk: Desk, clock: StandingClock) -> None:
    await platform(desk, "telegram", owners=[OWNER, "U05THIRD"])
    post_id = await propose(desk, SECOND_MONDAY)
    await at(desk, clock, FRIDAY_NINE + AN_HOUR, "decide")
    reminder = await item(desk, OWNER, "decide")
    assert await reminder_answers.ask_whom(desk, OWNER, reminder.id or 0) == ("U05THIRD",)
    with pytest.raises(InvalidForm):
        await reminder_answers.hand_over(desk, OWNER, reminder.id or 0, ADMIN)
    for _ in range(2):
        await reminder_answers.hand_over(desk, OWNER, reminder.id or 0, "U05THIRD")
    assert await reminders.send_due(desk) == 1
    theirs = await item(desk, "U05THIRD", "decide")
    assert theirs.given_by == OWNER
    assert await shown(desk, reminder) is State.GIVEN
    assert (await at(desk, clock, FRIDAY_NINE + 5 * AN_HOUR, "decide")).count(OWNER) == 1
    await approve(desk, post_id, "U05THIRD")
    assert await shown(desk, theirs) is State.GONE


async def test_nobody_else_can_do_it(desk: Desk, clock: StandingClock) -> None:
    _, reminder = await asked_to_decide(desk, clock)
    with pytest.raises(Refusal, match="Nobody else"):
        await reminder_answers.ask_whom(desk, OWNER, reminder.id or 0)


async def test_a_moment_that_is_handed_over_is_theirs_for_good(
    desk: Desk, clock: StandingClock
) -> None:
    await a_week_with_a_gap(desk, clock)
    await at(desk, clock, FRIDAY_NINE, "occurrence")
    reminder = await item(desk, OWNER, "occurrence")
    await reminder_answers.hand_over(desk, OWNER, reminder.id or 0, OTHER_OWNER)
    await calendar.make_occurrences(desk)
    await reminders.send_due(desk)
    theirs = await item(desk, OTHER_OWNER, "occurrence")
    assert theirs.given_by == OWNER
    occurrence = next(o for o in await rows(desk, Occurrence) if o.id == reminder.subject_id)
    assert occurrence.owner == OTHER_OWNER
    asked = await at(desk, clock, FRIDAY_NINE + 5 * AN_HOUR, "occurrence")
    assert asked.count(OWNER) == 1
    assert asked[-1] == ADMIN


async def test_only_who_was_reminded_answers(desk: Desk, clock: StandingClock) -> None:
    _, reminder = await asked_to_decide(desk, clock)
    for answer in (reminder_answers.done, reminder_answers.ask_until, reminder_answers.ask_whom):
        with pytest.raises(Refusal, match="for {who}"):
            await answer(desk, OTHER_OWNER, reminder.id or 0)
    with pytest.raises(Refusal):
        await reminder_answers.done(desk, OWNER, 999)


async def test_what_is_held_is_withdrawn_and_comes_back(desk: Desk, clock: StandingClock) -> None:
    post_id, reminder = await asked_to_decide(desk, clock)
    until = FRIDAY_NINE + 2 * AN_HOUR
    await holding.hold(desk, OWNER, post_id, 1, until, "First the news")
    assert await shown(desk, reminder) is State.GONE
    clock.now = until
    await holding.end_due(desk)
    assert (await at(desk, clock, FRIDAY_NINE + 5 * AN_HOUR, "decide")).count(OWNER) == 2


async def test_a_message_on_its_way_takes_what_comes_a_moment_later(
    desk: Desk, clock: StandingClock
) -> None:
    await asked_to_decide(desk, clock)

    async def one_more(text: str) -> int:
        await propose(desk, SECOND_MONDAY + timedelta(seconds=30), text=text)
        clock.move(timedelta(seconds=30))
        await reminders.send_due(desk)
        return len([m for m in await rows(desk, ReminderMessage) if m.recipient == OWNER])

    assert await one_more("Another") == 1

    def there(session: Session) -> None:
        kind = "reminder_message.card"
        session.add(Card(kind=kind, entity_id=1, recipient=OWNER, channel="D", ts="1.0"))

    await desk.database.write(there)
    clock.now = FRIDAY_NINE + AN_HOUR
    assert (await item(desk, OWNER, "decide")).message_id == 1
