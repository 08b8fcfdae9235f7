"""The HTTP client under python-telegram-bot: aiohttp, as on the Slack side.

The library's own (httpx) looks through all its connections for every call, and so gets slower the
more calls are in flight: it answered 1,100 presses a second eight at a time, and 190 a second
thirty-two at a time, where aiohttp answers 4,000. In a flood that is whether people hear in time.
"""

from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Timeout = object
"""Seconds, or the library's own mark for "as this client has it"."""


class AiohttpRequest(BaseRequest):
    """One session with its connections; timeouts in seconds.

    connect_timeout: for a connection, also when all are in use. write_timeout: for sending a
    request, media_write_timeout where it has files. read_timeout: while nothing comes back.
    """

    def __init__(
        self,
        connections: int,
        *,
        connect_timeout: float = 10,
        read_timeout: float = 20,
        write_timeout: float = 20,
        media_write_timeout: float = 40,
    ) -> None:
        self._connections = connections
        self._connect = connect_timeout
        self._read = read_timeout
        self._write = write_timeout
        self._write_media = media_write_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body. Raises TimedOut or NetworkError, without the address in it:
        the token is a part of that."""
        if self._session is None:
            raise NetworkError("The connection to Telegram is closed")
        has_files = request_data is not None and request_data.contains_files
        connect = _seconds(connect_timeout, self._connect)
        read = _seconds(read_timeout, self._read)
        write = _seconds(write_timeout, self._write_media if has_files else self._write)
        # What is asked for may be a file that takes its time; what is posted may not.
        total = connect + write + read if method == "POST" else None
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                headers=FORM if method == "POST" and not has_files else None,
                proxy=_proxy(urlsplit(url).scheme, urlsplit(url).netloc),
                timeout=aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read),
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _seconds(given: Timeout, otherwise: float) -> float:
    return given if isinstance(given, int | float) else otherwise


@cache
def _proxy(scheme: str, host: str) -> str | None:
    """The organisation's own, where the environment names one. aiohttp would look it up in a
    thread for every call (trust_env)."""
    return None if proxy_bypass(host) else getproxies().get(scheme)


def _body(request_data: RequestData | None) -> aiohttp.FormData | bytes | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.url_encoded_parameters().encode()
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (file_name, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=content_type)
    return form
