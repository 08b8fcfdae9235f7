"""The strategy file: read, checked, and every mistake in it told with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from typing import Any

from bot.rules import strategy_checks as checks
from bot.rules import strategy_values as values
from bot.rules.calendar import MAX_LEAD
from bot.rules.posts import MAX_IMAGES
from bot.rules.refusals import Refusal, SamenspraakError
from bot.rules.retention import LONGEST, SHORTEST, Retention
from bot.rules.special_days import MOST_WEEKS, SpecialDay
from bot.rules.strategy_file import UNREADABLE, Mistake, Table, document
from bot.rules.strategy_parts import (
    LISTS,
    Call,
    Goal,
    HouseRule,
    Organisation,
    Pillar,
    Platform,
    Slot,
    Statement,
    Strategy,
    TargetGroup,
    Topic,
    file_key,
)
from bot.rules.strategy_values import Publish

__all__ = [
    "Call",
    "Goal",
    "HouseRule",
    "Mistake",
    "Organisation",
    "Pillar",
    "Platform",
    "Publish",
    "Retention",
    "Slot",
    "SpecialDay",
    "Statement",
    "Strategy",
    "StrategyMistakes",
    "TargetGroup",
    "Topic",
    "read",
]

LONGEST_TEXT = 100_000  # more than any platform takes
LARGEST_NUMBER = 1e12


class StrategyMistakes(SamenspraakError):
    """Everything that is wrong in a strategy file, in the order of its lines."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


_name = values.text(values.MAX_NAME)
_sentence = values.text(values.MAX_SENTENCE)
_any_number = values.number(-LARGEST_NUMBER, LARGEST_NUMBER)


@dataclass(frozen=True)
class Shape:
    """A table of the file: what is made of it, how each key is read, which keys name it.

    known_as: the key by which people know it, where that is not what names it.
    """

    make: type
    readers: Mapping[str, values.Reader]
    named_by: tuple[str, ...] = ("key",)
    repeated: bool = True
    known_as: str | None = None

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(file_key(f) for f in fields(self.make) if f.default is MISSING)

    def made(self, read: Mapping[str, Any]) -> Any:
        """The part, from the values of its keys."""
        names = {file_key(f): f.name for f in fields(self.make)}
        return self.make(**{names[key]: value for key, value in read.items()})


SHAPES: Mapping[str, Shape] = {
    "organisation": Shape(
        Organisation,
        {"name": _name, "weekly_note": values.yes_or_no, "country": values.country},
        named_by=(),
        repeated=False,
    ),
    "retention": Shape(
        Retention,
        {field.name: values.whole(SHORTEST, LONGEST) for field in fields(Retention)},
        named_by=(),
        repeated=False,
    ),
    "platform": Shape(
        Platform,
        {
            "key": values.key,
            "name": _name,
            "publish": values.publish,
            "purpose": values.text_or_empty(values.MAX_EXPLANATION),
            "cadence": values.number(0, 200),
            "max_length": values.whole(1, LONGEST_TEXT),
            "count": values.counting,
            "max_images": values.whole(0, MAX_IMAGES),
            "needs_image": values.yes_or_no,
            "owners": values.owners,
            "deputies": values.people,
            "own_proposals": values.yes_or_no,
            "approvals": values.approvals,
            "metrics": values.metrics,
        },
        known_as="name",
    ),
    "target_group": Shape(TargetGroup, {"key": values.key, "name": _name}, known_as="name"),
    "pillar": Shape(
        Pillar,
        {"key": values.key, "name": _name, "share": values.number(0, 1)},
        known_as="name",
    ),
    "goal": Shape(
        Goal,
        {
            "key": values.key,
            "name": _sentence,
            "platform": values.key,
            "metric": _name,
            "baseline": _any_number,
            "target": _any_number,
            "deadline": values.day,
        },
    ),
    "slot": Shape(
        Slot,
        {
            "platform": values.key,
            "pillar": values.key,
            "title": _name,
            "rule": values.rule,
            "time": values.time_of_day,
            "owner": values.person,
            "lead": values.whole(1, MAX_LEAD),
            "since": values.day,
            "skip": values.skip,
        },
        named_by=("platform", "title"),
    ),
    "special_day": Shape(
        SpecialDay,
        {
            "key": values.key,
            "name": _name,
            "rule": values.yearly_rule,
            "date": values.day,
            "from": values.day,
            "till": values.day,
            "prepare": values.whole(0, MOST_WEEKS),
            "ideas": values.ideas,
            "target_group": values.key,
            "pillar": values.key,
        },
    ),
    "house_rule": Shape(HouseRule, {"text": _sentence}, named_by=("text",)),
    "topic": Shape(
        Topic,
        {
            "key": values.key,
            "name": _name,
            "words": values.words,
            "owner": values.person,
            "deputies": values.people,
            "statement": values.text_or_empty(values.MAX_EXPLANATION),
        },
        known_as="name",
    ),
    "statement": Shape(
        Statement,
        {
            "key": values.key,
            "title": _name,
            "text": values.text(values.MAX_STATEMENT),
            "maintainer": values.person,
            "valid_until": values.day,
        },
        known_as="title",
    ),
    "call": Shape(
        Call,
        {
            "key": values.key,
            "question": _sentence,
            "explanation": values.text_or_empty(values.MAX_EXPLANATION),
            "closes": values.moment,
        },
    ),
}


