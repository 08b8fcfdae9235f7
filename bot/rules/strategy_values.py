"""What a value in the strategy file may be. Each reader takes it as TOML gives it and returns it
as it is kept; it raises a Refusal, in which {key} stands for the key, where it is not right."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from bot.rules.calendar import Skip
from bot.rules.figures import Metric
from bot.rules.lengths import Counting
from bot.rules.people import Approvals
from bot.rules.recurrence import check_rule
from bot.rules.refusals import Refusal
from bot.rules.special_days import MAX_IDEA, MOST_IDEAS, check_country, check_yearly_rule
from bot.rules.topics import folded, words_of

Reader = Callable[[Any], Any]
D = TypeVar("D", bound=date)

MAX_NAME = 75  # Slack: the text of an option
MAX_SENTENCE = 300  # Telegram: the question of a poll; long enough for a rule, too
MAX_EXPLANATION = 1000
MAX_STATEMENT = 2900  # Slack: the text of a section, with room for what it escapes
MAX_KEY = 59  # Telegram: a deep link has 64 characters, "call_" among them
_YEARS = range(2000, 2101)
_COUNTINGS = ", ".join(f'"{each}"' for each in Counting)


class Publish(StrEnum):
    """Who publishes on a platform."""

    TELEGRAM = "telegram"  # the bot, in its channel
    BY_HAND = "by hand"  # an owner, with what the bot hands over


def empty() -> Refusal:
    return Refusal("{key} is empty. Please write something there.")


def text(most: int) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Refusal("{key} is a text: write it between quotation marks.")
        if not value.strip():
            raise empty()
        if len(value) > most:
            raise Refusal(
                "{key} has {length} characters; {limit} is the most.",
                length=len(value),
                limit=most,
            )
        return value.strip()

    return read


def text_or_empty(most: int) -> Reader:
    full = text(most)
    return lambda value: "" if value == "" else full(value)


def key(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"[a-z0-9_-]{{1,{MAX_KEY}}}", value):
        raise Refusal(
            "{key} is a short name: small letters, digits, - and _, between quotation marks, "
            "{limit} at most. An example: {example}.",
            limit=MAX_KEY,
            example=f'"{(isinstance(value, str) and as_key(value)) or "newsletter"}"',
        )
    return value


def as_key(name: str) -> str:
    """What a name reads like as a key; empty where it has none of a key's letters."""
    return "-".join(re.findall("[a-z0-9_]+", folded(name)))[:MAX_KEY].strip("-")


def number(least: float, most: float) -> Reader:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("{key} is a number, without quotation marks.")
        if not least <= value <= most:
            raise Refusal(
                "{key} is a number from {least} to {most}.", least=f"{least:g}", most=f"{most:g}"
            )
        return float(value)

    return read


