"""The sandbox's Telegram with a real python-telegram-bot connected to it, for its tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.sandbox.telegram import Channel, Person, TelegramServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class MovableClock:
    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class House:
    telegram: TelegramServer
    clock: MovableClock
    fatima: Person
    channel: Channel
    bot: Bot
    _bots: list[Bot] = field(default_factory=list)

    async def another_bot(self) -> Bot:
        """A second connection with the same token."""
        bot = _bot(self.telegram)
        await bot.initialize()
        self._bots.append(bot)
        return bot

    async def close(self) -> None:
        for bot in self._bots:
            await bot.shutdown()


@asynccontextmanager
async def connected() -> AsyncIterator[House]:
    """Server, bot, a follower who has not written yet, and a channel; paces switched off."""
    clock = MovableClock()
    async with TelegramServer(clock) as telegram, _bot(telegram) as bot:
        telegram.limits.enabled = False
        fatima = telegram.add_person(1001, "Fatima", last_name="El Amrani", language="nl")
        channel = telegram.add_channel(-1001234567890, "leestafel", title="De Leestafel")
        house = House(telegram, clock, fatima, channel, bot)
        yield house
        await house.close()


@asynccontextmanager
async def refused(kind: type[TelegramError], description: str) -> AsyncIterator[None]:
    """The bot is refused in exactly these words (python-telegram-bot cuts "Bad Request: " off)."""
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    assert caught.value.message.lower() == description.lower()


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Rows of (label, callback_data)."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


def _bot(telegram: TelegramServer) -> Bot:
    return Bot(telegram.token, base_url=telegram.api_url, base_file_url=telegram.file_url)
