"""Modals: what is asked, and what stands in the fields beforehand. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.actions.views import Choice, FormChoices, MediaView, PlatformChoice, PostView, StoryView
from bot.rules.polls import MAX_QUESTION, PollPlace
from bot.rules.posts import LABEL_WORDS, MAX_IMAGES, PlacementStatus
from bot.rules.stories import DECLINE_WORDS
from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block
from handlers.slack.files import IMAGE_TYPES

LONGEST = 3000
"""Characters of Slack's text field."""

LONGEST_REASON = 1000
MOST_OPTIONS = 100


@dataclass(frozen=True)
class Picture:
    """A picture that can be kept; `value` is what the form hands back for it."""

    value: str
    name: str
    slack_file_id: str | None


@dataclass(frozen=True)
class Filled:
    """What stands in the proposal's form beforehand."""

    when: datetime | None  # None: no date yet
    text: str = ""
    platform_keys: tuple[str, ...] = ()
    pillar_key: str | None = None
    target_group_key: str | None = None
    why: str = ""
    pictures: tuple[Picture, ...] = ()
    credit: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict)


def pictures_of(media: Sequence[MediaView]) -> tuple[Picture, ...]:
    """The same picture, sent twice, is kept once."""
    found = {item.sha256: Picture(item.sha256, item.name, item.slack_file_id) for item in media}
    return tuple(found.values())[:MAX_IMAGES]


def from_post(post: PostView, on_home: bool = False) -> Filled:
    """The post as it stands, to be edited; on_home: from there, so that it is shown anew."""
    over = (PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN)
    return Filled(
        when=post.planned_at,
        text=post.text,
        platform_keys=tuple(p.platform_key for p in post.placements if p.status not in over),
        pillar_key=post.pillar.key if post.pillar else None,
        target_group_key=post.target_group.key if post.target_group else None,
        why=post.why,
        pictures=pictures_of(post.images),
        credit=post.credit,
        meta={
            "post": post.id,
            "revision": post.revision,
            "story": post.story_id,
            "home": on_home or None,
        },
    )


def from_story(story: StoryView, when: datetime) -> Filled:
    return Filled(
        when=when,
        text=f"{story.text}\n\n— {story.credit}" if story.credit else story.text,
        pictures=pictures_of(story.images),
        credit=story.credit,
        meta={"story": story.id},
    )


def proposal(t: Texts, choices: FormChoices, filled: Filled) -> Block:
    """Propose a post, or edit one."""
    is_edit = "post" in filled.meta
    text, joint, rest = split_text(filled.text)
    return modal(
        "proposal",
        t("Edit the post") if is_edit else t("Propose a post"),
        t("Save") if is_edit else t("Propose"),
        t,
        {**filled.meta, "joint": joint},
        [
            *_notes(t, filled),
            text_field("text", t("Text"), text, multiline=True),
            *_rest_of_text(t, rest),
            blocks.field(
                "platforms",
                t("Platforms"),
                _several(choices.platforms, filled),
                hint=_limits(t, choices.platforms),
            ),
            *select_field("pillar", t("Pillar"), choices.pillars, filled.pillar_key),
            *select_field(
                "target_group", t("Target group"), choices.target_groups, filled.target_group_key
            ),
            blocks.field("when", t("Date and time"), _moment(filled.when)),
            text_field(
                "why",
                t("Why"),
                filled.why,
                multiline=True,
                optional=True,
                most=LONGEST_REASON,
                hint=t("What do you want to reach with it? The owners read this."),
            ),
            *_kept(t, filled.pictures),
            blocks.field(
                "images",
                t("Images"),
                {"type": "file_input", "filetypes": list(IMAGE_TYPES), "max_files": MAX_IMAGES},
                optional=True,
            ),
            *_house_rules(t, choices.house_rules),
        ],
    )


def split_text(text: str) -> tuple[str, str, str]:
    """A text that is longer than one field, in two, and the character between them.

    It is cut at a blank, which stands in neither part: a field may lose blanks at its ends.
    """
    if len(text) <= LONGEST:
        return text, "", ""
    blank = max(text.rfind("\n", 1, LONGEST), text.rfind(" ", 1, LONGEST))
    if blank == -1:
        return text[:LONGEST], "", text[LONGEST : 2 * LONGEST]
    return text[:blank], text[blank], text[blank + 1 :][:LONGEST]


def join_text(text: str, joint: str, rest: str) -> str:
    return text + joint + rest if rest else text


