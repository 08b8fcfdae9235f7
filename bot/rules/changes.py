"""What changed in a text, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

AROUND = 8
"""Words that stay readable on each side of a change; further ones are left out."""

LONGEST = 2400
"""Characters of a change that are shown."""

LEFT_OUT = "… "
_WORD = re.compile(r"\S+\s*|\s+")


class Kept(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    kept: Kept
    text: str


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """Every character of both texts: what stayed, what went, what came. Empty: nothing changed."""
    if before == after:
        return ()
    old, new = _WORD.findall(before), _WORD.findall(after)
    # A word that is everywhere ("the") is no landmark: difflib leaves it out by itself.
    steps = SequenceMatcher(None, old, new).get_opcodes()
    pieces: list[Piece] = []
    for step, old_start, old_end, new_start, new_end in steps:
        if step == "equal":
            pieces.append(Piece(Kept.SAME, "".join(old[old_start:old_end])))
            continue
        pieces += _replaced("".join(old[old_start:old_end]), "".join(new[new_start:new_end]))
    return _joined(iter(pieces))


def _replaced(gone: str, new: str) -> tuple[Piece, ...]:
    """Where one only adds to the other ("word" and "word,"), what they share stayed the same."""
    start = _shared(gone, new)
    end = _shared(gone[start:][::-1], new[start:][::-1])
    if start + end < min(len(gone), len(new)):
        return Piece(Kept.GONE, gone), Piece(Kept.NEW, new)
    return (
        Piece(Kept.SAME, gone[:start]),
        Piece(Kept.GONE, gone[start : len(gone) - end]),
        Piece(Kept.NEW, new[start : len(new) - end]),
        Piece(Kept.SAME, gone[len(gone) - end :]),
    )


def _shared(one: str, other: str) -> int:
    """So many characters they begin with alike, without cutting a word in two."""
    pairs = enumerate(zip(one, other, strict=False))
    length = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    while _cuts_a_word(one, length) or _cuts_a_word(other, length):
        length -= 1
    return length


def _cuts_a_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def surroundings(pieces: Sequence[Piece], most: int = LONGEST) -> tuple[Piece, ...]:
    """The changes with some words around them, `most` characters at most (and an ellipsis)."""
    last = len(pieces) - 1
    shown = [
        Piece(piece.kept, _shortened(piece.text, is_first=place == 0, is_last=place == last))
        if piece.kept is Kept.SAME
        else piece
        for place, piece in enumerate(pieces)
    ]
    return _joined(_at_most(shown, most))


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    """Of what stayed the same, what stands next to a change."""
    words = _WORD.findall(text)
    before, after = [] if is_first else words[:AROUND], [] if is_last else words[-AROUND:]
    if len(words) <= len(before) + len(after):
        return text
    return "".join([*before, LEFT_OUT, *after])


def _at_most(pieces: Sequence[Piece], most: int) -> Iterator[Piece]:
    left = most
    for piece in pieces:
        if len(piece.text) > left:
            yield Piece(piece.kept, piece.text[:left])
            yield Piece(Kept.SAME, LEFT_OUT)
            return
        yield piece
        left -= len(piece.text)


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    return tuple(
        Piece(kept, text)
        for kept, group in groupby(pieces, key=lambda piece: piece.kept)
        if (text := "".join(piece.text for piece in group))
    )
