"""Formatted text: Telegram's HTML to plain text with entities, and the entities it finds itself.

Offsets and lengths count UTF-16 code units, as the Bot API does; the errors count bytes.
The reading of HTML, forgiving in the same places and strict in the same places, follows TDLib.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.errors import ApiError, bad_request

Entity = dict[str, Any]
"""A MessageEntity: type, offset, length, and url or language where it has one."""

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler",
    "blockquote": "blockquote",
}  # fmt: skip

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)")
_START_TAG = re.compile(r"<([^\s>]*)")
_ATTRIBUTE = re.compile(r"""\s*(?:(>)|([^\s=>]+)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s>"']+))?)""")

_FOUND = [
    ("url", re.compile(r"(?:https?://|t\.me/|www\.)[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,255}")),
]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    offset: int
    extra: dict[str, str]
    text_from: int


@dataclass
class _Html:
    """One reading of an HTML text; `at` is where it is."""

    source: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._character()
        if self.open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )
        return "".join(self.text), self.entities

    def _here(self) -> int:
        return len(self.source[: self.at].encode())

    def _character(self) -> None:
        if found := _CHARACTER.match(self.source, self.at):
            character = _decode(found)
            self.at = found.end()
        else:
            character = self.source[self.at]
            self.at += 1
        self.text.append(character)
        self.offset += utf16_length(character)

    def _start_tag(self) -> None:
        found = _START_TAG.match(self.source, self.at)
        assert found is not None  # the caller saw the "<"
        tag = found[1].lower()
        if found.end() == len(self.source):
            raise _unparsable(f"Unclosed start tag at byte offset {self._here()}")
        if tag not in _TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {self._here()}')
        attributes, end = self._attributes(tag, found.end())
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            message = f'Tag "span" must have class "tg-spoiler" at byte offset {self._here()}'
            raise _unparsable(message)
        self.open.append(_Open(tag, self.offset, attributes, len(self.text)))
        self.at = end

    def _attributes(self, tag: str, at: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while found := _ATTRIBUTE.match(self.source, at):
            at = found.end()
            if found[1]:
                return attributes, at
            attributes[found[2].lower()] = _decoded((found[3] or "").strip("\"'"))
        raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._here()}')

    def _end_tag(self) -> None:
        here = self._here()
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {here}")
        found = _END_TAG.match(self.source, self.at)
        assert found is not None  # the caller saw the "</"
        if not found[2]:
            raise _unparsable(f"Unclosed end tag at byte offset {here}")
        opened = self.open.pop()
        if found[1] and found[1].lower() != opened.tag:
            raise _unparsable(
                f"Unmatched end tag at byte offset {here}, "
                f'expected "</{opened.tag}>", found "</{found[1]}>"'
            )
        self.at = found.end()
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.offset - opened.offset
        if not length:
            return
        entity: Entity = {"type": _TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            url = opened.extra.get("href") or "".join(self.text[opened.text_from :])
            if not (address := _address(url)):
                return  # a link that leads nowhere is shown as plain text
            entity["url"] = address
        elif opened.tag == "blockquote" and "expandable" in opened.extra:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def read_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, outermost first; ApiError 400 "can't parse entities"."""
    text, entities = _Html(source).read()
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def formatted(source: str, parse_mode: str, given: Any = None) -> tuple[str, list[Entity]]:
    """Text as it is kept: parsed, without outer blanks, with the entities Telegram finds."""
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = read_html(source)
    else:
        text, entities = source, _checked(source, given or [])
    text, entities = _stripped(text.replace("\r", ""), entities)
    return text, with_found(text, entities)


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities, and the commands, addresses and mentions that Telegram marks by itself."""
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities
             if entity["type"] in {"text_link", "code", "pre"}]  # fmt: skip
    result = list(entities)
    for kind, pattern in _FOUND:
        for found in pattern.finditer(text):
            start = utf16_length(text[: found.start()])
            end = start + utf16_length(found[0])
            if all(end <= other_start or start >= other_end for other_start, other_end in taken):
                taken.append((start, end))
                result.append({"type": kind, "offset": start, "length": end - start})
    return sorted(result, key=lambda entity: (entity["offset"], -entity["length"]))


def _checked(text: str, entities: Any) -> list[Entity]:
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: array expected")
    end_of_text = utf16_length(text)
    for entity in entities:
        start, length = int(entity.get("offset", -1)), int(entity.get("length", 0))
        if start < 0 or start >= end_of_text or start + length > end_of_text:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text "
                f"at UTF-16 offset {end_of_text}"
            )
    return [dict(entity) for entity in entities]


def _stripped(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the blanks around; entities move along and are cut where the text is."""
    gone = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    end_of_text = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - gone)
        end = min(end_of_text, entity["offset"] + entity["length"] - gone)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def _address(url: str) -> str:
    if re.match(r"(?i)(https?|tg|mailto|tel)://?\S|(mailto|tel):\S", url):
        return url
    return f"http://{url}/" if re.fullmatch(r"[\w-]+(\.[\w-]+)+", url) else ""


def _decoded(text: str) -> str:
    return _CHARACTER.sub(_decode, text)


def _decode(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0 < code <= 0x10FFFF else found[0]


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
