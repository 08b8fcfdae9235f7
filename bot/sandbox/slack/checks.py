"""Checks that Block Kit is described with, and Slack's own words for what is wrong.

A check looks at one value and reports every mistake in it to the findings, with the place as a
JSON pointer: "must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.state import IMAGE_TYPES, Json, SlackFile


@dataclass
class Findings:
    """What is wrong with some blocks, and the files that they may show."""

    files: Mapping[str, SlackFile]
    messages: list[str] = field(default_factory=list)

    def add(self, message: str, pointer: str) -> None:
        self.messages.append(f"{message} [json-pointer:{pointer or '/'}]")


Check = Callable[[Any, str, Findings], None]
Rule = Callable[[Json, str, Findings], None]


def string(longest: int | None = None, shortest: int = 1, pattern: str = "") -> Check:
    def check(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add("must be a string", pointer)
        elif len(value) < shortest:
            findings.add(f"must be more than {shortest - 1} characters", pointer)
        elif longest is not None and len(value) > longest:
            findings.add(f"must be less than {longest + 1} characters", pointer)
        elif pattern and not re.fullmatch(pattern, value):
            findings.add("does not match the expected format", pointer)

    return check


def boolean(value: Any, pointer: str, findings: Findings) -> None:
    if not isinstance(value, bool):
        findings.add("must be a boolean", pointer)


def integer(least: int, most: int) -> Check:
    def check(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add("must be an integer", pointer)
        elif value < least:
            findings.add(f"must be greater than {least - 1}", pointer)
        elif value > most:
            findings.add(f"must be less than {most + 1}", pointer)

    return check


def choice(*values: str) -> Check:
    def check(value: Any, pointer: str, findings: Findings) -> None:
        if value not in values:
            findings.add(f"must be one of: {', '.join(values)}", pointer)

    return check


def array(item: Check, most: int | None = None, least: int = 1) -> Check:
    def check(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add("must be an array", pointer)
            return
        if len(value) < least:
            findings.add(f"no less than {least} items allowed", pointer)
        if most is not None and len(value) > most:
            findings.add(f"no more than {most} items allowed", pointer)
        for place, one in enumerate(value):
            item(one, f"{pointer}/{place}", findings)

    return check


def record(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Rule
) -> Check:
    """An object with these fields and no others; the rules are asked when its shape is right."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must be an object", pointer)
            return
        before = len(findings.messages)
        for name in required:
            if name not in value:
                findings.add(f"missing required field: {name}", pointer)
        for name, part in value.items():
            if name in known:
                known[name](part, f"{pointer}/{name}", findings)
            elif name != "type":
                findings.add(f"invalid additional property: {name}", pointer)
        if len(findings.messages) == before:
            for rule in rules:
                rule(value, pointer, findings)

    return check


def typed(kinds: Mapping[str, Check], allowed: Collection[str] | None = None) -> Check:
    """An object whose `type` says which check it must pass."""
    names = set(kinds if allowed is None else allowed)

    def check(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must be an object", pointer)
        elif "type" not in value:
            findings.add("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in names:
            findings.add(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            kinds[value["type"]](value, pointer, findings)

    return check


def plain_text(longest: int) -> Check:
    return typed({"plain_text": record({"text": string(longest)}, {"emoji": boolean})})


def any_text(longest: int) -> Check:
    inner = typed(
        {
            "plain_text": record({"text": string(longest)}, {"emoji": boolean}),
            "mrkdwn": record({"text": string(longest)}, {"verbatim": boolean}),
        }
    )

    def check(value: Any, pointer: str, findings: Findings) -> None:
        inside = Findings(findings.files)
        inner(value, pointer, inside)
        if inside.messages:
            # Slack names the alternatives first and the real reason after it.
            findings.add("failed to match all allowed schemas", pointer)
            findings.messages += inside.messages

    return check


def exactly_one_of(*names: str) -> Rule:
    def rule(value: Json, pointer: str, findings: Findings) -> None:
        if sum(name in value for name in names) != 1:
            findings.add(f"must define exactly one of: {', '.join(names)}", pointer)

    return rule


def at_least_one_of(*names: str) -> Rule:
    def rule(value: Json, pointer: str, findings: Findings) -> None:
        if not any(name in value for name in names):
            findings.add(f"must define at least one of: {', '.join(names)}", pointer)

    return rule


def distinct(name: str, among: str) -> Rule:
    """No two of the things under `among` have the same `name`."""

    def rule(value: Json, pointer: str, findings: Findings) -> None:
        seen = set()
        for place, one in enumerate(value.get(among, ())):
            if name in one and one[name] in seen:
                where = f"{pointer}/{among}/{place}/{name}"
                findings.add(f"`{name}` {one[name]} already exists", where)
            seen.add(one.get(name))

    return rule


def known_picture(value: Json, pointer: str, findings: Findings) -> None:
    """A `slack_file` must be a picture that is already in the workspace."""
    file = findings.files.get(value.get("id", ""))
    if "url" in value:
        of_id = re.search(r"/files(?:-pri/[^/]*-|/[^/]*/)(F[A-Z0-9]+)/", value["url"])
        file = findings.files.get(of_id[1]) if of_id else None
    if file is None or not file.shared or file.mimetype not in IMAGE_TYPES:
        findings.add("invalid slack file", pointer)


def known_options(value: Json, pointer: str, findings: Findings) -> None:
    """What is chosen beforehand must be among the options, word for word."""
    groups = [group["options"] for group in value.get("option_groups", ())]
    options = value.get("options", []) + [option for group in groups for option in group]
    values = [option["value"] for option in options if "value" in option]
    if len(values) != len(set(values)):
        findings.add("option values must be unique", f"{pointer}/options")
    if "initial_option" in value and value["initial_option"] not in options:
        findings.add("must be one of the options", f"{pointer}/initial_option")
    for place, option in enumerate(value.get("initial_options", ())):
        if option not in options:
            findings.add("must be one of the options", f"{pointer}/initial_options/{place}")


def fitting_initial_value(value: Json, pointer: str, findings: Findings) -> None:
    longest, shortest = value.get("max_length", 3000), value.get("min_length", 0)
    if shortest > longest:
        findings.add("must not be more than max_length", f"{pointer}/min_length")
    if len(value.get("initial_value", "")) > longest:
        findings.add(f"must be less than {longest + 1} characters", f"{pointer}/initial_value")
