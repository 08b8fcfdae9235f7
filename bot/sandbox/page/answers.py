"""How the page answers: with a page, or by showing the one where something was done anew."""

from urllib.parse import urlencode

from aiohttp import web


def shown(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html")


def back_to(path: str, said: str = "") -> web.Response:
    """said: what is shown on top of it."""
    address = f"{path}?{urlencode({'said': said})}" if said else path
    return web.Response(status=303, headers={"Location": address})
