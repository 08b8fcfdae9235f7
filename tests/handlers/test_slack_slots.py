"""Fixed moments in Slack: listed, added, changed, stopped; one date skipped, moved, handed over."""

import asyncio
from collections.abc import AsyncIterator
from copy import copy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.actions import calendar, reminders, slot_dates
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message, Person
from storage.models import AuditEntry, Occurrence, Reminder, Slot
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER
from tests.handlers.slack_kit import House, house

SECOND_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Amsterdam


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        await calendar.make_occurrences(made.desk)
        yield made


async def listed(person: Person, command: str = "/social slots") -> Message:
    """What the command answers, which only they see."""
    await person.command(command, "C01REVIEW")
    return person.ephemerals[-1]


async def dates(person: Person) -> Message:
    """The next dates of the first fixed moment."""
    message = await listed(person)
    await person.press(message, "Next dates")
    return person.ephemerals[-1]


async def rows(slack: House, model: Any) -> list[Any]:
    return await slack.read(lambda s: list(s.exec(select(model).order_by(col(model.id)))))


async def book_tip(slack: House) -> Any:
    return next(slot for slot in await rows(slack, Slot) if slot.title == "Book tip")


async def locals_of(slack: House, slot_id: int | None) -> list[str]:
    found = [o for o in await rows(slack, Occurrence) if o.slot_id == slot_id]
    return sorted(f"{o.starts_local:%Y-%m-%d %H:%M}" for o in found)


async def occurrence_on(slack: House, day: date) -> Any:
    found = [o for o in await rows(slack, Occurrence) if o.starts_local.date() == day]
    (only,) = found
    return only


NEW = {
    "Title": "Quiz & <fun>",
    "Platform": "Telegram",
    "Pillar": "Story",
    "How often": "Every 2 weeks",
    "Weekdays": ["Thursday"],
    "Time": time(16, 0),
    "First day": date(2026, 3, 5),
    "Last day": date(2026, 12, 31),
    "Skip": ["at weekends"],
    "Who is reminded?": OTHER_OWNER,
    "How many days before?": 3,
}


async def test_the_list_says_when_what_and_who(slack: House) -> None:
    seen = (await listed(slack.olga)).seen_by(slack.olga)
    assert "Telegram" in seen
    assert "Book tip · Information" in seen
    assert "every Monday at 10:00" in seen
    assert "every owner is reminded 2 days before" in seen
    assert (await listed(slack.olga)).buttons() == [
        "Change",
        "Next dates",
        "Stop",
        "Add a fixed moment",
    ]


@pytest.mark.parametrize("command", ["/social vast", "/social vaste momenten"])
async def test_in_dutch_it_has_a_dutch_name_and_who_may_not_change_only_looks(
    slack: House, command: str
) -> None:
    message = await listed(slack.nora, command)
    assert "elke maandag om 10:00" in message.seen_by(slack.nora)
    assert message.buttons() == []


async def test_an_owner_adds_one(slack: House) -> None:
    await slack.olga.press(await listed(slack.olga), "Add a fixed moment")
    assert await slack.olga.submit(NEW) is None
    said = await slack.olga.sees("every second Thursday at 16:00")
    words = said.seen_by(slack.olga)
    assert "Quiz & <fun> on Telegram" in words
    assert "until 31 December 2026, but not at weekends" in words
    slot = (await rows(slack, Slot))[-1]
    assert slot.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261231"
    assert (slot.owner, slot.lead, slot.skip) == (OTHER_OWNER, 3, ["weekends"])
    assert await locals_of(slack, slot.id) == [
        "2026-03-05 16:00",
        "2026-03-19 16:00",
        "2026-04-02 16:00",
    ]
    found = await rows(slack, Reminder)
    due = [r for r in found if (r.recipient, r.stage) == (OTHER_OWNER, "owner")]
    assert due[0].due_at == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert "add" in await slack.audited()


