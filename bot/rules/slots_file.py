"""Fixed moments as a table, out and in. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.calendar import LEAD, MAX_LEAD, Skip
from bot.rules.recurrence import check_rule
from bot.rules.recurrence_words import in_words
from bot.rules.refusals import Refusal
from bot.rules.strategy import Slot
from bot.rules.strategy_file import Mistake
from bot.rules.tables import (
    LARGEST,
    Row,
    RowMistakes,
    day_in,
    mistake_in,
    read_table,
    text_of,
    time_in,
    write_table,
)
from bot.texts import Texts

COLUMNS: Mapping[str, Sequence[str]] = {
    "platform": ("platform", "platform"),
    "title": ("title", "titel"),
    "rule": ("rule", "regel"),
    "time": ("time", "tijd"),
    "pillar": ("pillar", "rubriek"),
    "owner": ("owner", "verantwoordelijke"),
    "lead": ("days before", "dagen vooraf"),
    "skip": ("skip", "overslaan"),
    "since": ("since", "vanaf"),
    "in_words": ("in words", "in woorden"),
}
"""Column → its headings: the English one, the Dutch one. in_words is only told."""

REQUIRED = ("platform", "title", "rule", "time")

SKIP_WORDS: Mapping[Skip, Sequence[str]] = {
    Skip.WEEKENDS: ("weekends", "weekenden", "weekend"),
    Skip.HOLIDAYS: ("holidays", "feestdagen", "public holidays"),
}
"""What is left out, as a cell says it: in English, in Dutch."""

Values = Mapping[str, Any]
"""What a row says of a slot, by the names of rules.strategy.Slot; platform and pillar by key, or
as people call them. What the file has no column for is not there, and stays as it is."""


def write(slots: Sequence[Slot], t: Texts) -> bytes:
    """With the headings of this language, and what its spreadsheets take for a separator."""
    is_dutch = t.language == "nl"
    return write_table(
        [headings[is_dutch] for headings in COLUMNS.values()],
        [_cells(slot, t, is_dutch=is_dutch) for slot in slots],
        separator=";" if is_dutch else ",",
    )


@dataclass(frozen=True)
class Table:
    """Each slot that can be read, with the number of its row; and what is wrong with the others:
    what the strategy does not know is found later, and told with these."""

    slots: tuple[tuple[int, Values], ...]
    mistakes: tuple[Mistake, ...]


def read(content: bytes) -> Table:
    """Raises RowMistakes for what is no such table."""
    try:
        rows = read_table(text_of(content, LARGEST), COLUMNS, required=REQUIRED)
    except Refusal as refusal:
        raise RowMistakes([mistake_in(0, refusal)]) from None
    found: list[tuple[int, Values]] = []
    mistakes: list[Mistake] = []
    for row in rows:
        values: dict[str, Any] = {}
        for name, read_cell in _CELLS.items():
            try:
                if name in row.cells:
                    values[name] = read_cell(_cell(row, name))
            except Refusal as refusal:
                mistakes.append(mistake_in(row.number, refusal))
        if not any(mistake.line == row.number for mistake in mistakes):
            found.append((row.number, values))
    if not rows:
        raise RowMistakes([Mistake(0, "There is no fixed moment in this file.", {})])
    return Table(tuple(found), tuple(mistakes))


def _cell(row: Row, name: str) -> str:
    cell = row.get(name)
    if not cell and name in REQUIRED:
        names = " / ".join(dict.fromkeys(COLUMNS[name]))
        raise Refusal("The column {name} is empty here.", name=names)
    return cell


def _cells(slot: Slot, t: Texts, *, is_dutch: bool) -> list[str]:
    since = slot.since
    return [
        slot.platform,
        slot.title,
        slot.rule,
        f"{slot.time:%H:%M}",
        slot.pillar or "",
        slot.owner or "",
        str(slot.lead),
        ", ".join(SKIP_WORDS[each][is_dutch] for each in slot.skip),
        f"{since:%Y-%m-%d}" if since else "",
        in_words(slot.rule, slot.time, since, t) if since else "",
    ]


def _rule(cell: str) -> str:
    rule = cell.upper().removeprefix("RRULE:")
    check_rule(rule)
    return rule


def _owner(cell: str) -> str | None:
    if cell and not re.fullmatch("[UW][A-Z0-9]+", cell):
        raise Refusal(
            "“{cell}” is no member of Slack. Write the member ID: {example}.",
            cell=cell[:40],
            example="U0123ABCD",
        )
    return cell or None


def _lead(cell: str) -> int:
    if not cell:
        return LEAD
    if not cell.isdecimal() or not 1 <= int(cell[:4]) <= MAX_LEAD:
        raise Refusal(
            "“{cell}” is no number of days from 1 to {limit}.", cell=cell[:40], limit=MAX_LEAD
        )
    return int(cell)


def _skip(cell: str) -> tuple[Skip, ...]:
    words = [word.strip().casefold() for word in re.split("[,;]", cell) if word.strip()]
    named = {word: skip for skip, known in SKIP_WORDS.items() for word in known}
    for word in words:
        if word not in named:
            raise Refusal(
                "“{cell}” cannot be skipped. Write weekends, holidays or both, or leave it empty.",
                cell=word[:40],
            )
    return tuple(dict.fromkeys(named[word] for word in words))


_CELLS: Mapping[str, Callable[[str], Any]] = {
    "platform": str,
    "title": str,
    "rule": _rule,
    "time": time_in,
    "pillar": lambda cell: cell or None,
    "owner": _owner,
    "lead": _lead,
    "skip": _skip,
    "since": lambda cell: day_in(cell) if cell else None,
}
