"""Whether a text is nearly the same as another, so that nobody reads it twice."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

ALMOST = 0.85
"""Of the words of both, in a row. Another date is more alike than this; two book tips that end in
the same sentence and hashtags are less."""

FEWEST = 8
"""Words. Of a shorter text a single one makes the difference: "Open until 17:00"."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Wording:
    """A text, made ready to be compared with many. `words`: every number in them is the same."""

    folded: str
    words: list[str]


def wording(folded: str) -> Wording:
    """folded: as bot.rules.topics.folded gives it."""
    return Wording(folded, _NUMBER.sub("0", folded).split())


def nearly_the_same(one: Wording, other: Wording) -> bool:
    """Whatever the numbers in them are: a day, a time, a price."""
    if one.folded == other.folded:
        return one.folded != ""
    if min(len(one.words), len(other.words)) < FEWEST:
        return False
    return Indel.normalized_similarity(one.words, other.words, score_cutoff=ALMOST) > 0
