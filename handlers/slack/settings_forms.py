"""The forms of the settings: a field for each key of the strategy file. Pure.

To add a field: a line here, its label in bot.rules.settings, its reader in bot.rules.strategy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.actions.settings import Section, Setting
from bot.actions.views import Choice
from bot.rules import strategy_values as values
from bot.rules.figures import METRIC_WORDS
from bot.rules.lengths import Counting
from bot.rules.posts import MAX_IMAGES
from bot.rules.settings import LABELS, percentage
from bot.rules.strategy import Pillar, Publish
from bot.texts import N_, Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block
from handlers.slack.forms import LONGEST, modal
from handlers.slack.incoming import Answers
from handlers.slack.settings_views import WORDS

LONGEST_COUNTRY = 10
MOST_PILLARS = 90
"""In one form: a view has a hundred blocks."""

SHARE = "share:"
NEW = SHARE  # the share of the new pillar

Show = Callable[[Any, Texts], Block]
Read = Callable[[Answers, str], Any]


@dataclass(frozen=True)
class Field:
    """A field of a form. show: the element, holding a value (None: empty); read: what is in it,
    as TOML would give it (None: empty)."""

    name: str
    show: Show
    read: Read
    optional: bool = False
    hint: str = ""
    at_first: Any = None  # in a new part


def _text(
    name: str, most: int, *, lines: bool = False, optional: bool = False, hint: str = ""
) -> Field:
    def show(value: Any, t: Texts) -> Block:
        element = {"type": "plain_text_input", "multiline": lines, "max_length": most}
        return element | ({"initial_value": value} if value else {})

    def read(answers: Answers, field: str) -> str | None:
        return answers.text(field) or ("" if optional else None)

    return Field(name, show, read, optional, hint)


def _number(name: str, *, decimals: bool = False, at_first: float | None = None) -> Field:
    return Field(
        name, lambda value, t: _number_input(value, decimals), _as_number, False, "", at_first
    )


def _number_input(value: float | None, decimals: bool) -> Block:
    element: Block = {"type": "number_input", "is_decimal_allowed": decimals}
    return element | ({} if value is None else {"initial_value": _written(value)})


def _written(value: float) -> str:
    """Without an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")


def _as_number(answers: Answers, field: str) -> float | None:
    """NaN, which no reader takes, for what is no number."""
    typed = answers.text(field)
    try:
        number = float(typed) if typed else None
    except ValueError:
        return float("nan")
    return int(number) if number is not None and number.is_integer() else number


def _choice(
    name: str, choices: Sequence[Choice], *, at_first: Any, value_of: Callable[[str], Any]
) -> Field:
    """value_of: the value that a choice stands for; its key is the value's own text."""

    def show(value: Any, t: Texts) -> Block:
        options = [blocks.option(t(choice.name), choice.key) for choice in choices]
        chosen = next(option for option in options if option["value"] == str(value))
        return {"type": "static_select", "options": options, "initial_option": chosen}

    def read(answers: Answers, field: str) -> Any:
        chosen = answers.choice(field)
        return None if chosen is None else value_of(chosen)

    return Field(name, show, read, at_first=at_first)


def _yes_or_no(name: str) -> Field:
    choices = (Choice("True", N_("Yes")), Choice("False", N_("No")))
    return _choice(name, choices, at_first=False, value_of=lambda key: key == "True")


ALWAYS_OFFERED = range(1, 11)


def _approvals(value: Any, t: Texts) -> Block:
    numbers = sorted({*ALWAYS_OFFERED, *([value] if isinstance(value, int) else [])})
    options = [blocks.option(t.n("One person", "{n} people", n), str(n)) for n in numbers]
    options.append(blocks.option(t("Every owner"), "all"))
    chosen = next(option for option in options if option["value"] == str(value))
    return {"type": "static_select", "options": options, "initial_option": chosen}