def _limits(t: Texts, platforms: Sequence[PlatformChoice]) -> str:
    """'At most 4,096 characters for Telegram and 2,200 characters for Instagram.'"""
    limits = [
        t("{limit} characters for {platform}", limit=t.number(p.max_length), platform=p.name)
        for p in platforms
    ]
    return t("At most {limits}.", limits=t.listing(limits))


def _rest_of_text(t: Texts, rest: str) -> list[Block]:
    if not rest:
        return []
    return [text_field("rest", t("Text, second part"), rest, multiline=True, optional=True)]


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
    asked = text_field(
        "reason",
        t("Reason"),
        multiline=True,
        most=LONGEST_REASON,
        hint=t("Say it kindly and clearly: this is what the other person reads."),
    )
    about = select_field("label", t("What is it about?"), labels, None)
    return modal(callback_id, title, t("Send"), t, meta, [asked, *about])


def posted(t: Texts, meta: Mapping[str, object], callback_id: str = "placement.posted") -> Block:
    """Where the post can be seen now."""
    asked = blocks.field(
        "link",
        t("Link"),
        {"type": "url_text_input"},
        hint=t("The address of the post, so that everybody can find it."),
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


def poll(t: Texts, closes_at: datetime) -> Block:
    places = (
        Choice(PollPlace.BOTH, t("In the channel and in private")),
        Choice(PollPlace.CHANNEL, t("In the channel")),
        Choice(PollPlace.PRIVATE, t("In private, to followers who subscribed")),
    )
    return modal(
        "poll",
        t("Make a poll"),
        t("Propose"),
        t,
        {},
        [
            text_field("question", t("Question"), most=MAX_QUESTION),
            text_field("options", t("Options"), multiline=True, hint=t("One on each line.")),
            blocks.field("place", t("Where"), _select(places, PollPlace.BOTH)),
            blocks.field("closes", t("Closes"), _moment(closes_at)),
        ],
    )


def decline(t: Texts, meta: Mapping[str, object]) -> Block:
    reasons = [Choice(key, t(words)) for key, words in DECLINE_WORDS.items()]
    asked = blocks.field(
        "reason",
        t("Reason"),
        _select(reasons, None),
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


def _notes(t: Texts, filled: Filled) -> list[Block]:
    notes = []
    if len(filled.text) > 2 * LONGEST:
        notes.append(t("The text is longer than fits here; this is its first part."))
    if filled.credit:
        notes.append(t("The follower is named as: {name}", name=filled.credit))
    elif filled.meta.get("story") is not None:
        notes.append(t("The follower wants to stay anonymous: name nobody."))
    return [{"type": "context", "elements": [blocks.plain(note)]} for note in notes]


def _several(choices: Sequence[Choice], filled: Filled) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices[:MOST_OPTIONS]]
    chosen = [option for option in options if option["value"] in filled.platform_keys]
    element: Block = {"type": "multi_static_select", "options": options}
    return element | ({"initial_options": chosen} if chosen else {})


def select_field(
    name: str, label: str, choices: Sequence[Choice], chosen: str | None
) -> list[Block]:
    """Nothing where there is nothing to choose from: Slack takes no empty list."""
    if not choices:
        return []
    return [blocks.field(name, label, _select(choices, chosen), optional=True)]


def _select(choices: Sequence[Choice], chosen: str | None) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices[:MOST_OPTIONS]]
    element: Block = {"type": "static_select", "options": options}
    initial = next((option for option in options if option["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def _moment(at: datetime | None) -> Block:
    initial = {"initial_date_time": int(at.timestamp())} if at else {}
    return {"type": "datetimepicker", **initial}


def _kept(t: Texts, pictures: Sequence[Picture]) -> list[Block]:
    """The pictures that are there already, each with a tick that can be taken away."""
    if not pictures:
        return []
    options = [
        blocks.option(f"{n}. {picture.name}", picture.value)
        for n, picture in enumerate(pictures, start=1)
    ]
    element = {"type": "checkboxes", "options": options, "initial_options": options}
    return [
        *(blocks.picture(p.slack_file_id, p.name) for p in pictures if p.slack_file_id),
        blocks.field("kept", t("Keep these pictures"), element, optional=True),
    ]


def _house_rules(t: Texts, house_rules: Sequence[str]) -> list[Block]:
    if not house_rules:
        return []
    lines = "\n".join([t("Our house rules:"), *(f"• {rule}" for rule in house_rules)])
    return [{"type": "context", "elements": [blocks.plain(blocks.shortened(lines, 2000))]}]
