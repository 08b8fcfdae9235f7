"""The health page: whether the bot runs, for whoever watches the machine."""

import logging

from aiohttp import web

log = logging.getLogger(__name__)


class HealthPage:
    """`GET /healthz` answers 200 while the bot runs."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        app = web.Application()
        app.router.add_get("/healthz", _healthy)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> None:
        """A port that is taken costs the page, not the bot."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            log.warning(
                "There is no health page: %s:%s cannot be used (%s). HTTP_PORT sets another port.",
                self._host,
                self._port,
                error.strerror,
            )

    async def stop(self) -> None:
        await self._runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
