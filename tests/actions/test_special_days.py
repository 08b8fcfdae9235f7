"""Special days: what is coming, who adds to it, files of them, and when the owners are reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

import bot.sandbox
from bot.actions import posts, preparations, reminders, special_days, strategy
from bot.actions.posts import Proposal
from bot.actions.special_days import DayForm
from bot.actions.special_days_file import bring_in
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.calendar import ReminderKind
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.special_days import Repeats, SpecialDay, version_of
from bot.rules.special_days_file import read as read_file
from bot.rules.strategy import read
from storage.models import Absence, Platform, Reminder
from storage.models import SpecialDay as Row
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

EXAMPLE = read((Path(bot.sandbox.__file__).parent / "strategy" / "leestafel.en.toml").read_text())
IN_MARCH = DayForm("Boekenweek", date(2026, 5, 11), date(2026, 5, 22), Repeats.NEVER, 6, ("Gift",))


async def rows(desk: Desk, model: Any) -> list[Any]:
    return await desk.database.read(lambda s: list(s.exec(select(model).order_by(col(model.id)))))


async def coming(desk: Desk, by: str = PROPOSER, language: str = "en") -> list[tuple[date, str]]:
    found = await special_days.coming(desk, by, language)
    return [(each.first, each.name) for each in found.dates]


async def due(desk: Desk) -> list[tuple[str, datetime]]:
    found = await rows(desk, Reminder)
    return [(r.recipient, r.due_at) for r in found if r.kind == ReminderKind.SPECIAL_DAY]


async def told(desk: Desk) -> list[str]:
    found = await rows(desk, Reminder)
    return sorted(r.recipient for r in found if r.kind == "special_day" and r.message_id)


async def test_holidays_come_by_themselves_in_the_readers_language(desk: Desk) -> None:
    assert (date(2026, 4, 27), "King's Day") in await coming(desk)
    assert (date(2026, 4, 27), "Koningsdag") in await coming(desk, language="nl")
    await strategy.load(
        desk, replace(EXAMPLE, organisation=replace(EXAMPLE.organisation, country=""))
    )
    assert [name for _, name in await coming(desk)] == [
        "International Literacy Day",
        "Heritage Day",
    ]


async def test_the_example_brings_its_days(desk: Desk, clock: StandingClock) -> None:
    await strategy.load(desk, EXAMPLE)
    clock.now = datetime(2027, 1, 25, 8, tzinfo=UTC)
    names = [name for _, name in await coming(desk)]
    assert names[0] == "National Read Aloud Days"  # it goes on
    assert "Boekenweek" in names
    assert await strategy.load(desk, EXAMPLE) == LoadReport(unchanged=37)


async def test_owners_and_admins_add_change_and_stop(desk: Desk) -> None:
    added = await special_days.add(desk, OWNER, IN_MARCH)
    assert added.key == "boekenweek-2026"
    assert await special_days.add(desk, ADMIN, IN_MARCH) == added  # the same day
    assert len(await rows(desk, Row)) == 1
    seen = version_of(added)
    later = replace(IN_MARCH, first_day=date(2026, 5, 12))
    changed = await special_days.change(desk, ADMIN, added.key, seen, later)
    assert changed.first_day == date(2026, 5, 12)
    assert await special_days.change(desk, ADMIN, added.key, seen, later) == changed
    with pytest.raises(InvalidForm, match="name"):
        await special_days.change(desk, OWNER, added.key, seen, IN_MARCH)
    await special_days.stop(desk, OTHER_OWNER, added.key)
    await special_days.stop(desk, OTHER_OWNER, added.key)
    assert "Boekenweek" not in [name for _, name in await coming(desk)]
    with pytest.raises(NotThere):
        await special_days.change(desk, OWNER, added.key, seen, IN_MARCH)
    await special_days.add(desk, OWNER, IN_MARCH)
    assert "Boekenweek" in [name for _, name in await coming(desk)]


async def test_a_colleague_changes_nothing_and_adds_ideas(desk: Desk) -> None:
    added = await special_days.add(desk, OWNER, IN_MARCH)
    for refused in (
        special_days.add(desk, PROPOSER, IN_MARCH),
        special_days.change(desk, PROPOSER, added.key, version_of(added), IN_MARCH),
        special_days.stop(desk, PROPOSER, added.key),
        special_days.check_may_change(desk, PROPOSER),
        bring_in(desk, PROPOSER, read_file(b"name,date\nX,2026-05-01\n", desk.zone)),
    ):
        with pytest.raises(Refusal, match="Add an idea"):
            await refused
    assert (await special_days.coming(desk, PROPOSER, "en")).may_change is False
    for _ in range(2):
        day = await special_days.add_idea(desk, PROPOSER, added.key, " A  quiz ")
    assert day.ideas == ("Gift", "A quiz")
    with pytest.raises(InvalidForm, match="idea"):
        await special_days.add_idea(desk, PROPOSER, added.key, "x" * 301)
    with pytest.raises(InvalidForm, match="idea"):
        await special_days.add_idea(desk, PROPOSER, added.key, "  ")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(IN_MARCH, name=" "), "name"),
        (replace(IN_MARCH, name="x" * 76), "name"),
        (replace(IN_MARCH, last_day=date(2026, 5, 1)), "last_day"),
        (replace(IN_MARCH, last_day=date(2027, 5, 30)), "last_day"),
        (replace(IN_MARCH, repeats=Repeats.DATE), "last_day"),
        (replace(IN_MARCH, ideas=("x",) * 21), "ideas"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(desk: Desk, form: DayForm, field: str) -> None:
    with pytest.raises(InvalidForm) as told:
        await special_days.add(desk, OWNER, form)
    assert list(told.value.errors) == [field]


async def test_a_day_comes_back_as_was_chosen(desk: Desk) -> None:
    one = replace(IN_MARCH, first_day=date(2026, 9, 6), last_day=None)
    by_date = await special_days.add(desk, OWNER, replace(one, repeats=Repeats.DATE, name="A"))
    assert by_date.yearly == date(2026, 9, 6)
    by_day = await special_days.add(desk, OWNER, replace(one, repeats=Repeats.WEEKDAY, name="B"))
    assert by_day.rule == "FREQ=YEARLY;BYMONTH=9;BYDAY=1SU"
    kept = replace(one, repeats=Repeats.KEPT, name="C", first_day=date(2027, 9, 5))
    changed = await special_days.change(desk, OWNER, by_day.key, version_of(by_day), kept)
    assert (changed.name, changed.rule) == ("C", by_day.rule)


CSV = b"naam;datum;tot;weken vooraf\r\nBoekenweek;11-3-2026;22-3-2026;6\r\nQuiz;1-5-2026;;\r\n"


async def test_a_file_is_brought_in_once_and_next_years_moves_the_dates(desk: Desk) -> None:
    days = read_file(CSV, desk.zone)
    assert await bring_in(desk, OWNER, days) == LoadReport(added=2)
    assert await bring_in(desk, None, days) == LoadReport(unchanged=2)
    await special_days.add_idea(desk, PROPOSER, "boekenweek-2026", "A quiz")
    moved = read_file(CSV.replace(b"11-3-2026", b"12-3-2026"), desk.zone)
    assert await bring_in(desk, OWNER, moved) == LoadReport(changed=1, unchanged=1)
    assert (await special_days.show(desk, "boekenweek-2026")).ideas == ("A quiz",)
    next_year = read_file(CSV.replace(b"2026", b"2027"), desk.zone)
    assert await bring_in(desk, OWNER, next_year) == LoadReport(added=2)
    day = await special_days.show(desk, "boekenweek-2027")
    assert (day.first_day, day.prepare, day.ideas) == (date(2027, 3, 11), 6, ("A quiz",))
    await special_days.stop(desk, OWNER, "quiz-2026")
    assert await bring_in(desk, OWNER, moved) == LoadReport(unchanged=2)


async def test_an_event_is_known_by_its_id_whatever_its_name(desk: Desk) -> None:
    def calendar(name: str, day: str) -> bytes:
        event = f"UID:1@x\r\nSUMMARY:{name}\r\nDTSTART;VALUE=DATE:{day}"
        return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode()

    await bring_in(desk, OWNER, read_file(calendar("Book week", "20260311"), desk.zone))
    renamed = read_file(calendar("Boekenweek", "20260312"), desk.zone)
    assert await bring_in(desk, OWNER, renamed) == LoadReport(changed=1)
    assert [(row.name, row.key) for row in await rows(desk, Row)] == [
        ("Boekenweek", "book-week-2026")
    ]


async def test_the_strategy_file_leaves_days_of_colleagues_alone(desk: Desk) -> None:
    await special_days.add(desk, OWNER, IN_MARCH)
    await strategy.load(desk, EXAMPLE)
    await special_days.add_idea(desk, PROPOSER, "literacy", "A quiz")
    assert await strategy.load(desk, EXAMPLE) == LoadReport(unchanged=37)
    kept = await strategy.current(desk)
    assert kept is not None
    assert [d.key for d in kept.special_days if d.key.startswith("boek")] == [
        "boekenweek-2026",
        "boekenweek-2027",
    ]
    assert await strategy.load(desk, kept) == LoadReport(unchanged=38)
    assert (await strategy.load(desk, replace(EXAMPLE, special_days=()))).retired == 6


async def test_the_preparation_begins_on_a_working_morning(desk: Desk) -> None:
    # Four weeks before 1 June 2026 is 4 May; before 25 May it is 27 April: King's Day.
    for name, day, weeks in (("A", date(2026, 6, 1), 4), ("B", date(2026, 5, 25), 4)):
        form = DayForm(name, day, None, Repeats.NEVER, weeks, ())
        await special_days.add(desk, OWNER, form)
    await special_days.add(desk, OWNER, DayForm("C", date(2026, 5, 3), None, Repeats.NEVER, 0, ()))
    clock_at = StandingClock(datetime(2026, 4, 6, 8, tzinfo=UTC))
    later = replace(desk, clock=clock_at)
    assert await preparations.plan_preparations(later) == 4
    assert await preparations.plan_preparations(later) == 0
    assert sorted(await due(desk)) == [
        (OWNER, datetime(2026, 4, 24, 7, tzinfo=UTC)),  # the Friday before it
        (OWNER, datetime(2026, 5, 4, 7, tzinfo=UTC)),
        (OTHER_OWNER, datetime(2026, 4, 24, 7, tzinfo=UTC)),
        (OTHER_OWNER, datetime(2026, 5, 4, 7, tzinfo=UTC)),
    ]


async def reminded(desk: Desk, clock: StandingClock, days: int = 40) -> list[str]:
    for _ in range(days * 4):
        await preparations.plan_preparations(desk)
        await reminders.send_due(desk)
        clock.move(timedelta(hours=6))
    return await told(desk)


async def test_each_owner_is_reminded_once_a_year(desk: Desk, clock: StandingClock) -> None:
    await special_days.add(desk, OWNER, replace(IN_MARCH, repeats=Repeats.DATE, last_day=None))
    assert await reminded(desk, clock, 60) == [OWNER, OTHER_OWNER]
    clock.now += timedelta(days=280)
    assert await reminded(desk, clock, 60) == [OWNER, OWNER, OTHER_OWNER, OTHER_OWNER]


async def test_a_day_that_is_added_late_is_told_the_next_working_morning(
    desk: Desk, clock: StandingClock
) -> None:
    await special_days.add(
        desk, OWNER, replace(IN_MARCH, first_day=date(2026, 3, 9), last_day=None)
    )
    await preparations.plan_preparations(desk)  # Monday, 9:00
    assert {at for _, at in await due(desk)} == {datetime(2026, 3, 3, 8, tzinfo=UTC)}
    assert await reminded(desk, clock, 9) == [OWNER, OTHER_OWNER]


async def test_a_day_that_moves_takes_its_reminder_along(desk: Desk, clock: StandingClock) -> None:
    day = await special_days.add(desk, OWNER, IN_MARCH)
    await preparations.plan_preparations(desk)
    before = await due(desk)
    later = replace(IN_MARCH, first_day=date(2026, 5, 18))
    await special_days.change(desk, OWNER, day.key, version_of(day), later)
    await preparations.plan_preparations(desk)
    assert [
        at - earlier for (_, at), (_, earlier) in zip(await due(desk), before, strict=True)
    ] == [timedelta(days=3)] * 2
    await special_days.stop(desk, OWNER, day.key)
    assert await reminded(desk, clock) == []


async def test_a_day_that_moves_far_is_told_when_its_time_comes(
    desk: Desk, clock: StandingClock
) -> None:
    day = await special_days.add(desk, OWNER, IN_MARCH)
    await preparations.plan_preparations(desk)
    far = replace(IN_MARCH, first_day=date(2026, 7, 6), last_day=None)
    await special_days.change(desk, OWNER, day.key, version_of(day), far)
    assert await reminded(desk, clock, 80) == []
    assert await reminded(desk, clock, 5) == [OWNER, OTHER_OWNER]  # 22 May: Whit Monday is off
    assert await reminded(desk, clock, 50) == [OWNER, OTHER_OWNER]


async def test_no_reminder_where_a_post_is_there(desk: Desk, clock: StandingClock) -> None:
    day = await special_days.add(desk, OWNER, IN_MARCH)
    other = await special_days.add(desk, OWNER, replace(IN_MARCH, name="The big quiz"))
    at = datetime(2026, 5, 12, 8, tzinfo=UTC)
    made = Proposal("Come!", ("telegram",), None, None, at, special_day_key=day.key)
    post = await posts.propose(desk, PROPOSER, "1", made)
    named = Proposal("Who joins THE big quiz?", ("telegram",), None, None, at)
    await posts.propose(desk, PROPOSER, "2", named)
    assert await reminded(desk, clock) == []
    assert {r.outcome for r in await rows(desk, Reminder) if r.kind == "special_day"} == {
        "has a post"
    }
    assert {post.id, other.key} == {1, "the-big-quiz-2026"}


async def test_a_withdrawn_post_counts_for_nothing(desk: Desk, clock: StandingClock) -> None:
    day = await special_days.add(desk, OWNER, IN_MARCH)
    at = datetime(2026, 5, 12, 8, tzinfo=UTC)
    made = Proposal("Come!", ("telegram",), None, None, at, special_day_key=day.key)
    post = await posts.propose(desk, PROPOSER, "1", made)
    await posts.withdraw(desk, PROPOSER, post.id)
    assert await reminded(desk, clock) == [OWNER, OTHER_OWNER]


async def test_deputies_are_reminded_for_who_is_away_and_nobody_twice(
    desk: Desk, clock: StandingClock
) -> None:
    def leave(session: Session) -> None:
        session.get_one(Platform, "telegram").owners = [OWNER, OTHER_OWNER]
        first, last = date(2026, 3, 1), date(2026, 6, 1)
        session.add(Absence(slack_id=OWNER, named_at=clock.now, first_day=first, last_day=last))

    await desk.database.write(leave)
    await special_days.add(desk, OTHER_OWNER, IN_MARCH)
    assert await reminded(desk, clock) == [OTHER_OWNER]


def test_a_version_differs_as_soon_as_anything_does() -> None:
    day = SpecialDay("a", "A")
    assert version_of(day) != version_of(replace(day, ideas=("x",)))
