"""What the bot answers over HTTP: whether it runs, and feeds of the calendar."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256

from aiohttp import web

from bot.actions import feeds
from bot.actions.transaction import Desk
from bot.texts import texts_in
from handlers.feed import calendar

log = logging.getLogger(__name__)

FEEDS = "/feed/"
NOT_THERE = "There is nothing here.\n"


async def _nobody(_: str) -> None:
    """Where there is no Slack to ask."""


class HttpPage:
    """`GET /healthz` answers 200 while the bot runs; `GET /feed/….ics` is a feed.

    slack_address: tells where the workspace is, as soon as it is known. look_up: asks Slack once
    a day who somebody is; who left the workspace loses their address with it. No address is ever
    logged: whoever has one can read the feed.
    """

    def __init__(
        self,
        desk: Desk,
        host: str,
        port: int,
        slack_address: Callable[[], str] = lambda: "",
        look_up: Callable[[str], Awaitable[object]] = _nobody,
    ) -> None:
        self._desk = desk
        self._host = host
        self._port = port
        self._slack_address = slack_address
        self._look_up = look_up
        app = web.Application()
        app.router.add_get("/healthz", _healthy)
        app.router.add_get(FEEDS + "{address}.ics", self._feed)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> None:
        """A port that is taken costs the page, not the bot."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            log.warning(
                "There is no health page and no feed: %s:%s cannot be used (%s). "
                "HTTP_PORT sets another port.",
                self._host,
                self._port,
                error.strerror,
            )

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The one that it has, where it asked for any."""
        return int(self._runner.addresses[0][1])

    async def _feed(self, request: web.Request) -> web.Response:
        try:
            return await self._shown(request)
        except Exception as error:  # with its words, the address would reach the log
            log.error("A feed could not be shown: %s", type(error).__name__)
            return web.Response(status=500)

    async def _shown(self, request: web.Request) -> web.Response:
        """Only what has changed since the program looked last."""
        address = request.match_info["address"]
        if owner := await feeds.owner_of(self._desk, address):
            await self._look_up(owner)
        feed = await feeds.read(self._desk, address)
        if feed is None:
            return web.Response(status=404, text=NOT_THERE)
        # By what it shows, so that nothing is written anew for who has it already.
        tag = sha256(repr((feed, self._slack_address())).encode()).hexdigest()
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
        if any(known.value in (tag, "*") for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        t = texts_in(feed.language)
        # Beside the loop: a large calendar takes its time, and nobody's press waits for it.
        body = await asyncio.to_thread(calendar, feed, t, self._slack_address())
        return web.Response(
            body=body, content_type="text/calendar", charset="utf-8", headers=headers
        )


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
