"""Modals: what is asked, and what stands in the fields beforehand. Pure."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bot.actions.views import Choice
from bot.rules.posts import LABEL_WORDS
from bot.rules.stories import DECLINE_WORDS
from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block

LONGEST = 3000
"""Characters of Slack's text field."""

LONGEST_REASON = 1000
MOST_OPTIONS = 100


def reason(
    t: Texts,
    callback_id: str,
    title: str,
    meta: Mapping[str, object],
    *,
    with_label: bool = False,
) -> Block:
    """Why: the other person reads it. with_label: what it is about can be chosen besides."""
    labels = [Choice(key, t(words)) for key, words in LABEL_WORDS.items()] if with_label else []
    about = select_field("label", t("What is it about?"), labels, None)
    return modal(callback_id, title, t("Send"), t, meta, [reason_field(t), *about])


def posted(t: Texts, meta: Mapping[str, object], callback_id: str = "placement.posted") -> Block:
    """Where the post can be seen now. Who posts it may have no address yet."""
    by_hand = callback_id == "placement.posted"
    later = t("You have no address yet? Leave it empty; I ask for it the next working morning.")
    asked = blocks.field(
        "link",
        t("Link"),
        {"type": "url_text_input"},
        optional=by_hand,
        hint=t("The address of the post, so that everybody can find it.")
        + (f" {later}" if by_hand else ""),
    )
    return modal(callback_id, t("Posted"), t("Save"), t, meta, [asked])


def absence(t: Texts, today: date, meta: Mapping[str, object]) -> Block:
    """From when till when somebody is away."""
    day = {"type": "datepicker", "initial_date": today.isoformat()}
    return modal(
        "absence",
        t("I am away"),
        t("Save"),
        t,
        meta,
        [
            blocks.field("first_day", t("First day"), day),
            blocks.field(
                "last_day",
                t("Last day"),
                day,
                hint=t("Until then your deputies decide, and get your reminders and tasks."),
            ),
        ],
    )


def decline(t: Texts, meta: Mapping[str, object]) -> Block:
    reasons = [Choice(key, t(words)) for key, words in DECLINE_WORDS.items()]
    asked = blocks.field(
        "reason",
        t("Reason"),
        select(reasons, None),
        hint=t("The follower gets a kind message with this sentence, and no names of colleagues."),
    )
    return modal("story.decline", t("Decline the story"), t("Decline"), t, meta, [asked])


def ask(t: Texts, meta: Mapping[str, object]) -> Block:
    asked = text_field(
        "question",
        t("Question"),
        multiline=True,
        most=LONGEST_REASON,
        hint=t("The bot asks it, without your name. The answer comes below the card."),
    )
    return modal("story.ask", t("Ask the follower"), t("Send"), t, meta, [asked])


def modal(
    callback_id: str,
    title: str,
    submit: str,
    t: Texts,
    meta: Mapping[str, object],
    content: list[Block],
) -> Block:
    kept = {name: value for name, value in meta.items() if value is not None}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": blocks.plain(blocks.shortened(title, 24)),
        "submit": blocks.plain(blocks.shortened(submit, 24)),
        "close": blocks.plain(t("Cancel")),
        "private_metadata": json.dumps(kept),
        "blocks": content,
    }


def window(title: str, t: Texts, content: list[Block]) -> Block:
    """A modal that only shows something."""
    return {
        "type": "modal",
        "title": blocks.plain(blocks.shortened(title, 24)),
        "close": blocks.plain(t("Close")),
        "blocks": content,
    }


def text_field(
    name: str,
    label: str,
    value: str = "",
    *,
    multiline: bool = False,
    optional: bool = False,
    most: int = LONGEST,
    hint: str = "",
) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    if value:
        element["initial_value"] = value[:most]
    return blocks.field(name, label, element, optional=optional, hint=hint)


def reason_field(t: Texts) -> Block:
    return text_field(
        "reason",
        t("Reason"),
        multiline=True,
        most=LONGEST_REASON,
        hint=t("Say it kindly and clearly: this is what the other person reads."),
    )


def several(choices: Sequence[Choice], chosen: Collection[str]) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices[:MOST_OPTIONS]]
    initial = [option for option in options if option["value"] in chosen]
    element: Block = {"type": "multi_static_select", "options": options}
    return element | ({"initial_options": initial} if initial else {})


def select_field(
    name: str, label: str, choices: Sequence[Choice], chosen: str | None
) -> list[Block]:
    """Nothing where there is nothing to choose from: Slack takes no empty list."""
    if not choices:
        return []
    return [blocks.field(name, label, select(choices, chosen), optional=True)]


def select(choices: Sequence[Choice], chosen: str | None) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices[:MOST_OPTIONS]]
    element: Block = {"type": "static_select", "options": options}
    initial = next((option for option in options if option["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def moment_input(at: datetime | None) -> Block:
    """Empty without a moment, and where it is long over: that is how a field reads in which
    nothing was chosen."""
    initial = int(at.timestamp()) if at else 0
    return {"type": "datetimepicker", **({"initial_date_time": initial} if initial > 0 else {})}
