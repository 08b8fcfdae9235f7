"""One thing that came from Slack, with what is needed to answer it."""

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.actions.transaction import Desk
from bot.rules.refusals import Refusal
from bot.texts import N_, Texts
from handlers.slack.blocks import Block
from handlers.slack.emoji import with_emoji
from handlers.slack.files import Files
from handlers.slack.people import People, Person

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds: what is said besides must not cost the acknowledgement, which Slack awaits for 3."""


def is_person(slack_id: str) -> bool:
    """Else it is a channel."""
    return slack_id.startswith(("U", "W"))


SORRY = N_("This took me too long, and Slack did not open the form any more. Please try again.")


class TooLate(Refusal):
    """A form could not be opened in time."""


def pressed(body: dict[str, Any]) -> tuple[str, str]:
    """The name and the value of a press; an entry of a menu (blocks.menu) has both in its own."""
    action = body["actions"][0]
    if action["type"] == "static_select":
        return action["action_id"], str((action["selected_option"] or {}).get("value", ""))
    if action["type"] == "overflow":
        name, _, value = action["selected_option"]["value"].partition(" ")
        return name, value
    return action["action_id"], str(action.get("value", ""))


@dataclass(frozen=True)
class Workspace:
    """What every handler has at hand."""

    desk: Desk
    client: AsyncWebClient
    people: People
    files: Files
    rooms: dict[str, str] = field(default_factory=dict)
    """The channels of direct messages: user id → channel id."""
    homes: dict[str, asyncio.Lock] = field(default_factory=dict)
    leafing: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Where somebody leafs in the Home that was shown last: list → page. A form that was opened
    from it does not say so; what was shown before a restart begins at its first pages."""
    running: set[asyncio.Task[None]] = field(default_factory=set)
    """What goes on after an answer; awaited at the end."""

    async def room_of(self, slack_id: str) -> str:
        """Where somebody's direct messages are; a channel is its own room."""
        if not is_person(slack_id):
            return slack_id
        if slack_id not in self.rooms:
            opened = await self.client.conversations_open(users=slack_id)
            self.rooms[slack_id] = opened["channel"]["id"]
        return self.rooms[slack_id]

    def home_of(self, slack_id: str) -> asyncio.Lock:
        """Held while this person's Home is read and shown."""
        return self.homes.setdefault(slack_id, asyncio.Lock())

    def go_on(self, work: Coroutine[Any, Any, None]) -> None:
        """After the answer: nobody waits for it."""
        task = asyncio.create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)


