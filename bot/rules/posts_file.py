"""Posts as a table, out and in. Pure.

What a table holds of a post: its usual text, not the pictures nor a platform's own text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.rules.refusals import Refusal
from bot.rules.strategy_file import Mistake
from bot.rules.tables import (
    A_MEGABYTE,
    Row,
    RowMistakes,
    mistake_in,
    moment_in,
    read_table,
    text_of,
    write_table,
)

COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("id", "kenmerk"),
    "platforms": ("platforms", "platformen"),
    "when": ("date and time", "datum en tijd"),
    "text": ("text", "tekst"),
    "pillar": ("pillar", "rubriek"),
    "target_group": ("target group", "doelgroep"),
    "why": ("why", "waarom"),
    "status": ("status", "stand"),
}
"""Column → its headings: the English one, the Dutch one."""

LONGEST_ID = 100
LARGEST = 20 * A_MEGABYTE
"""Bytes: what we write ourselves can be read again."""


@dataclass(frozen=True)
class Written:
    """A post as its row says it; platforms, pillar and target group by key, or as people call
    them. status is only told: a file changes no decision."""

    text: str
    platforms: tuple[str, ...]
    when: datetime | None  # wall time; None: no date yet
    id: str = ""
    pillar: str = ""
    target_group: str = ""
    why: str = ""
    status: str = ""

    @property
    def request_key(self) -> str:
        """The same row is the same proposal: by its id, else by what it says."""
        said = (self.text, sorted(self.platforms), self.when, self.pillar, self.target_group)
        return self.id or f"csv:{sha256(repr((*said, self.why)).encode()).hexdigest()}"


def write(posts: Sequence[Written], language: str) -> bytes:
    """With the headings of this language, and what its spreadsheets take for a separator."""
    is_dutch = language == "nl"
    return write_table(
        [headings[is_dutch] for headings in COLUMNS.values()],
        [_cells(post) for post in posts],
        separator=";" if is_dutch else ",",
    )


def read(content: bytes) -> tuple[tuple[int, Written], ...]:
    """Each post with the number of its row. Raises RowMistakes with everything that is wrong."""
    try:
        rows = read_table(text_of(content, LARGEST), COLUMNS, required=("text", "platforms"))
    except Refusal as refusal:
        raise RowMistakes([mistake_in(0, refusal)]) from None
    found: list[tuple[int, Written]] = []
    mistakes: list[Mistake] = []
    first: dict[str, int] = {}
    for row in rows:
        try:
            post = _post(row)
        except Refusal as refusal:
            mistakes.append(mistake_in(row.number, refusal))
            continue
        if post.request_key in first:
            earlier = {"first": first[post.request_key]}
            mistakes.append(Mistake(row.number, "This is the same as row {first}.", earlier))
        first.setdefault(post.request_key, row.number)
        found.append((row.number, post))
    if not rows:
        mistakes.append(Mistake(0, "There is no post in this file.", {}))
    if mistakes:
        raise RowMistakes(mistakes)
    return tuple(found)


def _cells(post: Written) -> list[str]:
    return [
        post.id,
        ", ".join(post.platforms),
        f"{post.when:%Y-%m-%d %H:%M}" if post.when else "",
        post.text,
        post.pillar,
        post.target_group,
        post.why,
        post.status,
    ]


def _post(row: Row) -> Written:
    if len(row.get("id")) > LONGEST_ID:
        raise Refusal("An id has {limit} characters at most.", limit=LONGEST_ID)
    return Written(
        text=row.cells.get("text", ""),
        platforms=tuple(
            dict.fromkeys(p.strip() for p in row.get("platforms").split(",") if p.strip())
        ),
        when=moment_in(row.get("when")) if row.get("when") else None,
        id=row.get("id"),
        pillar=row.get("pillar"),
        target_group=row.get("target_group"),
        why=row.cells.get("why", ""),
        status=row.get("status"),
    )
