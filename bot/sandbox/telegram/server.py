"""The sandbox's Telegram: the Bot API over HTTP on loopback, and the people who use it.

A bot connects to it as to the real one; only the two base addresses differ.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.sandbox.telegram.arguments import Arguments, read_arguments
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT
from bot.sandbox.telegram.methods import GET_UPDATES, METHODS
from bot.sandbox.telegram.model import Chat
from bot.sandbox.telegram.people import Channel, Person
from bot.sandbox.telegram.polls import close_due
from bot.sandbox.telegram.state import ApiCall, State

Found = TypeVar("Found")

_LONGEST_POLL = 50.0  # seconds, as Telegram's own server
_POLL_CLOCK = 0.1  # seconds between looks whether the movable clock closes a poll


class TelegramServer:
    """The server with its whole state in memory. `now` is the movable clock, for dates.

    Paces, long polls and redelivery go by real time.
    """

    def __init__(
        self, now: Callable[[], datetime], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.state = State(now)
        self.token = self.state.token
        self.limits = self.state.limits
        self.faults = self.state.faults
        self.calls = self.state.calls
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def api_url(self) -> str:
        """The base_url for python-telegram-bot."""
        return f"http://{self.host}:{self.port}/bot"

    @property
    def file_url(self) -> str:
        """The base_file_url for python-telegram-bot."""
        return f"http://{self.host}:{self.port}/file/bot"

    @property
    def callback_redelivery(self) -> float | None:
        """Seconds until an unanswered press is sent again with a new update id; None: never."""
        return self.state.callback_redelivery

    @callback_redelivery.setter
    def callback_redelivery(self, seconds: float | None) -> None:
        self.state.callback_redelivery = seconds

    @property
    def polling(self) -> bool:
        """The bot waits in a long poll at this moment."""
        return self.state.updates.polling

    async def start(self) -> None:
        """Listen; afterwards `port` is the real one."""
        app = web.Application(client_max_size=UPLOAD_LIMIT + DOWNLOAD_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._closing = asyncio.create_task(self._close_polls())

    async def stop(self) -> None:
        self.state.updates.stop()
        if self._closing:
            self._closing.cancel()
            with suppress(asyncio.CancelledError):
                await self._closing
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def add_person(
        self,
        user_id: int,
        first_name: str,
        *,
        last_name: str = "",
        username: str = "",
        language: str = "",
    ) -> Person:
        """A follower; the bot cannot write to them before they have written."""
        return Person(self.state, user_id, first_name, last_name, username, language)

    def add_channel(self, chat_id: int, username: str, *, title: str) -> Channel:
        """A public channel in which the bot is an administrator."""
        chat = Chat(chat_id, "channel", title=title, username=username)
        self.state.chats[chat_id] = chat
        return Channel(chat)

    def enqueue_raw(self, updates: Iterable[dict[str, Any] | str | bytes]) -> None:
        """Prepared updates at the end of the queue, as objects or as JSON."""
        self.state.updates.add_raw(updates)
        self.state.changes.happened()

    def redeliver(self, callback_id: str) -> None:
        """Send a press again at once, with a new update id, as when its answer was lost."""
        self.state.deliver(self.state.callbacks[callback_id])

    async def until(self, predicate: Callable[[], Found | None], timeout: float = 5) -> Found:
        """Wait until the predicate is true, asked after every change; TimeoutError otherwise."""
        return await self.state.changes.until(predicate, timeout)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _answer(ApiError(401, "Unauthorized"))
        method = request.match_info["method"]
        fault = self.faults.next(method)
        arguments = Arguments({})
        outcome: bytes | ApiError
        try:
            # Read first: who called may be gone after the delay, and what was asked is done.
            arguments = await _read(request)
            if fault and fault.delay:
                await asyncio.sleep(fault.delay)
            if fault and fault.cut == "before":
                return _cut(request)
            if fault:
                fault.refuse()
            outcome = await self._run(method, arguments)
        except ApiError as error:
            outcome = error
        self._record(method, arguments, outcome)
        return _cut(request) if fault and fault.cut == "after" else _answer(outcome)

    async def _run(self, name: str, arguments: Arguments) -> bytes:
        """The JSON of the result."""
        if name.lower() == "getupdates":
            return await self._get_updates(arguments)
        if (method := METHODS.get(name.lower())) is None:
            raise ApiError(404, "Not Found")
        arguments.check_names(name, method.parameters)
        close_due(self.state)
        return json.dumps(method.run(self.state, arguments)).encode()

    async def _get_updates(self, arguments: Arguments) -> bytes:
        arguments.check_names("getUpdates", GET_UPDATES)
        limit = arguments.whole("limit", 100)
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        if (allowed := arguments.json("allowed_updates")) is not None:
            self.state.updates.allowed = allowed
        timeout = min(arguments.whole("timeout", 0), _LONGEST_POLL)
        taken = await self.state.updates.take(arguments.whole("offset", 0), limit, timeout)
        return b"[" + b",".join(taken) + b"]"

    def _record(self, method: str, arguments: Arguments, outcome: bytes | ApiError) -> None:
        description = outcome.description if isinstance(outcome, ApiError) else ""
        ok = not isinstance(outcome, ApiError)
        call = ApiCall(method, arguments.values, self.state.now(), ok, description)
        self.calls.append(call)
        self.state.changes.happened()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.state.files.at(request.match_info["path"])
        if request.match_info["token"] != self.token or file is None:
            return _answer(ApiError(404, "Not Found"))
        fault = self.faults.next("download")
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.cut:
            return _cut(request)
        if fault and fault.status:
            return _answer(ApiError(fault.status, fault.description))
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _close_polls(self) -> None:
        while True:
            await asyncio.sleep(_POLL_CLOCK)
            close_due(self.state)


async def _read(request: web.Request) -> Arguments:
    try:
        return await read_arguments(request)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None


def _answer(outcome: bytes | ApiError) -> web.Response:
    if isinstance(outcome, ApiError):
        body, status = json.dumps(outcome.as_json()).encode(), outcome.status
    else:
        body, status = b'{"ok":true,"result":' + outcome + b"}", 200
    return web.Response(body=body, status=status, content_type="application/json")


def _cut(request: web.Request) -> web.Response:
    """Nobody hears the answer: the connection is gone."""
    if request.transport:
        request.transport.abort()
    return web.Response()
