"""The time, so that tests and the sandbox can move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Answers the present moment, in UTC and aware of it."""


def system_clock() -> datetime:
    return datetime.now(UTC)


class MovableClock:
    """Runs at the pace of the real clock, ahead of it by the seconds that stand in a file.

    A file, because the sandbox moves the time of a bot that runs in a process of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead())

    def move(self, by: timedelta) -> None:
        ahead = self._ahead() + by.total_seconds()
        beside = self._path.with_suffix(".next")
        beside.write_text(f"{ahead}\n")
        beside.replace(self._path)  # atomic: a reader never sees half a number

    def _ahead(self) -> float:
        try:
            return float(self._path.read_text())
        except FileNotFoundError:
            return 0.0


def clock_from(offset_file: Path | None) -> Clock:
    return MovableClock(offset_file) if offset_file else system_clock
