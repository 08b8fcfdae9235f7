"""What happens when something does not work out: one ladder for every handler."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.rules.refusals import InvalidForm, Refusal
from handlers.slack.incoming import Incoming
from handlers.slack.words import Reader, in_mrkdwn, mentioned, sentence

logger = logging.getLogger(__name__)

Handler = Callable[[Incoming], Awaitable[None]]


async def guarded(handler: Handler, incoming: Incoming) -> BoltResponse | None:
    """Runs the handler; whatever happens, the person hears it, and Slack is acknowledged.

    Only an event that failed is not acknowledged (the response says so): Slack sends it again.
    """
    try:
        await handler(incoming)
    except InvalidForm as invalid:
        await _show_errors(incoming, invalid.errors)
    except Refusal as refusal:
        await _refuse(incoming, refusal)
    except Exception as error:  # whatever it is: no silence, and no words of people in the log
        logger.error("A handler failed: %s", described(error))
        if "event" in incoming.body:
            return BoltResponse(status=500)
        await _refuse(
            incoming,
            Refusal(
                "Something went wrong, through no fault of yours. "
                "Look whether it was done after all; if not, try again."
            ),
        )
    return None


def described(error: Exception) -> str:
    """Its type and where it happened; not its words, which may quote what people wrote."""
    what = type(error).__name__
    if isinstance(error, SlackApiError):
        what += f" ({slack_error(error)})"
    return what + "\n" + "".join(traceback.format_tb(error.__traceback__))


def slack_error(error: SlackApiError) -> str:
    """Slack's own name for it ("channel_not_found")."""
    data: Any = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


async def _refuse(incoming: Incoming, refusal: Refusal) -> None:
    """In a form: in red under its first field. After a command: as its answer. Else: a message
    that only this person sees."""
    if incoming.body.get("type") == "view_submission":
        await _show_errors(incoming, {_fields(incoming)[0]: refusal})
        return
    text = sentence(refusal, in_mrkdwn(incoming.t, incoming.desk.zone))
    if "command" in incoming.body:
        await incoming.ack(text=text)
        return
    await incoming.ack()
    await incoming.tell(text)


def _fields(incoming: Incoming) -> list[str]:
    """The names of the form's fields; what none of them is about stands under the first."""
    assert incoming.view is not None
    return [block["block_id"] for block in incoming.view["blocks"] if block["type"] == "input"]


async def _show_errors(incoming: Incoming, errors: dict[str, Refusal]) -> None:
    """Under their fields; Slack keeps what was typed. Plain text: no mentions there."""
    ids = [slack_id for refusal in errors.values() for slack_id in mentioned(refusal)]
    names = await incoming.workspace.people.names(ids)
    reader = Reader(
        incoming.t,
        mention=lambda slack_id: names[slack_id],
        moment=lambda at: incoming.t.moment(at, incoming.desk.zone),
        text=str,
    )
    fields = _fields(incoming)
    words = {
        name if name in fields else fields[0]: sentence(refusal, reader)
        for name, refusal in errors.items()
    }
    await incoming.ack(response_action="errors", errors=words)
