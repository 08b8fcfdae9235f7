"""Desks to measure on: a database on disk, durable as the real one, and the real clock."""

import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.actions import polls
from bot.actions.transaction import Desk
from bot.rules.polls import PollPlace
from storage.database import Database
from storage.migrate import migrate
from storage.models import Follower
from tests.factories import OWNER, PROPOSER, add_strategy

FIRST_FOLLOWER = 100_001
REVIEW = "C01REVIEW"


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def desk_in(directory: Path, like: Path | None = None) -> AsyncIterator[Desk]:
    """A desk with the strategy of the tests; its database is a copy of `like`, where given."""
    path = directory / "bench.db"
    if like:
        shutil.copy(like, path)
    database = Database(f"sqlite:///{path}")
    if not like:
        migrate(database.engine)
        await database.write(add_strategy)
    desk = Desk(
        database=database,
        clock=now,
        zone=ZoneInfo("Europe/Amsterdam"),
        language="en",
        media_dir=directory / "media",
        review_channel=REVIEW,
        telegram_channel="@leestafel",
        admins=(),
        wake=lambda: None,
    )
    try:
        yield desk
    finally:
        database.close()


async def open_ballot(desk: Desk, followers: int) -> list[int]:
    """A poll in private chats, and so many followers who may vote in it; its options' ids."""
    proposed = await polls.propose(
        desk,
        PROPOSER,
        "bench",
        "What do you read in winter?",
        ("Fantasy", "Thrillers", "Poetry"),
        PollPlace.PRIVATE,
        now() + timedelta(days=1),
    )
    poll = await polls.decide(desk, OWNER, proposed.id, approve=True)
    await desk.database.write(lambda session: _add_followers(session, range(followers)))
    return [option.id for option in poll.options]


def _add_followers(session: Session, numbers: Iterable[int]) -> None:
    session.add_all(
        Follower(
            id=FIRST_FOLLOWER + number,
            first_name=f"Reader {number}",
            language="nl" if number % 2 else "en",
            subscribed=True,
            created_at=now(),
        )
        for number in numbers
    )
