"""Block Kit → HTML, as one person sees it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.page.layout import button
from bot.sandbox.page.markup import Markup, join, lines, tag
from bot.sandbox.slack import Person, View, forms, render
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import Workspace

_TYPED = {"email_text_input": "email", "url_text_input": "url", "datepicker": "date"}
_CHOSEN = {
    "static_select": "radio",
    "radio_buttons": "radio",
    "multi_static_select": "checkbox",
    "checkboxes": "checkbox",
    "users_select": "radio",
    "multi_users_select": "checkbox",
}
"""Everything is shown at once: so it works without a script."""


class Blocks:
    """Renders for one reader. Buttons are named `press`; their value says which one it is."""

    def __init__(self, person: Person, space: Workspace) -> None:
        self._person = person
        self._space = space

    def message(self, blocks: list[Json]) -> Markup:
        """A message or a Home tab: the buttons stand in the form around it."""
        return join([self._block(block) for block in blocks])

    def form(self, view: View) -> Markup:
        """A modal's content: its inputs are named by their labels."""
        values = view.values()
        return join([self._in_form(block, view, values) for block in view.blocks])

    def text(self, text: str) -> Markup:
        return lines(render.mrkdwn(text, self._person, self._space))

    def _block(self, block: Json) -> Markup:
        known = {
            "header": lambda: tag("h4", self._words(block["text"])),
            "section": lambda: self._section(block),
            "context": lambda: tag("p", *map(self._small, block["elements"]), class_="small"),
            "image": lambda: self._picture(block),
            "actions": lambda: tag("p", self._buttons(block)),
            "divider": lambda: tag("hr"),
            "rich_text": lambda: tag("blockquote", *map(self._rich, block["elements"])),
        }
        kind = block["type"]
        return known[kind]() if kind in known else tag("p", f"[{kind}]", class_="small")

    def _section(self, block: Json) -> Markup:
        words = tag("p", self._words(block["text"])) if "text" in block else ""
        fields = [tag("p", self._words(field)) for field in block.get("fields", ())]
        beside = tag("div", fields, class_="fields") if fields else ""
        return join(words, beside, self._accessory(block))

    def _words(self, text: Json) -> Markup:
        if text["type"] == "mrkdwn":
            return self.text(text["text"])
        return lines(render.plain(text["text"]))

    def _rich(self, part: Json) -> Markup:
        """A quote, a list or a paragraph of rich text: what went is struck, what came is bold."""
        return join([self._leaf(leaf) for leaf in part["elements"]])

    def _leaf(self, leaf: Json) -> Markup:
        words, style = lines(render.leaf(leaf, self._person, self._space)), leaf.get("style", {})
        name = "del" if style.get("strike") else "b" if style.get("bold") else "span"
        return tag(name, words)

    def _small(self, element: Json) -> Markup:
        return self._picture(element) if element["type"] == "image" else self._words(element)

    def _accessory(self, block: Json) -> Markup:
        accessory = block.get("accessory")
        if accessory and accessory["type"] == "image":
            return self._picture(accessory)
        return self._buttons(block) if accessory else Markup()

    def _buttons(self, block: Json) -> Markup:
        return join([self._button(*found) for found in forms.buttons_in([block])])

    def _button(self, block: Json, element: Json, label: str) -> Markup:
        """One that asks first opens, and what it asks is inside."""
        value = f"{block['block_id']}|{element['action_id']}|{label}"
        style = element.get("style")
        if asked := element.get("confirm"):
            words = [tag("p", self._words(asked[part])) for part in ("title", "text")]
            yes = button(asked["confirm"]["text"], name="press", value=value, class_=style)
            return tag("details", tag("summary", label), words, yes)
        return button(label, name="press", value=value, class_=style)

    def _picture(self, element: Json) -> Markup:
        file = element.get("slack_file", {})
        address = f"/slack/file/{file['id']}" if "id" in file else element.get("image_url", "")
        return tag("img", src=address, alt=element["alt_text"], title=element["alt_text"])

    def _in_form(self, block: Json, view: View, values: Json) -> Markup:
        if block["type"] != "input":
            return self._block(block)
        element = block["element"]
        held = values[block["block_id"]][element["action_id"]]
        error = view.errors.get(block["block_id"])
        label = block["label"]["text"]
        return tag(
            "div",
            tag("b", self._words(block["label"])),
            self._input(label, element, next(v for key, v in held.items() if key != "type")),
            tag("p", self._words(block["hint"]), class_="small") if "hint" in block else "",
            tag("p", error, class_="error") if error else "",
            class_="field",
        )

    def _input(self, label: str, element: Json, held: Any) -> Markup:
        """held: what is in it, as Slack keeps it."""
        kind = element["type"]
        if element.get("multiline"):
            return tag("textarea", held or "", name=label, rows=6)
        if kind == "datetimepicker":
            local = datetime.fromtimestamp(held, ZoneInfo(self._person.tz)) if held else None
            value = f"{local:%Y-%m-%dT%H:%M}" if local else ""
            return tag("input", name=label, type="datetime-local", value=value)
        if kind == "file_input":
            names = ", ".join(file["name"] for file in held)
            return join(tag("input", name=label, type="file", multiple=True), tag("p", names))
        if kind in _CHOSEN:
            return self._choices(label, element, held)
        if kind == "number_input":
            step = "any" if element["is_decimal_allowed"] else "1"
            return tag("input", name=label, type="number", step=step, value=held or "")
        return tag("input", name=label, type=_TYPED.get(kind, "text"), value=held or "")

    def _choices(self, label: str, element: Json, held: Any) -> Markup:
        kind = _CHOSEN[element["type"]]
        chosen = {_chosen(one) for one in _as_list(held)}
        return join(
            [
                tag(
                    "label",
                    tag("input", type=kind, name=label, value=value, checked=value in chosen),
                    text,
                )
                for value, text in self._options(element)
            ]
        )

    def _options(self, element: Json) -> list[tuple[str, str]]:
        """(what is sent, what is read) of everything that can be chosen."""
        if element["type"].endswith("users_select"):
            people = self._space.users.values()
            return [(user.id, user.name) for user in people if not user.is_bot]
        described = forms.described_options(element)
        return [(text, render.plain(f"{text} {more}".rstrip())) for text, more in described]


def _chosen(held: Any) -> str:
    """A person's id, or what an option reads."""
    return held if isinstance(held, str) else str(held["text"]["text"])


def _as_list(held: Any) -> list[Any]:
    if held is None:
        return []
    return list(held) if isinstance(held, list) else [held]
