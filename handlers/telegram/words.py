"""What a refusal says, for a follower."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.rules.refusals import Mention, Phrase, Refusal
from bot.texts import Texts

LONGEST_ANSWER = 200  # characters above the chat; Telegram's limit

STALE = Refusal("This button does not work any more. Send /help to see what you can do.")


def refusal_text(t: Texts, refusal: Refusal, zone: ZoneInfo) -> str:
    return sentence_text(t, refusal.sentence, refusal.values, zone)


def sentence_text(t: Texts, sentence: str, values: Mapping[str, object], zone: ZoneInfo) -> str:
    """The sentence with its values, each as it is read in this language."""
    return t(sentence, **{name: _read(t, value, zone) for name, value in values.items()})


def clipped(text: str, limit: int = LONGEST_ANSWER) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _read(t: Texts, value: object, zone: ZoneInfo) -> object:
    match value:
        case Phrase(sentence):
            return t(sentence)
        case Mention():  # followers do not read the names of colleagues
            return t("one of our colleagues")
        case datetime():
            return t.moment(value, zone)
        case tuple() | list():
            return t.listing(str(_read(t, item, zone)) for item in value)
        case _:
            return value
