"""Occurrences are made once, with their reminders; the calendar shows what is planned and free."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.actions import calendar, calendar_views, posts
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk, action
from bot.actions.views import CalendarEntry
from bot.rules.posts import PlacementStatus
from storage.models import Occurrence, Placement, Platform, Reminder, Slot
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

SECOND_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Amsterdam
next_free = action(calendar.next_free)
FOREVER = datetime.max.replace(tzinfo=UTC)


async def planned(desk: Desk, until: datetime = FOREVER) -> list[CalendarEntry]:
    """What the calendar shows of the coming weeks, until then."""
    shown = await calendar_views.show(desk, "")
    return [entry for entry in shown.entries if entry.at <= until]


async def occurrences(desk: Desk) -> list[Occurrence]:
    return await desk.database.read(
        lambda session: list(session.exec(select(Occurrence).order_by(col(Occurrence.starts_at))))
    )


async def owners(desk: Desk) -> list[Reminder]:
    return [reminder for reminder in await reminders(desk) if reminder.stage == "owner"]


async def reminders(desk: Desk) -> list[Reminder]:
    return await desk.database.read(lambda session: list(session.exec(select(Reminder))))


async def propose(
    desk: Desk, at: datetime, platforms: tuple[str, ...] = ("telegram",), text: str = "A tip"
) -> int:
    draft = Proposal(text, platforms, "information", "parents", at)
    return (await posts.propose(desk, PROPOSER, f"form {text} {at}", draft)).id


async def test_occurrences_keep_their_wall_time(desk: Desk) -> None:
    assert await calendar.make_occurrences(desk) == 6
    made = await occurrences(desk)
    assert [o.starts_local.isoformat() for o in made] == [
        "2026-03-02T10:00:00",
        "2026-03-09T10:00:00",
        "2026-03-16T10:00:00",
        "2026-03-23T10:00:00",
        "2026-03-30T10:00:00",
        "2026-04-06T10:00:00",
    ]
    assert [o.starts_at.hour for o in made] == [9, 9, 9, 9, 8, 8]
    assert {o.zone for o in made} == {"Europe/Amsterdam"}


async def test_making_them_again_changes_nothing(desk: Desk, clock: StandingClock) -> None:
    await calendar.make_occurrences(desk)
    before = await occurrences(desk), await reminders(desk)
    assert await calendar.make_occurrences(desk) == 0
    assert (await occurrences(desk), await reminders(desk)) == before
    clock.move(timedelta(weeks=1))
    assert await calendar.make_occurrences(desk) == 1


async def test_many_slots_take_no_more_looks_than_one(desk: Desk) -> None:
    """It runs every minute, on the thread that writes for everybody."""

    def add_slots(session: Session) -> None:
        rule, since = "FREQ=DAILY", date(2016, 1, 1)
        for n in range(40):
            at = time(10, n)
            session.add(
                Slot(platform_key="telegram", title=f"{n}", rule=rule, time=at, since=since)
            )

    await desk.database.write(add_slots)
    assert await calendar.make_occurrences(desk) > 1000
    statements: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", count)
    assert await calendar.make_occurrences(desk) == 0
    looks = [each for each in statements if each.startswith("SELECT")]
    assert len(looks) < 20  # five, and the hours of everybody who is reminded
    assert not any(each.startswith(("INSERT", "UPDATE", "DELETE")) for each in statements)


async def test_each_owner_has_a_reminder_and_a_new_owner_gets_one(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    assert {reminder.recipient for reminder in await owners(desk)} == {OWNER}

    def add_owner(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        platform.owners = [OWNER, OTHER_OWNER]

    await desk.database.write(add_owner)
    await calendar.make_occurrences(desk)
    found = await owners(desk)
    newest = {(r.subject_id, r.recipient): r.due_at for r in found}
    assert len(newest) == 2 * len(await occurrences(desk))
    starts = {o.id: o.starts_at for o in await occurrences(desk)}
    for (occurrence_id, _), due_at in newest.items():
        # Two days before Monday is Saturday: on Friday (or before Good Friday), in working hours.
        before = starts[occurrence_id] - due_at
        assert timedelta(days=2, hours=12) < before < timedelta(days=5)
        assert due_at.astimezone(desk.zone).time() in (time(12), time(13), time(16))


async def test_the_calendar_shows_posts_and_what_is_still_free(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    await propose(desk, SECOND_MONDAY + timedelta(hours=5), text="Read this\nand more")
    await propose(desk, SECOND_MONDAY, ("instagram",), text="A picture")
    found = await planned(desk, SECOND_MONDAY + timedelta(weeks=1))
    assert [(e.platform, e.title, e.status) for e in found] == [
        ("Telegram", "Book tip", None),
        ("Instagram", "A picture", PlacementStatus.PROPOSED),
        ("Telegram", "Read this", PlacementStatus.PROPOSED),
        ("Telegram", "Book tip", None),
    ]
    assert len(await planned(desk)) == 5  # four weeks, today included


async def test_a_withdrawn_post_leaves_its_moment_free(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    post_id = await propose(desk, SECOND_MONDAY)
    assert await next_free(desk) == SECOND_MONDAY + timedelta(weeks=1)
    await posts.withdraw(desk, PROPOSER, post_id)
    assert await next_free(desk) == SECOND_MONDAY
    assert all(entry.status is None for entry in await planned(desk))


async def test_the_next_free_moment_leaves_time_to_write(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    assert await next_free(desk) == SECOND_MONDAY  # today's is in an hour


async def test_without_slots_tomorrow_morning_is_free(desk: Desk) -> None:
    assert await next_free(desk) == datetime(2026, 3, 3, 9, tzinfo=UTC)


async def test_a_post_late_at_night_counts_for_its_own_wall_date(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    await propose(desk, datetime(2026, 3, 9, 22, 30, tzinfo=UTC))  # Monday 23:30 in Amsterdam
    await propose(desk, datetime(2026, 3, 15, 23, 30, tzinfo=UTC))  # Monday 0:30
    await propose(desk, datetime(2026, 3, 23, 23, 30, tzinfo=UTC))  # Tuesday 0:30
    assert await next_free(desk) == datetime(2026, 3, 23, 9, tzinfo=UTC)


async def test_an_edited_post_moves_in_the_calendar(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    post_id = await propose(desk, SECOND_MONDAY)
    later = Proposal("New", ("telegram",), None, None, SECOND_MONDAY + timedelta(days=1))
    await posts.edit(desk, PROPOSER, post_id, 1, later)
    found = await planned(desk, SECOND_MONDAY + timedelta(days=2))
    assert [(e.at, e.title) for e in found[1:]] == [
        (SECOND_MONDAY, "Book tip"),
        (later.planned_at, "New"),
    ]
    placements = await desk.database.read(lambda s: list(s.exec(select(Placement))))
    assert len(placements) == 1
