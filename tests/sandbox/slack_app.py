"""A small Bolt app in the bot's place, connected to the sandbox's Slack over Socket Mode."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackServer

# In the tests connections are dropped on purpose; slack_sdk reports each at ERROR.
logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Sandbox:
    """The server, an app connected to it, and two people in one channel."""

    slack: SlackServer
    app: AsyncApp
    client: AsyncWebClient
    handler: Any
    """An AsyncSocketModeHandler; its methods are not annotated."""
    clock: Clock
    anna: Person
    bob: Person


@asynccontextmanager
async def running(set_up: Callable[[AsyncApp], None] | None = None) -> AsyncIterator[Sandbox]:
    clock = Clock()
    slack = SlackServer(clock)
    await slack.start()
    anna = slack.add_person("U01ANNA", "Anna de Vries", locale="nl-NL", tz="Europe/Amsterdam")
    bob = slack.add_person("U02BOB", "Bob Smith", locale="en-US", tz="America/New_York")
    slack.add_channel("C01REVIEW", "social-media", members=[anna, bob])
    async with aiohttp.ClientSession() as session:
        client = client_of(slack, session)
        app = AsyncApp(client=client, process_before_response=True)
        if set_up:
            set_up(app)
        handler: Any = AsyncSocketModeHandler(app, slack.app_token)
        await handler.connect_async()
        await slack.wait_connected()
        try:
            yield Sandbox(slack, app, client, handler, clock, anna, bob)
        finally:
            await handler.close_async()
            await slack.stop()


def client_of(slack: SlackServer, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    return AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action_id: str = "press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def field_of(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block whose block_id is its label in lower case."""
    name = label.lower()
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": name, **element},
        **more,
    }


def options(*texts: str) -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": list(blocks),
        **more,
    }
