"""Very many votes on one poll: what a vote costs at the end, beside at the start; and the memory.

Each vote is by somebody else, in batches as the intake takes them, through the action, durable.
"""

import asyncio
import gc
import os
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.actions import polls
from bot.actions.polls import VotePress
from bot.actions.transaction import Desk
from storage.models import Follower, PollOption, Vote
from tests.benchmarks.desks import desk_in, open_ballot
from tests.benchmarks.figures import Figure, figure, page

MANY = 1_000_000
BATCH = 100
COMPARED = 20_000

START = "A vote on a poll that has {votes:,}"
END = "A vote on a poll that has {votes:,}"
IDLE = "Memory of the process, idle"
AFTER = "Memory of the process, after {votes:,} votes"


async def measure(votes: int, compared: int) -> list[Figure]:
    """votes: on the poll, in the end; compared: so many more at the start and at the end.

    The start is a copy of the database from when it had a hundredth of its votes. Batches at the
    start and at the end are taken in turn, so that whatever else the machine does is in both.
    """
    few = max(BATCH, votes // 100)
    with TemporaryDirectory() as name:
        early, late, again = (Path(name) / place for place in ("early", "late", "again"))
        for directory in (early, late, again):
            directory.mkdir()
        async with desk_in(early) as desk:
            options = await open_ballot(desk, 0)
            await _cast(desk, options, range(few))
        async with desk_in(late, like=early / "bench.db") as at_end:
            await _cast(at_end, options, range(few, few + BATCH))  # connected, and warm
            idle = _megabytes()
            await _cast(at_end, options, range(few + BATCH, votes))
            after = _megabytes()
            async with desk_in(again, like=early / "bench.db") as at_start:
                first, last = await _in_turn(at_start, at_end, options, votes, compared)
            await _check(at_end, votes + compared)
    start = figure(START.format(votes=few), "µs", [first])
    memory = figure(IDLE, "MB", [idle])
    return [
        start,
        figure(END.format(votes=votes), "µs", [last], start),
        memory,
        figure(AFTER.format(votes=votes), "MB", [after], memory),
    ]


async def _in_turn(
    at_start: Desk, at_end: Desk, options: list[int], votes: int, compared: int
) -> tuple[float, float]:
    """Microseconds a vote, of each; medians of batches."""
    costs: dict[bool, list[float]] = {True: [], False: []}
    for begin in range(votes, votes + compared, BATCH):
        numbers = range(begin, min(begin + BATCH, votes + compared))
        for is_start, desk in ((True, at_start), (False, at_end)):
            began = time.perf_counter()
            await _cast(desk, options, numbers)
            costs[is_start].append((time.perf_counter() - began) / len(numbers) * 1_000_000)
    return median(costs[True]), median(costs[False])


async def _cast(desk: Desk, options: list[int], numbers: range) -> None:
    """In batches, as the intake takes them. Ids are as Telegram's: people in no order, and a
    press's id made of the person's."""
    for begin in range(numbers.start, numbers.stop, BATCH):
        await polls.vote(
            desk,
            [
                VotePress(
                    str((_person(number) << 32) + number),
                    _person(number),
                    options[number % len(options)],
                    f"Reader {number}",
                    None,
                    "nl",
                )
                for number in range(begin, min(begin + BATCH, numbers.stop))
            ],
        )


def _person(number: int) -> int:
    """Every number another one, spread over the ids that Telegram gives."""
    return ((number + 1) * 2_654_435_761) % 2**32


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
    """What the process has in memory at this moment (Linux), without what can be thrown away."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    print(page(asyncio.run(measure(MANY, COMPARED))))


if __name__ == "__main__":
    main()
