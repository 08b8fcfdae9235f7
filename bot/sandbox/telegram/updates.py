"""The queue behind getUpdates.

An update stays until a call with a higher offset confirms it: a poller that dies swallows nothing.
Each update is serialised once, when it happens.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from bot.sandbox.telegram.changes import Changes
from bot.sandbox.telegram.errors import conflict

LIFETIME = timedelta(hours=24)
"""How long Telegram keeps an update that nobody fetches."""

_ON_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}

_FIRST_ID = 710_000_001

_TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


class _Entry(NamedTuple):
    id: int
    body: bytes
    since: datetime


class Updates:
    """The updates that wait, and at most one poller that waits for them."""

    def __init__(self, now: Callable[[], datetime], changes: Changes) -> None:
        self._now = now
        self._changes = changes
        self._waiting: deque[_Entry] = deque()
        self._next_id = _FIRST_ID
        self._poller: asyncio.Future[None] | None = None
        self.allowed: list[str] = []

    @property
    def polling(self) -> bool:
        """Somebody waits for updates at this moment."""
        return self._poller is not None and not self._poller.done()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Something happened. What the bot did not ask for is not kept."""
        if kind not in self.allowed if self.allowed else kind in _ON_REQUEST_ONLY:
            return
        self._append(self._next_id, json.dumps({"update_id": self._next_id, kind: content}))

    def add_raw(self, updates: Iterable[dict[str, Any] | str | bytes]) -> None:
        """Prepared updates; one without an update_id gets the next."""
        for update in updates:
            parsed = update if isinstance(update, dict) else json.loads(update)
            update_id = parsed.get("update_id", self._next_id)
            if isinstance(update, dict) or "update_id" not in parsed:
                self._append(update_id, json.dumps({"update_id": update_id, **parsed}))
            else:
                self._append(update_id, update)

    def forget(self) -> None:
        """drop_pending_updates."""
        self._waiting.clear()

    def stop(self) -> None:
        """End the long poll that waits, if any."""
        self._end_poller(None)

    async def take(self, offset: int, limit: int, patience: float) -> Sequence[bytes]:
        """The updates from `offset` on, oldest first; confirms everything before it.

        A negative offset counts from the end. Waits up to `patience` seconds for the first.
        Raises ApiError 409 when another call takes over meanwhile.
        """
        self._end_poller(conflict(_TERMINATED))
        self._confirm(offset)
        if not self._waiting and patience > 0:
            await self._wait(patience)
        return [entry.body for entry in islice(self._waiting, limit)]

    async def _wait(self, patience: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        self._changes.happened()
        try:
            await asyncio.wait_for(poller, patience)
        except TimeoutError:
            pass  # nothing came: an empty list is the answer
        finally:
            if self._poller is poller:
                self._poller = None

    def _end_poller(self, error: Exception | None) -> None:
        poller, self._poller = self._poller, None
        if poller is None or poller.done():
            return
        if error:
            poller.set_exception(error)
        else:
            poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        oldest = self._now() - LIFETIME
        while self._waiting and self._waiting[0].since < oldest:
            self._waiting.popleft()
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while self._waiting and self._waiting[0].id < offset:
            self._waiting.popleft()

    def _append(self, update_id: int, body: str | bytes) -> None:
        encoded = body.encode() if isinstance(body, str) else body
        self._waiting.append(_Entry(update_id, encoded, self._now()))
        self._next_id = max(self._next_id, update_id + 1)
        self._end_poller(None)
