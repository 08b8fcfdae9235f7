"""Sensitive topics: found by their words, and decided on by whoever is responsible for them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
_LEFT_OUT = ("Mn", "Cf")  # accents, and characters that nobody sees


def words_of(text: str) -> tuple[str, ...]:
    """The text's words, as they are compared: without case and accents."""
    seen = "".join(
        character
        for character in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(character) not in _LEFT_OUT
    )
    return tuple(_WORD.findall(unicodedata.normalize("NFKD", seen)))


def folded(text: str) -> str:
    """The text's words in a row, for whoever searches."""
    return " ".join(words_of(text))


def found_in(text: str, words: Iterable[str]) -> str | None:
    """The first of `words` that stands in the text: whole words, case and accents ignored.

    A word can be several ("gender identity"): then they follow each other.
    """
    there = words_of(text)
    return next((word for word in words if _stands_in(there, words_of(word))), None)


def _stands_in(there: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and wanted in _runs(there, len(wanted))


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (words[start : start + length] for start in range(len(words) - length + 1))
