"""Loading a strategy: what is kept follows the file, and history stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

import bot.sandbox
from bot.actions import calendar, posts, strategy
from bot.actions.proposals import Proposal
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.lengths import Counting
from bot.rules.refusals import InvalidForm
from bot.rules.strategy import Call, Slot, Strategy, read
from storage.models import AuditEntry, HouseRule, Occurrence, Pillar, Platform, Reminder
from storage.models import Call as CallRow
from storage.models import Slot as SlotRow
from tests.conftest import StandingClock

EXAMPLE = read((Path(bot.sandbox.__file__).parent / "strategy" / "leestafel.en.toml").read_text())
TABLES = (
    "organisations",
    "platforms",
    "target_groups",
    "pillars",
    "goals",
    "slots",
    "house_rules",
    "calls",
    "statements",
    "audit_entries",
    "occurrences",
    "reminders",
)


async def everything(desk: Desk) -> dict[str, list[Any]]:
    def look(session: Session) -> dict[str, list[Any]]:
        return {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))]
            for table in TABLES
        }

    return await desk.database.read(look)


async def rows(desk: Desk, model: Any) -> list[Any]:
    return await desk.database.read(lambda session: list(session.exec(select(model))))


async def slot_titled(desk: Desk, title: str) -> Any:
    return next(slot for slot in await rows(desk, SlotRow) if slot.title == title)


def with_slots(*slots: Slot) -> Strategy:
    return replace(EXAMPLE, slots=slots)


BOOK_TIP = EXAMPLE.slots[0]


async def test_the_example_replaces_what_was_there(desk: Desk) -> None:
    report = await strategy.load(desk, EXAMPLE)
    assert (report.added, report.changed, report.retired) == (24, 6, 1)
    assert await strategy.organisation_name(desk) == "Bibliotheek De Leestafel"
    platforms = {platform.key: platform for platform in await rows(desk, Platform)}
    assert platforms["facebook"].owners == ["U02OWNER", "U01OWNER"]
    assert [platforms[key].position for key in ("telegram", "newsletter")] == [0, 3]
    active = {rule.text for rule in await rows(desk, HouseRule) if rule.active}
    assert active == {rule.text for rule in EXAMPLE.house_rules}


async def test_loading_twice_changes_nothing_at_all(desk: Desk, clock: StandingClock) -> None:
    await strategy.load(desk, EXAMPLE)
    await calendar.make_occurrences(desk)
    before = await everything(desk)
    clock.move(timedelta(days=3))
    report = await strategy.load(desk, EXAMPLE)
    assert report == LoadReport(unchanged=_parts(EXAMPLE))
    assert await everything(desk) == before


async def test_a_load_is_audited_once_with_what_it_did(desk: Desk) -> None:
    report = await strategy.load(desk, EXAMPLE)
    await strategy.load(desk, EXAMPLE)
    (entry,) = [e for e in await rows(desk, AuditEntry) if e.entity == "strategy"]
    assert (entry.action, entry.details["added"]) == ("load", report.added)


async def test_what_is_gone_retires_and_what_returns_is_back(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    fewer = replace(EXAMPLE, pillars=EXAMPLE.pillars[:3], calls=())
    assert await strategy.load(desk, fewer) == LoadReport(unchanged=_parts(EXAMPLE) - 2, retired=2)
    assert not (await _pillar(desk, "story")).active
    assert await strategy.load(desk, EXAMPLE) == LoadReport(
        changed=2, unchanged=_parts(EXAMPLE) - 2
    )
    assert (await _pillar(desk, "story")).active


async def test_what_a_platform_counts_is_kept_and_holds(desk: Desk) -> None:
    x = replace(EXAMPLE.platforms[1], max_length=280, count=Counting.X)
    counts = replace(EXAMPLE, platforms=(EXAMPLE.platforms[0], x, *EXAMPLE.platforms[2:]))
    await strategy.load(desk, counts)
    current = await strategy.current(desk)
    assert current is not None
    assert current.platforms == counts.platforms
    draft = Proposal("🎉" * 141, (x.key,), None, None, desk.clock() + timedelta(days=1))
    with pytest.raises(InvalidForm) as mistake:
        await posts.propose(desk, "U03COLLEAGUE", "form", draft)
    assert mistake.value.errors["text"].values["length"] == 282


async def test_a_call_closes_at_the_time_on_the_wall(desk: Desk) -> None:
    naive = datetime.fromisoformat("2026-07-01T18:00")
    calls = (
        Call("winter", "Which book?", closes=naive),
        Call("summer", "Which beach?", closes=naive.replace(tzinfo=UTC)),
    )
    await strategy.load(desk, replace(EXAMPLE, calls=calls))
    closes = {call.key: call.closes_at for call in await rows(desk, CallRow)}
    assert closes["winter"] == datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert closes["summer"] == datetime(2026, 7, 1, 18, tzinfo=UTC)


async def test_a_slot_that_stays_keeps_its_first_day(desk: Desk, clock: StandingClock) -> None:
    await strategy.load(desk, with_slots(BOOK_TIP))
    await calendar.make_occurrences(desk)
    before = await rows(desk, Occurrence)
    clock.move(timedelta(days=1))
    await strategy.load(desk, with_slots(replace(BOOK_TIP, pillar="story")))
    slot = await slot_titled(desk, "Book tip")
    assert (slot.since, slot.pillar_key) == (date(2026, 3, 1), "story")
    assert await rows(desk, Occurrence) == before


async def test_a_slot_that_moves_begins_anew_and_its_old_moments_go(
    desk: Desk, clock: StandingClock
) -> None:
    await strategy.load(desk, with_slots(BOOK_TIP))
    await calendar.make_occurrences(desk)
    clock.move(timedelta(days=1))
    await strategy.load(desk, with_slots(replace(BOOK_TIP, rule="FREQ=WEEKLY;BYDAY=SU")))
    await calendar.make_occurrences(desk)
    occurrences = [o for o in await rows(desk, Occurrence) if o.starts_at > clock.now]
    assert {o.starts_local.weekday() for o in occurrences} == {6}
    assert (await slot_titled(desk, "Book tip")).since == date(2026, 3, 3)
    subjects = {r.subject_id for r in await rows(desk, Reminder) if r.due_at > clock.now}
    assert subjects <= {o.id for o in occurrences}


@pytest.mark.parametrize("moved", [True, False])
async def test_a_retired_slot_has_nothing_to_come_any_more(
    desk: Desk, clock: StandingClock, moved: bool
) -> None:
    await strategy.load(desk, with_slots(BOOK_TIP))
    await calendar.make_occurrences(desk)
    others = (replace(BOOK_TIP, title="Another"),) if moved else ()
    await strategy.load(desk, with_slots(*others))
    await calendar.make_occurrences(desk)
    book_tip = await slot_titled(desk, "Book tip")
    assert not book_tip.active
    assert book_tip.id not in {o.slot_id for o in await rows(desk, Occurrence)}
    await strategy.load(desk, with_slots(BOOK_TIP))
    assert (await slot_titled(desk, "Book tip")).since == date(2026, 3, 2)


async def _pillar(desk: Desk, key: str) -> Any:
    return next(pillar for pillar in await rows(desk, Pillar) if pillar.key == key)


def _parts(strategy: Strategy) -> int:
    lists = (
        strategy.platforms,
        strategy.target_groups,
        strategy.pillars,
        strategy.goals,
        strategy.slots,
        strategy.house_rules,
        strategy.calls,
        strategy.topics,
        strategy.statements,
    )
    return 1 + sum(len(parts) for parts in lists)