@dataclass(frozen=True)
class _Entry:
    """A table of the file with those of its values that are right."""

    table: Table
    read: dict[str, Any]

    def line(self, key: str) -> int:
        return self.table.values[key].line

    @property
    def part(self) -> checks.Part:
        return {**dict.fromkeys(self.table.values), **self.read}


def read(source: str) -> Strategy:
    """The strategy in the text of a strategy file (TOML).

    Raises StrategyMistakes with every mistake in it.
    """
    found = document(source)
    mistakes = list(found.mistakes)
    entries: dict[str, list[_Entry]] = {name: [] for name in SHAPES}
    for table in found.tables:
        mistakes += _wrong_place(table)
        if shape := SHAPES.get(table.name):
            entry = _Entry(table, {})
            entries[table.name].append(entry)
            mistakes += _read_values(entry, shape)
    mistakes += _wrong_together(entries)
    if mistakes:
        raise StrategyMistakes(tuple(sorted(mistakes, key=lambda mistake: mistake.line)))
    return _strategy(entries)


def _strategy(entries: Mapping[str, list[_Entry]]) -> Strategy:
    made = {
        name: tuple(SHAPES[name].made(entry.read) for entry in entries[name]) for name in SHAPES
    }
    return Strategy(
        organisation=made["organisation"][0],
        retention=made["retention"][0] if made["retention"] else Retention(),
        **{parts: made[table] for table, parts in LISTS.items()},
    )


def _wrong_place(table: Table) -> Iterator[Mistake]:
    """A table that does not exist, a key outside of all tables, the wrong brackets."""
    shape = SHAPES.get(table.name)
    if shape is not None and shape.repeated != table.repeated:
        right = f"[[{table.name}]]" if shape.repeated else f"[{table.name}]"
        yield Mistake(table.line, "Write the name of this table as {name}.", {"name": right})
    elif shape is None and table.name:
        yield _unknown(table.line, f"[{table.name}]", table.name, list(SHAPES))
    elif shape is None:
        for key, value in table.values.items():
            yield Mistake(
                value.line,
                "{key} stands above the first table. Put it below one, such as {example}.",
                {"key": key, "example": "[organisation]"},
            )


