"""Slack's errors, as the outbox understands them: later, never, or perhaps.

Source: docs.slack.dev/apis/web-api/rate-limits and each method's list of errors.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox import SendDoubtful, SendLater, SendRefused
from bot.rules.refusals import NotThere
from handlers.slack.errors import slack_error

PERHAPS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Slack itself does not know whether it did it."""

BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
USUAL_WAIT = 1
"""Seconds, where Slack does not say how long."""


@asynccontextmanager
async def as_send_errors() -> AsyncIterator[None]:
    """Raises SendLater, SendRefused or SendDoubtful for what Slack or the line says."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from error
    except NotThere as gone:
        raise SendRefused(gone.sentence) from gone
    except aiohttp.ClientConnectorError as error:  # the request never went out
        raise SendLater() from error
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
    if answer.status_code >= 500 or name in PERHAPS:
        return SendDoubtful(name or str(answer.status_code))
    return SendRefused(name or str(answer.status_code))
