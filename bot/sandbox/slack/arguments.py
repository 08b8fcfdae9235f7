"""The arguments of a Web API method: what it knows, what it needs, and of what kind each is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import Workspace

EVERYWHERE = {"token", "team_id"}
"""Taken by every method; slack_sdk adds the team to all calls of a client that knows it."""

Handler = Callable[[Workspace, Json], Json]


@dataclass(frozen=True)
class Method:
    """One method; kinds are "str", "int", "bool", "json" and "ids" (a comma-separated list)."""

    handler: Handler
    required: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    token: str = "bot"
    """Which token it takes: "bot", "app", or "none"."""


def read_arguments(method: Method, given: Mapping[str, Any]) -> Json:
    """The arguments in their own types. Raises `invalid_arguments` with every mistake."""
    kinds = {**method.required, **method.optional}
    wrong = [
        f"missing required field: {name}"
        for name in method.required
        if given.get(name) in (None, "")
    ]
    wrong += [f"unknown argument: {name}" for name in given if name not in {*kinds, *EVERYWHERE}]
    read: Json = {}
    for name, kind in kinds.items():
        if given.get(name) is None:
            continue
        try:
            read[name] = _READERS[kind](given[name])
        except (ValueError, TypeError):
            wrong.append(f"{_MUST[kind]} [json-pointer:/{name}]")
    if wrong:
        raise SlackError("invalid_arguments", wrong)
    return read


def _as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _as_int(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError
    return int(value)


def _as_bool(value: Any) -> bool:
    word = str(value).lower()
    if word not in {"1", "true", "0", "false"}:
        raise ValueError
    return word in {"1", "true"}


def _as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _as_ids(value: Any) -> list[str]:
    ids = value if isinstance(value, list) else _as_text(value).split(",")
    return [str(one).strip() for one in ids]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": _as_text,
    "int": _as_int,
    "bool": _as_bool,
    "json": _as_json,
    "ids": _as_ids,
}
_MUST = {
    "str": "must be a string",
    "int": "must be an integer",
    "bool": "must be a boolean",
    "json": "must be valid JSON",
    "ids": "must be a list of ids",
}
