"""How long what followers give is kept. In days, as the strategy file says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.texts import N_

SHORTEST, LONGEST = 1, 3650  # days


@dataclass(frozen=True)
class Retention:
    """Days, each from the moment at which nothing more happened to it."""

    drafts: int = 30  # a story that was begun and never sent in
    waiting: int = 180  # a story that nobody dealt with
    declined: int = 90  # the words and files of a story that is not placed
    withdrawn: int = 7  # the words and files of a story that was taken back
    published: int = 730  # what was sent in for a story that is out; the post itself stays
    votes: int = 30  # who chose what, from the closing of the poll; the numbers stay
    messages: int = 90  # what the bot sent
    parked: int = 14  # what the bot could not handle
    unreachable: int = 365  # everything of somebody who blocked the bot
    warn: int = 14  # so long before a waiting story is forgotten, the team hears of it

    def before(self, kind: str, now: datetime) -> datetime:
        """What has this kind and is older than that moment is forgotten."""
        days: int = getattr(self, kind)
        return now - timedelta(days=days)


KINDS: Mapping[str, str] = {
    "drafts": N_("A story that you began and did not send in"),
    "waiting": N_("A story that our team did not decide about"),
    "declined": N_("A story that we do not place"),
    "withdrawn": N_("A story that you withdrew"),
    "published": N_("What you sent in for a story that is published (the post itself stays)"),
    "votes": N_("Who chose what, after a poll is closed (the numbers stay)"),
    "messages": N_("The messages that I sent you"),
    "parked": N_("A message of yours that I could not understand"),
    "unreachable": N_("Everything of you, after you blocked me"),
}
"""What is kept how long, in a follower's words; in the order in which it is told."""
