"""The page's web server, on this computer only."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.page import layout
from bot.sandbox.page.answers import back_to, shown
from bot.sandbox.page.markup import tag
from bot.sandbox.page.slack_page import SlackPage
from bot.sandbox.page.telegram_page import TelegramPage
from bot.sandbox.telegram.files import UPLOAD_LIMIT
from bot.sandbox.world import World
from bot.texts import Texts, texts_in

HOST = "127.0.0.1"
STYLE = Path(__file__).parent / "page.css"
A_MOMENT = 0.6
"""Seconds in which the bot has usually reacted: then the page that follows shows it."""

_SAID_NOTHING = {"getupdates", "answercallbackquery", "getfile", "views.open"}


class Page:
    """port: 0 takes a free one; `address` is known after the start."""

    def __init__(self, world: World, port: int = 0) -> None:
        self._world = world
        self.t: Texts = texts_in(world.language)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self._port}/"

    async def start(self) -> None:
        """Raises OSError where the port is taken."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        app.add_routes(
            [
                web.get("/", self._first),
                web.get("/page.css", self._style),
                web.post("/clock", self._move_clock),
                *SlackPage(self._world, self.t, self._settle).routes(),
                *TelegramPage(self._world, self.t, self._settle).routes(),
            ]
        )
        return app

    async def _first(self, request: web.Request) -> web.Response:
        t = self.t
        return shown(
            layout.whole(
                self._world, t, "Samenspraak",
                tag("h1", t("The sandbox of Samenspraak")),
                tag("p", t("Choose above whose eyes you look through. "
                           "Colleagues are in Slack, followers in Telegram.")),
                tag("p", t("Propose a post as Anna, and approve it as Joris or Meral: they are "
                           "responsible for the platforms. Then move the clock.")),
            )
        )  # fmt: skip

    async def _style(self, request: web.Request) -> web.Response:
        return web.Response(text=STYLE.read_text(), content_type="text/css")

    async def _move_clock(self, request: web.Request) -> web.Response:
        hours = str((await request.post()).get("hours", ""))
        if hours in {"1", "24"}:
            self._world.clock.move(timedelta(hours=int(hours)))
            await self._settle()
        came_from = urlsplit(request.headers.get("Referer", "")).path
        return back_to(came_from if came_from.startswith(("/slack/", "/telegram/")) else "/")

    async def _settle(self) -> None:
        """Until the bot has said something, for a moment at most."""
        before = self._said()
        with suppress(TimeoutError):
            await self._world.until(lambda: self._said() > before, A_MOMENT)

    def _said(self) -> int:
        methods = [
            *(call.method for call in self._world.slack.calls),
            *(call.method for call in self._world.telegram.calls),
        ]
        return sum(method.lower() not in _SAID_NOTHING for method in methods)
