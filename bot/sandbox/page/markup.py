"""HTML, escaped by itself: whatever is no Markup is text."""

from collections.abc import Iterable
from html import escape

Inside = str | Iterable[str]
"""Text, HTML, or several of these."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


_EMPTY = {"br", "hr", "img", "input", "link", "meta"}


def tag(name: str, /, *inside: Inside, **attributes: object) -> Markup:
    """`tag("a", "Anna & co", href="/")`. A trailing underscore is for Python's own words."""
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*inside)}</{name}>")


def join(*parts: Inside) -> Markup:
    """One after the other."""
    return Markup("".join(_html(part) for part in parts))


def lines(text: str) -> Markup:
    """Text with its line breaks."""
    return Markup(escape(text).replace("\n", "<br>"))


def _html(part: Inside) -> str:
    if isinstance(part, Markup):
        return part
    if isinstance(part, str):
        return escape(part)
    return "".join(_html(each) for each in part)


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
