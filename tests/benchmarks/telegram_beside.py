"""The sandbox's Telegram, with many people who press a ballot's buttons at the same moment."""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

from bot.sandbox.telegram import TelegramServer, wire
from bot.sandbox.telegram.model import Callback
from tests.benchmarks.beside import answer
from tests.benchmarks.desks import FIRST_FOLLOWER, now

LONGEST = 60.0
"""Seconds. So long may a run take, and so long can a press be answered here."""

FIRST_UPDATE = 500_000_001


class Crowd:
    """The server, and the presses of all, prepared: every run gets the very same updates."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._presses: list[Callback] = []
        self._updates: dict[str, list[bytes]] = {}

    async def address(self) -> dict[str, str]:
        server = self._server
        return {"token": server.token, "api_url": server.api_url, "file_url": server.file_url}

    async def gather(self, people: int, options: list[int]) -> None:
        """Each has the ballot before them; options: the ids that its buttons carry."""
        self._presses = [self._press_of(number, options) for number in range(people)]
        self._updates = {
            "callback_query": _updates(
                "callback_query", (wire.callback_json(press) for press in self._presses)
            ),
            "poll_answer": _updates("poll_answer", map(_poll_answer, self._presses)),
        }

    async def press(self, kind: str) -> float:
        """All at once, when the bot waits for updates; the moment (time.monotonic)."""
        state = self._server.state
        await self._server.until(lambda: self._server.polling, LONGEST)
        state.calls.clear()
        for press in self._presses:
            press.answered, press.answer, press.pressed_at = False, None, time.monotonic()
        self._server.enqueue_raw(self._updates[kind])
        return time.monotonic()

    async def confirmed(self) -> float:
        """The moment at which the bot confirmed the last update."""
        await self._server.until(lambda: not len(self._server.state.updates), LONGEST)
        return time.monotonic()

    async def answered(self) -> float:
        """The moment at which every press was answered."""
        waiting = iter(self._presses)
        first = next(waiting, None)

        def all_are() -> bool:
            """Asked after every call, so it never looks twice at a press that has its answer."""
            nonlocal first
            while first is not None and first.answered:
                first = next(waiting, None)
            return first is None

        await self._server.until(all_are, LONGEST)
        return time.monotonic()

    def _press_of(self, number: int, options: list[int]) -> Callback:
        state = self._server.state
        person = self._server.add_person(
            FIRST_FOLLOWER + number, f"Reader {number}", language="nl" if number % 2 else "en"
        )
        chat = state.chats[person.id]
        chat.started = True
        ballot = state.add_message(
            chat,
            state.bot,
            text="What do you read in winter?\n\nPress your answer.",
            keyboard=[[{"text": f"Option {id}", "callback_data": f"v:{id}"}] for id in options],
        )
        press = Callback(
            str((person.id << 32) + number),
            ballot,
            person.user,
            f"v:{options[number % len(options)]}",
            0.0,
        )
        state.callbacks[press.id] = press
        return press


def _updates(kind: str, contents: Iterable[dict[str, Any]]) -> list[bytes]:
    return [
        json.dumps({"update_id": FIRST_UPDATE + number, kind: content}).encode()
        for number, content in enumerate(contents)
    ]


def _poll_answer(press: Callback) -> dict[str, Any]:
    """The same choice in a native poll."""
    return {
        "poll_id": "5460000000000000001",
        "user": wire.user_json(press.user),
        "option_ids": [0],
        "option_persistent_ids": ["1-10"],
    }


async def main() -> None:
    async with TelegramServer(now) as server:
        server.limits.enabled = False
        server.state.callback_lifetime = LONGEST
        crowd = Crowd(server)
        await answer(
            {
                method.__name__: method
                for method in (
                    crowd.address,
                    crowd.gather,
                    crowd.press,
                    crowd.confirmed,
                    crowd.answered,
                )
            }
        )


if __name__ == "__main__":
    asyncio.run(main())
