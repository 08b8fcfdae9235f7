"""Block Kit → HTML, as one person sees it."""

from datetime import datetime
from typing import Any

from bot.sandbox.page.layout import button
from bot.sandbox.page.markup import Markup, join, lines, tag
from bot.sandbox.slack import Person, View, forms, render
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import Workspace

_PLAIN = {"plain_text_input": "text", "email_text_input": "email", "url_text_input": "url"}


class Blocks:
    """Renders for one reader. Buttons are named `press`; their value says which one it is."""

    def __init__(self, person: Person, space: Workspace) -> None:
        self._person = person
        self._space = space

    def message(self, blocks: list[Json]) -> Markup:
        """A message or a Home tab: the buttons stand in the form around it."""
        return join([self._block(block) for block in blocks])

    def form(self, view: View) -> Markup:
        """A modal's content: its inputs are named by block and action."""
        values = view.values()
        return join([self._in_form(block, view, values) for block in view.blocks])

    def text(self, text: str) -> Markup:
        return lines(render.mrkdwn(text, self._person, self._space))

    def _block(self, block: Json) -> Markup:
        match block["type"]:
            case "header":
                return tag("h4", block["text"]["text"])
            case "section":
                parts = [block["text"]] if "text" in block else []
                shown = [tag("p", self._words(part)) for part in [*parts, *block.get("fields", ())]]
                return join(shown, self._accessory(block))
            case "context":
                shown = [self._small(element) for element in block["elements"]]
                return tag("p", *shown, class_="small")
            case "image":
                return self._picture(block)
            case "actions":
                return tag("p", self._buttons(block))
            case "divider":
                return tag("hr")
            case _:
                return tag("p", f"[{block['type']}]", class_="small")

    def _words(self, text: Json) -> Markup:
        return self.text(text["text"]) if text["type"] == "mrkdwn" else lines(text["text"])

    def _small(self, element: Json) -> Markup:
        return self._picture(element) if element["type"] == "image" else self._words(element)

    def _accessory(self, block: Json) -> Markup:
        accessory = block.get("accessory")
        if accessory and accessory["type"] == "image":
            return self._picture(accessory)
        return self._buttons(block) if accessory else Markup()

    def _buttons(self, block: Json) -> Markup:
        return join(
            [
                button(
                    label,
                    name="press",
                    value=f"{block['block_id']}|{element['action_id']}|{label}",
                    class_=element.get("style"),
                )
                for _, element, label in forms.buttons_in([block])
            ]
        )

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
        return tag(
            "div",
            tag("label", tag("b", block["label"]["text"]), self._input(block, element, held)),
            tag("p", block["hint"]["text"], class_="small") if "hint" in block else "",
            tag("p", error, class_="error") if error else "",
        )

    def _input(self, block: Json, element: Json, held: Json) -> Markup:
        name = f"{block['block_id']}|{element['action_id']}"
        kind = element["type"]
        value: Any = next((v for key, v in held.items() if key != "type"), None)
        if kind in _PLAIN:
            if element.get("multiline"):
                return tag("textarea", value or "", name=name, rows=6)
            return tag("input", name=name, type=_PLAIN[kind], value=value or "")
        if kind == "datetimepicker":
            return tag("input", name=name, type="datetime-local", value=self._local(value))
        if kind == "file_input":
            return tag("input", name=name, type="file", multiple=True)
        if kind in {"static_select", "multi_static_select"}:
            return self._select(name, element, value)
        return self._ticks(name, element, value)

    def _local(self, seconds: int | None) -> str:
        if seconds is None:
            return ""
        there = datetime.fromtimestamp(seconds, self._zone)
        return f"{there:%Y-%m-%dT%H:%M}"

    @property
    def _zone(self) -> Any:
        from zoneinfo import ZoneInfo

        return ZoneInfo(self._person.tz)
