"""Plays the tour with SIGKILLs at random moments, and compares what came of it.

First a tour without kills, as the model. Then tours with kills, until there were as many as asked
for. Each has to end the same on both sides, and its database has to hold everything once.
"""

import argparse
import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

from bot.sandbox.tour import BEGINS, Outcome, Tour
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import World
from tests.crash.ledger import Ledger, read_ledger, still_waits

FIRST_KILL, LAST_KILL = 0.05, 5.0
"""Seconds from the moment that the bot is connected until it is killed."""

PATIENCE = 60.0
"""Seconds that people wait for anything, while the bot dies and comes back."""

LAST_WORDS = 15.0
"""Seconds in which the bot has sent what was left at the end."""

MOST_TOURS = 40


@dataclass
class Run:
    """One tour: what both sides saw, what the database holds, and the transcript."""

    outcome: Outcome
    ledger: Ledger
    kills: int
    transcript: str
    errors: str


async def play(kill: Callable[[World], Awaitable[int]] | None = None) -> Run:
    """A whole tour in a world of its own; `kill` goes on beside it until it is cancelled."""
    kills = 0
    written = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="samenspraak-crash-") as directory:
        world = World(Path(directory), "en", BEGINS)

        async def keep_killing() -> None:
            nonlocal kills
            while kill is not None:
                kills += await kill(world)

        async with world:
            killer = asyncio.create_task(keep_killing())
            try:
                outcome = await Tour(world, Transcript(written), patience=PATIENCE).run()
            finally:
                killer.cancel()
                with suppress(asyncio.CancelledError):
                    await killer
            await everything_sent(world)
            errors = world.bot.errors
            await world.bot.stop()
            ledger = read_ledger(world.database)
    return Run(outcome, ledger, kills, written.getvalue(), errors)


async def everything_sent(world: World) -> None:
    """The tour ends when people have seen what they wait for; a card may still be refreshed."""
    with suppress(TimeoutError):  # the ledger then names what still waits
        async with asyncio.timeout(LAST_WORDS):
            while still_waits(world.database):
                await asyncio.sleep(0.1)


def killer(random: Random) -> Callable[[World], Awaitable[int]]:
    """Kills the bot at a random moment after it is connected, and starts it again."""

    async def kill(world: World) -> int:
        await asyncio.sleep(random.uniform(FIRST_KILL, LAST_KILL))
        await world.bot.restart()
        await world.connected()
        return 1

    return kill


def differences(model: Run, run: Run) -> list[str]:
    """What is not the same on either side, or in the database."""
    found = []
    for each in fields(Outcome):
        if not each.compare:
            continue
        expected, got = getattr(model.outcome, each.name), getattr(run.outcome, each.name)
        if expected != got:
            found.append(f"{each.name}:\n    without kills: {expected}\n    with kills:    {got}")
    for name, expected in model.ledger.counts.items():
        got = run.ledger.counts.get(name)
        if expected != got:
            found.append(f"{name}: {expected} without kills, {got} with kills")
    return found + run.ledger.twice


async def main(kills: int, seed: int) -> int:
    """Exit status: 0 where every tour ended the same."""
    random = Random(seed)
    print(f"A tour without kills, then tours with {kills} kills (seed {seed}).", flush=True)
    model = await play()
    if not model.outcome.passed or model.ledger.twice:
        print(model.transcript, model.errors, *model.ledger.twice, sep="\n")
        return 1
    killed = bad = doubts = tours = 0
    while killed < kills and tours < MOST_TOURS:
        run = await play(killer(random))
        tours += 1
        killed += run.kills
        doubts += run.ledger.doubts
        wrong = differences(model, run)
        print(
            f"tour {tours}: {run.kills} kills, {run.ledger.doubts} in doubt and asked, "
            f"{'as without kills' if not wrong else 'DIFFERENT'}",
            flush=True,
        )
        if wrong:
            bad += 1
            print(*(f"  - {line}" for line in wrong), sep="\n")
            print(run.transcript[-4000:], run.errors[-4000:], sep="\n")
    print(
        f"{killed} kills in {tours} tours; {bad} tours ended differently; "
        f"{doubts} public messages were in doubt, and an owner was asked."
    )
    return 1 if bad or killed < kills else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    sys.exit(asyncio.run(main(words.kills, words.seed)))
