"""The strategy file as it was written: TOML, with the line of every table and key.

`tomllib` reads TOML but tells no lines. So the file is cut into statements (a header, or a key
with its value) and `tomllib` reads each by itself: a statement is as many lines as it takes until
they can be read. That also finds every broken statement at once, instead of the first only.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.texts import N_


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a line, counted from 1, and what would be right.

    `sentence` is a gettext key; `values` fill it, each of them text or a number.
    """

    line: int
    sentence: str
    values: Mapping[str, object]


UNREADABLE = object()
"""The value of a key that is there and cannot be read: its mistake is known already."""


@dataclass(frozen=True)
class Value:
    line: int
    value: Any  # as tomllib gives it, or UNREADABLE


@dataclass(frozen=True)
class Table:
    """A table as it stands in the file; the keys above the first header are in one named ''."""

    name: str
    line: int
    repeated: bool  # [[name]]
    values: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    tables: list[Table]
    mistakes: list[Mistake]  # of what cannot be read


class _Broken(Exception):
    """A statement that cannot be read: the line where tomllib stopped, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


_HEADER = re.compile(r"\s*(\[+)\s*([\w.-]+)")
_KEY = re.compile(r"\s*([\w-]+)")
_NEW_STATEMENT = re.compile(r"""\s*(\[|[\w."'-]+\s*=)""")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_BARE_TIME = re.compile(r"=\s*(\d{1,2}):(\d\d)(:\d\d)?\s*(?:#.*)?$")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")


def document(source: str) -> Document:
    """Reads what can be read of `source`; the rest is in `mistakes`. Raises nothing."""
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    found = Document([Table("", 1, repeated=False)], [])
    start = 0
    while start < len(lines):
        try:
            end, content = _statement(lines, start)
        except _Broken as broken:
            found.mistakes.append(_mistake(lines, start, broken))
            _add_broken(found, start + 1, lines[start])
            start = _next_statement(lines, start + 1)
        else:
            _add(found, start + 1, content, lines[start].lstrip())
            start = end
    return found


def _statement(lines: list[str], start: int) -> tuple[int, dict[str, Any]]:
    """The statement that begins in lines[start]: the index after its end, and what it says."""
    chunk = ""
    for end in range(start, len(lines)):
        chunk += lines[end] + "\n"
        try:
            return end + 1, tomllib.loads(chunk)
        except (ValueError, RecursionError) as error:  # a number or a nesting beyond all measure
            where = _WHERE.search(str(error))
            if where and where[1] is None and end + 1 < len(lines):
                continue  # it only stopped because the chunk did
            line = int(where[1]) - 1 if where and where[1] else 0
            raise _Broken(start + line, str(error)) from None
    raise AssertionError("the last line either reads or is broken")


def _next_statement(lines: list[str], start: int) -> int:
    while start < len(lines) and not _NEW_STATEMENT.match(lines[start]):
        start += 1
    return start


def _add(found: Document, line: int, content: dict[str, Any], text: str) -> None:
    if text.startswith("["):
        found.tables.append(Table(_path(content), line, repeated=text.startswith("[[")))
        return
    for key, value in content.items():  # one; none for a comment or an empty line
        _add_value(found, line, key, value)


def _add_broken(found: Document, line: int, text: str) -> None:
    """What is readable of it: its name. So nobody is told that it is missing as well."""
    if header := _HEADER.match(text):
        found.tables.append(Table(header[2], line, repeated=len(header[1]) > 1))
    elif key := _KEY.match(text):
        _add_value(found, line, key[1], UNREADABLE)


def _add_value(found: Document, line: int, key: str, value: object) -> None:
    values = found.tables[-1].values
    if key not in values:
        values[key] = Value(line, value)
        return
    found.mistakes.append(
        Mistake(
            line,
            "{key} stands here twice; the first is in line {first}. Keep one of them.",
            {"key": key, "first": values[key].line},
        )
    )


def _path(header: dict[str, Any]) -> str:
    """{'a': {'b': [{}]}} is the header [[a.b]]."""
    names = []
    inner: Any = header
    while inner:
        if isinstance(inner, dict):
            ((name, inner),) = inner.items()
            names.append(name)
        else:
            (inner,) = inner
    return ".".join(names)


_WORDS = (
    ("Unterminated string", N_("Text stands between quotation marks: one before it, one after.")),
    ("Illegal character", N_("Text stands between quotation marks: one before it, one after.")),
    ("Unescaped", N_("A \\ in a text is written twice: \\\\.")),
    ("Unclosed array", N_("There is a comma missing between two values, or a ] after the last.")),
    (
        "Invalid value",
        N_(
            "There is no value here that can be read. Text stands between quotation marks; "
            "a number, a date, a time, true and false do not."
        ),
    ),
    ("Expected '='", N_('A line reads: key = value. An example: name = "Newsletter".')),
    ("Expected ']", N_("A table's name stands between brackets: [organisation] or [[platform]].")),
)
_OTHER_WORDS = N_("This cannot be read as TOML. The first thing in the way: {why}.")
_NOT_CLOSED = N_(
    "What is opened in this line is not closed: look for a missing ] or quotation mark."
)


def _mistake(lines: list[str], start: int, broken: _Broken) -> Mistake:
    if bare_time := _BARE_TIME.search(lines[start]):
        return _mistake_in_time(start + 1, *bare_time.groups(default=":00"))
    if broken.line > start and (
        broken.line >= len(lines) or _NEW_STATEMENT.match(lines[broken.line])
    ):
        return Mistake(start + 1, _NOT_CLOSED, {})
    for beginning, sentence in _WORDS:
        if broken.why.startswith(beginning):
            return Mistake(min(broken.line, len(lines) - 1) + 1, sentence, {})
    return Mistake(start + 1, _OTHER_WORDS, {"why": _WHERE.sub("", broken.why)})


def _mistake_in_time(line: int, hour: str, minute: str, seconds: str) -> Mistake:
    time = f"{hour:0>2}:{minute}{seconds}"
    if not _TIME.fullmatch(time):
        return Mistake(
            line, "There is no time {time}. A day goes from 00:00:00 to 23:59:59.", {"time": time}
        )
    return Mistake(line, "A time has hours, minutes and seconds: {time}.", {"time": time})
