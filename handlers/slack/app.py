"""The Slack side: Bolt over Socket Mode, one HTTP session, one listener for a kind of payload."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions.transaction import Desk
from bot.settings import Settings
from handlers.slack.files import Files
from handlers.slack.incoming import Workspace, pressed
from handlers.slack.outgoing import SlackSender
from handlers.slack.people import People
from handlers.slack.routes import Kind, route

ANY = re.compile("")
TIMEOUT = 30
"""Seconds for one call of Slack's Web API."""


class Connection(Protocol):
    """Socket Mode, as far as we use it; slack_sdk gives its own no types."""

    async def connect(self) -> None: ...

    async def close(self) -> None: ...


Listener = Callable[[dict[str, Any], AsyncAck], Awaitable[BoltResponse | None]]


class SlackSide:
    """Everything between Slack and the actions. app, client and sender are for the house."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        assert settings.slack_bot_token is not None
        assert settings.slack_app_token is not None
        _quieten_loggers()
        token = settings.slack_bot_token.get_secret_value()
        self.client = _client(settings, token)
        self.workspace = Workspace(
            desk, self.client, People(desk, self.client), Files(desk, self.client)
        )
        self.sender = SlackSender(self.workspace)
        self._authorized = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

        async def authorize() -> AuthorizeResult:
            return self._authorized

        self.app = AsyncApp(
            logger=logging.getLogger("slack_bolt"),  # else its loggers take the root's level
            # Without a token of its own Bolt asks `authorize`, and so never calls auth.test.
            client=_client(settings, None),
            authorize=authorize,
            process_before_response=True,  # acknowledged after the commit
            request_verification_enabled=False,  # Socket Mode has no signatures
        )
        _listen(self.app, self.workspace)
        self._app_token = settings.slack_app_token.get_secret_value()
        self._socket: Connection | None = None
        self.address = ""
        """Of the workspace; known when the side has started."""

    async def start(self) -> None:
        """Connected when it returns. Raises SlackApiError where Slack refuses a token."""
        self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        me = await self.client.auth_test()
        self.address = str(me.get("url") or "")
        await self.client.apps_connections_open(app_token=self._app_token)
        self._authorized = AuthorizeResult(
            enterprise_id=me.get("enterprise_id"),
            team_id=me["team_id"],
            bot_token=self.client.token,
            bot_id=me.get("bot_id"),
            bot_user_id=me["user_id"],
        )
        self._socket = self._connection()
        await self._socket.connect()

    async def stop(self) -> None:
        """Takes nothing more; what still goes on is finished first."""
        if self._socket is not None:
            await self._socket.close()
        if self.workspace.running:
            await asyncio.wait(self.workspace.running, timeout=5)
        if self.client.session is not None:
            await self.client.session.close()

    def _connection(self) -> Connection:
        return AsyncSocketModeHandler(self.app, self._app_token, web_client=self.client).client


def build_slack(settings: Settings, desk: Desk) -> SlackSide:
    """settings must have both of Slack's tokens."""
    return SlackSide(settings, desk)


def _client(settings: Settings, token: str | None) -> AsyncWebClient:
    """Without retries of its own, which could post twice: the outbox decides."""
    return AsyncWebClient(
        token=token, base_url=settings.slack_api_url, timeout=TIMEOUT, retry_handlers=[]
    )


def _quieten_loggers() -> None:
    """Below these levels they quote payloads, and so what people wrote."""
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)


def _listen(app: AsyncApp, workspace: Workspace) -> None:
    async def command(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        words = (body.get("text") or "").lower().split()
        return await route(workspace, Kind.COMMAND, words[0] if words else "help", body, ack)

    async def shortcut(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        return await route(workspace, Kind.SHORTCUT, body["callback_id"], body, ack)

    async def press(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        return await route(workspace, Kind.PRESS, pressed(body)[0], body, ack)

    async def submission(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        return await route(workspace, Kind.SUBMISSION, body["view"]["callback_id"], body, ack)

    async def closed(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        return await route(workspace, Kind.CLOSED, body["view"]["callback_id"], body, ack)

    async def event(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        return await route(workspace, Kind.EVENT, body["event"]["type"], body, ack)

    _register(app.command(ANY), command)
    _register(app.shortcut(ANY), shortcut)
    _register(app.action(ANY), press)
    _register(app.view(ANY), submission)
    _register(app.view_closed(ANY), closed)
    _register(app.event(ANY), event)


def _register(registrar: Callable[..., Any] | None, listener: Listener) -> None:
    assert registrar is not None
    registrar(listener)
