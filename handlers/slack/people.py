"""Colleagues, as Slack knows them: their name, and the language in which they read."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import colleagues, feeds, hours, my_reminders
from bot.actions.transaction import Desk
from bot.actions.views import ColleagueView
from bot.texts import Texts, language_from, texts_in

logger = logging.getLogger(__name__)

FRESH = 3600.0
"""Seconds for which nobody looks again; what is kept is believed for a day (colleagues.FRESH)."""

PATIENCE = 1.0
"""Seconds: a modal waits for this answer, and its trigger lives for three."""


@dataclass(frozen=True)
class Person:
    """Who presses or reads."""

    id: str
    name: str
    t: Texts


@dataclass
class People:
    """Asks Slack once a day for each, and remembers."""

    desk: Desk
    client: AsyncWebClient
    _known: dict[str, tuple[float, Person]] = field(default_factory=dict)

    async def find(self, slack_id: str) -> Person:
        """Never fails: whom Slack does not know reads the organisation's language."""
        until, person = self._known.get(slack_id, (0.0, None))
        if person is None or until < time.monotonic():
            person = await self._look_up(slack_id)
        return person

    async def choose_language(self, slack_id: str, language: str) -> None:
        """Raises NotThere."""
        await colleagues.choose_language(self.desk, slack_id, language)
        self._known.pop(slack_id, None)

    async def names(self, slack_ids: list[str]) -> dict[str, str]:
        found = await asyncio.gather(*map(self.find, slack_ids))
        return {person.id: person.name for person in found}

    async def _look_up(self, slack_id: str) -> Person:
        colleague = await colleagues.show(self.desk, slack_id) or await self._ask(slack_id)
        if colleague is None:
            return Person(slack_id, slack_id, texts_in(self.desk.language))
        person = Person(slack_id, colleague.name, texts_in(colleague.language))
        self._known[slack_id] = (time.monotonic() + FRESH, person)
        return person

    async def _ask(self, slack_id: str) -> ColleagueView | None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self.client.users_info(user=slack_id, include_locale=True)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("Slack did not say who %s is: %s", slack_id, type(error).__name__)
            return None
        user = answer["user"]
        if user.get("deleted"):
            await feeds.close_for(self.desk, slack_id)
        profile = user.get("profile", {})
        name = profile.get("display_name") or user.get("real_name") or user.get("name") or slack_id
        before = await hours.show(self.desk, slack_id)
        colleague = await colleagues.remember(
            self.desk,
            slack_id,
            name,
            language_from(user.get("locale"), self.desk.language),
            user.get("tz") or self.desk.zone.key,
        )
        if colleague.timezone != before.zone.key:
            await my_reminders.live_elsewhere(self.desk, slack_id)
        return colleague
