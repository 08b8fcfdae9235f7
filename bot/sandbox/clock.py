"""The sandbox's clock: both chats read it, and so does the bot's process, through a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SandboxClock:
    """Runs at the pace of the real clock, some time ahead of it (or behind), and can be moved.

    How far ahead, in seconds, stands in the file; the bot reads it (CLOCK_OFFSET_FILE).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ahead = timedelta()
        self._write()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        self._ahead += by
        self._write()

    def move_to(self, at: datetime) -> None:
        """From now on it is `at` (aware of its zone)."""
        self.move(at - self())

    def _write(self) -> None:
        beside = self.path.with_suffix(".next")
        beside.write_text(f"{self._ahead.total_seconds()}\n")
        beside.replace(self.path)  # atomic: the bot never reads half a number
