"""Tables that people make in a spreadsheet: CSV, read with every mistake at its row, and written
so that it does no harm. Pure.

A row has the number that the spreadsheet shows beside it: the headings are row 1.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO

from bot.rules.refusals import Refusal, SamenspraakError
from bot.rules.strategy_file import Mistake

A_MEGABYTE = 1_000_000
LARGEST = A_MEGABYTE
"""Bytes of a file, usually."""

MOST_ROWS = 20_000

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for something to calculate."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")
_YEARS = range(2000, 2101)


class RowMistakes(SamenspraakError):
    """Everything that is wrong in a file, in the order of its rows; 0: the file as a whole."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True)
class Row:
    """number: as the spreadsheet shows it. cells: column → what stands there, stripped where
    that changes nothing for a person; a column that the file does not have is not there."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "").strip()


def text_of(content: bytes, most: int = LARGEST) -> str:
    """A text file's text, whether it was saved as UTF-8 or UTF-16, or as Windows did of old.

    most: bytes. Raises Refusal for what is no text.
    """
    if len(content) > most:
        raise too_large(most)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal(
            "This is a spreadsheet as a spreadsheet program keeps it. Save it there as CSV, "
            "and bring in that file."
        )
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal("The letters of this file cannot be read. Save it as UTF-8.")


def too_large(most: int) -> Refusal:
    return Refusal(
        "The file is larger than {limit} MB. Take out what is not needed.",
        limit=most // A_MEGABYTE,
    )


def read_table(
    text: str, columns: Mapping[str, Sequence[str]], required: Iterable[str]
) -> tuple[Row, ...]:
    """The rows below the headings; empty ones are left out.

    columns: what we call a column → the headings that it may have. Separated by commas,
    semicolons or tabs. Raises RowMistakes.
    """
    first = next(iter(text.splitlines()), "")
    lines = lines_of(text, max(",;\t", key=first.count))
    headings = lines[0] if lines else []
    names = [_column(heading, columns) for heading in headings]
    if mistakes := _wrong_headings(headings, names, columns, required):
        raise RowMistakes(mistakes)
    if len(lines) > MOST_ROWS + 1:
        raise RowMistakes([Mistake(0, "A file has {limit} rows at most.", {"limit": MOST_ROWS})])
    rows, wrong = [], []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line[len(names) :]):
            wrong.append(Mistake(number, "There are more cells in this row than headings.", {}))
        cells = {name: unharmed(cell) for name, cell in zip(names, line, strict=False) if name}
        if any(cell.strip() for cell in cells.values()):
            rows.append(Row(number, cells))
    if wrong:
        raise RowMistakes(wrong)
    return tuple(rows)


def write_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, separator: str = ","
) -> bytes:
    """CSV that spreadsheets open as it is meant, formulas made harmless."""
    written = StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A spreadsheet shows it as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def unharmed(cell: str) -> str:
    """What was made harmless, as it was."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def day_in(cell: str) -> date:
    """2026-04-26, or as the Dutch write it: 26-4-2026. Raises Refusal."""
    cell = cell.strip()
    if found := _ISO.fullmatch(cell):
        year, month, day = map(int, found.groups())
    elif found := _DUTCH.fullmatch(cell):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    else:
        raise Refusal(
            "“{cell}” is no date. Write it as {example}, or as {other}: day, month, year.",
            cell=cell[:40],
            example="2026-04-26",
            other="26-4-2026",
        )
    try:
        made = date(year, month, day)
    except ValueError:
        raise Refusal("There is no day {cell}.", cell=cell) from None
    return in_our_days(made)


def in_our_days(day: date) -> date:
    """Raises Refusal for a year that must be a slip."""
    if day.year not in _YEARS:
        raise Refusal("The year of {cell} cannot be right.", cell=day.isoformat())
    return day


def moment_in(cell: str) -> datetime:
    """'2026-04-26 10:00': wall time. Raises Refusal."""
    day, _, clock = cell.strip().replace("T", " ", 1).partition(" ")
    at = _time(clock)
    if at is None:
        raise Refusal(
            "“{cell}” is no date with a time. Write it as {example}.",
            cell=cell.strip()[:40],
            example="2026-04-26 10:00",
        )
    return datetime.combine(day_in(day), at)


def time_in(cell: str) -> time:
    """'9:30', '9.30' or '09:30:00': on the wall. Raises Refusal."""
    at = _time(cell)
    if at is None:
        raise Refusal(
            "“{cell}” is no time of the day. Write it as {example}.",
            cell=cell.strip()[:40],
            example="10:00",
        )
    return at


def _time(cell: str) -> time | None:
    found = _TIME.fullmatch(cell.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def mistake_in(row: int, refusal: Refusal) -> Mistake:
    return Mistake(row, refusal.sentence, refusal.values)


def lines_of(text: str, separator: str) -> list[list[str]]:
    """Raises RowMistakes where a quotation mark is not closed."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[list[str]] = []
    try:
        for line in reader:
            lines.append(line)
    except csv.Error:
        raise RowMistakes(
            [
                Mistake(
                    len(lines) + 1,
                    "From here on it cannot be read: look for a quotation mark that is not closed.",
                    {},
                )
            ]
        ) from None
    return lines


def _column(heading: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Empty for a heading that we do not know."""
    plain = heading.strip().casefold()
    return next((name for name, known in columns.items() if plain in (name, *known)), "")


def _wrong_headings(
    headings: Sequence[str],
    names: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    required: Iterable[str],
) -> list[Mistake]:
    known = ", ".join(aliases[0] for aliases in columns.values())
    return [
        *(
            Mistake(
                1,
                "There is no column {name}. These are: {known}.",
                {"name": heading.strip()[:40], "known": known},
            )
            for heading, name in zip(headings, names, strict=True)
            if heading.strip() and not name
        ),
        *(
            Mistake(1, "The column {name} is there twice.", {"name": headings[place].strip()})
            for place, name in _again(names)
        ),
        *(
            Mistake(1, "The column {name} is missing.", {"name": columns[name][0]})
            for name in required
            if name not in names
        ),
    ]


def _again(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    for place, name in enumerate(names):
        if name and name in names[:place]:
            yield place, name
