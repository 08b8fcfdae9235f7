"""The pictures in a form: which are kept, and what can be seen in each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions.views import MediaView, PostView
from bot.rules.posts import MAX_IMAGES
from bot.texts import Texts
from handlers.slack import blocks, forms
from handlers.slack.blocks import Block
from handlers.slack.files import IMAGE_TYPES
from handlers.slack.incoming import Answers
from handlers.slack.words import unescape

ON_SLACK = "slack:"
"""Before the id of a picture that is still only on Slack; the others are called by their sha256."""

LONGEST_ALT = 1000
_SHOWN = "picture:"


@dataclass(frozen=True)
class Picture:
    """`value` is what the form hands back for it; alt: what can be seen in it."""

    value: str
    name: str
    slack_file_id: str | None
    alt: str = ""
    is_kept: bool = True


def pictures_of(media: Sequence[MediaView]) -> tuple[Picture, ...]:
    """The same picture, sent twice, is kept once."""
    found = {
        item.sha256: Picture(item.sha256, item.name, item.slack_file_id, item.alt) for item in media
    }
    return tuple(found.values())[:MAX_IMAGES]


def fields(t: Texts, kept: Sequence[Picture], uploaded: Sequence[Picture]) -> list[Block]:
    """kept: there already, each with a tick that can be taken away. uploaded: in the form's own
    file field so far."""
    element = {"type": "file_input", "filetypes": list(IMAGE_TYPES), "max_files": MAX_IMAGES}
    return [
        *_described(t, kept),
        *_ticks(t, kept),
        blocks.field("images", t("Images"), element, optional=True),
        *_described(t, uploaded[: MAX_IMAGES - len(kept)], after=len(kept)),
    ]


def describing(t: Texts, post: PostView, missing: Sequence[MediaView], words: str) -> Block:
    """What is asked after a form with new pictures; it may stay empty. words: what was done."""
    asked = t(
        "Some people cannot see your pictures: they hear what is in them. Say it in a sentence. "
        "You can also leave this."
    )
    made = forms.modal(
        "post.describe",
        t("Describe your pictures"),
        t("Save"),
        t,
        {"post": post.id, "revision": post.revision},
        [*blocks.said(words), *blocks.said(asked), *_described(t, pictures_of(missing))],
    )
    return made | {"close": blocks.plain(t("Skip"))}


def alts_in(answers: Answers) -> dict[str, str]:
    """A picture's value → what was typed at it."""
    names = [name for name in answers.values if name.startswith("alt:")]
    return {name.removeprefix("alt:"): answers.text(name).strip() for name in names}


def kept_in(view: Mapping[str, Any], answers: Answers) -> tuple[Picture, ...]:
    """The pictures in an open form; also those whose tick is gone."""
    shown = {
        block["block_id"].removeprefix(_SHOWN): block["slack_file"]["id"]
        for block in view["blocks"]
        if block["type"] == "image" and block["block_id"].startswith(_SHOWN)
    }
    ticked, alts = answers.choices("kept"), alts_in(answers)
    return tuple(
        Picture(
            value := option["value"],
            unescape(option["text"]["text"]).partition(". ")[2],
            shown.get(value),
            alts.get(value, ""),
            value in ticked,
        )
        for block in view["blocks"]
        if block["block_id"] == "kept"
        for option in block["element"]["options"]
    )


def uploaded_in(answers: Answers) -> tuple[Picture, ...]:
    return pictures_on_slack(answers.files("images"), alts_in(answers))


def pictures_on_slack(names: Mapping[str, str], alts: Mapping[str, str]) -> tuple[Picture, ...]:
    """names: by Slack's id of the file; alts: by the picture's value."""
    return tuple(
        Picture(ON_SLACK + file_id, name, None, alts.get(ON_SLACK + file_id, ""))
        for file_id, name in names.items()
    )


def _described(t: Texts, pictures: Sequence[Picture], after: int = 0) -> list[Block]:
    """Each picture that Slack can show, and a field below it."""
    found: list[Block] = []
    for n, picture in enumerate(pictures, start=after + 1):
        if picture.slack_file_id:
            shown = blocks.picture(picture.slack_file_id, picture.name)
            found.append({**shown, "block_id": _SHOWN + picture.value})
        found.append(
            forms.text_field(
                f"alt:{picture.value}",
                t("What can be seen in picture {n}?", n=n),
                picture.alt,
                multiline=True,
                optional=True,
                most=LONGEST_ALT,
                hint=t("{name}. For people who cannot see it.", name=picture.name or "-"),
            )
        )
    return found


def _ticks(t: Texts, pictures: Sequence[Picture]) -> list[Block]:
    if not pictures:
        return []
    options = [
        blocks.option(f"{n}. {picture.name}", picture.value)
        for n, picture in enumerate(pictures, start=1)
    ]
    kept = [option for option, picture in zip(options, pictures, strict=True) if picture.is_kept]
    element: Block = {"type": "checkboxes", "options": options}
    element |= {"initial_options": kept} if kept else {}
    return [blocks.field("kept", t("Keep these pictures"), element, optional=True)]
