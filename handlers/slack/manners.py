"""Slack's errors, as the outbox understands them: later, never, or perhaps.

Source: docs.slack.dev/apis/web-api/rate-limits and each method's list of errors.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox import SendDoubtful, SendLater, SendRefused
from bot.rules.refusals import NotThere
from bot.texts import N_
from handlers.slack.errors import slack_error

logger = logging.getLogger(__name__)

PERHAPS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Slack itself does not know whether it did it."""

BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
USUAL_WAIT = 1
"""Seconds, where Slack does not say how long."""

LOCKED_OUT = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
"""Slack takes nothing from us, whatever it is: all waits for a new token."""

UNTIL_THE_TOKEN = timedelta(minutes=1)
UNTIL_THE_LINE = timedelta(seconds=15)
"""A network that is away, however long, makes nothing undeliverable."""


@asynccontextmanager
async def as_send_errors() -> AsyncIterator[None]:
    """Raises SendLater, SendRefused or SendDoubtful for what Slack or the line says."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from error
    except NotThere as gone:
        raise SendRefused(gone.sentence) from gone
    except FileNotFoundError as error:
        raise SendRefused(N_("A picture or recording is not in MEDIA_DIR any more.")) from error
    except aiohttp.ClientConnectorError as error:  # the request never went out
        raise SendLater(UNTIL_THE_LINE) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SendDoubtful(type(error).__name__) from error


def is_picture_in_the_making(error: SlackApiError) -> bool:
    """Slack says so when a picture was uploaded a moment ago."""
    data: Any = getattr(error.response, "data", None)
    if slack_error(error) != "invalid_blocks" or not isinstance(data, dict):
        return False
    said = [*data.get("errors", ()), *data.get("response_metadata", {}).get("messages", ())]
    return any("slack file" in str(one) or "slack_file" in str(one) for one in said)


def _meaning(error: SlackApiError) -> Exception:
    answer = error.response
    if not isinstance(answer, AsyncSlackResponse):  # what came back was no answer of Slack's
        return SendDoubtful("an unreadable answer")
    name = slack_error(error)
    if answer.status_code == 429 or name in BUSY:
        seconds = int(answer.headers.get("Retry-After", USUAL_WAIT))
        return SendLater(timedelta(seconds=seconds))
    if name in LOCKED_OUT:
        logger.error(
            "Slack does not accept SLACK_BOT_TOKEN any more (%s). What is to be sent waits: "
            "put a new token in the settings and start again.",
            name,
        )
        return SendLater(UNTIL_THE_TOKEN)
    if answer.status_code >= 500 or name in PERHAPS:
        return SendDoubtful(name or str(answer.status_code))
    return SendRefused(name or str(answer.status_code))
