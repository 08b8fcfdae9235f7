"""A program in a process of its own, asked by lines of JSON.

The sandbox's servers run so while something is measured: what they cost is then not counted among
what the bot costs.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

Answer = Callable[..., Awaitable[Any]]

LONGEST_LINE = 64 * 1024 * 1024


class Beside:
    """The other process, as the asker sees it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def ask(self, question: str, **details: Any) -> Any:
        """One question at a time; the answer as JSON holds it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([question, details]).encode() + b"\n")
        if not (line := await self._process.stdout.readline()):
            raise RuntimeError(f"the other process ended at the question {question!r}")
        return json.loads(line)


@asynccontextmanager
async def beside(module: str) -> AsyncIterator[Beside]:
    """Runs `python -m module`, which calls `answer`; it ends when nobody asks any more."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
    )
    try:
        yield Beside(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def answer(answers: Mapping[str, Answer]) -> None:
    """Answers the questions that come in, until there are no more."""
    reader = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        question, details = json.loads(line)
        print(json.dumps(await answers[question](**details)), flush=True)