def _unknown(line: int, shown: str, name: str, known: list[str]) -> Mistake:
    if meant := get_close_matches(name.lower(), known, n=1):
        return Mistake(
            line,
            "The strategy file knows no {name} here. Did you mean {meant}?",
            {"name": shown, "meant": meant[0]},
        )
    return Mistake(
        line,
        "The strategy file knows no {name} here. It knows {known}.",
        {"name": shown, "known": ", ".join(known)},
    )


def _read_values(entry: _Entry, shape: Shape) -> Iterator[Mistake]:
    table = entry.table
    for key, value in table.values.items():
        if value.value is UNREADABLE:
            continue
        if key not in shape.readers:
            yield _unknown(value.line, key, key, list(shape.readers))
            continue
        try:
            entry.read[key] = shape.readers[key](value.value)
        except Refusal as refusal:
            yield Mistake(value.line, refusal.sentence, {"key": key, **refusal.values})
    for key in shape.required:
        if key not in table.values:
            yield Mistake(
                table.line,
                "{key} is missing in this {table}.",
                {"key": key, "table": table.name},
            )


def _wrong_together(entries: Mapping[str, list[_Entry]]) -> Iterator[Mistake]:
    """What no value shows by itself."""
    for name in ("organisation", "platform"):
        if not entries[name]:
            yield Mistake(1, "The strategy file has no {table}. Add one.", {"table": _header(name)})
    for second in entries["organisation"][1:]:
        yield Mistake(second.table.line, "There is one organisation. Remove this one.", {})
    for second in entries["retention"][1:]:
        yield Mistake(
            second.table.line, "This table is there already. Put everything into one of them.", {}
        )
    for name, shape in SHAPES.items():
        yield from _same_names(entries[name], shape)
        for wrong in checks.within(name, [entry.part for entry in entries[name]]):
            yield _mistake(entries[name], wrong)
    yield from _names_nothing(entries, ("slot", "goal"), "platform")
    yield from _names_nothing(entries, ("slot", "special_day"), "pillar")
    yield from _names_nothing(entries, ("special_day",), "target_group")
    for strange in checks.strange_owners(
        [entry.part for entry in entries["slot"]], [entry.part for entry in entries["platform"]]
    ):
        yield _mistake(entries["slot"], strange)


def _mistake(entries: list[_Entry], wrong: checks.Wrong) -> Mistake:
    entry = entries[wrong.place]
    line = entry.line(wrong.key) if wrong.key else entry.table.line
    return Mistake(line, wrong.why.sentence, {"key": wrong.key, **wrong.why.values})


def _header(name: str) -> str:
    return f"[[{name}]]" if SHAPES[name].repeated else f"[{name}]"


def _same_names(entries: list[_Entry], shape: Shape) -> Iterator[Mistake]:
    parts = [entry.part for entry in entries]
    names = [shape.named_by, *([(shape.known_as,)] if shape.known_as else [])]
    for same in (same for keys in names if keys for same in checks.same_names(parts, keys)):
        yield Mistake(
            entries[same.place].line(same.key),
            "{name} is there already, in line {first}. Choose another, or remove one.",
            {"name": same.name, "first": entries[same.first].line(same.key)},
        )


def _names_nothing(
    entries: Mapping[str, list[_Entry]], tables: tuple[str, ...], target: str
) -> Iterator[Mistake]:
    """A platform or pillar that is named and not there. Not said where one could not be read."""
    known = [entry.read.get("key") for entry in entries[target]]
    if None in known:
        return
    for entry in (entry for table in tables for entry in entries[table]):
        name = entry.read.get(target)
        if name is None or name in known:
            continue
        line, shown = entry.line(target), {"table": target, "name": name}
        if meant := get_close_matches(name, [str(key) for key in known], n=1):
            yield Mistake(
                line,
                "There is no {table} with the key {name}. Did you mean {meant}?",
                {**shown, "meant": meant[0]},
            )
        else:
            yield Mistake(
                line,
                "There is no {table} with the key {name}. Add it, or name one that is there.",
                shown,
            )
