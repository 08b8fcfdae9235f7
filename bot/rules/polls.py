"""Polls: what a poll must be, and what a press on a ballot means."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.refusals import InvalidForm, Mention, Phrase, Refusal
from bot.texts import N_

# Telegram's limits for a native poll; the ballots in private keep them too.
MAX_QUESTION = 300
MAX_OPTION = 100
MIN_OPTIONS, MAX_OPTIONS = 2, 12
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


def options_from(lines: str) -> tuple[str, ...]:
    """The answers, one a line; empty lines do not count."""
    return tuple(line.strip() for line in lines.splitlines() if line.strip())


def check_poll(question: str, options: Sequence[str], closes_at: datetime, now: datetime) -> None:
    """Raises InvalidForm, with every mistake at its own field: question, options, closes."""
    errors: dict[str, Refusal] = {}
    if not question.strip():
        errors["question"] = Refusal("Write the question here.")
    elif len(question) > MAX_QUESTION:
        errors["question"] = Refusal(
            "A question has {limit} characters at most; this one has {length}.",
            limit=MAX_QUESTION,
            length=len(question),
        )
    if mistake := _mistake_in(options):
        errors["options"] = mistake
    if closes_at < now + SHORTEST:
        errors["closes"] = Refusal("Leave people time: at least five minutes from now.")
    elif closes_at > now + LONGEST:
        errors["closes"] = Refusal("A poll can be open for 30 days at most.")
    if errors:
        raise InvalidForm(errors)


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


def choice_after(chosen: int | None, pressed: int) -> int | None:
    """A press chooses; a press on what is chosen takes it back. Option ids."""
    return None if pressed == chosen else pressed


def check_vote(status: str, closes_at: datetime, now: datetime) -> Refusal | None:
    """Why this poll takes no vote now; None where it does."""
    if status == PollStatus.OPEN and now < closes_at:
        return None
    return Refusal("This poll is closed. What you chose before it closed counts.")


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
