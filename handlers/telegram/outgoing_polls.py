"""Notices about polls: ballots and results in private, the native poll in the channel."""

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Poll, PollOption
from telegram.error import BadRequest, TelegramError

from bot.actions import followers, polls
from bot.actions.views import PollView
from bot.outbox import Receipt
from bot.rules.polls import PollStatus
from bot.texts import texts_in
from handlers.telegram import poll_messages
from handlers.telegram.keyboards import ballot_keyboard, subscribe_keyboard
from handlers.telegram.letters import Letter, Send

log = logging.getLogger(__name__)


async def _none(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(poll_messages.no_polls(t), subscribe_keyboard(t))


async def _ballot(letter: Letter) -> Receipt | None:
    ballot = await polls.ballot(letter.desk, letter.payload["poll_id"], letter.follower_id)
    if ballot.poll.status is not PollStatus.OPEN:
        return None
    follower = await followers.show(letter.desk, letter.follower_id)
    if not follower.subscribed and not letter.payload.get("asked"):
        return None  # said /stop while the ballots were going out
    t = texts_in(follower.language)
    return await letter.say(
        poll_messages.ballot(t, ballot, letter.desk.zone), ballot_keyboard(ballot)
    )


async def _result(letter: Letter) -> Receipt:
    ballot = await polls.ballot(letter.desk, letter.payload["poll_id"], letter.follower_id)
    return await letter.say(poll_messages.poll_result(await letter.texts(), ballot))


async def _native(letter: Letter) -> Receipt | None:
    """Anonymous, as a channel wants it. It is closed by poll.stop, not by a date: then the bot
    hears the final counts, and a poll that a colleague closes earlier goes the same way."""
    poll = await polls.show(letter.desk, letter.payload["poll_id"])
    if poll.status is not PollStatus.OPEN:
        return None
    sent = await letter.bot.send_poll(
        letter.chat,
        poll.question,
        [option.text for option in poll.options],
        is_anonymous=True,
        allows_multiple_answers=poll.several,
        hide_results_until_closes=poll.hidden,
        **_quiz(poll),
    )
    assert sent.poll is not None  # the answer to sendPoll has it
    return {
        "message_id": sent.message_id,
        "poll_id": sent.poll.id,
        "option_ids": [_persistent_id(option) for option in sent.poll.options],
        "members": await _members(letter),
    }


def _quiz(poll: PollView) -> dict[str, Any]:
    """What a quiz needs besides."""
    if poll.right is None:
        return {}
    return {
        "type": Poll.QUIZ,
        "correct_option_ids": [poll.right],
        "explanation": poll.explanation or None,
    }


async def _stop(letter: Letter) -> Receipt | None:
    """The final counts; None where there is nothing in the channel to stop, or it is stopped."""
    poll = await polls.show(letter.desk, letter.payload["poll_id"])
    if poll.native_message_id is None:
        return None
    try:
        final: Poll = await letter.bot.stop_poll(letter.chat, poll.native_message_id)
    except BadRequest as error:
        if "already been closed" in str(error):
            return None  # its last counts came as an update
        raise
    return {
        "counts": {_persistent_id(o): o.voter_count for o in final.options},
        "people": final.total_voter_count,
        "members": await _members(letter),
    }


async def _members(letter: Letter) -> int | None:
    """Of the channel, without the bot. What was sent already does not fail for want of it."""
    try:
        return await letter.bot.get_chat_member_count(letter.chat) - 1
    except TelegramError as error:
        log.warning("The channel's members could not be counted: %s", type(error).__name__)
        return None


def _persistent_id(option: PollOption) -> str:
    """Telegram's id of an option, which stays when options move."""
    assert option.persistent_id is not None
    return option.persistent_id


KINDS: Mapping[str, Send] = {
    "poll.none": _none,
    "poll.ballot": _ballot,
    "poll.result": _result,
    "poll.native": _native,
    "poll.stop": _stop,
}
