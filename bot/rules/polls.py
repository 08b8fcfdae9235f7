"""Polls: what a poll must be, and what a press on a ballot means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.refusals import InvalidForm, Mention, Phrase, Refusal
from bot.texts import N_

# Telegram's limits for a native poll; the ballots in private keep them too.
MAX_QUESTION = 300
MAX_OPTION = 100
MAX_EXPLANATION, MAX_EXPLANATION_LINES = 200, 3
MIN_OPTIONS, MAX_OPTIONS = 2, 12
FITS_A_BUTTON = 30
"""Characters that a phone shows of a button; longer answers stand in the text, numbered."""

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(seconds=2_628_000)


class PollStatus(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"


class PollPlace(StrEnum):
    """Where followers find the poll."""

    CHANNEL = "channel"
    PRIVATE = "private"
    BOTH = "both"

    @property
    def in_channel(self) -> bool:
        return self is not PollPlace.PRIVATE

    @property
    def in_private(self) -> bool:
        return self is not PollPlace.CHANNEL


@dataclass(frozen=True)
class Manner:
    """How a poll is answered, and what it serves, as it was filled in.

    right: the right answer of a quiz, in its own words or by its number; empty: it is no quiz.
    hidden: followers see how it stands when it is closed. anonymous: else the team sees who
    chose what.
    """

    several: bool = False
    right: str = ""
    explanation: str = ""
    hidden: bool = False
    anonymous: bool = True
    target_group_key: str | None = None
    goal_key: str | None = None
    post_id: int | None = None

    @property
    def is_quiz(self) -> bool:
        return bool(self.right.strip())


PLAIN = Manner()
"""One answer, no quiz, open results, anonymous."""


def options_from(lines: str) -> tuple[str, ...]:
    """The answers, one a line; empty lines do not count."""
    return tuple(line.strip() for line in lines.splitlines() if line.strip())


def check_poll(
    question: str,
    options: Sequence[str],
    closes_at: datetime,
    now: datetime,
    place: PollPlace = PollPlace.BOTH,
    manner: Manner = PLAIN,
) -> None:
    """Raises InvalidForm, with every mistake at its own field: question, options, closes,
    answers, right, explanation, more."""
    found = {
        "question": _mistake_in_question(question),
        "options": _mistake_in(options),
        "closes": _mistake_in_time(closes_at, now),
        "answers": _mistake_in_number(manner),
        "right": _mistake_in_right(manner, options),
        "explanation": _mistake_in_explanation(manner),
        "more": _mistake_in_showing(manner, place),
    }
    errors = {field: mistake for field, mistake in found.items() if mistake is not None}
    if errors:
        raise InvalidForm(errors)


def is_numbered(options: Sequence[str]) -> bool:
    """Whether their buttons in private carry numbers, and the text above the answers."""
    return any(len(option) > FITS_A_BUTTON for option in options)


def right_position(right: str, options: Sequence[str]) -> int | None:
    """Which answer is meant, counted from 0: by its words, else by its number. None: none."""
    words = right.strip().casefold()
    for position, option in enumerate(options):
        if option.casefold() == words:
            return position
    if words.isdecimal() and 1 <= int(words) <= len(options):
        return int(words) - 1
    return None


def _mistake_in_question(question: str) -> Refusal | None:
    if not question.strip():
        return Refusal("Write the question here.")
    if len(question) > MAX_QUESTION:
        return Refusal(
            "A question has {limit} characters at most; this one has {length}.",
            limit=MAX_QUESTION,
            length=len(question),
        )
    return None


def _mistake_in_time(closes_at: datetime, now: datetime) -> Refusal | None:
    if closes_at < now + SHORTEST:
        return Refusal("Leave people time: at least five minutes from now.")
    if closes_at > now + LONGEST:
        return Refusal("A poll can be open for 30 days at most.")
    return None


def _mistake_in_number(manner: Manner) -> Refusal | None:
    if manner.several and manner.is_quiz:
        return Refusal(
            "A quiz has one right answer. Choose one answer here, or leave the right answer empty."
        )
    return None


def _mistake_in_right(manner: Manner, options: Sequence[str]) -> Refusal | None:
    if manner.is_quiz and right_position(manner.right, options) is None:
        return Refusal("This is none of the answers above. Write one of them here, or its number.")
    return None


def _mistake_in_explanation(manner: Manner) -> Refusal | None:
    explanation = manner.explanation.strip()
    if explanation and not manner.is_quiz:
        return Refusal(
            "An explanation belongs to the right answer of a quiz. Say which answer is right, "
            "or leave this empty."
        )
    if len(explanation) > MAX_EXPLANATION:
        return Refusal(
            "An explanation has {limit} characters at most; this one has {length}.",
            limit=MAX_EXPLANATION,
            length=len(explanation),
        )
    if len(explanation.splitlines()) > MAX_EXPLANATION_LINES:
        return Refusal(
            "An explanation has {limit} lines at most. Make it shorter.",
            limit=MAX_EXPLANATION_LINES,
        )
    return None


def _mistake_in_showing(manner: Manner, place: PollPlace) -> Refusal | None:
    if not manner.anonymous and place.in_channel:
        return Refusal(
            "In a channel, Telegram takes anonymous polls only. Keep it anonymous, "
            "or choose “in private” at Where."
        )
    if manner.hidden and manner.is_quiz:
        return Refusal(
            "A quiz shows the right answer at once, so its results cannot wait. "
            "Take away this tick, or leave the right answer empty."
        )
    return None


def _mistake_in(options: Sequence[str]) -> Refusal | None:
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        return Refusal(
            "Give {least} to {most} answers, one on each line.",
            least=MIN_OPTIONS,
            most=MAX_OPTIONS,
        )
    if len({option.casefold() for option in options}) < len(options):
        return Refusal("Two answers are the same. Make each one different.")
    for option in options:
        if len(option) > MAX_OPTION:
            return Refusal(
                "An answer has {limit} characters at most. This one is longer: {answer}",
                limit=MAX_OPTION,
                answer=option[:40] + "…",
            )
    return None


def choices_after(chosen: frozenset[int], pressed: int, *, several: bool) -> frozenset[int]:
    """A press chooses; a press on what is chosen takes it back. Option ids.

    several: the others that were chosen stay.
    """
    return chosen ^ {pressed} if several else frozenset({pressed}) - chosen


def check_vote(status: str, closes_at: datetime, now: datetime) -> Refusal | None:
    """Why this poll takes no vote now; None where it does."""
    if status == PollStatus.OPEN and now < closes_at:
        return None
    return Refusal("This poll is closed. What you chose before it closed counts.")


def check_first_answer(chosen: frozenset[int], *, is_quiz: bool) -> Refusal | None:
    """Whoever knows the right answer would otherwise still choose it."""
    if is_quiz and chosen:
        return Refusal("In a quiz your first answer counts, so this one changes nothing.")
    return None


def turnout(
    people: int, place: PollPlace, followers: int | None, members: int | None
) -> float | None:
    """The share of those who could have answered that did, 0 to 1.

    followers: that the bot could reach; members: of the channel. None: it is not known how many.
    """
    asked = [followers] if place.in_private else []
    asked += [members] if place.in_channel else []
    known = [count for count in asked if count is not None]
    if len(known) < len(asked) or not sum(known):
        return None
    return min(people / sum(known), 1)


def check_proposed(
    status: PollStatus,
    closes_at: datetime,
    approve: bool,
    by: str | None,
    at: datetime | None,
    now: datetime,
) -> None:
    """A poll is decided once, and opened only while people still have time to vote.

    by, at: who decided already, and when. Raises Refusal.
    """
    if status is not PollStatus.PROPOSED:
        raise Refusal(
            "{person} already decided on this, {moment}: {status}.",
            person=Mention(by or ""),
            moment=at,
            status=Phrase(POLL_WORDS[status]),
        )
    if approve and now >= closes_at:
        raise Refusal(
            "The closing time of this poll is over: {moment}. "
            "Reject it, and ask for a new one with a later time.",
            moment=closes_at,
        )


def check_open(status: PollStatus, by: str | None, at: datetime | None) -> None:
    """Only an open poll can be closed. by: who closed it; None: the time did. Raises Refusal."""
    if status is PollStatus.OPEN:
        return
    if status is not PollStatus.CLOSED:
        raise Refusal("This poll is not open: {status}.", status=Phrase(POLL_WORDS[status]))
    if by is None:
        raise Refusal("This poll closed already: {moment}.", moment=at)
    raise Refusal("{person} already closed this poll, {moment}.", person=Mention(by), moment=at)


POLL_WORDS: Mapping[PollStatus, str] = {
    PollStatus.PROPOSED: N_("waiting for a decision"),
    PollStatus.OPEN: N_("open"),
    PollStatus.CLOSED: N_("closed"),
    PollStatus.REJECTED: N_("rejected"),
}
