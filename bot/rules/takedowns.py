"""Takedowns: until when something is taken away, and when whoever does it is reminded."""

from datetime import datetime, timedelta

from bot.rules.refusals import Mention, Refusal

WITHIN = timedelta(days=2)
"""So soon after the follower withdrew the story, it is gone everywhere."""

REMIND_EVERY = timedelta(days=1)


def next_reminder(due_at: datetime, now: datetime) -> datetime:
    """A day before the deadline, at the deadline, and every day after it."""
    at = due_at - REMIND_EVERY
    if at <= now:  # after a long sleep one will do
        at += ((now - at) // REMIND_EVERY + 1) * REMIND_EVERY
    return at


def check_open(done_at: datetime | None, done_by: str | None, by: str) -> None:
    """Raises Refusal where somebody else did it. One's own second press changes nothing."""
    if done_at is None or done_by == by:
        return
    if done_by is None:
        raise Refusal("I took this away already, {moment}. There is nothing to do.", moment=done_at)
    raise Refusal(
        "{who} took this away already, {moment}. There is nothing to do.",
        who=Mention(done_by),
        moment=done_at,
    )
