"""The desk of the year: its strategy, and a database that need not survive anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.actions import strategy
from bot.actions.transaction import Desk
from bot.rules.strategy import read
from storage.database import Database
from storage.migrate import migrate
from tests.conftest import StandingClock
from tests.year.life import BEGIN, ZONE
from tests.year.team import ADMIN, STRATEGY


@asynccontextmanager
async def desk_in(directory: Path) -> AsyncIterator[tuple[Desk, StandingClock]]:
    database = Database(f"sqlite:///{directory / 'year.db'}")
    event.listen(database.engine, "connect", _in_memory_for_all_we_care)
    migrate(database.engine)
    clock = StandingClock(BEGIN)
    desk = Desk(
        database=database,
        clock=clock,
        zone=ZONE,
        language="nl",
        media_dir=directory,
        review_channel="C01REVIEW",
        telegram_channel="@leestafel",
        admins=(ADMIN,),
        wake=lambda: None,
    )
    await strategy.load(desk, read(STRATEGY))
    try:
        yield desk, clock
    finally:
        database.close()


def _in_memory_for_all_we_care(connection: Any, _entry: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