def _as_approvals(answers: Answers, field: str) -> int | str | None:
    chosen = answers.choice(field)
    return int(chosen) if chosen and chosen.isdigit() else chosen


def _people(name: str, *, optional: bool = False, hint: str = "") -> Field:
    def show(value: Any, t: Texts) -> Block:
        element: Block = {"type": "multi_users_select"}
        return element | ({"initial_users": list(value)} if value else {})

    return Field(name, show, lambda answers, field: list(answers.people(field)), optional, hint)


def _person(name: str) -> Field:
    def show(value: Any, t: Texts) -> Block:
        return {"type": "users_select"} | ({"initial_user": value} if value else {})

    return Field(name, show, lambda answers, field: answers.person(field))


def _words(name: str) -> Field:
    def show(value: Any, t: Texts) -> Block:
        element: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST}
        return element | ({"initial_value": "\n".join(value)} if value else {})

    def read(answers: Answers, field: str) -> list[str] | None:
        typed = answers.text(field).replace(",", "\n").splitlines()
        return [word.strip() for word in typed if word.strip()] or None

    return Field(name, show, read, hint=N_("One on each line, or with commas between them."))


def _day(name: str) -> Field:
    def show(value: Any, t: Texts) -> Block:
        element: Block = {"type": "datepicker"}
        return element | ({"initial_date": value.isoformat()} if value else {})

    def read(answers: Answers, field: str) -> date | None:
        day = answers.day(field)
        return None if day == date.min else day

    return Field(name, show, read, optional=True, hint=N_("The last day on which it holds."))


USUAL_METRICS = N_(
    "Of a post that is out there. None ticked: all of them; in our Telegram channel the reach, "
    "likes and shares."
)


def _metrics(value: Any, t: Texts) -> Block:
    options = [blocks.option(t(words), metric) for metric, words in METRIC_WORDS.items()]
    ticked = [option for option in options if option["value"] in value]
    element: Block = {"type": "checkboxes", "options": options}
    return element | ({"initial_options": ticked} if ticked else {})


def _as_metrics(answers: Answers, field: str) -> list[str]:
    return list(answers.choices(field))


_PUBLISH = (
    Choice(Publish.TELEGRAM, N_("The bot, in our Telegram channel")),
    Choice(Publish.BY_HAND, N_("An owner, by hand")),
)

_COUNT = (
    Choice(Counting.CHARACTERS, N_("Characters")),
    Choice(Counting.UTF_16, N_("UTF-16: an emoji counts as 2")),
    Choice(Counting.GRAPHEMES, N_("What a person sees as one character, as Bluesky does")),
    Choice(Counting.MASTODON, N_("As Mastodon does: a link counts as 23")),
    Choice(Counting.X, N_("As X does: a link counts as 23, an emoji as 2")),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "organisation": (
        _text("name", values.MAX_NAME),
        _yes_or_no("weekly_note"),
        _text(
            "country",
            LONGEST_COUNTRY,
            optional=True,
            hint=N_("For its public holidays: NL, BE, … Nobody gets a reminder on those days."),
        ),
    ),
    "platform": (
        _text("name", values.MAX_NAME),
        _text("purpose", values.MAX_EXPLANATION, lines=True, optional=True),
        _choice("publish", _PUBLISH, at_first=Publish.BY_HAND, value_of=str),
        _people("owners", hint=N_("They decide on what is proposed.")),
        _people(
            "deputies",
            optional=True,
            hint=N_("They decide where an owner proposed it, or is away."),
        ),
        Field("approvals", _approvals, _as_approvals, at_first=1),
        _yes_or_no("own_proposals"),
        _number("cadence", decimals=True),
        _number("max_length"),
        _choice("count", _COUNT, at_first=Counting.CHARACTERS, value_of=str),
        _number("max_images", at_first=MAX_IMAGES),
        _yes_or_no("needs_image"),
        Field("metrics", _metrics, _as_metrics, True, USUAL_METRICS, at_first=()),
    ),
    "target_group": (_text("name", values.MAX_NAME),),
    "pillar": (_text("name", values.MAX_NAME),),
    "house_rule": (_text("text", values.MAX_SENTENCE, lines=True),),
    "topic": (
        _text("name", values.MAX_NAME),
        _words("words"),
        _person("owner"),
        _people("deputies", optional=True),
        _text("statement", values.MAX_EXPLANATION, lines=True, optional=True),
    ),
    "statement": (
        _text("title", values.MAX_NAME),
        _text("text", values.MAX_STATEMENT, lines=True),
        _person("maintainer"),
        _day("valid_until"),
    ),
}


