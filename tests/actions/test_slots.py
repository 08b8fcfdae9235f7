"""A slot's versions, its exceptions and its reminders, whatever the order of changes."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import calendar, reminders, slot_dates, slot_views, slots, strategy
from bot.actions.slots import SlotDraft
from bot.actions.transaction import Desk, action
from bot.rules.calendar import Skip
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.slot_choices import Choices, Often
from bot.rules.strategy import Slot as SlotPart
from bot.rules.strategy import Strategy
from storage.models import AuditEntry, Occurrence, Platform, Reminder, Slot
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

DRAFT = SlotDraft(
    title="Quiz",
    pillar_key=None,
    choices=Choices(Often.WEEK, weekdays=(3,)),
    time=time(16),
    first_day=date(2026, 3, 3),
    skip=(),
    owner=None,
    lead=2,
)


async def rows(desk: Desk, model: Any) -> list[Any]:
    return await desk.database.read(lambda s: list(s.exec(select(model).order_by(model.id))))


async def locals_of(desk: Desk, slot_id: int) -> list[str]:
    found = [o for o in await rows(desk, Occurrence) if o.slot_id == slot_id]
    return sorted(f"{o.starts_local:%m-%d %H:%M}" for o in found)


async def changed(desk: Desk, slot_id: int, key: str = "2", **values: Any) -> slots.Changed:
    form = await slot_views.form(desk, OWNER, slot_id, values.get("first_day"))
    assert form.slot is not None
    shown = SlotDraft(
        title=form.slot.title,
        pillar_key=form.slot.pillar.key if form.slot.pillar else None,
        choices=form.choices,
        time=form.slot.time,
        first_day=form.first_day,
        skip=form.slot.skip,
        owner=form.slot.owner,
        lead=form.slot.lead,
    )
    return await slots.change(desk, OWNER, key, slot_id, form.slot.state, replace(shown, **values))


async def test_the_same_form_twice_is_one_and_another_with_its_title_is_told(desk: Desk) -> None:
    first = await slots.add(desk, OWNER, "form", "telegram", DRAFT)
    assert await slots.add(desk, OWNER, "form", "telegram", DRAFT) == first
    with pytest.raises(InvalidForm) as invalid:
        await slots.add(desk, OTHER_OWNER, "another form", "telegram", DRAFT)
    assert set(invalid.value.errors) == {"title"}
    assert len([slot for slot in await rows(desk, Slot) if slot.title == "Quiz"]) == 1


async def test_a_change_sent_twice_is_one(desk: Desk) -> None:
    slot = await slots.add(desk, OWNER, "form", "telegram", DRAFT)
    draft = replace(DRAFT, choices=Choices(Often.WEEKS_2, (4,)), first_day=date(2026, 3, 10))
    for _ in range(2):
        await slots.change(desk, OWNER, "form 2", slot.id, slot.state, draft)
    assert [e.action for e in await rows(desk, AuditEntry)] == ["add", "change"]


@pytest.mark.parametrize("by", [PROPOSER, "U04NORA"])
async def test_who_is_not_responsible_may_nothing(desk: Desk, by: str) -> None:
    await calendar.make_occurrences(desk)
    monday = date(2026, 3, 9)
    for refused in (
        slots.add(desk, by, "form", "telegram", DRAFT),
        slots.change(desk, by, "form", 1, "", DRAFT),
        slots.stop(desk, by, 1),
        slot_views.form(desk, by),
        slot_views.form(desk, by, 1),
        slot_dates.show_next(desk, by, 1),
        slot_dates.skip(desk, by, 1, monday),
        slot_dates.unskip(desk, by, 1, monday),
        slot_dates.move(desk, by, 1, monday, desk.clock(), desk.clock()),
        slot_dates.hand_over(desk, by, 1, monday, None, by),
    ):
        with pytest.raises(Refusal):
            await refused
    assert await rows(desk, AuditEntry) == []


async def test_who_owns_another_platform_only_may_not_but_an_admin_may(desk: Desk) -> None:
    with pytest.raises(Refusal):
        await slots.add(desk, OWNER, "form", "instagram", DRAFT)
    await slots.add(desk, ADMIN, "form", "instagram", DRAFT)


async def test_of_ten_times_those_that_are_left_come_after_a_change(desk: Desk) -> None:
    five = replace(DRAFT, choices=Choices(Often.WEEK, (3,), count=5))
    slot = await slots.add(desk, OWNER, "form", "telegram", five)
    form = await slot_views.form(desk, OWNER, slot.id, date(2026, 3, 19))
    assert form.choices.count == 3
    await changed(desk, slot.id, first_day=date(2026, 3, 19), time=time(17))
    assert await locals_of(desk, slot.id) == [
        "03-05 16:00",
        "03-12 16:00",
        "03-19 17:00",
        "03-26 17:00",
        "04-02 17:00",
    ]


async def test_what_comes_until_a_later_change_is_made_first(desk: Desk) -> None:
    slot = await slots.add(desk, OWNER, "form", "telegram", DRAFT)
    await changed(desk, slot.id, first_day=date(2026, 5, 1), choices=Choices(Often.WEEK, (4,)))
    found = await locals_of(desk, slot.id)
    assert found[0] == "03-05 16:00"
    assert found[-1] == "04-30 16:00"
    assert len(found) == 9


async def test_weekends_are_skipped_and_no_day_at_all_is_refused(desk: Desk) -> None:
    daily = replace(DRAFT, choices=Choices(Often.DAY), skip=(Skip.WEEKENDS,))
    slot = await slots.add(desk, OWNER, "form", "telegram", daily)
    found = [o for o in await rows(desk, Occurrence) if o.slot_id == slot.id]
    assert len(found) == 24
    assert {o.starts_local.weekday() for o in found} == {0, 1, 2, 3, 4}
    with pytest.raises(InvalidForm) as invalid:
        await changed(desk, slot.id, choices=Choices(Often.WEEK, (5, 6)))
    assert set(invalid.value.errors) == {"often"}


async def test_a_stopped_one_can_be_added_anew(desk: Desk) -> None:
    slot = await slots.add(desk, OWNER, "form", "telegram", DRAFT)
    await slots.stop(desk, OWNER, slot.id)
    assert await locals_of(desk, slot.id) == []
    with pytest.raises(NotThere):
        await slots.stop(desk, OTHER_OWNER, slot.id)
    with pytest.raises(NotThere):
        await slot_dates.skip(desk, OWNER, slot.id, date(2026, 3, 5))
    again = await slots.add(desk, OWNER, "form 3", "telegram", replace(DRAFT, lead=4))
    assert (again.id, again.lead) == (slot.id, 4)
    assert len(await locals_of(desk, slot.id)) == 5


async def test_exceptions_survive_making_and_loading_where_they_fit(
    desk: Desk, clock: StandingClock
) -> None:
    await calendar.make_occurrences(desk)
    clock.move(timedelta(hours=2))
    await slot_dates.skip(desk, OWNER, 1, date(2026, 3, 9))
    at = datetime(2026, 3, 17, 9, tzinfo=UTC)
    await slot_dates.move(desk, OWNER, 1, date(2026, 3, 16), _monday(16), at)
    await slot_dates.hand_over(desk, OWNER, 1, date(2026, 3, 23), None, OTHER_OWNER)
    part = SlotPart("telegram", "Book tip", "FREQ=WEEKLY;BYDAY=MO", time(11), "information")
    await strategy.load(desk, await _with(desk, part))
    await calendar.make_occurrences(desk)
    found = {
        f"{o.starts_local:%m-%d %H:%M}": (bool(o.skipped_at), o.starts_at == at, o.owner)
        for o in await rows(desk, Occurrence)
        if o.starts_local.date() > date(2026, 3, 2)
    }
    assert found == {
        "03-09 11:00": (True, False, None),
        "03-16 11:00": (False, True, None),
        "03-23 11:00": (False, False, OTHER_OWNER),
        "03-30 11:00": (False, False, None),
        "04-06 11:00": (False, False, None),
    }


async def test_what_is_skipped_is_no_free_moment_and_what_is_moved_is_free_there(
    desk: Desk,
) -> None:
    await calendar.make_occurrences(desk)
    await slot_dates.skip(desk, OWNER, 1, date(2026, 3, 2))
    await slot_dates.skip(desk, OWNER, 1, date(2026, 3, 9))
    at = datetime(2026, 3, 12, 9, tzinfo=UTC)
    await slot_dates.move(desk, OWNER, 1, date(2026, 3, 16), _monday(16), at)
    assert await action(calendar.next_free)(desk) == at
    shown = {e.at: (e.is_skipped, e.moved_from) for e in await calendar.planned(desk)}
    assert shown[_monday(9)] == (True, None)
    assert shown[at] == (False, _monday(16))
    assert _monday(16) not in shown


async def test_two_at_once_skip_it_once_and_the_second_is_told(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    deeds = [slot_dates.skip(desk, by, 1, date(2026, 3, 9)) for by in (OWNER, OTHER_OWNER)]
    outcomes = await asyncio.gather(*deeds, return_exceptions=True)
    assert sum(isinstance(each, Refusal) for each in outcomes) == 1
    assert [e.action for e in await rows(desk, AuditEntry)] == ["skip"]


async def test_one_moved_before_its_own_day_is_not_made_again(
    desk: Desk, clock: StandingClock
) -> None:
    await calendar.make_occurrences(desk)
    at = datetime(2026, 3, 4, 9, tzinfo=UTC)
    await slot_dates.move(desk, OWNER, 1, date(2026, 3, 9), _monday(9), at)
    clock.now = datetime(2026, 3, 5, 9, tzinfo=UTC)  # the moved one is over, its own day is not
    await calendar.make_occurrences(desk)
    await changed(desk, 1, time=time(12))
    days = [o.starts_local.date() for o in await rows(desk, Occurrence)]
    assert days.count(date(2026, 3, 9)) == 1
    assert days.count(date(2026, 3, 16)) == 1


async def test_moved_away_and_back_it_is_reminded_of_once(desk: Desk, clock: StandingClock) -> None:
    await calendar.make_occurrences(desk)
    clock.move(timedelta(hours=2))
    later = datetime(2026, 3, 20, 9, tzinfo=UTC)
    await slot_dates.move(desk, OWNER, 1, date(2026, 3, 9), _monday(9), later)
    clock.now = _monday(9) - timedelta(days=2)
    assert await reminders.send_due(desk) == 0
    await slot_dates.move(desk, OWNER, 1, date(2026, 3, 9), later, _monday(9))
    assert await reminders.send_due(desk) == 1
    await calendar.make_occurrences(desk)
    assert await reminders.send_due(desk) == 0


async def test_who_is_named_and_leaves_gives_way_to_every_owner(
    desk: Desk, clock: StandingClock
) -> None:
    await calendar.make_occurrences(desk)
    await changed(desk, 1, owner=OTHER_OWNER, lead=3)

    def without_deputies(session: Session) -> None:
        session.get_one(Platform, "telegram").deputies = []

    await desk.database.write(without_deputies)
    await calendar.make_occurrences(desk)
    clock.now = _monday(9) - timedelta(days=3)
    await reminders.send_due(desk)
    done = {r.recipient: r.outcome for r in await rows(desk, Reminder) if r.subject_id == 2}
    assert done[OTHER_OWNER] == "no longer theirs"
    sent = [r for r in await rows(desk, Reminder) if r.outcome == "sent" and r.subject_id == 2]
    assert [r.recipient for r in sent] == [OWNER]


async def test_a_reminder_keeps_its_time_on_the_wall_when_the_clock_changes(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    found = {o.id: o.starts_local for o in await rows(desk, Occurrence)}
    due = {found[r.subject_id].date(): r.due_at for r in await rows(desk, Reminder)}
    assert due[date(2026, 3, 30)] == datetime(2026, 3, 28, 9, tzinfo=UTC)  # 10:00, as ever


async def test_a_named_owner_is_one_of_the_platforms(desk: Desk) -> None:
    with pytest.raises(InvalidForm) as invalid:
        await slots.add(desk, OWNER, "form", "telegram", replace(DRAFT, owner=PROPOSER))
    assert set(invalid.value.errors) == {"owner"}


def _monday(day: int) -> datetime:
    """10:00 in Amsterdam, in winter."""
    return datetime(2026, 3, day, 9, tzinfo=UTC)


async def _with(desk: Desk, slot: SlotPart) -> Strategy:
    kept = await strategy.current(desk)
    assert kept is not None
    return replace(kept, slots=(slot,))


async def days_of_new(desk: Desk, clock: StandingClock, now: datetime, **values: Any) -> list[date]:
    """The days in the five weeks after `now` on which a new slot comes."""
    clock.now = now
    draft = replace(DRAFT, skip=(Skip.HOLIDAYS,), first_day=now.date(), **values)
    slot = await slots.add(desk, OWNER, "1", "telegram", draft)
    return sorted(
        o.starts_local.date() for o in await rows(desk, Occurrence) if o.slot_id == slot.id
    )


async def test_kings_day_moved_from_sunday_is_skipped_on_the_saturday(
    desk: Desk, clock: StandingClock
) -> None:
    weekends = Choices(Often.WEEK, weekdays=(5, 6))
    april = datetime(2025, 4, 14, 8, tzinfo=UTC)
    found = await days_of_new(desk, clock, april, choices=weekends)
    assert date(2025, 4, 26) not in found  # it is on the 26th when the 27th is a Sunday
    assert date(2025, 4, 27) in found
    assert date(2025, 4, 20) not in found  # Easter
    assert date(2025, 4, 19) in found


async def test_easter_monday_is_skipped_and_the_mondays_around_it_are_not(
    desk: Desk, clock: StandingClock
) -> None:
    mondays = Choices(Often.WEEK, weekdays=(0,))
    found = await days_of_new(desk, clock, datetime(2026, 3, 24, 8, tzinfo=UTC), choices=mondays)
    assert found == [date(2026, 3, 30), date(2026, 4, 13), date(2026, 4, 20)]  # 27: King's Day


async def test_holidays_on_both_sides_of_the_new_year(desk: Desk, clock: StandingClock) -> None:
    clock.now = datetime(2026, 12, 14, 8, tzinfo=UTC)
    daily = Choices(Often.DAY)
    found = await days_of_new(desk, clock, clock.now, choices=daily)
    every = {date(2026, 12, 14) + timedelta(days=n) for n in range(35)}
    christmas = {date(2026, 12, 25), date(2026, 12, 26)}
    assert every - set(found) - christmas - {date(2027, 1, 1)} == set()
    assert not set(found) & (christmas | {date(2027, 1, 1)})


async def test_a_count_includes_the_holidays_that_are_skipped(
    desk: Desk, clock: StandingClock
) -> None:
    three = Choices(Often.WEEK, weekdays=(0,), count=3)
    found = await days_of_new(desk, clock, datetime(2026, 3, 24, 8, tzinfo=UTC), choices=three)
    assert found == [date(2026, 3, 30), date(2026, 4, 13)]
