"""Telegram's side of the bot: the client, the intake, and the sender for the outbox."""

import asyncio
import logging
import warnings
from contextlib import suppress

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bot.actions.transaction import Desk
from bot.rules.refusals import SamenspraakError
from bot.settings import Settings
from bot.texts import LANGUAGES, texts_in
from handlers.telegram.answers import Answers
from handlers.telegram.errors import where
from handlers.telegram.files import fetch_due
from handlers.telegram.http import AiohttpRequest
from handlers.telegram.intake import Intake
from handlers.telegram.messages import commands
from handlers.telegram.outgoing import TelegramSender

log = logging.getLogger(__name__)

NEXT_LOOK = 10.0  # seconds until a file that could not be fetched is tried again


class TokenRefused(SamenspraakError):
    """Telegram does not know the bot's token."""


class TelegramSide:
    """Everything of the bot that speaks with Telegram."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self.bot = bot
        self.sender = TelegramSender(bot, desk)
        self.answers = Answers(bot)
        self._files_wait = asyncio.Event()
        self.intake_of_updates = Intake(bot, desk, self.answers, self._files_wait.set)
        self.intake: asyncio.Task[None] | None = None
        """Runs between start and stop."""
        self._desk = desk
        self._fetching = asyncio.Lock()
        self._beside: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Raises TokenRefused. Without a network it starts all the same, and keeps trying."""
        try:
            await self.bot.initialize()
        except InvalidToken:  # its own words hold the token
            raise TokenRefused("Telegram does not accept TELEGRAM_BOT_TOKEN.") from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); we keep trying", where(error))
        self.answers.start()
        self._beside = [
            asyncio.create_task(self._introduce(), name="telegram introduction"),
            asyncio.create_task(self._fetch_on(), name="telegram files"),
        ]
        self.intake = asyncio.create_task(self.intake_of_updates.run(), name="telegram intake")

    async def stop(self) -> None:
        """What came in and is being handled is finished by the next start at the latest."""
        running = [task for task in (self.intake, *self._beside) if task]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.answers.stop()
        await self.bot.shutdown()

    async def fetch_media(self) -> int:
        """Fetches what followers sent, and what could not be fetched before; how many came."""
        async with self._fetching:
            return await fetch_due(self._desk, self.bot)

    async def _fetch_on(self) -> None:
        """As soon as a follower agreed; every now and then what failed, or a restart left."""
        while True:
            try:
                await self.fetch_media()
            except Exception as error:  # the next file must be fetched all the same
                log.error("Files could not be fetched: %s", where(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(NEXT_LOOK):
                    await self._files_wait.wait()
            self._files_wait.clear()

    async def _introduce(self) -> None:
        """The menu of commands in every language; and no webhook, which would keep the updates."""
        try:
            await self.bot.delete_webhook()
            await self.bot.set_my_commands(commands(texts_in(self._desk.language)))
            for language in LANGUAGES:
                await self.bot.set_my_commands(commands(texts_in(language)), language_code=language)
        except TelegramError as error:
            log.warning("The menu of commands could not be set: %s", where(error))


def build_telegram(settings: Settings, desk: Desk) -> TelegramSide:
    """settings.telegram_bot_token must be there."""
    assert settings.telegram_bot_token is not None
    _keep_quiet()
    bot = Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=settings.telegram_api_url,
        base_file_url=settings.telegram_file_url,
        request=AiohttpRequest(64),  # its timeouts end within the lease of a notice
        get_updates_request=AiohttpRequest(2),
    )
    return TelegramSide(bot, desk)


def _keep_quiet() -> None:
    """The HTTP client logs every address, and with it the token."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Updates are asked for as raw JSON on purpose; the library suggests its own method.
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)
    # The type of retry_after will change; errors.wait_of takes both.
    warnings.filterwarnings("ignore", ".*attribute `retry_after`", PTBDeprecationWarning)
