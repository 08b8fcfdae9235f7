"""Waiting for something to become true, without looking at the clock again and again."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")


class Changes:
    """Everybody who waits for a condition; they are asked again after every change."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []

    def happened(self) -> None:
        """Something changed: wake whose condition now holds."""
        for predicate, future in list(self._waiting):
            _settle(predicate, future)

    async def until(self, predicate: Callable[[], Found | None], timeout: float = 5) -> Found:
        """The predicate's first true value; TimeoutError after `timeout` seconds."""
        future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        entry = (predicate, future)
        self._waiting.append(entry)
        _settle(predicate, future)
        try:
            return await asyncio.wait_for(future, timeout)
        finally:
            self._waiting.remove(entry)


def _settle(predicate: Callable[[], Any], future: asyncio.Future[Any]) -> None:
    if future.done():
        return
    try:
        if found := predicate():
            future.set_result(found)
    except Exception as error:  # whatever the condition raises belongs to who waits for it
        future.set_exception(error)