async def test_an_admin_may_and_a_colleague_hears_who_does(slack: House) -> None:
    assert "Add a fixed moment" in (await listed(slack.admin)).buttons()
    await slack.anna.press(await listed(slack.olga), "Change")
    refused = await slack.anna.sees("administrators can change its fixed moments")
    assert "Ask @Olga Jansen, @Otto Smit and @Ad Min." in refused.seen_by(slack.anna)
    assert slack.anna.modal is None


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"Title": "Book tip"}, "Title"),
        ({"Title": "   "}, "Title"),
        ({"Last day": date(2026, 3, 4)}, "Last day"),
        ({"Number of times": 3}, "Number of times"),
        ({"First day": date(2026, 2, 1)}, "First day"),
        ({"Who is reminded?": "U04NORA"}, "Who is reminded?"),
        ({"How many days before?": 99}, "How many days before?"),
        ({"How often": "Every week", "Weekdays": ["Saturday"]}, "How often"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    slack: House, fields: dict[str, Any], label: str
) -> None:
    await slack.olga.press(await listed(slack.olga), "Add a fixed moment")
    errors = await slack.olga.submit({**NEW, **fields})
    assert errors is not None
    assert list(errors) == [label]
    assert len(await rows(slack, Slot)) == 1


async def test_a_change_holds_from_its_first_day_and_what_was_stays(
    slack: House, clock: StandingClock
) -> None:
    clock.move(timedelta(hours=2))  # today's is over
    await slack.olga.press(await listed(slack.olga), "Change")
    assert slack.olga.modal is not None
    assert "Now: every Monday at 10:00" in slack.olga.modal.seen_by(slack.olga)
    change = {"Weekdays": ["Tuesday"], "Time": time(11, 30), "First day": date(2026, 3, 17)}
    assert await slack.olga.submit(change) is None
    await slack.olga.sees("every Tuesday at 11:30")
    assert await locals_of(slack, (await book_tip(slack)).id) == [
        "2026-03-02 10:00",
        "2026-03-09 10:00",
        "2026-03-16 10:00",
        "2026-03-17 11:30",
        "2026-03-24 11:30",
        "2026-03-31 11:30",
    ]
    await calendar.make_occurrences(slack.desk)
    assert len(await locals_of(slack, (await book_tip(slack)).id)) == 6
    (entry,) = [e for e in await rows(slack, AuditEntry) if e.action == "change"]
    assert (entry.entity, entry.actor) == ("slot", f"slack:{OWNER}")
    assert entry.details["before"]["rule"] == "FREQ=WEEKLY;BYDAY=MO"


async def test_only_another_title_or_owner_moves_nothing(slack: House) -> None:
    before = await rows(slack, Occurrence)
    since = (await book_tip(slack)).since
    await slack.olga.press(await listed(slack.olga), "Change")
    assert await slack.olga.submit({"Title": "A tip", "How many days before?": 5}) is None
    slot = (await rows(slack, Slot))[0]
    assert (slot.title, slot.lead, slot.since) == ("A tip", 5, since)
    assert await rows(slack, Occurrence) == before


async def test_every_second_week_keeps_its_weeks_when_only_the_time_changes(slack: House) -> None:
    await slack.olga.press(await listed(slack.olga), "Add a fixed moment")
    await slack.olga.submit({**NEW, "Title": "AAA"})
    (quiz,) = [slot for slot in await rows(slack, Slot) if slot.title == "AAA"]
    await slack.otto.press(await listed(slack.otto), "Stop")  # the other one
    await slack.olga.press(await listed(slack.olga), "Change")
    assert await slack.olga.submit({"Time": time(9, 0), "First day": date(2026, 3, 10)}) is None
    assert await locals_of(slack, quiz.id) == [
        "2026-03-05 16:00",
        "2026-03-19 09:00",
        "2026-04-02 09:00",
    ]


async def test_a_rule_that_the_fields_cannot_show_is_kept(slack: House) -> None:
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"

    def from_the_file(session: Session) -> None:
        session.exec(select(Slot)).one().rule = rule

    await slack.desk.database.write(from_the_file)
    message = await listed(slack.olga)
    assert "on the last weekday of the month at 10:00" in message.seen_by(slack.olga)
    await slack.olga.press(message, "Change")
    assert await slack.olga.submit({"Title": "Wrap-up"}) is None
    (slot,) = await rows(slack, Slot)
    assert (slot.title, slot.rule, slot.since) == ("Wrap-up", rule, date(2026, 3, 1))
    await slack.olga.press(await listed(slack.olga), "Change")
    assert await slack.olga.submit({"How often": "Every week", "Weekdays": ["Friday"]}) is None
    assert (await rows(slack, Slot))[0].rule == "FREQ=WEEKLY;BYDAY=FR"


