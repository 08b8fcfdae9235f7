"""The sandbox's world: two chat platforms on loopback, the people on them, and the bot."""

import asyncio
import os
import tomllib
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

import bot
from bot.sandbox import slack, telegram
from bot.sandbox.clock import SandboxClock
from bot.sandbox.process import BotProcess
from bot.settings import Settings
from bot.texts import language_from

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Amsterdam")
REVIEW_CHANNEL = "C01REVIEW"
CHANNEL = "leestafel"
STRATEGIES = Path(__file__).parent / "strategy"

SECONDS_TO_START = 20.0
SECONDS_BETWEEN_PRESSES = 2.0
"""After so long Telegram sends a press again that was not answered."""

_LOCALES = {"en": "en-GB", "nl": "nl-NL"}


class BotEnded(Exception):
    """The bot's process came to an end, or never got connected; the text is what it wrote."""


@dataclass(frozen=True)
class Colleagues:
    """Who works at the library; all of them are in the review channel."""

    anna: slack.Person
    joris: slack.Person
    meral: slack.Person
    tom: slack.Person

    def everybody(self) -> tuple[slack.Person, ...]:
        return (self.anna, self.joris, self.meral, self.tom)


@dataclass(frozen=True)
class Followers:
    """Who reads the library's channel."""

    fatima: telegram.Person
    bram: telegram.Person
    ines: telegram.Person
    daan: telegram.Person

    def everybody(self) -> tuple[telegram.Person, ...]:
        return (self.fatima, self.bram, self.ines, self.daan)


class World:
    """Both platforms, everybody on them, their clock, and the bot in a process of its own.

    directory: where the database, the pictures and the bot's output are kept.
    begins: the sandbox's time at the start; None: the present.
    """

    def __init__(self, directory: Path, language: str, begins: datetime | None = None) -> None:
        self.directory = directory
        self.language = language_from(language, "en")
        self.clock = SandboxClock(directory / "clock")
        if begins is not None:
            self.clock.move_to(begins)
        self.slack = slack.SlackServer(self.clock)
        self.telegram = telegram.TelegramServer(self.clock)
        self.telegram.callback_redelivery = SECONDS_BETWEEN_PRESSES
        self.colleagues = self._add_colleagues()
        self.followers = self._add_followers()
        self.channel = self.telegram.add_channel(
            -1001234567890, CHANNEL, title=self.strategy["organisation"]["name"]
        )
        self._ending = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Raises BotEnded."""
        try:
            await self._start()
        except BaseException:  # cancelled, too: half a start is undone
            await self._ending.aclose()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._ending.aclose()

    @cached_property
    def bot(self) -> BotProcess:
        """Made when the servers listen: only then are their addresses known."""
        return BotProcess(self.environment(), self.directory)

    @property
    def strategy_file(self) -> Path:
        return STRATEGIES / f"leestafel.{self.language}.toml"

    @cached_property
    def strategy(self) -> dict[str, Any]:
        return tomllib.loads(self.strategy_file.read_text(encoding="utf-8"))

    @property
    def database(self) -> Path:
        return self.directory / "samenspraak.db"

    def named(self, table: str, key: str) -> str:
        """What people call it, by its key in the strategy file: `named("pillar", "story")`."""
        return next(str(row["name"]) for row in self.strategy[table] if row["key"] == key)

    def environment(self) -> Mapping[str, str]:
        """The bot's settings. Nothing of the real ones shines through: they are not for here."""
        settings = {name.upper() for name in Settings.model_fields}
        inherited = {k: v for k, v in os.environ.items() if k.upper() not in settings}
        project = str(Path(bot.__file__).parents[1])
        path = os.pathsep.join(filter(None, [project, os.environ.get("PYTHONPATH")]))
        return inherited | {
            "PYTHONPATH": path,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_REVIEW_CHANNEL": REVIEW_CHANNEL,
            "SLACK_ADMINS": self.colleagues.tom.id,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.api_url,
            "TELEGRAM_FILE_URL": self.telegram.file_url,
            "TELEGRAM_CHANNEL": f"@{CHANNEL}",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "MEDIA_DIR": str(self.directory / "media"),
            "TIMEZONE": ZONE.key,
            "LANGUAGE": self.language,
            "HTTP_PORT": "0",
            "LOG_LEVEL": "WARNING",
            "CLOCK_OFFSET_FILE": str(self.clock.path),
        }

    async def until(self, predicate: Callable[[], T | None], seconds: float) -> T:
        """The first true answer of `predicate`, asked again after every change on either side.

        Raises TimeoutError after so many (real) seconds.
        """
        sides = [
            asyncio.ensure_future(self.slack.until(predicate, seconds)),
            asyncio.ensure_future(self.telegram.until(predicate, seconds)),
        ]
        try:
            done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in sides:
                side.cancel()
        return done.pop().result()

    async def connected(self) -> None:
        """Waits until the bot listens on both sides. Raises BotEnded."""
        try:
            await self.slack.wait_connected(SECONDS_TO_START)
            await self.telegram.until(lambda: self.telegram.polling, SECONDS_TO_START)
        except TimeoutError:
            raise BotEnded(self.bot.errors or "It did not connect, and wrote nothing.") from None

    async def _start(self) -> None:
        await self.slack.start()
        self._ending.push_async_callback(self.slack.stop)
        await self.telegram.start()
        self._ending.push_async_callback(self.telegram.stop)
        if await self.bot.run("strategy", "load", str(self.strategy_file)):
            raise BotEnded((self.directory / "bot.out").read_text() + self.bot.errors)
        self._ending.push_async_callback(self.bot.stop)
        await self.bot.start()
        await self.connected()

    def _add_colleagues(self) -> Colleagues:
        locale = _LOCALES[self.language]

        def add(slack_id: str, name: str) -> slack.Person:
            return self.slack.add_person(slack_id, name, locale=locale, tz=ZONE.key)

        found = Colleagues(
            anna=add("U03ANNA", "Anna de Vries"),
            joris=add("U01OWNER", "Joris Bakker"),
            meral=add("U02OWNER", "Meral Yılmaz"),
            tom=add("U04TOM", "Tom Visser"),
        )
        self.slack.add_channel(REVIEW_CHANNEL, "social-media", members=found.everybody())
        return found

    def _add_followers(self) -> Followers:
        def add(number: int, first_name: str, last_name: str) -> telegram.Person:
            return self.telegram.add_person(
                number, first_name, last_name=last_name, language=self.language
            )

        return Followers(
            fatima=add(1001, "Fatima", "El Amrani"),
            bram=add(1002, "Bram", "Jansen"),
            ines=add(1003, "Inês", "Carvalho"),
            daan=add(1004, "Daan", "Smit"),
        )
