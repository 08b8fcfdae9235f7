"""The bot's Slack side, whole, on the sandbox's Slack: sockets, actions, outbox, files."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlmodel import Session, select

from bot.actions.transaction import Desk
from bot.outbox import Outbox, Pace
from bot.rules.delivery import NoticeStatus
from bot.sandbox.slack import Message, Person, SlackServer
from bot.settings import Settings
from handlers.slack.app import SlackSide, build_slack
from storage.models import AuditEntry, Notice
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

T = TypeVar("T")

REVIEW = "C01REVIEW"
AT_ONCE = Pace(per_recipient=0, overall=0, burst=1, in_flight=10)
FRIDAY = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)


@dataclass
class House:
    """anna proposes; olga owns Telegram; otto is her deputy and owns Instagram; nora owns
    nothing and reads Dutch."""

    slack: SlackServer
    desk: Desk
    side: SlackSide
    outbox: Outbox
    anna: Person
    olga: Person
    otto: Person
    nora: Person
    admin: Person
    sending: asyncio.Task[None]

    async def read(self, run: Callable[[Session], T]) -> T:
        return await self.desk.database.read(run)

    async def audited(self) -> list[str]:
        return await self.read(
            lambda session: [entry.action for entry in session.exec(select(AuditEntry))]
        )

    async def notices(self, kind: str) -> list[Notice]:
        return await self.read(
            lambda session: list(session.exec(select(Notice).where(Notice.kind == kind)))
        )

    async def card(self, words: str = "", place: int = -1) -> Message:
        """The newest card in the review channel, as soon as it shows these words."""

        def shown() -> Message | None:
            cards = self.slack.channel_messages(REVIEW)
            if len(cards) < abs(place) or words not in cards[place].seen_by(self.olga):
                return None
            return cards[place]

        return await self.slack.until(shown)

    async def put_off(self, kind: str) -> Notice:
        """The notice of this kind, once its first attempt was put off."""
        return await self._tried(kind, NoticeStatus.PENDING)

    async def sent(self, kind: str) -> Notice:
        return await self._tried(kind, NoticeStatus.SENT)

    async def overtaken(self, kind: str) -> Notice:
        """The notice of this kind that had nothing to say any more."""
        return await self._tried(kind, NoticeStatus.OVERTAKEN)

    async def _tried(self, kind: str, status: NoticeStatus) -> Notice:
        async with asyncio.timeout(5):
            while True:
                for notice in await self.notices(kind):
                    if notice.first_tried_at and notice.status == status:
                        return notice
                await asyncio.sleep(0.005)

    async def proposed(self, **fields: Any) -> Message:
        """Anna proposes a post for Telegram; its card."""
        await self.anna.command("/social propose")
        assert await self.anna.submit(a_proposal(**fields)) is None
        return await self.card(fields.get("Text", A_TEXT))

    async def stop(self) -> None:
        while not self.sending.done():
            self.sending.cancel()  # a wait that ends at this very moment can swallow it
            await asyncio.wait([self.sending], timeout=0.5)
        await self.side.stop()


A_TEXT = "New in the library: 40 board games"


def a_proposal(**fields: Any) -> Mapping[str, Any]:
    return {
        "Text": A_TEXT,
        "Platforms": ["Telegram"],
        "Pillar": "Information",
        "Target group": "Parents of young children",
        "Date and time": FRIDAY,
        "Why": "People ask for them",
        **{name.replace("_", " "): value for name, value in fields.items()},
    }


@asynccontextmanager
async def house(desk: Desk, language: str = "en-US") -> AsyncIterator[House]:
    slack = SlackServer(now=desk.clock)
    slack.post_rate = None
    await slack.start()
    anna = slack.add_person(PROPOSER, "Anna de Vries", locale=language)
    olga = slack.add_person(OWNER, "Olga Jansen", locale=language)
    otto = slack.add_person(OTHER_OWNER, "Otto Smit", locale=language)
    nora = slack.add_person("U04NORA", "Nora Bakker", locale="nl-NL")
    admin = slack.add_person(ADMIN, "Ad Min", locale=language)
    slack.add_channel(REVIEW, "social-media", members=[anna, olga, otto, nora, admin])

    wake_others = desk.wake

    def wake() -> None:
        outbox.wake()
        wake_others()

    desk = replace(desk, wake=wake)
    side = build_slack(settings_for(slack), desk)
    outbox = Outbox("slack", desk, side.sender, AT_ONCE)
    await side.start()
    await slack.wait_connected()
    sending = asyncio.create_task(outbox.run())
    made = House(slack, desk, side, outbox, anna, olga, otto, nora, admin, sending)
    try:
        yield made
    finally:
        await made.stop()
        await slack.stop()


def settings_for(slack: SlackServer) -> Settings:
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token),
        slack_api_url=slack.api_url,
        slack_review_channel=REVIEW,
    )
