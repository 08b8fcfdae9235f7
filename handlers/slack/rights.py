"""What followers' rights ask of the team: to take something down, to decide in time. Pure, but for
erasing what the bot itself posted here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions.views import StoryView
from bot.texts import Texts
from handlers.slack.blocks import Block, actions, button, context, said, section
from handlers.slack.cards import Message
from handlers.slack.errors import slack_error
from handlers.slack.words import first_words, moment

GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "channel_not_found"})

MOST_LISTED = 10


def soon_forgotten(
    stories: Sequence[tuple[StoryView, datetime]], t: Texts, zone: ZoneInfo
) -> Message:
    """To the review channel: waiting stories, each with the moment at which it is forgotten."""
    headline = t.n(
        "⌛ A follower's story has waited for a long time. Please decide before it is erased.",
        "⌛ {n} stories of followers have waited for a long time. Please decide before they are "
        "erased.",
        len(stories),
    )
    rows: list[Block] = []
    for story, until in stories[:MOST_LISTED]:
        value = str(story.id)
        rows += said(first_words(story.text, 200) or t("A story without words"))
        rows.append(context(t("It is erased on {when}.", when=moment(until, t, zone))))
        rows += actions(
            [
                button(t("Accept"), "story.accept", value, "primary"),
                button(t("Ask"), "story.ask", value),
                button(t("Decline"), "story.decline", value, "danger"),
            ]
        )
    if len(stories) > MOST_LISTED:
        rows.append(context(t("All of them: `/social stories`")))
    return Message(headline, [section(headline), *rows])


async def erase(client: AsyncWebClient, payload: dict[str, Any]) -> None:
    """Deletes messages of the bot and files that it uploaded. What is gone already is gone."""
    for channel, ts in payload["places"]:
        try:
            await client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if slack_error(error) not in GONE:
                raise
    for file in payload["files"]:
        try:
            await client.files_delete(file=file)
        except SlackApiError as error:
            if slack_error(error) not in GONE:
                raise
