"""Posts out to a table and in again: whole or not at all, and no row twice."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlmodel import Session, col, select

from bot.actions import posts
from bot.actions.posts import Proposal
from bot.actions.posts_file import bring_in, rows
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.posts_file import Written, read, write
from bot.rules.tables import RowMistakes
from storage.models import Notice, Placement, Post
from tests.factories import PROPOSER

TABLE = (
    "tekst;platformen;datum en tijd;rubriek;doelgroep;waarom\r\n"
    "Ons boek;telegram, Instagram;27-3-2026 10:30;information;Parents of young children;Leuk\r\n"
    "Café zonder datum;TELEGRAM;;;;\r\n"
).encode("cp1252")


async def known(desk: Desk) -> list[Post]:
    return await desk.database.read(lambda s: list(s.exec(select(Post).order_by(col(Post.id)))))


def mistakes(told: pytest.ExceptionInfo[RowMistakes]) -> list[tuple[int, str]]:
    return [(m.line, m.sentence.format_map(m.values)) for m in told.value.mistakes]


async def test_each_row_is_a_proposal_once(desk: Desk) -> None:
    assert await bring_in(desk, PROPOSER, read(TABLE)) == LoadReport(added=2)
    assert await bring_in(desk, PROPOSER, read(TABLE)) == LoadReport(unchanged=2)
    first, second = await known(desk)
    assert (first.proposer, first.pillar_key, first.target_group_key) == (
        PROPOSER,
        "information",
        "parents",
    )
    view = await posts.show(desk, first.id or 0)
    assert [p.platform_key for p in view.placements] == ["telegram", "instagram"]
    assert view.planned_at == datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
    assert (view.text, view.why) == ("Ons boek", "Leuk")
    assert (await posts.show(desk, second.id or 0)).planned_at is None
    notices = await desk.database.read(lambda s: list(s.exec(select(Notice.kind))))
    assert notices.count("post.card") == 2


async def test_what_goes_out_comes_in_nowhere_twice_and_elsewhere_whole(desk: Desk) -> None:
    at = datetime(2026, 3, 29, 9, tzinfo=UTC)
    made = Proposal("+1 and\n- two;", ("telegram",), "information", None, at, why="@home")
    await posts.propose(desk, PROPOSER, "V123", made)
    for language in ("en", "nl"):
        content = write(await rows(desk), language)
        assert b"'+1 and" in content
        assert await bring_in(desk, PROPOSER, read(content)) == LoadReport(unchanged=1)

    def as_elsewhere(session: Session) -> None:
        session.connection().exec_driver_sql("UPDATE posts SET request_key = 'other'")

    before = await rows(desk)
    await desk.database.write(as_elsewhere)
    assert await bring_in(desk, PROPOSER, read(content)) == LoadReport(added=1)
    assert await bring_in(desk, PROPOSER, read(content)) == LoadReport(unchanged=1)
    assert (await rows(desk))[1:] == before


async def test_every_bad_row_is_named_and_then_nothing_is_proposed(desk: Desk) -> None:
    table = (
        b"text,platforms,date and time,pillar\n"
        b"Fine,telegram,2026-04-01 10:00,\n"
        b"Gone,telegram,2026-01-01 10:00,\n"
        b"Nowhere,myspace,2026-04-01 10:00,\n"
        b"Odd,telegram,2026-04-01 10:00,odd\n"
        b",,2026-04-01 10:00,\n"
    )
    with pytest.raises(RowMistakes) as told:
        await bring_in(desk, PROPOSER, read(table))
    found = mistakes(told)
    assert [row for row, _ in found] == [3, 4, 5, 6, 6]
    assert found[1][1] == "There is no “myspace” in our strategy. There is instagram, telegram."
    assert await known(desk) == []
    assert await desk.database.read(lambda s: list(s.exec(select(Placement)))) == []


def test_what_cannot_be_read_has_its_row() -> None:
    table = b"text,platforms,date and time\nA,telegram,tomorrow\nB,telegram,\nB,telegram,\n"
    with pytest.raises(RowMistakes) as told:
        read(table)
    assert [row for row, _ in mistakes(told)] == [2, 4]
    for wrong in (b"", b"text,platforms\n", b"text\nA\n", b"PK\x03\x04"):
        with pytest.raises(RowMistakes):
            read(wrong)


def wall(hours: int) -> datetime:
    return datetime.fromtimestamp(hours * 3600, UTC).replace(tzinfo=None)


words = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
keys = some.text("abcdefghij-_0123456789", min_size=1, max_size=20)
written = some.builds(
    Written,
    text=words.filter(str.strip),
    platforms=some.lists(keys, min_size=1, max_size=3, unique=True).map(tuple),
    when=some.none() | some.integers(300_000, 700_000).map(wall),
    id=keys,
    pillar=keys,
    target_group=keys | some.just(""),
    why=words,
    status=keys,
)


@settings(deadline=None)  # other tests run beside it
@given(
    some.lists(written, min_size=1, max_size=5, unique_by=lambda post: post.id),
    some.sampled_from(["en", "nl"]),
)
def test_any_posts_come_back_as_they_went(made: list[Written], language: str) -> None:
    assert [post for _, post in read(write(made, language))] == made
