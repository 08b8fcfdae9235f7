"""The composition root: builds everything, and knows the order of starting and stopping."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from bot.actions import forgetting, notices
from bot.actions.transaction import Desk
from bot.clock import Clock, clock_from
from bot.outbox import Outbox, Pace
from bot.settings import Settings
from handlers.http import HttpPage
from handlers.jobs import build_scheduler, run_all
from handlers.slack.app import SlackSide, build_slack
from handlers.telegram.app import TelegramSide, build_telegram
from storage.database import Database
from storage.migrate import migrate

log = logging.getLogger(__name__)

SLACK_PACE = Pace(per_recipient=1.0, overall=0.05, burst=3, in_flight=8)
TELEGRAM_PACE = Pace(per_recipient=1.0, overall=1 / 28, burst=3, in_flight=30)


class App:
    """The bot, connected to both chats. settings: checked, with every token there."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._stopping = AsyncExitStack()
        self.clock = clock or clock_from(settings.clock_offset_file)

    async def start(self) -> None:
        """In the order in which one stands on the other; stop() goes back the same way."""
        try:
            await self._start()
        except BaseException:  # cancelled, too: half a start is undone
            await self.stop()
            raise

    async def stop(self) -> None:
        """Takes nothing new, finishes what is in flight."""
        await self._stopping.aclose()

    async def _start(self) -> None:
        database = open_database(self._settings.database_url)
        self._stopping.callback(database.close)
        self.desk = desk_of(self._settings, database, self.clock, self._wake)
        await notices.start_alone(self.desk)
        await forgetting.apply_earlier(self.desk)
        slack: SlackSide = build_slack(self._settings, self.desk)
        telegram: TelegramSide = build_telegram(self._settings, self.desk)
        self._outboxes = (
            Outbox("slack", self.desk, slack.sender, SLACK_PACE),
            Outbox("telegram", self.desk, telegram.sender, TELEGRAM_PACE),
        )
        await run_all(self.desk)
        self._stopping.push_async_callback(slack.stop)
        await slack.start()
        for outbox in self._outboxes:
            self._keep_running(outbox)
        scheduler = build_scheduler(self.desk)
        scheduler.start()
        self._stopping.callback(scheduler.shutdown, wait=False)
        self._stopping.push_async_callback(telegram.stop)
        await telegram.start()
        host, port = self._settings.http_host, self._settings.http_port
        look_up = slack.workspace.people.find
        page = HttpPage(self.desk, host, port, lambda: slack.address, look_up)
        self._stopping.push_async_callback(page.stop)
        await page.start()

    def _keep_running(self, outbox: Outbox) -> None:
        task = asyncio.create_task(outbox.run())

        async def end() -> None:
            task.cancel()
            await asyncio.wait([task])

        self._stopping.push_async_callback(end)

    def _wake(self) -> None:
        for outbox in self._outboxes:
            outbox.wake()


def open_database(url: str) -> Database:
    """With the schema brought up to date first."""
    database = Database(url)
    migrate(database.engine)
    return database


def desk_of(
    settings: Settings, database: Database, clock: Clock, wake: Callable[[], None] = lambda: None
) -> Desk:
    """wake: called after a commit that holds notices."""
    return Desk(
        database=database,
        clock=clock,
        zone=settings.zone,
        language=settings.language,
        media_dir=Path(settings.media_dir),
        review_channel=settings.slack_review_channel or "",
        telegram_channel=settings.telegram_channel or "",
        admins=settings.slack_admins,
        public_url=settings.feeds_url,
        forgotten_file=settings.forgotten_file,
        wake=wake,
    )


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    app = App(settings)
    await app.start()
    log.info("Samenspraak is running")
    try:
        await stop.wait()
    finally:
        await app.stop()
        log.info("Samenspraak has stopped")
