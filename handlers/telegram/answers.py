"""Answers to presses: what appears above the chat for a moment.

They go out beside the intake, so that committing never waits for the network. An answer that
is lost costs nothing: Telegram delivers an unanswered press again, and a press that was handled
is recognised.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from handlers.telegram.errors import wait_of, where

log = logging.getLogger(__name__)

WORKERS = 32
LONGEST_QUEUE = 20_000
BUSY = 100
"""With more work waiting than this, what only looks better is left out."""

LONGEST_PAUSE = 5.0  # seconds; a press is stale soon

Work = Callable[[Bot], Awaitable[object]]
"""One or two calls of the Bot API."""


class Answers:
    """A bounded queue, and workers that empty it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._queue: asyncio.Queue[Work] = asyncio.Queue(LONGEST_QUEUE)
        self._workers: list[asyncio.Task[None]] = []

    @property
    def busy(self) -> bool:
        return self._queue.qsize() > BUSY

    def start(self) -> None:
        self._workers = [asyncio.create_task(self._work_on()) for _ in range(WORKERS)]

    async def stop(self, grace: float = 2.0) -> None:
        """What waits is finished, if that takes no longer than `grace` seconds."""
        try:
            await asyncio.wait_for(self._queue.join(), grace)
        except TimeoutError:
            log.info("%s answers to presses were not given any more", self._queue.qsize())
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def give(self, callback_id: str, text: str | None = None) -> None:
        """Answers the press, soon. text: 200 characters at most; None: the spinner just ends."""
        self.do(lambda bot: bot.answer_callback_query(callback_id, text))

    def do(self, work: Work) -> None:
        """Has it done, soon. In a flood it is left out: Telegram delivers the press again."""
        try:
            self._queue.put_nowait(work)
        except asyncio.QueueFull:
            log.debug("Too many answers wait; one is left out")

    async def _work_on(self) -> None:
        while True:
            work = await self._queue.get()
            try:
                await self._do(work)
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
