"""What the state machines share: a desk of their own for each run, and a clock."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from storage.database import Database
from tests.conftest import StandingClock, desk_on, make_empty_database

T = TypeVar("T")


@cache
def _empty() -> Path:
    """Made once, copied for each run."""
    path = Path(tempfile.mkdtemp()) / "empty.db"
    make_empty_database(path)
    return path


class DeskOfItsOwn(RuleBasedStateMachine):
    """Hypothesis knows no fixtures, and no coroutines: `now` runs one to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "desk.db"
        shutil.copy(_empty(), path)
        self.clock = StandingClock()
        self.database = Database(f"sqlite:///{path}")
        self.desk = desk_on(self.database, self.clock, Path(self.folder.name))
        self.runner = asyncio.Runner()

    def now(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return self.runner.run(run())

    def teardown(self) -> None:
        try:
            self.at_the_end()
        finally:
            self.runner.close()
            self.database.close()
            self.folder.cleanup()

    def at_the_end(self) -> None:
        """What has to hold when a run is over."""
