"""The form in which a post is proposed or edited: what stands in it, and what comes back. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.actions.proposals import Proposal
from bot.actions.views import (
    Choice,
    DraftView,
    FormChoices,
    PlatformChoice,
    PostView,
    StoryView,
)
from bot.rules.posts import MAX_IMAGES, PlacementStatus
from bot.texts import Texts
from handlers.slack import blocks, checklist, forms, long_texts, picture_fields
from handlers.slack.blocks import Block
from handlers.slack.forms import LONGEST, LONGEST_REASON
from handlers.slack.incoming import Answers
from handlers.slack.long_texts import Halves
from handlers.slack.picture_fields import Picture

MOST_OWN_TEXTS = 8
"""So many fields for a text of a platform's own, each in two parts: a view has 250,000 bytes."""

UNDATED = "undated"
_OVER = (PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN)
_OURS = ("joints", "own_texts", "credit")
"""What the form itself carries along; the rest is its owner's."""


@dataclass(frozen=True)
class Filled:
    """What stands in the form.

    proposal: its pictures are those of `pictures` that are kept, and `uploaded`. own_texts:
    whether each chosen platform has a field for a text of its own. typed: by the field's name, a
    text as it stands in its fields, where somebody typed already. when: what stands at Date and
    time while the post has no date; None: the next free moment. meta: what the form carries along.
    """

    proposal: Proposal
    pictures: tuple[Picture, ...] = ()
    uploaded: tuple[Picture, ...] = ()
    own_texts: bool = False
    typed: Mapping[str, Halves] = field(default_factory=dict)
    when: datetime | None = None
    credit: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def halves(self, name: str, text: str) -> Halves:
        return self.typed.get(name) or long_texts.split(text)


def blank(planned_at: datetime, text: str = "") -> Proposal:
    """To start with."""
    return Proposal(text, (), None, None, planned_at)


def from_post(post: PostView, on_home: bool = False) -> Filled:
    """The post as it stands, to be edited; on_home: from there, so that it is shown anew."""
    proposal = proposal_in_view(post)
    return Filled(
        proposal,
        picture_fields.pictures_of(post.images),
        own_texts=bool(proposal.texts),
        credit=post.credit,
        meta={
            "post": post.id,
            "revision": post.revision,
            "story": post.story_id,
            "home": on_home or None,
        },
    )


def proposal_in_view(post: PostView) -> Proposal:
    """The post as an action showed it, as if it had just been filled in."""
    left = [placement for placement in post.placements if placement.status not in _OVER]
    pictures = picture_fields.pictures_of(post.images)
    return Proposal(
        text=post.text,
        platform_keys=tuple(placement.platform_key for placement in left),
        pillar_key=post.pillar.key if post.pillar else None,
        target_group_key=post.target_group.key if post.target_group else None,
        planned_at=post.planned_at,
        why=post.why,
        images=tuple(picture.value for picture in pictures),
        source_link=post.source_link,
        story_id=post.story_id,
        texts={p.platform_key: p.text for p in left if p.text != post.text},
        alts={picture.value: picture.alt for picture in pictures},
        goal_key=post.goal.key if post.goal else None,
        house_rules=post.house_rules,
    )


def from_story(story: StoryView, when: datetime) -> Filled:
    text = f"{story.text}\n\n— {story.credit}" if story.credit else story.text
    return Filled(
        blank(when, text),
        picture_fields.pictures_of(story.images),
        credit=story.credit,
        meta={"story": story.id},
    )


def from_draft(draft: DraftView, on_home: bool = False) -> Filled:
    """To go on with it; on_home: from there, so that it is shown anew."""
    typed = draft.proposal
    alts = typed.alts
    images = [replace(image, alt=alts.get(image.sha256, "")) for image in draft.images]
    on_slack = picture_fields.pictures_on_slack({f.id: f.name for f in draft.on_slack}, alts)
    return Filled(
        typed,
        (*picture_fields.pictures_of(images), *on_slack)[:MAX_IMAGES],
        own_texts=bool(typed.texts),
        credit=draft.credit,
        meta={
            "source": typed.source_link,
            "story": typed.story_id,
            "special_day": typed.special_day_key,
            "draft": draft.id,
            "version": draft.version,
            "key": draft.request_key,
            "home": on_home or None,
        },
    )


