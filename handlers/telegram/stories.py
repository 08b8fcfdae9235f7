"""Telling a story, message by message and button by button."""

from typing import Any

from bot.actions import stories
from bot.actions.transaction import Desk
from bot.rules.abuse import check_size
from bot.rules.refusals import Refusal
from bot.rules.stories import NamedAs, Purpose, StoryStep
from handlers.telegram.payloads import Message, Press, is_id
from handlers.telegram.words import STALE

WRONG_KIND = Refusal(
    "I can only take text, photos, videos and voice messages. "
    "Can you tell it in words, or send a photo of it?"
)

PICTURES = ("image/jpeg", "image/png", "image/gif")
"""What every place that a post can go to shows."""

LARGEST_PICTURE = 10 * 1024 * 1024  # bytes, as Telegram takes it

SEND_AS_PHOTO = Refusal(
    "I cannot use this file. Can you send the picture again, as a photo instead of a file? "
    "Then Telegram makes it fit."
)

STEPS: dict[str, tuple[StoryStep, NamedAs | None]] = {
    "done": (StoryStep.DONE, None),
    "skip": (StoryStep.DESCRIBED, None),
    "full": (StoryStep.NAME, NamedAs.FULL),
    "first": (StoryStep.NAME, NamedAs.FIRST),
    "anon": (StoryStep.NAME, NamedAs.ANONYMOUS),
    "old": (StoryStep.OLD_ENOUGH, None),
    "agree": (StoryStep.AGREE, None),
    "submit": (StoryStep.SUBMIT, None),
}
"""A word of a button's data → the step that it is."""


async def begin(desk: Desk, message: Message, argument: str) -> None:
    await stories.begin(desk, message.who)


async def mine(desk: Desk, message: Message, argument: str) -> None:
    await stories.mine(desk, message.who)


async def cancel(desk: Desk, message: Message, argument: str) -> None:
    await stories.cancel(desk, message.who)


async def photo(desk: Desk, message: Message) -> None:
    """Telegram offers a photo in several sizes, the largest last."""
    await _add(desk, message, "photo", message.content["photo"][-1], "image/jpeg")


async def video(desk: Desk, message: Message) -> None:
    """A video, or a round one."""
    file = message.content.get("video") or message.content["video_note"]
    await _add(desk, message, "video", file, "video/mp4")


async def voice(desk: Desk, message: Message) -> None:
    await _add(desk, message, "voice", message.content["voice"], "audio/ogg")


async def document(desk: Desk, message: Message) -> None:
    """A picture that was sent as a file is a picture."""
    file = message.content["document"]
    check_size(file.get("file_size", 0))
    kind = file.get("mime_type", "")
    if not kind.startswith("image/"):
        raise WRONG_KIND
    if kind not in PICTURES or file.get("file_size", 0) > LARGEST_PICTURE:
        raise SEND_AS_PHOTO
    await _add(desk, message, "photo", file, kind)


async def edited(desk: Desk, message: Message) -> None:
    """The text or the caption, or another picture in its place."""
    content = message.content
    files = content.get("photo", [None])[-1], content.get("video"), content.get("voice")
    file: dict[str, Any] = next(filter(None, (*files, content.get("document"))), {})
    check_size(file.get("file_size", 0))
    await stories.edited(
        desk, message.who, message.id, message.text, file.get("file_id"), file.get("mime_type")
    )


async def wrong_kind(desk: Desk, message: Message) -> None:
    raise WRONG_KIND


async def step(desk: Desk, press: Press, words: list[str]) -> None:
    """words: the story's id, what was pressed, and what it is about."""
    (story_id,) = _numbers(words[:1])
    what, *about = words[1:] or ("",)
    if what == "undo":
        (part_id,) = _numbers(about)
        await stories.remove_last(desk, press.who, story_id, part_id)
    elif what == "leave_out":
        await stories.leave_out(desk, press.who, story_id)
    elif what == "cancel":
        await stories.cancel(desk, press.who, story_id)
    elif what == "young":
        await stories.too_young(desk, press.who, story_id)
    elif what in STEPS:
        story_step, named_as = STEPS[what]
        # What was agreed to is what stood above the button.
        is_yes = story_step is StoryStep.AGREE
        await stories.step(
            desk,
            press.who,
            story_id,
            story_step,
            named_as=named_as,
            shown_consent=press.shown if is_yes else None,
            purpose=_purpose(about) if is_yes else None,
        )
    else:
        raise STALE


async def confirm(desk: Desk, press: Press, words: list[str]) -> None:
    """words: the post's id, its revision, yes or change."""
    if len(words) != 3:
        raise STALE
    post_id, revision = _numbers(words[:2])
    match words[2:]:
        case ["yes"]:
            await stories.agree(desk, press.who, post_id, revision)
        case ["change"]:
            await stories.wish(desk, press.who, post_id, revision)
        case _:
            raise STALE


async def withdraw(desk: Desk, press: Press, words: list[str]) -> None:
    """words: the story's id."""
    (story_id,) = _numbers(words[:1])
    await stories.withdraw(desk, press.who, story_id)


async def _add(
    desk: Desk, message: Message, kind: str, file: dict[str, Any], content_type: str
) -> None:
    check_size(file.get("file_size", 0))
    await stories.add_part(
        desk,
        message.who,
        message.id,
        kind,
        text=message.text,
        file_id=file["file_id"],
        content_type=file.get("mime_type", content_type),
        unique_id=file.get("file_unique_id"),
    )


def _purpose(words: list[str]) -> Purpose:
    """Raises STALE for one that is not asked any more."""
    try:
        return Purpose(words[0] if words else Purpose.PUBLISH)
    except ValueError:
        raise STALE from None


def _numbers(words: list[str]) -> list[int]:
    """Raises STALE for a button that this bot never made, or has long forgotten."""
    if not words or not all(map(is_id, words)):
        raise STALE
    return [int(word) for word in words]
