"""What all tests share: a clock that stands still until it is moved, and a desk of their own."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.actions.transaction import Desk
from storage.database import Database, open_engine
from storage.migrate import migrate
from tests.factories import add_strategy

MONDAY_MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Amsterdam


class StandingClock:
    """Shows the same moment until a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


def make_empty_database(path: Path) -> None:
    """Migrated, with the strategy of the tests."""
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with Session(engine) as session:
        add_strategy(session)
        session.commit()
    engine.dispose()  # the last connection folds the write-ahead log into the file


def desk_on(database: Database, clock: StandingClock, folder: Path) -> Desk:
    """Owner of Telegram: U01OWNER, deputy U02OWNER; of Instagram (by hand): U02OWNER."""
    return Desk(
        database=database,
        clock=clock,
        zone=ZoneInfo("Europe/Amsterdam"),
        language="en",
        media_dir=folder / "media",
        review_channel="C01REVIEW",
        telegram_channel="@leestafel",
        admins=("U09ADMIN",),
        wake=lambda: None,
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the strategy of the tests, made once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    make_empty_database(path)
    return path


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def database(empty_database: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "test.db"
    shutil.copy(empty_database, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def desk(database: Database, clock: StandingClock, tmp_path: Path) -> Desk:
    return desk_on(database, clock, tmp_path)
