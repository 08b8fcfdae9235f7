"""Modals of who decides: a date, an edit, a moment to wait for. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus
from bot.texts import Texts
from handlers.slack import blocks, long_texts
from handlers.slack.blocks import Block
from handlers.slack.forms import LONGEST, modal, moment_input, reason_field
from handlers.slack.incoming import Answers

LONGEST_TEXT = 2 * LONGEST
"""Characters of a text that can be changed here: it stands in two fields."""

MOST_TEXTS = 10
"""Platforms whose own text can be changed here; the others keep theirs."""

_OVER = (PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN)


def plan(t: Texts, when: datetime, meta: Mapping[str, object]) -> Block:
    """Approve what has no date yet."""
    title = t("Approve and plan")
    return modal("post.plan", title, t("Approve"), t, meta, [_date(t, when)])


def hold(t: Texts, until: datetime | None, meta: Mapping[str, object]) -> Block:
    wait = blocks.field(
        "until",
        t("Until"),
        moment_input(until),
        hint=t("Then it comes back to everybody who decides on it."),
    )
    return modal("post.hold", t("Hold"), t("Hold"), t, meta, [wait, reason_field(t)])


def edit_and_approve(
    t: Texts, post: PostView, when: datetime | None, meta: Mapping[str, object]
) -> Block:
    """when: proposed for what has no date yet."""
    halves: dict[str, long_texts.Halves] = {}
    fields: list[Block] = []
    for name, label, text in _texts(t, post):
        halves[name] = long_texts.split(text)
        labels = (label, t("{text}, second part", text=label))
        fields += long_texts.fields(name, labels, halves[name])
    date = [_date(t, when)] if when else []
    return modal(
        "post.approve_edited",
        t("Edit and approve"),
        t("Approve"),
        t,
        {**meta, "joints": long_texts.joints(halves)},
        [*fields, *date],
    )


def edited_texts(answers: Answers, meta: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """What came back: the usual text, and by a platform's key its own."""
    names = [name for name in answers.values if name == "text" or name.startswith("text:")]
    found = {name: long_texts.typed(answers, meta, name).whole for name in names}
    text = found.pop("text")
    return text, {name.removeprefix("text:"): own for name, own in found.items()}


def _texts(t: Texts, post: PostView) -> list[tuple[str, str, str]]:
    """Each field's name, its label, and the text in it."""
    own = [
        (f"text:{p.platform_key}", t("Text for {platform}", platform=p.platform), p.text)
        for p in post.placements
        if p.status not in _OVER and p.text != post.text
    ]
    return [("text", t("Text"), post.text), *own[:MOST_TEXTS]]


def _date(t: Texts, when: datetime) -> Block:
    return blocks.field("when", t("Date and time"), moment_input(when))
