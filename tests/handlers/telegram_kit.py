"""The bot's Telegram side, whole, on the sandbox's Telegram: intake, actions, outbox, files."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import SecretStr
from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from bot.actions.notices import start_alone
from bot.actions.transaction import Desk
from bot.outbox import Outbox, Pace
from bot.sandbox.telegram import Channel, Person, TelegramServer
from bot.settings import Settings
from handlers.telegram.app import TelegramSide, build_telegram
from storage.models import Follower, Notice

T = TypeVar("T")

AT_ONCE = Pace(per_recipient=0, overall=0, burst=1, in_flight=10)


@dataclass
class House:
    telegram: TelegramServer
    desk: Desk
    side: TelegramSide
    outbox: Outbox
    fatima: Person  # speaks English here, so that tests read like the code
    jan: Person  # speaks Dutch
    channel: Channel
    sending: asyncio.Task[None] = field(init=False)

    async def read(self, run: Callable[[Session], T]) -> T:
        return await self.desk.database.read(run)

    async def rows(self, table: type[SQLModel]) -> Sequence[SQLModel]:
        return await self.read(lambda session: session.exec(select(table)).all())

    async def count(self, table: type[SQLModel]) -> int:
        return await self.read(
            lambda session: session.exec(select(func.count()).select_from(table)).one()
        )

    async def follower(self, person: Person) -> Follower:
        return await self.read(lambda session: session.get_one(Follower, person.id))

    async def notices(self, kind: str) -> list[Notice]:
        return await self.read(
            lambda session: list(session.exec(select(Notice).where(Notice.kind == kind)))
        )

    async def until(self, condition: Callable[[Session], T], timeout: float = 5) -> T:
        """Waits for something in the database, looking again after every commit or two."""
        async with asyncio.timeout(timeout):
            while not (found := await self.read(condition)):
                await asyncio.sleep(0.005)
        return found

    async def restart(self) -> None:
        """The bot ends where it is, and a new one starts on the same database."""
        await self.die()
        self.side = build_telegram(settings_for(self.telegram), self.desk)
        await self.begin()

    async def begin(self) -> None:
        await start_alone(self.desk)
        self.outbox = Outbox("telegram", self.desk, self.side.sender, AT_ONCE)
        self.sending = asyncio.create_task(self.outbox.run())
        await self.side.start()

    async def die(self) -> None:
        while not self.sending.done():  # a cancellation can get lost beside a wake-up
            self.sending.cancel()
            await asyncio.wait([self.sending], timeout=0.5)
        await self.side.stop()


def settings_for(telegram: TelegramServer) -> Settings:
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(telegram.token),
        telegram_api_url=telegram.api_url,
        telegram_file_url=telegram.file_url,
        telegram_channel="@leestafel",
    )


@asynccontextmanager
async def open_house(desk: Desk) -> AsyncIterator[House]:
    async with TelegramServer(desk.clock) as telegram:
        telegram.limits.enabled = False

        wake_others = desk.wake

        def wake() -> None:
            house.outbox.wake()
            wake_others()

        desk = replace(desk, wake=wake)
        side = build_telegram(settings_for(telegram), desk)
        house = House(
            telegram=telegram,
            desk=desk,
            side=side,
            outbox=Outbox("telegram", desk, side.sender, AT_ONCE),
            fatima=telegram.add_person(1001, "Fatima", last_name="El Amrani", language="en"),
            jan=telegram.add_person(1002, "Jan", language="nl"),
            channel=telegram.add_channel(-1001234567890, "leestafel", title="De Leestafel"),
        )
        await house.begin()
        try:
            yield house
        finally:
            await house.die()
