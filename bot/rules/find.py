"""Searching for posts: what a person types, and what is meant by it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.refusals import Refusal
from bot.rules.topics import folded, words_of

PAGE = 15
"""Posts that are shown at once."""

LONGEST = 300
"""Characters of a search: a button carries it from page to page."""

_S = PlacementStatus
_KEYS: Mapping[str, str] = {
    "state": "state",
    "status": "state",
    "platform": "platform",
    "since": "since",
    "vanaf": "since",
    "until": "until",
    "tot": "until",
}
"""The filters, in English and in Dutch: both are always understood."""

_STATES: Mapping[str, frozenset[PlacementStatus | PostStatus]] = {
    **dict.fromkeys(("waiting", "proposed", "wacht", "voorgesteld"), frozenset({_S.PROPOSED})),
    **dict.fromkeys(
        ("changes", "changes_requested", "wijzigingen"), frozenset({_S.CHANGES_REQUESTED})
    ),
    **dict.fromkeys(("approved", "goedgekeurd"), frozenset({_S.APPROVED})),
    **dict.fromkeys(("rejected", "declined", "afgewezen"), frozenset({_S.REJECTED})),
    **dict.fromkeys(("withdrawn", "ingetrokken"), frozenset({_S.WITHDRAWN})),
    **dict.fromkeys(("expired", "verlopen"), frozenset({_S.EXPIRED})),
    **dict.fromkeys(
        ("publishing", "bezig"), frozenset({_S.PUBLISHING, _S.HANDED, _S.IN_DOUBT, _S.FAILED})
    ),
    **dict.fromkeys(("published", "geplaatst", "gepubliceerd"), frozenset({_S.PUBLISHED})),
    **dict.fromkeys(("follower", "volger"), frozenset({PostStatus.AWAITING_FOLLOWER})),
}
_FILTER = re.compile(rf"(?<!\S)({'|'.join(_KEYS)}):\s*(\"[^\"]*\"|“[^”]*”|\S+)", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True)
class Search:
    """words: folded, all of them occur. since and until: days on the wall, both included."""

    words: tuple[str, ...] = ()
    states: frozenset[PlacementStatus | PostStatus] = frozenset()
    platform: str = ""  # as it was typed: a key, or the beginning of a name
    since: date | None = None
    until: date | None = None


def search_for(typed: str) -> Search:
    """Raises Refusal for what is not understood, and where nothing is searched for."""
    if len(typed) > LONGEST:
        raise Refusal("That is a lot to search for. Use {limit} characters at most.", limit=LONGEST)
    given = {_KEYS[key.lower()]: value.strip('"“”') for key, value in _FILTER.findall(typed)}
    words = words_of(_FILTER.sub(" ", typed))
    if not given and not words:
        raise Refusal(
            "Which post do you look for? Type some of its words: /social find board games. "
            "You can add state:approved, platform:telegram, since:2026-03-01, until:2026-03-31."
        )
    return Search(
        words=words,
        states=_states(given["state"]) if "state" in given else frozenset(),
        platform=given.get("platform", ""),
        since=_day(given["since"]) if "since" in given else None,
        until=_day(given["until"]) if "until" in given else None,
    )


def is_called(key: str, name: str, typed: str) -> bool:
    """Whether a platform is meant by what was typed."""
    return typed.lower() == key or folded(name).startswith(folded(typed))


def _states(typed: str) -> frozenset[PlacementStatus | PostStatus]:
    found = _STATES.get(typed.lower())
    if found is None:
        raise Refusal(
            "I know no state {word}. Choose one of these: waiting, changes, approved, rejected, "
            "withdrawn, expired, publishing, published, follower.",
            word=typed,
        )
    return found


def _day(typed: str) -> date:
    try:
        if found := _DAY_FIRST.fullmatch(typed):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(typed)
    except ValueError:
        raise Refusal(
            "{word} is no day that I can read. Write it like this: 2026-03-31.", word=typed
        ) from None
