"""A Slack workspace on loopback: Web API, Socket Mode, files, response URLs, and its people.

An app connects to it as to the real one; only the URL of the Web API differs.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TypeVar

from aiohttp import web

from bot.sandbox.slack import files, response_urls
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Person
from bot.sandbox.slack.socket_mode import Reason, SocketMode
from bot.sandbox.slack.state import Channel, Team, User
from bot.sandbox.slack.web_api import ApiCall, WebApi
from bot.sandbox.slack.workspace import Workspace

T = TypeVar("T")
LARGEST_UPLOAD = 1024**3


class SlackServer:
    """`now` is the workspace's clock and may be moved; waiting, rates and triggers go by real time.

    `space.post_rate`, `socket_mode.ack_seconds` and `socket_mode.event_retries` set the pace.
    """

    def __init__(
        self, now: Callable[[], datetime], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.space = Workspace(now)
        self.socket_mode = SocketMode(self.space)
        self.web_api = WebApi(self.space)
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    # To connect to

    @property
    def api_url(self) -> str:
        return f"{self.space.base_url}/api/"

    @property
    def bot_token(self) -> str:
        return self.space.bot_token

    @property
    def app_token(self) -> str:
        return self.space.app_token

    @property
    def team(self) -> Team:
        return self.space.team

    async def start(self) -> None:
        """Listen; `api_url` is known afterwards."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.space.base_url = f"http://{self._host}:{port}"

    async def stop(self) -> None:
        await self.socket_mode.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPLOAD)
        upload = partial(files.receive, self.space)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.web_api.handle),
                web.get("/link/", self.socket_mode.handle),
                web.post("/upload/v1/{file}", upload),
                web.get("/files-pri/{key}/{name:.*}", partial(files.serve, self.space)),
                web.post("/actions/{team}/{key}", partial(response_urls.handle, self.space)),
            ]
        )
        return app

    # To fill and to look at

    @property
    def calls(self) -> list[ApiCall]:
        """Every call of the Web API, oldest first."""
        return self.web_api.calls

    @property
    def faults(self) -> Faults:
        return self.web_api.faults

    @property
    def post_rate(self) -> float | None:
        """chat.postMessage a second per channel; None switches the limit off."""
        return self.space.post_rate

    @post_rate.setter
    def post_rate(self, rate: float | None) -> None:
        self.space.post_rate = rate

    def add_person(
        self, user_id: str, name: str, *, locale: str = "en-US", tz: str = "Europe/Amsterdam"
    ) -> Person:
        """Somebody who works here. `locale` as Slack writes it ("nl-NL"), `tz` from IANA."""
        user = User(user_id, name, name.split(maxsplit=1)[0].lower(), locale, tz)
        self.space.users[user_id] = user
        return Person(self.space, self.socket_mode, user)

    def add_channel(
        self, channel_id: str, name: str, *, members: Iterable[Person] = (), with_bot: bool = True
    ) -> Channel:
        """A public channel; the bot is a member unless it is left out."""
        ids = [person.id for person in members]
        ids += [self.space.bot.id] if with_bot else []
        channel = Channel(channel_id, name, ids, int(self.space.now().timestamp()))
        self.space.channels[channel_id] = channel
        return channel

    def channel_messages(self, channel_id: str) -> list[Message]:
        """What stands in the channel, oldest first; replies are under `message.thread`."""
        return [
            message
            for message in self.space.messages.get(channel_id, ())
            if message.thread_ts in {None, message.ts} or message.broadcast
        ]

    def until(self, predicate: Callable[[], T | None], timeout: float = 5) -> Awaitable[T]:
        """The first true answer of `predicate`, asked again after every change.

        Raises TimeoutError after so many (real) seconds.
        """
        return self.space.changes.until(predicate, timeout)

    # Its connections

    @property
    def connected(self) -> int:
        """How many connections take envelopes."""
        return len(self.socket_mode.open)

    def wait_connected(self, timeout: float = 10) -> Awaitable[int]:
        """`connected`, as soon as there is one. Raises TimeoutError."""
        return self.until(lambda: self.connected, timeout)

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Ask the app to connect anew; `wait_connected` then waits for the new connection."""
        await self.socket_mode.disconnect(reason)