def part(t: Texts, kind: str, setting: Setting | None, page: int = 0) -> Block:
    """One part of the strategy; setting: None for a new one. page: of the list below."""
    words = WORDS[kind]
    meta = {
        "kind": kind,
        "key": setting.key if setting else None,
        "seen": setting.seen if setting else None,
        "page": page,
    }
    title = t(words.one) if setting else t(words.add)
    return modal("settings.part", title, t("Save"), t, meta, list(_fields(t, kind, setting)))


def _fields(t: Texts, kind: str, setting: Setting | None) -> Iterator[Block]:
    for field in FIELDS[kind]:
        value = getattr(setting.part, field.name) if setting else field.at_first
        element = field.show(value, t)
        if len(element.get("initial_value", "")) > element.get("max_length", LONGEST):
            note = t(
                "{field}: more than fits here. Change it in the strategy file.",
                field=t(LABELS[field.name]),
            )
            yield {"type": "context", "elements": [blocks.plain(note)]}
            continue
        yield blocks.field(
            field.name,
            t(LABELS[field.name]),
            element,
            optional=field.optional,
            hint=t(field.hint),
        )


def typed(kind: str, answers: Answers) -> dict[str, Any]:
    """What was typed in the form of a part, field by field; None: left empty."""
    shown = [field for field in FIELDS[kind] if field.name in answers.values]
    return {field.name: field.read(answers, field.name) for field in shown}


def shares(t: Texts, found: Section, what: str, key: str, page: int = 0) -> Block:
    """The shares of all pillars together. what: "shares", "add" (a new one besides), "stop"
    (without this one), "back" (with this retired one)."""
    pillars: list[Pillar] = [setting.part for setting in found.in_use]
    subject = next((s.part for s in (*found.in_use, *found.retired) if s.key == key), None)
    content: list[Block] = []
    title, words = t("Shares"), WORDS["pillar"]
    if what == "add":
        title = t(words.add)
        content = [*_fields(t, "pillar", None), _share(t, NEW, t("Its share, in %"), None)]
    elif what == "stop" and subject:
        title = t("Stop using it")
        pillars.remove(subject)
        note = t("“{name}” is not used any more. Give its share to others.", name=subject.name)
        content = [{"type": "section", "text": blocks.plain(note)}]
    elif what == "back" and subject:
        title = t("Bring back")
        pillars.append(subject)
    for pillar in pillars:
        label = t("Share of {name}, in %", name=pillar.name)
        content.append(_share(t, SHARE + pillar.key, label, percentage(pillar.share)))
    meta = {"kind": "pillar", "seen": found.seen, "page": page}
    return modal("settings.pillars", title, t("Save"), t, meta, content)


def _share(t: Texts, name: str, label: str, percent: float | None) -> Block:
    return blocks.field(name, label, _number_input(percent, decimals=True))


def field_of(key: str) -> str:
    """The field of the shares' form that the action calls so: "name", or a pillar's key."""
    return key if key == "name" else SHARE + key


def typed_shares(answers: Answers) -> dict[str, float]:
    """The percentages by the pillars' keys; that of a new one by ""."""
    return {
        name.removeprefix(SHARE): _as_number(answers, name) or 0
        for name in answers.values
        if name.startswith(SHARE)
    }