@dataclass(frozen=True)
class Incoming:
    """A command, shortcut, press, submission or event; `by` is who."""

    workspace: Workspace
    body: dict[str, Any]
    ack: AsyncAck
    by: Person

    @property
    def desk(self) -> Desk:
        return self.workspace.desk

    @property
    def t(self) -> Texts:
        return self.by.t

    @property
    def value(self) -> str:
        """What the pressed button carries."""
        return pressed(self.body)[1]

    @property
    def view(self) -> dict[str, Any] | None:
        """The modal or Home that it came from."""
        view: dict[str, Any] | None = self.body.get("view")
        return view

    @property
    def on_home(self) -> bool:
        return self.view is not None and self.view["type"] == "home"

    @property
    def channel(self) -> str | None:
        """The channel of the pressed message."""
        channel = self.body.get("channel") or {}
        return channel.get("id")

    @property
    def meta(self) -> dict[str, Any]:
        """What the submitted modal carried along."""
        assert self.view is not None
        found: dict[str, Any] = json.loads(self.view["private_metadata"] or "{}")
        return found

    @property
    def answers(self) -> "Answers":
        assert self.view is not None
        return Answers(self.view["state"]["values"])

    async def open(self, view: Block) -> None:
        """A modal. At once: its trigger lives for three seconds. Raises TooLate after that."""
        try:
            await self.workspace.client.views_open(trigger_id=self.body["trigger_id"], view=view)
        except SlackApiError as error:
            if error.response.get("error") == "expired_trigger_id":
                raise TooLate(SORRY) from error
            raise

    async def push(self, view: Block) -> None:
        """A modal on top of the one in which they pressed. At once, too.

        Slack stacks three at most. On the third, which a double tap below can lead to, it takes
        its place; and a second press that finds it there already changes nothing.
        """
        assert self.view is not None
        client, root = self.workspace.client, self.view["root_view_id"]
        if self.view["previous_view_id"] not in {None, root}:
            await client.views_update(view_id=self.view["id"], view=view)
            return
        try:
            await client.views_push(trigger_id=self.body["trigger_id"], view=view)
        except SlackApiError as error:
            if error.response["error"] != "push_limit_reached":
                raise

    async def replace(self, text: str, blocks: list[Block]) -> None:
        """The pressed message, which only this person sees, becomes this one."""
        answer = AsyncWebhookClient(
            self.body["response_url"],
            session=self.workspace.client.session,
            timeout=int(PATIENCE),
            retry_handlers=[],
        )
        await answer.send(text=text, blocks=blocks, replace_original=True)

    async def tell(self, text: str, blocks: list[Block] | None = None) -> None:
        """Says something to this person alone, beside the acknowledgement."""
        try:
            async with asyncio.timeout(PATIENCE):
                if not await self._tell_on_the_spot(text, blocks):
                    room = await self.workspace.room_of(self.by.id)
                    await self.workspace.client.chat_postMessage(
                        channel=room, text=text, blocks=blocks
                    )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("Could not answer %s: %s", self.by.id, type(error).__name__)

    async def _tell_on_the_spot(self, text: str, blocks: list[Block] | None) -> bool:
        """Below the pressed message. False: there Slack says it to nobody, so a direct message
        it is; whoever only looks into a channel, and never joined, is one such person."""
        if not self.channel or self.channel.startswith("D") or "actions" not in self.body:
            return False
        try:
            await self.workspace.client.chat_postEphemeral(
                channel=self.channel, user=self.by.id, text=text, blocks=blocks
            )
        except SlackApiError:
            return False
        return True


@dataclass(frozen=True)
class Answers:
    """What stands in the fields of a submitted modal, by the field's name."""

    values: dict[str, Any]

    def text(self, name: str) -> str:
        """What was typed. Slack may spell an emoji by its name; an address stays as it is."""
        state = self._state(name)
        typed = str(state.get("value") or "")
        return with_emoji(typed) if state.get("type") == "plain_text_input" else typed

    def choice(self, name: str) -> str | None:
        chosen = self._state(name).get("selected_option") or {}
        return chosen.get("value")

    def choices(self, name: str) -> tuple[str, ...]:
        return tuple(option["value"] for option in self._state(name).get("selected_options") or ())

    def moment(self, name: str) -> datetime:
        return datetime.fromtimestamp(self._state(name).get("selected_date_time") or 0, UTC)

    def day(self, name: str) -> date:
        return date.fromisoformat(self._state(name).get("selected_date") or date.min.isoformat())

    def time_of_day(self, name: str) -> time:
        return time.fromisoformat(self._state(name).get("selected_time") or "00:00")

    def user(self, name: str) -> str | None:
        return self._state(name).get("selected_user") or None

    def files(self, name: str) -> dict[str, str]:
        """Slack's id of each file → its name."""
        files = self._state(name).get("files") or ()
        return {file["id"]: file.get("name") or file["id"] for file in files}

    def has(self, name: str) -> bool:
        """Whether the form has such a field, empty or not."""
        return name in self.values

    def named_files(self, name: str) -> tuple[tuple[str, str], ...]:
        """Each file's id and name."""
        files = self._state(name).get("files") or ()
        return tuple((file["id"], file.get("name") or file["id"]) for file in files)

    def people(self, name: str) -> tuple[str, ...]:
        """Slack user ids."""
        return tuple(self._state(name).get("selected_users") or ())

    def person(self, name: str) -> str | None:
        chosen: str | None = self._state(name).get("selected_user")
        return chosen

    def _state(self, name: str) -> dict[str, Any]:
        """A field is one element, whatever its action is called."""
        state: dict[str, Any] = next(iter(self.values.get(name, {}).values()), {})
        return state