async def test_stopping_asks_once_more_and_the_second_hears_who_did(slack: House) -> None:
    mine, theirs = await listed(slack.olga), await listed(slack.otto)
    await slack.olga.press(mine, "Stop")
    assert "There are no fixed moments yet" in slack.olga.ephemerals[-1].seen_by(slack.olga)
    await slack.otto.press(theirs, "Stop")
    refused = await slack.otto.sees("stopped this fixed moment")
    assert "Olga Jansen" in refused.seen_by(slack.otto)
    assert (await slack.audited()).count("stop") == 1
    upcoming = [o for o in await rows(slack, Occurrence) if o.starts_at > slack.desk.clock()]
    assert upcoming == []


async def test_who_comes_second_with_a_form_is_told_who_changed_it(slack: House) -> None:
    await slack.olga.press(await listed(slack.olga), "Change")
    await slack.otto.press(await listed(slack.otto), "Change")
    outcomes = await asyncio.gather(
        slack.olga.submit({"Title": "Olga's"}), slack.otto.submit({"Title": "Otto's"})
    )
    told = [errors for errors in outcomes if errors]
    assert len(told) == 1
    assert "changed this fixed moment meanwhile" in next(iter(told[0].values()))
    assert (await slack.audited()).count("change") == 1


async def test_a_date_is_skipped_and_the_skip_undone(slack: House, clock: StandingClock) -> None:
    message = await dates(slack.olga)
    assert message.buttons()[:4] == ["Skip", "Move", "Hand over", "Change all that follow"]
    await slack.olga.press(message, "Skip")  # today's
    seen = slack.olga.ephemerals[-1]
    assert "skipped by @Olga Jansen" in seen.seen_by(slack.olga)
    assert await slack.anna.command("/social calendar", "C01REVIEW")
    assert "Book tip · skipped this time" in slack.anna.ephemerals[-1].seen_by(slack.anna)
    await calendar.make_occurrences(slack.desk)
    assert (await occurrence_on(slack, date(2026, 3, 2))).skipped_by == OWNER
    assert await reminders.send_due(slack.desk) == 0
    await slack.olga.press(seen, "Undo")
    assert "skipped by" not in slack.olga.ephemerals[-1].seen_by(slack.olga)
    assert await reminders.send_due(slack.desk) == 1  # it was due, and is again
    assert [a for a in await slack.audited() if "skip" in a] == ["skip", "unskip"]


async def reminded(slack: House, clock: StandingClock, by: Person) -> Message:
    """The reminder of the second Monday."""
    clock.now = SECOND_MONDAY - timedelta(days=3, hours=1)  # Friday, 9:00
    await reminders.send_due(slack.desk)
    return await by.sees("There is no post yet for Telegram")


async def test_a_reminder_can_be_answered_with_a_skip(slack: House, clock: StandingClock) -> None:
    message = copy(await reminded(slack, clock, slack.olga))
    assert message.buttons() == [
        "Propose a post",
        "Skip",
        "Move",
        "Change all that follow",
        "Done",
        "Snooze",
        "Hand over",
    ]
    await slack.olga.press(message, "Skip")
    said = await slack.olga.sees("Skipped: Telegram: Book tip")
    await slack.olga.press(message, "Skip")  # a second tap
    assert (await slack.audited()).count("skip") == 1
    await slack.otto.press(message, "Skip")
    await slack.otto.sees("Olga Jansen skipped this already")
    await slack.olga.press(said, "Undo")
    await slack.olga.sees("It comes after all")
    assert (await occurrence_on(slack, date(2026, 3, 9))).skipped_at is None


async def test_a_date_is_moved_and_reminded_of_at_its_new_time(
    slack: House, clock: StandingClock
) -> None:
    message = await reminded(slack, clock, slack.olga)
    await slack.olga.press(message, "Move")
    wednesday = datetime(2026, 3, 11, 14, tzinfo=UTC)
    assert await slack.olga.submit({"Date and time": wednesday}) is None
    await slack.olga.sees("Moved: Telegram: Book tip")
    moved = await occurrence_on(slack, date(2026, 3, 9))
    assert moved.starts_at == wednesday
    before = await locals_of(slack, moved.slot_id)
    await calendar.make_occurrences(slack.desk)
    assert await locals_of(slack, moved.slot_id) == before
    await slack.anna.command("/social calendar", "C01REVIEW")
    seen = slack.anna.ephemerals[-1].seen_by(slack.anna)
    assert "15:00 Telegram: Book tip · nothing planned yet · moved from Monday 9 March" in seen
    await slack.olga.sees("It was moved to")
    clock.now = wednesday - timedelta(days=2)
    assert await reminders.send_due(slack.desk) == 1
    await slack.olga.sees("There is no post yet for Telegram")


