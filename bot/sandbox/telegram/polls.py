"""Native polls: sending, stopping, closing in time, and the votes of people."""

from typing import Any

from bot.sandbox.telegram import wire
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.limits import inline_keyboard
from bot.sandbox.telegram.messages import own_message, say
from bot.sandbox.telegram.model import Poll, PollOption, User
from bot.sandbox.telegram.state import State

QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTIONS_LIMIT = 12
DESCRIPTION_LIMIT = 1024
EXPLANATION_LIMIT = 200
EXPLANATION_LINES = 3
OPEN_SECONDS = range(5, 2_628_001)


class CannotVote(Exception):
    """What a person's Telegram would not let them do."""


def send_poll(state: State, given: Arguments) -> Any:
    chat = state.open_chat(given.text("chat_id"))
    poll = _read_poll(state, given)
    if chat.kind == "channel" and not poll.anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    message = say(state, chat, given, poll=poll)
    state.polls[poll.id] = poll
    return wire.message_json(message)


def stop_poll(state: State, given: Arguments) -> Any:
    message = own_message(state, given, "message with poll to stop")
    if (poll := message.poll) is None:
        raise bad_request("message with poll to stop not found")
    if poll.closed:
        raise bad_request("poll has already been closed")
    message.keyboard = inline_keyboard(given.json("reply_markup"))
    state.touch(message)
    _close(state, poll)
    return wire.poll_json(poll)


def close_due(state: State) -> None:
    """Close the polls whose time has come by the movable clock."""
    now = wire.seconds(state.now())
    for poll in state.polls.values():
        if poll.closes_at is not None and not poll.closed and poll.closes_at <= now:
            _close(state, poll)
            state.changes.happened()


def vote(state: State, poll: Poll, user: User, texts: list[str]) -> None:
    """The person's vote, by the words of the options; an empty list takes it back."""
    close_due(state)
    chosen = _chosen(poll, texts)
    if poll.closed:
        raise CannotVote("the poll is closed")
    if len(chosen) > 1 and not poll.multiple:
        raise CannotVote("the poll takes one answer")
    if user.id in poll.votes and not poll.revoting:
        raise CannotVote("a vote in this poll is final")
    if poll.votes.get(user.id, []) == chosen:
        return
    poll.votes.pop(user.id, None)
    if chosen:
        poll.votes[user.id] = chosen
    state.updates.add("poll", wire.poll_json(poll))
    if not poll.anonymous:
        state.updates.add("poll_answer", wire.poll_answer_json(poll, user))
    state.changes.happened()


def _close(state: State, poll: Poll) -> None:
    poll.closed = True
    state.updates.add("poll", wire.poll_json(poll))


def _chosen(poll: Poll, texts: list[str]) -> list[str]:
    ids = {option.text: option.persistent_id for option in poll.options}
    if missing := [text for text in texts if text not in ids]:
        raise CannotVote(f"there is no option {missing[0]!r} among {list(ids)}")
    return [ids[text] for text in ids if text in texts]


def _read_poll(state: State, given: Arguments) -> Poll:
    kind = given.text("type", "regular")
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    question, _ = formatted(given.text("question"), given.text("question_parse_mode"))
    if not question:
        raise bad_request("text must be non-empty")
    if len(question) > QUESTION_LIMIT:
        raise bad_request("poll question length must not exceed 300")
    number, is_quiz = state.new_id(), kind == "quiz"
    poll = Poll(
        id=str(5_460_000_000_000_000_000 + number),
        question=question,
        options=_read_options(given.json("options"), number),
        anonymous=given.flag("is_anonymous", True),
        multiple=given.flag("allows_multiple_answers"),
        revoting=given.flag("allows_revoting", not is_quiz),
        hides_results=given.flag("hide_results_until_closes"),
        description=_description(given),
        closed=given.flag("is_closed"),
    )
    if is_quiz:
        _read_quiz(poll, given)
    _set_end(state, poll, given)
    return poll


def _read_quiz(poll: Poll, given: Arguments) -> None:
    right = given.json("correct_option_ids")
    is_list = isinstance(right, list) and all(isinstance(each, int) for each in right)
    if not is_list or not right or right != sorted(set(right)):
        raise bad_request("wrong correct option ID specified")
    if right[0] < 0 or right[-1] >= len(poll.options):
        raise bad_request("wrong correct option ID specified")
    if len(right) > 1 and not poll.multiple:
        raise bad_request("wrong correct option ID specified")
    explanation, _ = formatted(given.text("explanation"), given.text("explanation_parse_mode"))
    if len(explanation) > EXPLANATION_LIMIT:
        raise bad_request("message is too long")
    if explanation.count("\n") >= EXPLANATION_LINES:
        raise bad_request("explanation has too many line feeds")
    poll.right, poll.explanation = right, explanation


def _read_options(options: Any, number: int) -> list[PollOption]:
    if not isinstance(options, list) or not options:
        raise bad_request("poll must have at least one answer option")
    if len(options) > OPTIONS_LIMIT:
        raise bad_request("poll can't have more than 12 options")
    texts = [_option_text(option) for option in options]
    return [PollOption(f"{number:x}-{place:x}", text) for place, text in enumerate(texts, 10)]


def _option_text(option: Any) -> str:
    if isinstance(option, dict):
        option = option.get("text")
    if not isinstance(option, str):
        raise bad_request("can't parse InputPollOption: Expected InputPollOption to be an Object")
    text, _ = formatted(option, "")
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > OPTION_LIMIT:
        raise bad_request("poll options length must not exceed 100")
    return text


def _description(given: Arguments) -> str:
    text, _ = formatted(given.text("description"), given.text("description_parse_mode"))
    if len(text) > DESCRIPTION_LIMIT:
        raise bad_request("poll description is too long")
    return text


def _set_end(state: State, poll: Poll, given: Arguments) -> None:
    """open_period or close_date, never both; 5 to 2,628,000 seconds from now."""
    now = wire.seconds(state.now())
    period, date = given.whole("open_period", 0), given.whole("close_date", 0)
    if period and date:
        raise bad_request("can't use both open_period and close_date")
    if not period and not date:
        return
    if (period or date - now) not in OPEN_SECONDS:
        raise bad_request("poll can be open for 5-2628000 seconds only")
    poll.open_period = period or None
    poll.closes_at = date or now + period
