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
        pieces.append(Piece(Kept.GONE, "".join(old[old_start:old_end])))
        pieces.append(Piece(Kept.NEW, "".join(new[new_start:new_end])))
    return tuple(piece for piece in pieces if piece.text)


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
