"""Words on their way to Slack: escaped, mentioned, dated, cut to what fits.

What people wrote goes into plain_text objects, where Slack changes nothing; only names go into
mrkdwn, escaped. Source: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.rules.refusals import Mention, Phrase, Refusal
from bot.texts import Texts
from handlers.slack.emoji import with_emoji

FIRST_WORDS = 60
"""So many characters of a post tell a person which one is meant."""

MOST_NAMES = 10
"""In one sentence."""

_SPECIAL = re.compile(r"<([^<>]*)>")


def escape(text: str) -> str:
    """For mrkdwn: the three characters that Slack gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def listed(items: Iterable[str], t: Texts) -> str:
    """'a, b and c', escaped; of very many the first, and how many more there are."""
    found = [escape(item) for item in items]
    more = len(found) - MOST_NAMES
    if more > 0:
        found = [*found[:MOST_NAMES], t.n("one more", "{n} more", more)]
    return t.listing(found)


def whom(slack_id: str) -> str:
    """A person or a channel."""
    return mention(slack_id) if slack_id.startswith(("U", "W")) else f"<#{slack_id}>"


def link(address: str, label: str) -> str:
    safe = escape(address).replace("|", "%7C")
    return f"<{safe}|{escape(label)}>"


def moment(at: datetime, t: Texts, zone: ZoneInfo) -> str:
    """A time that every reader sees in their own zone."""
    fallback = escape(t.moment(at, zone))
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{fallback}>"


def planned(at: datetime | None, t: Texts, zone: ZoneInfo) -> str:
    """When something goes out."""
    return moment(at, t, zone) if at else t("no date yet")


def first_words(text: str, most: int = FIRST_WORDS) -> str:
    """The first line, cut at `most` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def literal(text: str) -> str:
    """For plain_text, where Slack still reads "&lt;" as "<": an ampersand before such a word is
    spelled out, any other stays as it is."""
    return re.sub("&(?=(?:amp|lt|gt);)", "&amp;", text)


def pieces(text: str, most: int) -> Iterator[str]:
    """The whole text, in pieces of at most `most` UTF-16 units, also when each is made literal:
    however Slack counts, it fits."""
    if 0 < len(text) <= most // len("&amp;"):  # it fits, whatever it is made of
        yield text
        return
    start, length = 0, 0
    for place, character in enumerate(text):
        units = len("&amp;") if character == "&" else 2 if ord(character) > 0xFFFF else 1
        if length + units > most:
            yield text[start:place]
            start, length = place, 0
        length += units
    if start < len(text):
        yield text[start:]


@dataclass(frozen=True)
class Reader:
    """How somebody reads what has no words of its own: people, moments."""

    t: Texts
    mention: Callable[[str], str]
    moment: Callable[[datetime], str]
    text: Callable[[str], str]


def in_mrkdwn(t: Texts, zone: ZoneInfo) -> Reader:
    return Reader(t, mention, lambda at: moment(at, t, zone), escape)


def sentence(refusal: Refusal, reader: Reader) -> str:
    """The refusal, in the reader's language."""
    values = {name: _value(value, reader) for name, value in refusal.values.items()}
    return reader.t(refusal.sentence, **values)


def mentioned(refusal: Refusal) -> list[str]:
    """The Slack ids of the people in it."""
    found: list[str] = []
    for value in refusal.values.values():
        parts = value if isinstance(value, tuple) else (value,)
        found += [part.slack_id for part in parts if isinstance(part, Mention)]
    return found


def _value(value: object, reader: Reader) -> str:
    match value:
        case Mention(slack_id):
            return reader.mention(slack_id)
        case Phrase(words):
            return reader.text(reader.t(words))
        case datetime():
            return reader.moment(value)
        case int():
            return reader.t.number(value)
        case tuple():
            return reader.t.listing(_value(part, reader) for part in value)
        case _:
            return reader.text(str(value))


def readable(text: str, name_of: Callable[[str], str]) -> str:
    """A Slack message's text as it can be read outside Slack: names for mentions, links as
    addresses, emoji for their names. No @ before a name: elsewhere that calls a stranger."""
    return with_emoji(unescape(_SPECIAL.sub(lambda found: _spelled_out(found[1], name_of), text)))


def people_in(text: str) -> list[str]:
    """The Slack ids of those whom a message's text mentions."""
    return re.findall(r"<@([UW][A-Z0-9]+)", text)


def _spelled_out(inside: str, name_of: Callable[[str], str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return name_of(target[1:])
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    scheme, _, address = target.partition(":")
    if scheme in ("mailto", "tel"):
        return label or address
    return f"{label} ({target})" if label and label not in target else target
