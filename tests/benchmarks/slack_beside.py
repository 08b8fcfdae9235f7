"""The sandbox's Slack, with an owner who presses Approve on one card after another."""

import asyncio
import time

from bot.sandbox.slack import Message, Person, SlackServer
from tests.benchmarks.beside import answer
from tests.benchmarks.desks import REVIEW, now
from tests.factories import OWNER, PROPOSER

LONGEST = 60.0
"""Seconds that anything may take."""


class Office:
    """The server, and the owner before the review channel."""

    def __init__(self, server: SlackServer, owner: Person) -> None:
        self._server = server
        self._owner = owner

    async def address(self) -> dict[str, str]:
        server = self._server
        return {
            "api_url": server.api_url,
            "bot_token": server.bot_token,
            "app_token": server.app_token,
        }

    async def cards(self, count: int) -> None:
        """So many proposals are in the review channel."""
        await self._server.until(lambda: len(self._cards()) >= count, LONGEST)

    async def press(self, first: int, count: int) -> list[float]:
        """Approve on the cards from `first` on; milliseconds until each was acknowledged."""
        await self._server.wait_connected(LONGEST)
        spent = []
        for card in self._cards()[first : first + count]:
            began = time.perf_counter()
            await self._owner.press(card, "Approve")
            spent.append((time.perf_counter() - began) * 1000)
        return spent

    async def left(self) -> None:
        """Nobody is connected any more."""
        await self._server.until(lambda: not self._server.connected, LONGEST)

    def _cards(self) -> list[Message]:
        return self._server.channel_messages(REVIEW)


async def main() -> None:
    server = SlackServer(now)
    server.post_rate = None
    await server.start()
    try:
        people = [server.add_person(PROPOSER, "Anna de Vries"), server.add_person(OWNER, "Olga")]
        server.add_channel(REVIEW, "social-media", members=people)
        office = Office(server, people[1])
        await answer(
            {
                method.__name__: method
                for method in (office.address, office.cards, office.press, office.left)
            }
        )
    finally:
        await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
