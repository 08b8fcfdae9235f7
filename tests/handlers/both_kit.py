"""Both chats on one database: what is done in the one is seen in the other."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.actions.transaction import Desk
from tests.handlers import slack_kit, telegram_kit


@dataclass
class Both:
    slack: slack_kit.House
    telegram: telegram_kit.House

    def wake(self) -> None:
        """Both outboxes, as they are now: a bot that was started again has another one."""
        self.slack.outbox.wake()
        self.telegram.outbox.wake()


@asynccontextmanager
async def both(desk: Desk, language: str = "en-US") -> AsyncIterator[Both]:
    """language: of the colleagues in Slack."""
    wakes: list[Callable[[], None]] = []

    def wake_all() -> None:
        for wake in wakes:
            wake()

    desk = replace(desk, wake=wake_all)
    async with (
        slack_kit.house(desk, language) as slack,
        telegram_kit.open_house(desk) as telegram,
    ):
        made = Both(slack, telegram)
        wakes.append(made.wake)
        yield made
