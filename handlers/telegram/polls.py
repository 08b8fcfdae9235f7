"""Votes: presses on ballots, and what Telegram says of the poll in the channel."""

from collections.abc import Sequence
from typing import Any

from telegram import Bot

from bot.actions import polls
from bot.actions.transaction import Desk
from bot.texts import texts_in
from handlers.telegram import poll_messages
from handlers.telegram.answers import Answers
from handlers.telegram.keyboards import ballot_keyboard
from handlers.telegram.payloads import VOTE, Message, Update
from handlers.telegram.words import clipped, refusal_text


async def vote(desk: Desk, answers: Answers, updates: Sequence[Update]) -> None:
    """All presses in one transaction; each is answered when that is committed.

    No objects are built and no update ids are kept: this is the busiest path. A press that comes
    again, also with a new update id, is known by its own id.
    """
    presses = [_press_from(update["callback_query"]) for update in updates]
    outcomes = await polls.vote(desk, presses)
    for update, outcome in zip(updates, outcomes, strict=True):
        _answer(desk, answers, update, outcome)


async def open_ballots(desk: Desk, message: Message, argument: str) -> None:
    await polls.open_ballots(desk, message.who)


async def native_counts(desk: Desk, update: Update) -> None:
    """The poll in the channel has other counts now."""
    poll = update["poll"]
    counts = {option["persistent_id"]: option["voter_count"] for option in poll["options"]}
    people = poll.get("total_voter_count")
    await polls.native_counts(desk, poll["id"], counts, poll["is_closed"], poll["question"], people)


def _press_from(query: dict[str, Any]) -> polls.VotePress:
    user = query["from"]
    return polls.VotePress(
        callback_id=query["id"],
        follower_id=user["id"],
        option_id=int(query["data"][len(VOTE) :]),
        first_name=user["first_name"],
        last_name=user.get("last_name"),
        language_code=user.get("language_code"),
    )


def _answer(desk: Desk, answers: Answers, update: Update, outcome: polls.VoteOutcome) -> None:
    t = texts_in(outcome.language)
    text = (
        refusal_text(t, outcome.refusal, desk.zone)
        if outcome.refusal
        else poll_messages.vote_answer(t, outcome)
    )
    answers.give(outcome.callback_id, clipped(text))
    if outcome.poll_id is not None and not outcome.repeated and not answers.busy:
        _redraw(desk, answers, update["callback_query"], outcome.poll_id)


def _redraw(desk: Desk, answers: Answers, query: Update, poll_id: int) -> None:
    """The ballot that was pressed shows the choice and how it stands."""
    message = query.get("message")
    if message is None:
        return
    follower_id, message_id = query["from"]["id"], message["message_id"]

    async def redraw(bot: Bot) -> None:
        ballot = await polls.ballot(desk, poll_id, follower_id)
        t = texts_in(ballot.language)
        await bot.edit_message_text(
            poll_messages.ballot(t, ballot, desk.zone),
            chat_id=follower_id,
            message_id=message_id,
            reply_markup=ballot_keyboard(ballot),
        )

    answers.do(redraw)
