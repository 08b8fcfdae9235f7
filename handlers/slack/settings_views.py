"""What the settings look like: the sections, and the list of each. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.settings import Section, Setting
from bot.rules.settings import name_of, percentage
from bot.rules.strategy import Pillar, Platform, Statement, Topic
from bot.texts import N_, Texts
from handlers.slack import blocks
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    divider,
    header,
    said,
    section,
)
from handlers.slack.pages import page_buttons
from handlers.slack.words import first_words, listed, mention

ON_A_PAGE = 20
"""Parts; each takes up to three of a view's hundred blocks."""


@dataclass(frozen=True)
class Words:
    """How a kind of setting is called: all of them, one, what they are for, adding one."""

    many: str
    one: str
    about: str
    add: str = ""


WORDS: Mapping[str, Words] = {
    "organisation": Words(
        N_("Organisation"),
        N_("Organisation"),
        N_("Your name, and the note to the team on Mondays."),
    ),
    "platform": Words(
        N_("Platforms"),
        N_("Platform"),
        N_("Where you are active, and who decides there."),
        N_("Add a platform"),
    ),
    "target_group": Words(
        N_("Target groups"),
        N_("Target group"),
        N_("Whom you want to reach."),
        N_("Add a target group"),
    ),
    "pillar": Words(
        N_("Pillars"),
        N_("Pillar"),
        N_("What you post about, and how much of each."),
        N_("Add a pillar"),
    ),
    "house_rule": Words(
        N_("House rules"),
        N_("House rule"),
        N_("What everybody checks before they propose something."),
        N_("Add a house rule"),
    ),
    "topic": Words(
        N_("Sensitive topics"),
        N_("Sensitive topic"),
        N_("Posts with these words need somebody's decision besides."),
        N_("Add a sensitive topic"),
    ),
    "statement": Words(
        N_("Statements"),
        N_("Statement"),
        N_("What you say when people ask."),
        N_("Add a statement"),
    ),
}


def sections(t: Texts) -> Block:
    """The first modal: what there is to change."""
    shown = []
    for kind, words in WORDS.items():
        open_it = button(t(words.many), "settings.section", kind)
        shown.append({**section(t(words.about)), "accessory": open_it})
    return _modal("settings", t("Settings"), t, {}, [*shown, context(t(ABOUT_THE_FILE))])


ABOUT_THE_FILE = N_(
    "This is what stands in the strategy file, too. Whoever loads an older file puts back what was "
    "changed here: first write a new file with “python -m bot strategy export”."
)


def listing(found: Section, t: Texts, page: int = 0, said: str = "") -> Block:
    """The parts of one kind; those that are not used any more come last. said: what just could
    not be done, and why."""
    parts = [*found.in_use, *found.retired]
    page = max(0, min(page, (len(parts) - 1) // ON_A_PAGE))
    first = page * ON_A_PAGE
    sorry = [section(f"⚠️ {said}")] if said else []
    content = [*sorry, *_above(found, t), divider()]
    for place, setting in enumerate(parts[first : first + ON_A_PAGE], start=first):
        if place == len(found.in_use):
            content.append(header(t("Not used any more")))
        content += _part(found, setting, place, t)
    has_more = len(parts) > first + ON_A_PAGE
    content += page_buttons("settings.page", found.kind, page, t, has_more=has_more)
    meta = {"kind": found.kind, "page": page}
    return _modal("settings.list", t(WORDS[found.kind].many), t, meta, content)


def _above(found: Section, t: Texts) -> list[Block]:
    words = WORDS[found.kind]
    buttons = [button(t(words.add), f"{_form_of(found.kind)}.add", "add:", "primary")]
    if found.kind == "pillar" and found.in_use:
        buttons.append(button(t("Change the shares"), "settings.pillars.shares", "shares:"))
    nothing = [] if found.in_use else [section(t("There is nothing here yet."))]
    return [section(t(words.about)), *actions(buttons), *nothing]


def _form_of(kind: str) -> str:
    """Pillars come, go and come back together with the shares of all of them."""
    return "settings.pillars" if kind == "pillar" else "settings"


def _part(found: Section, setting: Setting, place: int, t: Texts) -> list[Block]:
    details = DETAILS.get(found.kind)
    shown = [*said(name_of(setting.part))[:1]]
    if details:
        shown.append(context(details(setting.part, t)))
    if place >= len(found.in_use):
        back = button(t("Bring back"), f"{_form_of(found.kind)}.back", f"back:{setting.key}")
        return [*shown, *actions([back])]
    buttons = [button(t("Change"), "settings.change", f"change:{setting.key}")]
    if place > 0:
        buttons.append(button(t("Up"), "settings.up", f"{place - 1}:{setting.key}"))
    if place < len(found.in_use) - 1:
        buttons.append(button(t("Down"), "settings.down", f"{place + 1}:{setting.key}"))
    return [*shown, *actions([*buttons, _stop(found, setting, t)])]


def _stop(found: Section, setting: Setting, t: Texts) -> Block:
    label, value = t("Stop using it"), f"stop:{setting.key}"
    if found.kind == "pillar" and len(found.in_use) > 1:  # its share goes to the others
        return button(label, "settings.pillars.stop", value)
    what = t(
        "Nobody can choose it any more. What was made with it stays, and you can bring it back."
    )
    if found.kind == "platform":
        what += " " + t("Its fixed moments and goals go with it.")
    asked = button(label, "settings.stop", value, "danger")
    return confirmed(asked, t("Stop using it?"), what, label, t("Cancel"))


def _platform(platform: Platform, t: Texts) -> str:
    policy = (
        t("every owner approves")
        if platform.approvals == "all"
        else t.n("one person approves", "{n} people approve", platform.approvals)
    )
    return f"{_people(platform.owners, t)} · {policy}"


def _topic(topic: Topic, t: Texts) -> str:
    words = [first_words(word, 40) for word in topic.words]
    return f"{mention(topic.owner)} · {listed(words, t)}"


def _statement(statement: Statement, t: Texts) -> str:
    kept_by = t("Maintained by {who}", who=mention(statement.maintainer))
    if statement.valid_until is None:
        return kept_by
    day = f"{t.day(statement.valid_until)} {statement.valid_until.year}"
    return kept_by + " · " + t("Valid until {day}", day=day)


def _pillar(pillar: Pillar, t: Texts) -> str:
    return t("{share}% of all posts", share=t.number(percentage(pillar.share)))


DETAILS: Mapping[str, Callable[[Any, Texts], str]] = {
    "platform": _platform,
    "pillar": _pillar,
    "topic": _topic,
    "statement": _statement,
}

MOST_PEOPLE = 10


def _people(people: tuple[str, ...], t: Texts) -> str:
    shown = [mention(person) for person in people[:MOST_PEOPLE]]
    more = len(people) - MOST_PEOPLE
    if more > 0:
        shown.append(t.n("one more", "{n} more", more))
    return t.listing(shown)


def _modal(
    callback_id: str, title: str, t: Texts, meta: Mapping[str, object], content: list[Block]
) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": blocks.plain(blocks.shortened(title, 24)),
        "close": blocks.plain(t("Back") if meta else t("Close")),
        "private_metadata": json.dumps(meta),
        "blocks": content,
    }
