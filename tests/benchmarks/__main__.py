"""Measures everything, prints one page and writes bench.json."""

import asyncio
import logging
from pathlib import Path

from tests.benchmarks import dispatch, presses, votes
from tests.benchmarks.figures import Figure, page, write


async def measure() -> list[Figure]:
    return [
        *await votes.measure(votes=5000, runs=3),
        *await presses.measure(presses=40, runs=5),
        *await dispatch.measure(presses=300, runs=5),
    ]


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    figures = asyncio.run(measure())
    print(page(figures))
    write(figures, Path("bench.json"))


if __name__ == "__main__":
    main()
