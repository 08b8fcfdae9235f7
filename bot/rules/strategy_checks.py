"""What is wrong in a strategy and no value shows by itself: for the file, and for the settings.

A part comes as what could be read of it, by key; None: it is there, and could not be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.rules.lengths import Counting
from bot.rules.refusals import Refusal
from bot.rules.special_days import LONGEST
from bot.rules.strategy_values import Publish

Part = Mapping[str, Any]

TELEGRAM_TAKES = 4096  # characters in a message
_COUNTS_LESS = (Counting.GRAPHEMES, Counting.MASTODON, Counting.X)  # than Telegram does
SHARES_ALMOST = 0.001


@dataclass(frozen=True)
class Wrong:
    """place: which of the parts; in `why` stands {key} for the key. No key: the part as a whole."""

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
    if table == "special_day":
        for place, part in enumerate(parts):
            yield from _when_it_comes(place, part)


def strange_owners(slots: Sequence[Part], platforms: Sequence[Part]) -> Iterator[Wrong]:
    """A slot's owner is one of its platform's people. Not said where these could not be read."""
    people = {
        platform.get("key"): {*platform["owners"], *platform.get("deputies", ())}
        for platform in platforms
        if platform.get("owners") and platform.get("deputies", ()) is not None
    }
    for place, slot in enumerate(slots):
        owner, known = slot.get("owner"), people.get(slot.get("platform"))
        if owner and known and owner not in known:
            why = Refusal(
                "{owner} is no owner or deputy of {platform}. Name one of these: {people}.",
                owner=owner,
                platform=slot["platform"],
                people=", ".join(sorted(known)),
            )
            yield Wrong(place, "owner", why)


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


def _when_it_comes(place: int, day: Part) -> Iterator[Wrong]:
    """Said once for a day, and not where a date could not be read."""
    there = [key for key in ("rule", "date", "from") if key in day]
    if len(there) != 1:
        why = Refusal(
            "A special day has one of {keys}: a rule, the date on which it comes every year, "
            "or from when till when it is in one year.",
            keys="rule, date, from",
        )
        yield Wrong(place, "", why)
    elif last := day.get("till"):
        yield from _wrong_period(place, day.get("from"), last, "from" in day)


def _wrong_period(place: int, first: date | None, last: date, is_period: bool) -> Iterator[Wrong]:
    if not is_period:
        yield Wrong(place, "till", Refusal("{key} belongs to {other}.", other="from"))
    elif first and not first <= last <= first + LONGEST:
        why = Refusal("till comes after from, or is the same day; a period has a year at most.")
        yield Wrong(place, "till", why)