async def test_moving_into_the_past_or_after_somebody_else(slack: House) -> None:
    message = await dates(slack.olga)
    theirs = await dates(slack.otto)
    await slack.olga.press(message, "Move")
    errors = await slack.olga.submit({"Date and time": datetime(2026, 3, 1, tzinfo=UTC)})
    assert list(errors or {}) == ["Date and time"]
    await slack.otto.press(theirs, "Move")
    assert await slack.olga.submit({"Date and time": datetime(2026, 3, 3, 9, tzinfo=UTC)}) is None
    errors = await slack.otto.submit({"Date and time": datetime(2026, 3, 4, 9, tzinfo=UTC)})
    assert "olga changed this meanwhile" in next(iter((errors or {}).values()))


async def test_a_date_is_handed_over_and_reminded_of_alone(
    slack: House, clock: StandingClock
) -> None:
    message = await dates(slack.olga)
    await slack.olga.press(message, "Skip")
    message = slack.olga.ephemerals[-1]
    await slack.olga.press(message, "Hand over")  # the second Monday's
    errors = await slack.olga.submit({"Who is reminded?": "U04NORA"})
    assert list(errors or {}) == ["Who is reminded?"]
    assert await slack.olga.submit({"Who is reminded?": OTHER_OWNER}) is None
    await slack.olga.sees("@Otto Smit is reminded of it now")
    told = await slack.otto.sees("hands this over to you")
    assert "Skip" in told.buttons()
    clock.now = SECOND_MONDAY - timedelta(days=2, hours=21)
    assert await reminders.send_due(slack.desk) == 1
    await slack.otto.sees("There is no post yet for Telegram")
    outcomes = {r.recipient: r.outcome for r in await rows(slack, Reminder) if r.outcome}
    assert outcomes == {OTHER_OWNER: "sent", OWNER: "no longer theirs"}
    assert "for @Otto Smit" in (await dates(slack.olga)).seen_by(slack.olga)


async def test_all_that_follow_are_changed_and_exceptions_stay_where_they_fit(
    slack: House,
) -> None:
    slot_id = (await book_tip(slack)).id or 0
    for day in (9, 16, 23):
        await slot_dates.skip(slack.desk, OWNER, slot_id, date(2026, 3, day))
    message = await dates(slack.olga)
    await slack.olga.press(message, "Change all that follow")
    assert slack.olga.modal is not None
    change = {"How often": "Every 2 weeks", "Time": time(12, 0), "First day": date(2026, 3, 16)}
    assert await slack.olga.submit(change) is None
    said = await slack.olga.sees("no moment falls on them any more: Monday 23 March")
    assert "every second Monday at 12:00" in said.seen_by(slack.olga)
    found = await rows(slack, Occurrence)
    assert {f"{o.starts_local:%d %b %H:%M}": bool(o.skipped_at) for o in found} == {
        "02 Mar 10:00": False,
        "09 Mar 10:00": True,
        "16 Mar 12:00": True,
        "30 Mar 12:00": False,
    }


async def test_an_old_button_never_hits_another_date(slack: House, clock: StandingClock) -> None:
    message = copy(await reminded(slack, clock, slack.olga))
    await slack.olga.press(await listed(slack.olga), "Change")
    await slack.olga.submit({"Weekdays": ["Friday"]})
    await slack.olga.press(message, "Skip")
    await slack.olga.sees("This date is not in the calendar any more")
    clock.now = SECOND_MONDAY + timedelta(days=5)
    await calendar.make_occurrences(slack.desk)
    assert not any(o.skipped_at for o in await rows(slack, Occurrence))


async def test_what_is_over_is_over(slack: House, clock: StandingClock) -> None:
    message = await dates(slack.olga)
    clock.move(timedelta(hours=2))
    await slack.olga.press(message, "Skip")
    await slack.olga.sees("This is over already")


async def test_a_page_of_dates_and_the_way_back(slack: House) -> None:
    def daily(session: Session) -> None:
        session.exec(select(Slot)).one().rule = "FREQ=DAILY"

    await slack.desk.database.write(daily)
    await calendar.make_occurrences(slack.desk)
    message = await dates(slack.olga)
    assert message.buttons().count("Skip") == 10
    await slack.olga.press(message, "Show more")
    second = slack.olga.ephemerals[-1]
    assert "Show the previous" in second.buttons()
    await slack.olga.press(second, "Back to the list")
    assert "Add a fixed moment" in slack.olga.ephemerals[-1].buttons()