def standing(view: Mapping[str, Any], meta: Mapping[str, Any], choices: FormChoices) -> Filled:
    """An open form as it stands, with what was typed and chosen so far."""
    answers = Answers(view["state"]["values"])
    names = [name for name in answers.values if name == "text" or name.startswith("text:")]
    return Filled(
        read_proposal(answers, meta, choices),
        picture_fields.kept_in(view, answers),
        picture_fields.uploaded_in(answers),
        own_texts=bool(meta.get("own_texts")),
        typed={name: long_texts.typed(answers, meta, name) for name in names},
        when=answers.moment("when"),
        credit=meta.get("credit"),
        meta={name: value for name, value in meta.items() if name not in _OURS},
    )


def read_proposal(answers: Answers, meta: Mapping[str, Any], choices: FormChoices) -> Proposal:
    """What was filled in. images: as the form calls them, some still on Slack only."""
    names = [name for name in answers.values if name.startswith("text:")]
    own = {name: long_texts.typed(answers, meta, name).whole for name in names}
    return Proposal(
        text=long_texts.typed(answers, meta, "text").whole,
        platform_keys=answers.choices("platforms"),
        pillar_key=answers.choice("pillar"),
        target_group_key=answers.choice("target_group"),
        planned_at=None if answers.choices(UNDATED) else answers.moment("when"),
        why=answers.text("why"),
        images=(
            *answers.choices("kept"),
            *(picture.value for picture in picture_fields.uploaded_in(answers)),
        ),
        source_link=meta.get("source"),
        story_id=meta.get("story"),
        special_day_key=meta.get("special_day"),
        texts={name.removeprefix("text:"): text for name, text in own.items() if text.strip()},
        alts=picture_fields.alts_in(answers),
        goal_key=answers.choice("goal"),
        house_rules=checklist.confirmed(answers, choices.house_rules),
    )


def proposal(t: Texts, choices: FormChoices, filled: Filled, notes: Sequence[Block] = ()) -> Block:
    """The modal. notes: what the post as it stands would do to the strategy."""
    is_edit = "post" in filled.meta
    title, submit = _names(t, filled.meta)
    post = filled.proposal
    texts = {"text": filled.halves("text", post.text), **_own_texts(choices, filled)}
    form = forms.modal(
        "proposal",
        title,
        submit,
        t,
        {
            **filled.meta,
            "credit": filled.credit,
            "joints": long_texts.joints(texts),
            "own_texts": filled.own_texts or None,
        },
        [
            *_remarks(t, filled),
            *long_texts.fields("text", [t("Text"), t("Text, second part")], texts["text"]),
            blocks.live(
                blocks.field(
                    "platforms",
                    t("Platforms"),
                    forms.several(choices.platforms, post.platform_keys),
                    hint=_limits(t, choices.platforms, post.platform_keys),
                )
            ),
            *_own_text_fields(t, choices, filled, texts),
            *_live_select("pillar", t("Pillar"), choices.pillars, post.pillar_key),
            *_live_select(
                "target_group", t("Target group"), choices.target_groups, post.target_group_key
            ),
            *_live_select("goal", t("Goal"), choices.goals, post.goal_key),
            *_moment(t, choices, filled),
            forms.text_field(
                "why",
                t("Why"),
                post.why,
                multiline=True,
                optional=True,
                most=LONGEST_REASON,
                hint=t("What do you want to reach with it? The owners read this."),
            ),
            *picture_fields.fields(t, filled.pictures, filled.uploaded),
            *checklist.fields(t, choices.house_rules, post.house_rules),
            *notes,
            _row("buttons", _buttons(t, is_edit=is_edit)),
        ],
    )
    return form | {"notify_on_close": not is_edit}


def _names(t: Texts, meta: Mapping[str, Any]) -> tuple[str, str]:
    """The form's title, and the button that sends it."""
    if meta.get("reopen"):
        return t("Reopen the post"), t("Reopen")
    if "post" in meta:
        return t("Edit the post"), t("Save")
    return t("Propose a post"), t("Propose")


