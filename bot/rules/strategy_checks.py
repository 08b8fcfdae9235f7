"""What is wrong in a strategy and no value shows by itself: for the file, and for the settings.

A part comes as what could be read of it, by key; None: it is there, and could not be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.lengths import Counting
from bot.rules.refusals import Refusal
from bot.rules.strategy_values import Publish

Part = Mapping[str, Any]

TELEGRAM_TAKES = 4096  # characters in a message
_COUNTS_LESS = (Counting.GRAPHEMES, Counting.MASTODON, Counting.X)  # than Telegram does
SHARES_ALMOST = 0.001


@dataclass(frozen=True)
class Wrong:
    """place: which of the parts; in `why` stands {key} for the key."""

    place: int
    key: str
    why: Refusal


@dataclass(frozen=True)
class Same:
    """A part that has the name of an earlier one."""

    place: int
    first: int
    key: str
    name: str


def within(table: str, parts: Sequence[Part]) -> Iterator[Wrong]:
    """What is wrong in the parts of one table; same names apart."""
    if table == "platform":
        for place, part in enumerate(parts):
            yield from _too_long_for_telegram(place, part)
            yield from _counted_otherwise_by_telegram(place, part)
            yield from _too_many_approvals(place, part)
    if table == "pillar":
        yield from _wrong_shares(parts)


def same_names(parts: Sequence[Part], keys: Sequence[str]) -> Iterator[Same]:
    """Those that read the same at these keys, whatever their case."""
    first: dict[tuple[str, ...], int] = {}
    for place, part in enumerate(parts):
        values = [part.get(key) for key in keys]
        if None in values:
            continue
        name = tuple(str(value).casefold() for value in values)
        if name in first:
            yield Same(place, first[name], keys[-1], str(values[-1]))
        else:
            first[name] = place


def wrong_total(shares: Sequence[float | None]) -> float | None:
    """What the shares of all pillars add up to, where that is not 1 and all could be read."""
    known = [share for share in shares if share is not None]
    if not known or len(known) < len(shares) or abs(sum(known) - 1) <= SHARES_ALMOST:
        return None
    return sum(known)


def _wrong_shares(pillars: Sequence[Part]) -> Iterator[Wrong]:
    total = wrong_total([pillar.get("share") for pillar in pillars])
    if total is not None:
        why = Refusal(
            "The shares of all pillars add up to {total}; together they make 1.",
            total=f"{total:.4g}",
        )
        yield Wrong(len(pillars) - 1, "share", why)


def _too_long_for_telegram(place: int, platform: Part) -> Iterator[Wrong]:
    by_bot = platform.get("publish") is Publish.TELEGRAM
    if by_bot and (platform.get("max_length") or 0) > TELEGRAM_TAKES:
        why = Refusal(
            "Telegram takes {limit} characters at most, so {key} can be no more.",
            limit=str(TELEGRAM_TAKES),
        )
        yield Wrong(place, "max_length", why)


def _counted_otherwise_by_telegram(place: int, platform: Part) -> Iterator[Wrong]:
    """It counts characters: what counts less would let through what it refuses."""
    by_bot = platform.get("publish") is Publish.TELEGRAM
    if by_bot and platform.get("count") in _COUNTS_LESS:
        why = Refusal(
            "Telegram counts characters, so {key} can only be {right} here.",
            right=f'"{Counting.CHARACTERS}"',
        )
        yield Wrong(place, "count", why)


def _too_many_approvals(place: int, platform: Part) -> Iterator[Wrong]:
    """Not said where the people could not be read."""
    wanted, owners = platform.get("approvals"), platform.get("owners")
    deputies = platform.get("deputies", ())
    if not owners or deputies is None or not isinstance(wanted, int):
        return
    people = {*owners, *deputies}
    if wanted > len(people):
        why = Refusal(
            "{wanted} approvals cannot be had: {people} decide here, owners and deputies "
            "together. Ask for fewer, or name more people.",
            wanted=wanted,
            people=len(people),
        )
        yield Wrong(place, "approvals", why)
