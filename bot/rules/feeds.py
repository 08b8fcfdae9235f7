"""The calendar as a feed: who may read it, and what a calendar program is told of an entry."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.rules.calendar import GIVEN_UP
from bot.rules.posts import PlacementStatus, PostStatus

BACK = timedelta(days=30)
"""So long what is over, and what was given up, stays in a feed."""

AHEAD = timedelta(days=366)

_NOBODYS = sha256(b"").hexdigest()


class Certainty(StrEnum):
    """RFC 5545, 3.8.1.11: what STATUS says of an event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Entry:
    """One event of a feed. Days where start is a date; then `end` is the last of them.

    sequence rises with every change, `changed` is when the last was. word: a gettext key.
    """

    uid: str
    start: datetime | date
    end: datetime | date
    title: str
    certainty: Certainty
    word: str
    sequence: int
    changed: datetime
    platform: str = ""
    card: tuple[str, str] | None = None  # channel and timestamp in Slack


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def address_of(feed_id: int, secret: str) -> str:
    """What stands in the address, and is shown once."""
    return f"{feed_id}-{secret}"


def parts_of(address: str) -> tuple[int, str]:
    """The feed's number and the secret; 0 for what is no such address."""
    number, _, secret = address.partition("-")
    is_number = number.isascii() and number.isdecimal() and len(number) < 15
    return (int(number) if is_number else 0), secret


def opens(secret: str, digest: str | None) -> bool:
    """digest: None, where there is no such feed. Takes as long whatever the answer."""
    is_it = hmac.compare_digest(digest_of(secret), digest or _NOBODYS)
    return is_it and digest is not None


def certainty_of(placement: PlacementStatus, post: PostStatus) -> Certainty:
    """Whether it is only planned, approved, or given up."""
    if placement in GIVEN_UP:
        return Certainty.CANCELLED
    waits = placement in _WAITS or (
        placement is PlacementStatus.APPROVED and post is PostStatus.AWAITING_FOLLOWER
    )
    return Certainty.TENTATIVE if waits else Certainty.CONFIRMED


_WAITS = frozenset({PlacementStatus.PROPOSED, PlacementStatus.CHANGES_REQUESTED})

Changes = Mapping[tuple[str, int], tuple[int, datetime]]
"""(entity, id) → how often it was changed, and when last: as it was audited."""


A_STEP = 1000
"""So much a sequence rises with a change of what stands above: what happened to one date is
forgotten where its fixed moment leaves that day, and must not count down when it comes back."""


def changes_of(
    changes: Changes, since: datetime, *of: tuple[str, int], above: Sequence[tuple[str, int]] = ()
) -> tuple[int, datetime]:
    """All these together: a sequence, and when it last changed. since: when it began."""
    sequence, changed = _counted(changes, since, *of)
    steps, changed = _counted(changes, changed, *above)
    return steps * A_STEP + sequence, changed


def _counted(changes: Changes, since: datetime, *of: tuple[str, int]) -> tuple[int, datetime]:
    found = [changes[each] for each in of if each in changes]
    return sum(n for n, _ in found), max([since, *(at for _, at in found)])