def _buttons(t: Texts, *, is_edit: bool) -> list[Block]:
    """What can be done with the form beside sending it."""
    check = blocks.button(t("Check"), "proposal.check", "check")
    save = blocks.button(t("Save as draft"), "draft.save", "form")
    return [check] if is_edit else [check, save]


def _row(name: str, buttons: Sequence[Block]) -> Block:
    """Named, so that it is the same row after the form was shown anew."""
    return {"type": "actions", "block_id": name, "elements": list(buttons)}


def _remarks(t: Texts, filled: Filled) -> list[Block]:
    remarks = []
    if len(filled.proposal.text) > 2 * LONGEST:
        remarks.append(t("The text is longer than fits here; this is its first part."))
    if filled.credit:
        remarks.append(t("The follower is named as: {name}", name=filled.credit))
    elif filled.meta.get("story") is not None:
        remarks.append(t("The follower wants to stay anonymous: name nobody."))
    return [{"type": "context", "elements": [blocks.plain(remark)]} for remark in remarks]


def _own_texts(choices: FormChoices, filled: Filled) -> dict[str, Halves]:
    """By the field's name; those that there are come first, so that none is left out."""
    if not filled.own_texts:
        return {}
    post = filled.proposal
    chosen = [p.key for p in choices.platforms if p.key in post.platform_keys]
    shown = sorted(chosen, key=lambda key: not post.texts.get(key))[:MOST_OWN_TEXTS]
    return {
        f"text:{key}": filled.halves(f"text:{key}", post.texts.get(key, ""))
        for key in chosen
        if key in shown
    }


def _own_text_fields(
    t: Texts, choices: FormChoices, filled: Filled, texts: Mapping[str, Halves]
) -> list[Block]:
    """A field for each chosen platform; before that, the button that asks for them."""
    if not filled.own_texts:
        label = t("A text of its own for each platform")
        return [_row("own_texts", [blocks.button(label, "proposal.own_texts", "own_texts")])]
    found: list[Block] = []
    if not filled.proposal.platform_keys:
        words = t("Choose the platforms: then each gets a field for a text of its own here.")
        found.append(blocks.context(words))
    elif len(filled.proposal.platform_keys) > MOST_OWN_TEXTS:
        words = t("Here is room for {n} platforms; the others get the text above.")
        found.append(blocks.context(words.format(n=MOST_OWN_TEXTS)))
    for platform in choices.platforms:
        name = f"text:{platform.key}"
        if name in texts:
            labels = [
                t("Text for {platform}", platform=platform.name),
                t("Text for {platform}, second part", platform=platform.name),
            ]
            hint = t(
                "At most {limit} characters. Left empty, the text above goes there.",
                limit=t.number(platform.max_length),
            )
            found += long_texts.fields(name, labels, texts[name], optional=True, hint=hint)
    return found


def _moment(t: Texts, choices: FormChoices, filled: Filled) -> list[Block]:
    """Date and time, and the tick that there is none yet: then what stands there does not count."""
    planned_at = filled.proposal.planned_at
    when = planned_at or filled.when or choices.proposed_time
    options = [blocks.option(t("No date yet: keep it in the backlog"), UNDATED)]
    ticks: Block = {"type": "checkboxes", "options": options}
    ticks |= {} if planned_at else {"initial_options": options}
    return [
        blocks.live(blocks.field("when", t("Date and time"), forms.moment_input(when))),
        blocks.live(blocks.field(UNDATED, t("Backlog"), ticks, optional=True)),
    ]


def _live_select(
    name: str, label: str, choices: Sequence[Choice], chosen: str | None
) -> list[Block]:
    return [blocks.live(made) for made in forms.select_field(name, label, choices, chosen)]


def _limits(t: Texts, platforms: Sequence[PlatformChoice], chosen: Collection[str]) -> str:
    """'Telegram: at most 4,096 characters and 10 pictures. Instagram: …': of what is chosen, and
    of all while nothing is."""
    shown = [platform for platform in platforms if platform.key in chosen]
    return " ".join(
        t(
            "{platform}: at most {limit} characters and {pictures}.",
            platform=platform.name,
            limit=t.number(platform.max_length),
            pictures=t.n("one picture", "{n} pictures", platform.max_images),
        )
        for platform in shown or platforms
    )
