"""Very many votes on one poll: what a vote costs at the end, beside at the start; and the memory.

Each vote is by somebody else, in batches as the intake takes them, through the action, durable.
"""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.actions import polls
from bot.actions.polls import VotePress
from bot.actions.transaction import Desk
from storage.models import Follower, PollOption, Vote
from tests.benchmarks.desks import FIRST_FOLLOWER, desk_in, open_ballot
from tests.benchmarks.figures import Figure, figure

MANY = 1_000_000
BATCH = 100
WINDOW = 0.05
"""The part of all votes that is the start, and the end."""

START = "A vote on one poll, at the start"
END = "A vote on one poll, at the end of {votes:,}"
IDLE = "Memory of the process, idle"
AFTER = "Memory of the process, after {votes:,} votes"


async def measure(votes: int) -> list[Figure]:
    """votes: at least a few batches."""
    with TemporaryDirectory() as name:
        async with desk_in(Path(name)) as desk:
            options = await open_ballot(desk, 0)
            for batch in _batches(options, 10 * BATCH, first=FIRST_FOLLOWER):
                await polls.vote(desk, batch)  # everything is warm, and its memory taken
            gc.collect()
            idle = _megabytes()
            costs = []
            for batch in _batches(options, votes, first=FIRST_FOLLOWER + 10 * BATCH):
                began = time.perf_counter()
                await polls.vote(desk, batch)
                costs.append((time.perf_counter() - began) / len(batch) * 1_000_000)
            gc.collect()
            after = _megabytes()
            await _check(desk, votes + 10 * BATCH)
    window = max(1, int(len(costs) * WINDOW))
    start = figure(START, "µs", [median(costs[:window])])
    memory = figure(IDLE, "MB", [idle])
    return [
        start,
        figure(END.format(votes=votes), "µs", [median(costs[-window:])], start),
        memory,
        figure(AFTER.format(votes=votes), "MB", [after], memory),
    ]


def _batches(options: list[int], votes: int, first: int) -> Iterator[list[VotePress]]:
    """Ids as Telegram's: people in no order, a press's id from the person's."""
    for start in range(0, votes, BATCH):
        yield [
            VotePress(
                str((_person(number + first) << 32) + number),
                _person(number + first),
                options[number % len(options)],
                f"Reader {number}",
                None,
                "nl",
            )
            for number in range(start, min(start + BATCH, votes))
        ]


def _person(number: int) -> int:
    """Every number another one, spread over the ids that Telegram gives."""
    return (number * 2_654_435_761) % 2**32


async def _check(desk: Desk, votes: int) -> None:
    """Every vote is there, once."""

    def counts(session: Session) -> tuple[int, int, int]:
        chosen = select(func.count()).select_from(Vote).where(col(Vote.option_id).is_not(None))
        return (
            session.exec(chosen).one(),
            session.exec(select(func.count()).select_from(Follower)).one(),
            session.exec(select(func.sum(PollOption.private_votes))).one(),
        )

    assert await desk.database.read(counts) == (votes, votes, votes)


def _megabytes() -> float:
    """What the process has in memory at this moment (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    from tests.benchmarks.figures import page  # noqa: PLC0415

    print(page(asyncio.run(measure(MANY))))


if __name__ == "__main__":
    main()
