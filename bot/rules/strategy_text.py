"""A strategy as the text of a strategy file (TOML), which reads as the very same strategy."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date, datetime, time
from typing import Any

from bot.rules.retention import Retention
from bot.rules.strategy_parts import LISTS, Strategy, file_key

_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write(strategy: Strategy) -> str:
    """Keys that have their usual value are left out."""
    tables = [_table("[organisation]", strategy.organisation)]
    if strategy.retention != Retention():
        tables.append(_table("[retention]", strategy.retention))
    for name, parts in LISTS.items():
        tables += [_table(f"[[{name}]]", part) for part in getattr(strategy, parts)]
    return "\n".join(tables)


def _table(name: str, part: Any) -> str:
    return "\n".join([name, *_lines(part)]) + "\n"


def _lines(part: Any) -> Iterator[str]:
    for field in fields(part):
        value = getattr(part, field.name)
        if field.default is MISSING or value != field.default:
            yield f"{file_key(field)} = {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_ESCAPED.sub(_escape, value)}"'
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return str(value)


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"
