"""What happens on both sides, printed as it happens."""

import sys
import textwrap
from collections.abc import Iterable
from typing import TextIO

WIDTH = 92
MOST_LINES = 24
"""Of one message; what is longer is cut, with a word about how much there is more."""


class Transcript:
    """Prints to `out` (None: to the terminal)."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout

    def chapter(self, title: str) -> None:
        self._print(f"\n══ {title} ".ljust(WIDTH, "═"))

    def step(self, number: int, of: int, title: str) -> None:
        self._print(f"\n[{number:{len(str(of))}}/{of}] {title}")

    def does(self, sentence: str) -> None:
        """What a person does."""
        self._wrapped(sentence, "  → ", "    ")

    def sees(self, sentence: str, seen: str) -> None:
        """What a person sees, as they see it."""
        self._wrapped(sentence, "  ← ", "    ")
        self.quote(seen)

    def quote(self, seen: str) -> None:
        lines = [part for line in seen.splitlines() for part in _folded(line)]
        for line in lines[:MOST_LINES]:
            self._print(f"      │ {line}".rstrip())
        if len(lines) > MOST_LINES:
            self._print(f"      │ … (+{len(lines) - MOST_LINES})")

    def checked(self, sentence: str) -> None:
        self._wrapped(sentence, "  ✓ ", "    ")

    def remark(self, sentence: str) -> None:
        self._wrapped(sentence, "  · ", "    ")

    def failed(self, sentence: str) -> None:
        self._print("  ✗ " + sentence.replace("\n", "\n    "))

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._print(line)

    def _wrapped(self, sentence: str, first: str, further: str) -> None:
        for line in textwrap.wrap(
            sentence, WIDTH, initial_indent=first, subsequent_indent=further
        ) or [first]:
            self._print(line)

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def _folded(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH - 8) or [""]
