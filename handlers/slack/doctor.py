"""Whether Slack will work: what is missing or wrong in the settings, one line each."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.texts import Texts

SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:history",
        "im:write",
        "users:read",
    }
)
"""What the bot's token has to allow."""


def missing(settings: Settings, t: Texts) -> list[str]:
    found = []
    if settings.slack_bot_token is None:
        found.append(
            t(
                "SLACK_BOT_TOKEN is missing: it begins with xoxb- and stands at "
                "api.slack.com/apps, your app, OAuth & Permissions"
            )
        )
    if settings.slack_app_token is None:
        found.append(
            t(
                "SLACK_APP_TOKEN is missing: it begins with xapp- and stands at "
                "api.slack.com/apps, your app, Basic Information, App-Level Tokens"
            )
        )
    if not settings.slack_review_channel:
        found.append(
            t(
                "SLACK_REVIEW_CHANNEL is missing: the id of the channel where proposals are "
                "decided; it begins with C and stands at the bottom of the channel's details"
            )
        )
    return found


async def wrong(settings: Settings, t: Texts) -> list[str]:
    """The tokens that Slack does not accept. Needs both to be there."""
    client = _client(settings)
    assert settings.slack_app_token is not None
    try:
        return [
            *await _wrong_bot_token(client, t),
            *await _wrong_app_token(client, settings.slack_app_token.get_secret_value(), t),
        ]
    except (SlackClientError, ClientError, OSError, TimeoutError):
        return [
            t(
                "SLACK_API_URL: Slack cannot be reached at {address}; "
                "is there a connection to the internet?",
                address=settings.slack_api_url,
            )
        ]


async def advice(settings: Settings, t: Texts) -> list[str]:
    """What will not work although the tokens are right: scopes, the review channel."""
    client = _client(settings)
    scopes = (await client.auth_test()).headers.get("x-oauth-scopes", "")
    return [*_lacking_scopes(scopes, t), *await _wrong_channel(client, settings, t)]


def _client(settings: Settings) -> AsyncWebClient:
    assert settings.slack_bot_token is not None
    return AsyncWebClient(
        settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        retry_handlers=[],
    )


async def _wrong_bot_token(client: AsyncWebClient, t: Texts) -> list[str]:
    try:
        await client.auth_test()
    except SlackApiError as error:
        return [
            t(
                "SLACK_BOT_TOKEN is not accepted by Slack ({error}): copy it again from "
                "api.slack.com/apps, your app, OAuth & Permissions",
                error=error.response["error"],
            )
        ]
    return []


def _lacking_scopes(scopes: str, t: Texts) -> list[str]:
    granted = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    lacking = sorted(SCOPES - granted) if granted else []
    if not lacking:
        return []
    return [
        t(
            "SLACK_BOT_TOKEN lacks the scopes {scopes}: add them at api.slack.com/apps, "
            "your app, OAuth & Permissions, and install the app again",
            scopes=", ".join(lacking),
        )
    ]


async def _wrong_channel(client: AsyncWebClient, settings: Settings, t: Texts) -> list[str]:
    channel = settings.slack_review_channel or ""
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        if error.response["error"] == "missing_scope":
            return []  # said with the scopes
        return [
            t(
                "SLACK_REVIEW_CHANNEL: Slack knows no channel {channel} for this bot; "
                "take the id (C…) from the channel's details and invite the bot there",
                channel=channel,
            )
        ]
    if not answer["channel"].get("is_member", True):
        return [
            t(
                "SLACK_REVIEW_CHANNEL: the bot is not in this channel yet; "
                "open it in Slack and type /invite with the bot's name"
            )
        ]
    return []


async def _wrong_app_token(client: AsyncWebClient, app_token: str, t: Texts) -> list[str]:
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return [
            t(
                "SLACK_APP_TOKEN is not accepted by Slack ({error}): it needs the scope "
                "connections:write; make one at api.slack.com/apps, your app, "
                "Basic Information, App-Level Tokens",
                error=error.response["error"],
            )
        ]
    return []
