"""App Home of an owner, with a thousand posts against ten, of which a fifth waits for them.

Read and rendered, in one process: what comes after that (Slack's answer) is the same for both.
"""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.actions import home
from bot.actions.transaction import Desk
from bot.texts import texts_in
from handlers.slack.home_parts import render
from tests.benchmarks.desks import desk_in
from tests.benchmarks.figures import Figure, figure
from tests.factories import OWNER, with_posts

FEW, MANY = (10, 2), (1000, 200)
"""Posts, and how many of them wait."""


async def measure(openings: int, runs: int) -> list[Figure]:
    """openings: how many in each run; a run's figure is their median."""
    few: list[float] = []
    many: list[float] = []
    async with _desk_with(*FEW) as small, _desk_with(*MANY) as large:
        for _ in range(runs):
            few.append(await _spent(small, FEW[1], openings))
            many.append(await _spent(large, MANY[1], openings))
    base = figure(_name(*FEW), "ms", few)
    return [base, figure(_name(*MANY), "ms", many, base)]


@asynccontextmanager
async def _desk_with(posts: int, waiting: int) -> AsyncIterator[Desk]:
    with TemporaryDirectory() as name:
        async with desk_in(Path(name)) as desk:
            await with_posts(desk, posts, waiting)
            yield desk


async def _spent(desk: Desk, waiting: int, openings: int) -> float:
    """Milliseconds for one."""
    spent = []
    gc.collect()
    for _ in range(openings):
        began = time.perf_counter()
        view = await home.show(desk, OWNER)
        render(view, texts_in("nl"), desk.zone)
        spent.append((time.perf_counter() - began) * 1000)
        assert len(view.waiting.shown) + view.waiting.left == waiting
    return median(spent)


def _name(posts: int, waiting: int) -> str:
    return f"Home, {posts:,} posts, {waiting} waiting: read and rendered"
