"""Measures everything, prints one page and writes bench.json."""

import asyncio
import logging
import os
import platform
from pathlib import Path

from tests.benchmarks import dispatch, home, million, presses, ticks, votes
from tests.benchmarks.figures import Figure, page, write

HEAD = """\
Samenspraak, measured on {cpus} CPUs with Python {python}, SQLite with synchronous=FULL.
Medians of several runs, base and ours in turn; what is counted is checked in the database.
The figures of two machines do not compare; the ratios to the base in the same run do.
"""


async def measure() -> list[Figure]:
    """Some minutes of work, most of it for what is due at once."""
    return [
        *await votes.measure(votes=10_000, runs=5),
        *await million.measure(votes=100_000, compared=20_000),
        *await presses.measure(presses=40, runs=5),
        *await dispatch.measure(presses=300, runs=5),
        *await home.measure(openings=30, runs=5),
        *await ticks.measure(entries=ticks.MANY, due=ticks.DUE, runs=5),
    ]


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    print(HEAD.format(cpus=os.cpu_count(), python=platform.python_version()), flush=True)
    figures = asyncio.run(measure())
    print(page(figures))
    write(figures, Path("bench.json"))


if __name__ == "__main__":
    main()
