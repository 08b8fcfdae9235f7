"""Forms: what a person types and chooses, by the labels and options that they see."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.slack.blocks import elements_of
from bot.sandbox.slack.errors import NoSuchButton, NoSuchField, NoSuchOption
from bot.sandbox.slack.state import Json, Reader

Typed = Mapping[tuple[str, str], Json]
"""(block_id, action_id) → the element's state."""

_LISTS = {
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}
_SINGLES = {
    "users_select": "user",
    "channels_select": "channel",
    "conversations_select": "conversation",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}
_TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_ONE_OPTION = {"static_select", "radio_buttons"}
_OPTIONS = {"multi_static_select", "checkboxes"}


def same_label(one: str, other: str) -> bool:
    """Whether two labels read the same, apart from an emoji before them."""
    return _bare(one) == _bare(other)


def _bare(label: str) -> str:
    return re.sub(r"^(?:\s|:[a-z0-9_+-]+:|[^\w\s(\[<&])*", "", label.rstrip())


def initial_state(element: Json) -> Json | None:
    """The element's state before anybody touched it; None for what holds no state."""
    kind = element["type"]
    if kind in _TEXTS:
        return {"type": kind, "value": element.get("initial_value") or None}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if name := _SINGLES.get(kind):
        return {"type": kind, f"selected_{name}": element.get(f"initial_{name}")}
    if name := _LISTS.get(kind):
        return {"type": kind, f"selected_{name}": element.get(f"initial_{name}", [])}
    return {"type": kind, "files": []} if kind == "file_input" else None


def state_values(blocks: list[Json], typed: Typed) -> Json:
    """`state.values`: what every input holds, typed or set beforehand."""
    values: Json = {}
    for block, element in elements_of(blocks):
        initial = initial_state(element)
        if initial is not None:
            key = (block["block_id"], element["action_id"])
            values.setdefault(key[0], {})[key[1]] = typed.get(key, initial)
    return values


def buttons_in(blocks: list[Json]) -> list[tuple[Json, Json, str]]:
    """(block, action, label) of everything that can be pressed, in reading order.

    An entry of an overflow menu is pressed like a button; so is an option of a select that
    stands outside a form, for choosing it acts at once.
    """
    found = []
    for block, element in elements_of(blocks):
        if element["type"] == "button":
            found.append((block, element, str(element["text"]["text"])))
        elif element["type"] == "overflow" or (
            element["type"] in _ONE_OPTION and block["type"] != "input"
        ):
            found += [
                (block, {**element, "selected_option": option}, str(option["text"]["text"]))
                for option in element["options"]
            ]
    return found


def button_labels(blocks: list[Json]) -> list[str]:
    return [label for _, _, label in buttons_in(blocks)]


def find_button(blocks: list[Json], label: str) -> tuple[Json, Json]:
    """(block, element) of the first button that reads `label`. Raises NoSuchButton."""
    for block, element, text in buttons_in(blocks):
        if same_label(text, label):
            return block, element
    raise NoSuchButton(label, button_labels(blocks))


def field_labels(blocks: list[Json]) -> list[str]:
    return [block["label"]["text"] for block in blocks if block["type"] == "input"]


def find_field(blocks: list[Json], label: str) -> Json:
    """The input block with this label. Raises NoSuchField."""
    for block in blocks:
        if block["type"] == "input" and same_label(block["label"]["text"], label):
            return block
    raise NoSuchField(label, field_labels(blocks))


def state_for(element: Json, value: Any, person: Reader, files: Mapping[str, Json]) -> Json:
    """The element's state once the person has put `value` in it; None empties it.

    Options are given by the text that is shown, moments as `datetime` (without a zone: in the
    person's own), files as what `Person.upload` gave. Raises NoSuchOption.
    """
    empty = _empty(element)
    if value is None:
        return empty
    kind, holder = element["type"], next(name for name in empty if name != "type")
    held: Any
    if kind in _TEXTS:
        held = str(value) or None
    elif kind in _ONE_OPTION:
        held = _option(element, value)
    elif kind in _OPTIONS:
        chosen = [_option(element, one) for one in _as_list(value)]
        # Slack gives them in the order in which they stand, not in which they were ticked.
        held = [option for option in _options(element) if option in chosen]
    elif kind in _LISTS:
        held = [_id(one) for one in _as_list(value)]
    elif kind == "file_input":
        held = [files[_id(one)] for one in _as_list(value)]
    else:
        held = _single(kind, value, person)
    return {"type": kind, holder: held}


def complaint(block: Json, state: Json) -> str | None:
    """What Slack itself says under a field, before it sends anything to the app."""
    element = block["element"]
    held = next(value for name, value in state.items() if name != "type")
    if not held:
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_complaint(element, held)
    if element["type"] == "number_input":
        return _number_complaint(element, held)
    most = element.get("max_files", 10 if element["type"] == "file_input" else 100)
    if isinstance(held, list) and len(held) > element.get("max_selected_items", most):
        return f"Please choose no more than {element.get('max_selected_items', most)}."
    kinds = element.get("filetypes")
    if kinds and any(file["filetype"] not in _with_aliases(kinds) for file in held):
        return f"Please choose files of these kinds: {', '.join(kinds)}."
    return None


def _length_complaint(element: Json, text: str) -> str | None:
    longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
    if len(text) > longest:
        return f"Please shorten this text to {longest} characters or less."
    if len(text) < shortest:
        return f"Please lengthen this text to {shortest} characters or more."
    return None


def _number_complaint(element: Json, typed: str) -> str | None:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", typed):
        return "Please enter a number."
    if "." in typed and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if Decimal(typed) < Decimal(element.get("min_value", typed)):
        return f"Please enter a number of at least {element['min_value']}."
    if Decimal(typed) > Decimal(element.get("max_value", typed)):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _with_aliases(kinds: list[str]) -> set[str]:
    return {*kinds, *({"jpg", "jpeg"} if {"jpg", "jpeg"} & set(kinds) else ())}


def _empty(element: Json) -> Json:
    bare = {name: value for name, value in element.items() if not name.startswith("initial_")}
    state = initial_state(bare)
    assert state is not None
    return state


def option_labels(element: Json) -> list[str]:
    return [option["text"]["text"] for option in _options(element)]


def described_options(element: Json) -> list[tuple[str, str]]:
    """Each option's text, with the line that stands below it."""
    return [
        (option["text"]["text"], option.get("description", {}).get("text", ""))
        for option in _options(element)
    ]


def _options(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _option(element: Json, text: str) -> Json:
    for option in _options(element):
        if same_label(option["text"]["text"], text):
            return option
    raise NoSuchOption(text, option_labels(element))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _id(one: Any) -> str:
    return one if isinstance(one, str) else str(one.id)


def _single(kind: str, value: Any, person: Reader) -> str | int:
    if kind == "datetimepicker":
        assert isinstance(value, datetime)
        there = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(person.tz))
        return int(there.timestamp())
    if kind == "datepicker" and isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if kind == "timepicker" and isinstance(value, time | datetime):
        return f"{value:%H:%M}"
    return _id(value)
