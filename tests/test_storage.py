"""The writer: durable, grouped, and no work takes another down with it."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import storage.models  # noqa: F401 - knows the tables
from storage.database import Database, Unavailable, open_engine
from storage.migrate import alembic_config, migrate
from storage.models import TargetGroup


def add(key: str) -> Callable[[Session], str]:
    def run(session: Session) -> str:
        session.add(TargetGroup(key=key, name=key))
        session.flush()
        return key

    return run


def keys_on_disk(database: Database) -> set[str]:
    """Through a connection of its own: only what is committed."""
    with sqlite3.connect(str(database.engine.url.database)) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM target_groups")}


async def test_whoever_wrote_goes_on_when_it_is_on_disk(database: Database) -> None:
    assert await database.write(add("students")) == "students"
    assert "students" in keys_on_disk(database)


async def test_a_failing_work_takes_none_of_its_neighbours_with_it(database: Database) -> None:
    def fail(session: Session) -> None:
        session.add(TargetGroup(key="half", name="half"))
        session.flush()
        raise ValueError("second thoughts")

    outcomes = await asyncio.gather(
        database.write(add("one")),
        database.write(fail),
        database.write(add("one")),  # the same key: the database itself refuses
        database.write(add("two")),
        return_exceptions=True,
    )
    assert outcomes[0] == "one"
    assert outcomes[3] == "two"
    assert isinstance(outcomes[1], ValueError)
    assert isinstance(outcomes[2], IntegrityError)
    assert keys_on_disk(database) >= {"one", "two"}
    assert "half" not in keys_on_disk(database)


async def test_many_at_once_share_commits(database: Database) -> None:
    commits = 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(database.engine, "commit", count)
    await asyncio.gather(*(database.write(add(f"group {n}")) for n in range(300)))
    assert len(keys_on_disk(database)) >= 300
    assert commits < 100


async def test_read_modify_write_loses_no_update(database: Database) -> None:
    def one_more(session: Session) -> None:
        group = session.get_one(TargetGroup, "parents")
        group.position += 1
        session.add(group)

    await asyncio.gather(*(database.write(one_more) for _ in range(200)))

    def position(session: Session) -> int:
        return session.get_one(TargetGroup, "parents").position

    assert await database.read(position) == 200


async def test_reading_keeps_nothing(database: Database) -> None:
    def sneak(session: Session) -> None:
        session.add(TargetGroup(key="sneaked", name="in"))
        session.flush()

    await database.read(sneak)
    assert "sneaked" not in keys_on_disk(database)


async def test_a_commit_that_fails_is_told_to_everybody(database: Database) -> None:
    def break_it(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(
            text(
                "INSERT INTO occurrences (slot_id, starts_at, starts_local, zone) "
                "VALUES (999, '2026-03-02', '2026-03-02', 'UTC')"
            )
        )

    blocked = asyncio.gather(
        database.write(break_it), database.write(add("late")), return_exceptions=True
    )
    outcomes = await blocked
    assert isinstance(outcomes[0], IntegrityError)
    told = not isinstance(outcomes[1], Exception)
    assert told == ("late" in keys_on_disk(database))  # never acknowledged without being there


async def test_a_caller_who_leaves_does_not_stop_the_writer(database: Database) -> None:
    leaving = [asyncio.ensure_future(database.write(add(f"left {n}"))) for n in range(20)]
    await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    assert await database.write(add("stayed")) == "stayed"


async def test_closing_finishes_what_waits(empty_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "closing.db"
    path.write_bytes(empty_database.read_bytes())
    database = Database(f"sqlite:///{path}")
    waiting = [asyncio.ensure_future(database.write(add(f"n{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    await asyncio.gather(*waiting)
    with sqlite3.connect(path) as connection:
        assert connection.execute(
            "SELECT count(*) FROM target_groups WHERE key LIKE 'n%'"
        ).fetchone() == (50,)


async def test_sqlite_is_set_up_to_lose_nothing(database: Database) -> None:
    def settings(session: Session) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(session.execute(text(f"PRAGMA {name}")).scalar() for name in names)

    assert await database.write(settings) == ("wal", 2, 1)  # 2: FULL


def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'm.db'}")
    migrate(engine)
    migrate(engine)  # a second start changes nothing
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_migrations_go_back_too(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'm.db'}")
    migrate(engine)
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        tables = set(inspect(connection).get_table_names())
    assert tables == {"alembic_version"}


def fill_up(session: Session) -> None:
    """More than the disk has room for, so that SQLite undoes the whole transaction."""
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    session.execute(text(f"PRAGMA max_page_count = {pages + 20}"))
    session.add(TargetGroup(key="large", name="x" * 4_000_000))
    session.flush()


async def test_a_full_disk_acknowledges_nothing_that_is_not_there(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.write(add(f"before {n}")) for n in range(3)),
        database.write(fill_up),
        *(database.write(add(f"after {n}")) for n in range(3)),
        return_exceptions=True,
    )
    acknowledged = {outcome for outcome in outcomes if isinstance(outcome, str)}
    assert acknowledged <= keys_on_disk(database)
    assert isinstance(outcomes[3], Unavailable)


async def test_a_file_that_somebody_else_holds_is_unavailable(database: Database) -> None:
    await database.write(lambda session: session.execute(text("PRAGMA busy_timeout = 10")))
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        await database.write(add("locked"))
    other.close()
    assert await database.write(add("open")) == "open"
