"""Fixed moments out to a table and in again: whole or not at all, and no row twice."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.actions import calendar, slots, strategy
from bot.actions.slots_file import bring_in, rows
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.calendar import Skip
from bot.rules.slots_file import read, write
from bot.rules.strategy import Slot
from bot.rules.tables import RowMistakes
from bot.texts import texts_in
from storage.models import AuditEntry, Occurrence
from storage.models import Slot as Row
from tests.actions.test_posts import rows as all_of
from tests.actions.test_strategy import EXAMPLE
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER

DUTCH = (
    "\ufeffplatform;titel;regel;tijd;rubriek;verantwoordelijke;dagen vooraf;overslaan;vanaf\r\n"
    'Telegram;Boekentip;"FREQ=WEEKLY;BYDAY=TU";9.30;Information;U02OWNER;5;'
    "weekenden, feestdagen;1-4-2026\r\n"
    'instagram;=Quiz;"FREQ=MONTHLY;BYDAY=1MO";16:00:00;;;;;\r\n'
).encode()


def mistakes(told: pytest.ExceptionInfo[RowMistakes]) -> list[tuple[int, str]]:
    return [(m.line, m.sentence.format_map(m.values)) for m in told.value.mistakes]


async def known(desk: Desk) -> list[tuple[str, str, bool]]:
    found: list[Row] = await all_of(desk, Row)
    return [(slot.platform_key, slot.title, slot.active) for slot in found]


async def test_a_dutch_table_is_read_as_it_is_meant_and_once(desk: Desk) -> None:
    assert await bring_in(desk, read(DUTCH)) == LoadReport(added=2)
    assert await bring_in(desk, read(DUTCH)) == LoadReport(unchanged=2)
    tip, quiz = (await rows(desk))[1:]
    assert tip == Slot(
        platform="telegram",
        title="Boekentip",
        rule="FREQ=WEEKLY;BYDAY=TU",
        time=time(9, 30),
        pillar="information",
        owner=OTHER_OWNER,
        lead=5,
        since=date(2026, 4, 1),
        skip=(Skip.WEEKENDS, Skip.HOLIDAYS),
    )
    assert (quiz.title, quiz.time, quiz.lead, quiz.since) == (
        "=Quiz",
        time(16),
        2,
        date(2026, 3, 2),  # the day on which it came in
    )
    occurrences = await all_of(desk, Occurrence)
    assert datetime(2026, 3, 2, 15, tzinfo=UTC) in {o.starts_at for o in occurrences}


async def test_what_goes_out_comes_in_as_it_was(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    await bring_in(desk, read(DUTCH.replace(b"telegram", b"newsletter")))
    before = await rows(desk)
    for language in ("en", "nl"):
        content = write(before, texts_in(language))
        assert content.startswith("\ufeff".encode())
        assert "'=Quiz" in content.decode()
        assert await bring_in(desk, read(content)) == LoadReport(unchanged=len(before))
    assert await rows(desk) == before


async def test_a_row_changes_what_is_there_from_today_on(desk: Desk, clock: StandingClock) -> None:
    await calendar.make_occurrences(desk)
    clock.now = datetime(2026, 3, 9, 12, tzinfo=UTC)  # this Monday's is over
    table = b"platform,title,rule,time\ntelegram,Book tip,FREQ=WEEKLY;BYDAY=TU,11:00\n"
    assert await bring_in(desk, read(table)) == LoadReport(changed=1)
    found = await all_of(desk, Occurrence)
    days = sorted(o.starts_local for o in found)
    assert days[:3] == [
        datetime(2026, 3, 2, 10),  # noqa: DTZ001 - on the wall
        datetime(2026, 3, 9, 10),  # noqa: DTZ001
        datetime(2026, 3, 10, 11),  # noqa: DTZ001
    ]
    assert {day.weekday() for day in days[2:]} == {1}
    (slot,) = await rows(desk)
    assert (slot.pillar, slot.since) == ("information", date(2026, 3, 9))  # no column: as it was
    entries = [e for e in await all_of(desk, AuditEntry) if e.entity == "slot"]
    assert [(e.actor, e.action) for e in entries] == [("the command line", "change")]


async def test_a_row_of_a_stopped_one_lets_it_come_again(desk: Desk) -> None:
    content = write(await rows(desk), texts_in("en"))
    await slots.stop(desk, OWNER, 1)
    assert await rows(desk) == ()
    assert await bring_in(desk, read(content)) == LoadReport(added=1)
    assert await known(desk) == [("telegram", "Book tip", True)]


async def test_every_bad_row_is_named_and_then_nothing_changes(desk: Desk) -> None:
    table = (
        b"platform,title,rule,time,pillar,owner,skip\n"
        b"telegram,Fine,FREQ=DAILY,10:00,,,\n"
        b"myspace,A,FREQ=DAILY,10:00,,,\n"
        b"telegram,B,FREQ=DAILY,10:00,odd,,\n"
        b"telegram,C,FREQ=DAILY,10:00,,U0NOBODY,\n"
        b'telegram,D,"FREQ=WEEKLY;BYDAY=SA,SU",10:00,,,weekends\n'
        b"telegram,,FREQ=DAILY,10:00,,,\n"
        b"Telegram,Fine,FREQ=DAILY,11:00,,,\n"
    ).replace(b"telegram,,", b"telegram,%s," % (b"x" * 80))
    with pytest.raises(RowMistakes) as told:
        await bring_in(desk, read(table))
    found = mistakes(told)
    assert [row for row, _ in found] == [3, 4, 5, 6, 7, 8]
    assert found[2][1] == (
        "U0NOBODY is no owner or deputy of Telegram. Name one of these: U01OWNER, U02OWNER."
    )
    assert found[5][1] == "This is the same as row 2."
    assert await known(desk) == [("telegram", "Book tip", True)]


async def test_what_cannot_be_read_has_its_row_and_its_reason(desk: Desk) -> None:
    table = (
        b"platform,title,rule,time,days before,skip,since,owner\n"
        b"telegram,A,FREQ=HOURLY,10:00,,,,\n"
        b"telegram,B,FREQ=DAILY,25:00,99,sundays,31-2-2026,Olga\n"
        b",,,,,,,x\n"
        b"myspace,D,FREQ=DAILY,10:00,,,,\n"
    )
    with pytest.raises(RowMistakes) as told:
        await bring_in(desk, read(table))
    assert [row for row, _ in mistakes(told)] == [2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5]
    assert mistakes(told)[1][1] == "“25:00” is no time of the day. Write it as 10:00."
    assert mistakes(told)[6][1] == "The column platform is empty here."
    for wrong in (b"", b"platform,title,rule,time\n", b"title\nA\n", b"PK\x03\x04"):
        with pytest.raises(RowMistakes):
            read(wrong)


words = some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
).filter(lambda text: text == text.strip() and text)
made = some.builds(
    Slot,
    platform=some.sampled_from(["telegram", "instagram"]),
    title=words | words.map(lambda text: f"={text}") | words.map(lambda text: f"@{text}"),
    rule=some.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR"]),
    time=some.integers(0, 24 * 60 - 1).map(lambda of_day: time(*divmod(of_day, 60))),
    pillar=some.none() | some.just("information"),
    owner=some.none() | some.just("U01OWNER"),
    lead=some.integers(1, 30),
    since=some.dates(date(2000, 1, 1), date(2099, 12, 31)),
    skip=some.lists(some.sampled_from(list(Skip)), unique=True).map(tuple),
)


@settings(deadline=None)  # other tests run beside it
@given(some.lists(made, min_size=1, max_size=5), some.sampled_from(["en", "nl"]))
def test_any_slots_come_back_as_they_went(slots: list[Slot], language: str) -> None:
    def back(values: Any) -> Slot:
        return Slot(**values)

    table = read(write(slots, texts_in(language)))
    assert ([back(values) for _, values in table.slots], table.mistakes) == (slots, ())
