"""The bot as a process of its own, as it runs for real."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from pathlib import Path
from typing import IO

PATIENCE = 15.0
"""Seconds in which a bot that is asked to stop has stopped."""


class BotProcess:
    """`python -m bot …` with this environment, in this directory; it can be killed and restarted.

    What it writes goes to the end of `bot.out` and `bot.err` in the directory.
    """

    def __init__(self, environment: Mapping[str, str], directory: Path) -> None:
        self._environment = dict(environment)
        self._directory = directory
        self._process: Process | None = None
        self._asked_to_end = False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def ended_by_itself(self) -> bool:
        """Nobody stopped or killed it, and yet it is gone."""
        return self._process is not None and not self.alive and not self._asked_to_end

    @property
    def errors(self) -> str:
        """Everything that it wrote to its stderr so far."""
        path = self._directory / "bot.err"
        return path.read_text(errors="replace") if path.exists() else ""

    async def start(self) -> None:
        """`python -m bot run`. Whether it is connected is for the two servers to say."""
        self._asked_to_end = False
        self._process = await self._spawn("run")

    async def wait(self) -> None:
        """Until it ends, by itself or otherwise."""
        if self._process is not None:
            await self._process.wait()

    async def run(self, *words: str) -> int:
        """Another command of the bot's, until its end; its exit status."""
        return await (await self._spawn(*words)).wait()

    async def stop(self) -> int | None:
        """SIGTERM, as an administrator would; its exit status (None: it was not running)."""
        if self._process is None:
            return None
        self._asked_to_end = self._asked_to_end or self.alive
        if self.alive:
            self._process.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._process.wait()
        except TimeoutError:
            await self.kill()
            raise

    async def kill(self) -> None:
        """SIGKILL: it has no time for anything."""
        if self._process is not None:
            self._asked_to_end = self._asked_to_end or self.alive
            if self.alive:
                self._process.kill()
            await self._process.wait()

    async def restart(self) -> None:
        """Killed, and started again."""
        await self.kill()
        await self.start()

    async def _spawn(self, *words: str) -> Process:
        with self._open("bot.out") as out, self._open("bot.err") as err:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *words,
                stdin=DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self._directory,
                start_new_session=True,  # Ctrl-C is for us; we stop the bot when we are ready
                env=self._environment,
            )

    def _open(self, name: str) -> IO[bytes]:
        return (self._directory / name).open("ab")