def whole(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("{key} is a number, without quotation marks.")
        if not isinstance(value, int) or not least <= value <= most:
            raise Refusal(
                "{key} is a whole number from {least} to {most}.", least=str(least), most=str(most)
            )
        return value

    return read


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refusal("{key} is true or false, without quotation marks.")
    return value


def publish(value: Any) -> Publish:
    try:
        return Publish(value)
    except ValueError:
        raise Refusal(
            '{key} is "telegram" (the bot posts it) or "by hand" (an owner does).'
        ) from None


def counting(value: Any) -> Counting:
    try:
        return Counting(value)
    except ValueError:
        raise Refusal("{key} is one of these: {known}.", known=_COUNTINGS) from None


def people(value: Any) -> tuple[str, ...]:
    """Slack user ids; one that stands twice counts once."""
    if not isinstance(value, list):
        raise Refusal('{key} is a list of Slack user ids: ["U0123ABCD", "U0456EFGH"].')
    wrong = [each for each in value if not _is_slack_id(each)]
    if wrong:
        raise Refusal(
            "{people} in {key}: that is no Slack user id. An id begins with U or W and stands in "
            "the profile in Slack, under: Copy member ID.",
            people=", ".join(str(each)[:MAX_NAME] for each in wrong),
        )
    return tuple(dict.fromkeys(value))


def _is_slack_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[UW][A-Z0-9]+", value) is not None


def owners(value: Any) -> tuple[str, ...]:
    found = people(value)
    if not found:
        raise Refusal("A platform has one owner at least: who decides on what is posted there?")
    return found


def person(value: Any) -> str:
    if isinstance(value, list):
        raise Refusal(
            "{key} is one Slack user id, between quotation marks: {example}.", example='"U0123ABCD"'
        )
    found: str = people([value])[0]
    return found


def approvals(value: Any) -> Approvals:
    """More than there are people is found where the people are known."""
    if value == "all":
        return "all"
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Refusal('{key} is a whole number from 1, or "all": every owner approves.')
    return value


def words(value: Any) -> tuple[str, ...]:
    """Words to look for; one that stands twice counts once."""
    if not isinstance(value, list) or not value or not all(isinstance(w, str) for w in value):
        raise Refusal("{key} is a list of words: {example}.", example='["refugee", "asylum"]')
    if unfindable := [word for word in value if not words_of(word)]:
        raise Refusal(
            "{word} in {key} has no letter or digit, so that it is never found.",
            word=f'"{unfindable[0][:MAX_NAME]}"',
        )
    return tuple(dict.fromkeys(word.strip() for word in value))


def metrics(value: Any) -> tuple[Metric, ...]:
    """What a platform counts; one that stands twice counts once. None: what is usual there."""
    known = [each.value for each in Metric]
    if not isinstance(value, list) or not all(each in known for each in value):
        raise Refusal(
            "{key} is a list of what this platform counts. It knows {known}.",
            known=", ".join(f'"{each}"' for each in known),
        )
    return tuple(metric for metric in Metric if metric in value)


def rule(value: Any) -> str:
    if not isinstance(value, str):
        raise Refusal(
            "{key} is a rule of RFC 5545, between quotation marks. "
            "A rule for every Monday: {example}.",
            example='"FREQ=WEEKLY;BYDAY=MO"',
        )
    check_rule(value.strip())
    return value.strip().upper()


def skip(value: Any) -> tuple[Skip, ...]:
    """Days on which a slot does not come; one that stands twice counts once."""
    known = [each.value for each in Skip]
    if not isinstance(value, list) or not all(each in known for each in value):
        raise Refusal(
            "{key} is a list of days on which this does not come. It knows {known}.",
            known=", ".join(f'"{each}"' for each in known),
        )
    return tuple(dict.fromkeys(Skip(each) for each in value))


def yearly_rule(value: Any) -> str:
    found: str = rule(value)
    check_yearly_rule(found)
    return found


def country(value: Any) -> str:
    if not isinstance(value, str):
        raise Refusal('{key} is the code of a country, between quotation marks: "NL".')
    code = value.strip().upper()
    check_country(code)
    return code


def ideas(value: Any) -> tuple[str, ...]:
    """One that stands twice counts once."""
    if not isinstance(value, list) or len(value) > MOST_IDEAS:
        raise Refusal(
            "{key} is a list of ideas, {limit} at most: {example}.",
            limit=MOST_IDEAS,
            example='["Read aloud in the market square"]',
        )
    return tuple(dict.fromkeys(map(text(MAX_IDEA), value)))


def time_of_day(value: Any) -> time:
    if not isinstance(value, time):
        raise Refusal("{key} is a time, without quotation marks: {example}.", example="10:00:00")
    return value.replace(microsecond=0)


def day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Refusal("{key} is a date, without quotation marks: {example}.", example="2027-12-31")
    return _in_our_days(value)


def moment(value: Any) -> datetime:
    """Naive where the file gives no zone: then it is wall time."""
    if not isinstance(value, datetime):
        raise Refusal(
            "{key} is a date with a time, without quotation marks: {example}.",
            example="2027-12-31T18:00:00",
        )
    return _in_our_days(value)


def _in_our_days(value: D) -> D:
    """Beyond these years it is a slip, and arithmetic with zones ends."""
    if value.year not in _YEARS:
        raise Refusal(
            "The year of {key} cannot be right: {year}. It lies between {first} and {last}.",
            year=str(value.year),
            first=str(_YEARS[0]),
            last=str(_YEARS[-1]),
        )
    return value
