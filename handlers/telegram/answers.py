"""Answers to presses: what appears above the chat for a moment.

They go out beside the intake, so that committing never waits for the network. An answer that
is lost costs nothing: Telegram delivers an unanswered press again, and a press that was handled
is recognised.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic

from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from handlers.telegram.errors import wait_of, where

log = logging.getLogger(__name__)

WORKERS = 32
LONGEST_QUEUE = 20_000
BUSY = 100
"""With more work waiting than this, what only looks better is left out."""

LONGEST_HOLD = 5.0
"""Seconds that a flood of presses can keep the answers back. One answer takes this process as
long as committing a dozen votes does, and nobody's vote should wait for somebody's answer."""

STALE = 15.0
"""Seconds after which Telegram hardly takes an answer any more: it is left out, so that those
behind it are in time. Telegram delivers that press again, and then it is answered."""

LONGEST_PAUSE = 5.0  # seconds that a 429 is waited out; a press is stale soon

Work = Callable[[Bot], Awaitable[object]]
"""One or two calls of the Bot API."""


class Answers:
    """A bounded queue, and workers that empty it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._queue: asyncio.Queue[tuple[float, Work]] = asyncio.Queue(LONGEST_QUEUE)
        self._workers: list[asyncio.Task[None]] = []
        self._may_go = asyncio.Event()
        self._may_go.set()
        self._held_since: float | None = None
        self._left_out = 0

    @property
    def busy(self) -> bool:
        return self._queue.qsize() > BUSY

    def start(self) -> None:
        self._workers = [asyncio.create_task(self._work_on()) for _ in range(WORKERS)]

    async def stop(self, grace: float = 2.0) -> None:
        """What waits is finished, if that takes no longer than `grace` seconds."""
        self.hold(False)
        try:
            async with asyncio.timeout(grace):
                await self._queue.join()
        except TimeoutError:
            log.info("%s answers to presses were not given any more", self._queue.qsize())
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def hold(self, more_waits: bool) -> None:
        """more_waits: there is more to commit, so the answers wait, for a while at most."""
        if not more_waits:
            self._held_since = None
            self._tell_what_was_left_out()
        elif self._held_since is None:
            self._held_since = monotonic()
        too_long = self._held_since is not None and monotonic() > self._held_since + LONGEST_HOLD
        if more_waits and not too_long:
            self._may_go.clear()
        else:
            self._may_go.set()

    def give(self, callback_id: str, text: str | None = None) -> None:
        """Answers the press, soon. text: 200 characters at most; None: the spinner just ends."""
        self.do(lambda bot: bot.answer_callback_query(callback_id, text))

    def do(self, work: Work) -> None:
        """Has it done, soon. In a flood it is left out: Telegram delivers the press again."""
        try:
            self._queue.put_nowait((monotonic(), work))
        except asyncio.QueueFull:
            self._left_out += 1

    async def _work_on(self) -> None:
        while True:
            since, work = await self._queue.get()
            await self._may_go.wait()
            try:
                if monotonic() < since + STALE:
                    await self._do(work)
                else:
                    self._left_out += 1
            except Exception as error:  # an answer is worth one try, not the other answers
                log.debug("A press could not be answered: %s", where(error))
            finally:
                self._queue.task_done()

    async def _do(self, work: Work) -> None:
        try:
            await work(self._bot)
        except RetryAfter as error:
            await asyncio.sleep(min(wait_of(error).total_seconds(), LONGEST_PAUSE))
            await work(self._bot)
        except TelegramError as error:  # stale, blocked, not modified, or no network
            log.debug("A press could not be answered: %s", where(error))

    def _tell_what_was_left_out(self) -> None:
        if self._left_out:
            log.warning("Too many presses at once: %s got no answer yet", self._left_out)
            self._left_out = 0
