"""Notices about polls: ballots and results in private, the native poll in the channel."""

from collections.abc import Mapping

from telegram import Poll, PollOption
from telegram.error import BadRequest

from bot.actions import followers, polls
from bot.outbox import Receipt
from bot.rules.polls import PollStatus
from bot.texts import texts_in
from handlers.telegram import messages
from handlers.telegram.keyboards import ballot_keyboard, subscribe_keyboard
from handlers.telegram.letters import Letter, Send


async def _none(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(messages.no_polls(t), subscribe_keyboard(t))


async def _ballot(letter: Letter) -> Receipt | None:
    ballot = await polls.ballot(letter.desk, letter.payload["poll_id"], letter.follower_id)
    if ballot.poll.status is not PollStatus.OPEN:
        return None
    follower = await followers.show(letter.desk, letter.follower_id)
    if not follower.subscribed and not letter.payload.get("asked"):
        return None  # said /stop while the ballots were going out
    t = texts_in(follower.language)
    return await letter.say(messages.ballot(t, ballot, letter.desk.zone), ballot_keyboard(ballot))


async def _result(letter: Letter) -> Receipt:
    poll = await polls.show(letter.desk, letter.payload["poll_id"])
    return await letter.say(messages.poll_result(await letter.texts(), poll))


async def _native(letter: Letter) -> Receipt | None:
    """Anonymous, as a channel wants it. It is closed by poll.stop, not by a date: then the bot
    hears the final counts, and a poll that a colleague closes earlier goes the same way."""
    poll = await polls.show(letter.desk, letter.payload["poll_id"])
    if poll.status is not PollStatus.OPEN:
        return None
    sent = await letter.bot.send_poll(
        letter.chat, poll.question, [option.text for option in poll.options], is_anonymous=True
    )
    assert sent.poll is not None  # the answer to sendPoll has it
    return {
        "message_id": sent.message_id,
        "poll_id": sent.poll.id,
        "option_ids": [_persistent_id(option) for option in sent.poll.options],
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
    return {"counts": {_persistent_id(o): o.voter_count for o in final.options}}


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
