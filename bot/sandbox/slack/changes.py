"""Waiting for a condition instead of for a time."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Tells whoever waits that something in the workspace has changed."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, predicate: Callable[[], T | None], seconds: float) -> T:
        """The first true answer of `predicate`, asked again after every change.

        Raises TimeoutError when there was none within so many (real) seconds.
        """
        async with asyncio.timeout(seconds):
            while True:
                change = self._next
                if answer := predicate():
                    return answer
                await change.wait()
