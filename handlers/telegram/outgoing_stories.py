"""Notices about stories: the conversation of telling one, and what happens to it afterwards."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions import posts, stories
from bot.actions.views import StoryView
from bot.outbox import Receipt
from bot.rules.stories import WITHDRAWABLE, Purpose, StoryStatus
from bot.texts import Texts
from handlers.telegram import story_messages
from handlers.telegram.keyboards import (
    again_keyboard,
    confirm_keyboard,
    step_keyboard,
    withdraw_keyboard,
)
from handlers.telegram.letters import Letter, Send, always_the_same
from handlers.telegram.outgoing_posts import send_post


async def _prompt(letter: Letter) -> Receipt | None:
    """Overtaken when more parts came meanwhile: only the newest count is of use."""
    story = await _story(letter)
    if story.status is not StoryStatus.COLLECTING or len(story.parts) != letter.payload["parts"]:
        return None
    t = await letter.texts()
    return await letter.say(story_messages.prompt(t, story), step_keyboard(t, story))


async def _step(letter: Letter) -> Receipt | None:
    """Overtaken when the story is at another step by now."""
    story = await _story(letter)
    payload = letter.payload
    photo = story.to_describe[0] if story.to_describe else None
    asked = (story.status, photo and photo.id, story.asked)
    if asked != (payload["status"], payload.get("part_id"), payload.get("purpose", story.asked)):
        return None
    t = await letter.texts()
    consent = await stories.consent_text(letter.desk, story.id, story.asked or Purpose.PUBLISH)
    describing = story.status is StoryStatus.DESCRIBING and photo
    return await letter.say(
        story_messages.step(t, story, consent),
        step_keyboard(t, story),
        about=photo.message_id if describing and photo else None,
    )


async def _again(letter: Letter) -> Receipt | None:
    """The text that is agreed to stands alone, as the ledger keeps it. Overtaken by the yes."""
    story, purpose = await _story(letter), Purpose(letter.payload["purpose"])
    if story.status is not StoryStatus.SUBMITTED or story.asked is not purpose:
        return None
    t = await letter.texts()
    if purpose is Purpose.PUBLISH:
        await letter.say(story_messages.changed(t, story))
    consent = await stories.consent_text(letter.desk, story.id, purpose)
    return await letter.say(consent, again_keyboard(t, story.id, purpose))


async def _list(letter: Letter) -> Receipt:
    t = await letter.texts()
    theirs = await stories.of_follower(letter.desk, letter.follower_id)
    withdrawable = [(s.receipt or "", s.id) for s in theirs if s.status in WITHDRAWABLE]
    text = story_messages.listed(t, theirs, letter.desk.zone)
    return await letter.say(text, withdraw_keyboard(t, withdrawable))


async def _confirm(letter: Letter) -> Receipt | None:
    """Each edited version just as readers will see it, then the question. Overtaken by an edit."""
    post = await posts.show(letter.desk, letter.payload["post_id"])
    story = await _story(letter)
    revision = letter.payload["revision"]
    if post.revision != revision or story.status is not StoryStatus.ACCEPTED:
        return None
    t, several = await letter.texts(), len(post.wordings) > 1
    for wording in post.wordings:
        if several:
            await letter.say(story_messages.wording(t, wording))
        await send_post(letter.bot, letter.chat, wording.text, post.images)
    return await letter.say(
        story_messages.confirm(t, story), confirm_keyboard(t, story.id, post.id, revision)
    )


async def _published(letter: Letter) -> Receipt:
    t, story = await letter.texts(), await _story(letter)
    return await letter.say(story_messages.published(t, story, letter.payload["link"]))


async def _too_late(letter: Letter) -> Receipt:
    t, story = await letter.texts(), await _story(letter)
    return await letter.say(story_messages.too_late(t, story, letter.payload["link"]))


async def _withdrawn(letter: Letter) -> Receipt:
    t, story = await letter.texts(), await _story(letter)
    return await letter.say(story_messages.withdrawn(t, story, letter.desk.zone))


async def _taken_down(letter: Letter) -> Receipt:
    t, story = await letter.texts(), await _story(letter)
    return await letter.say(story_messages.taken_down(t, story, letter.payload["platform"]))


async def _question(letter: Letter) -> Receipt:
    t, story = await letter.texts(), await _story(letter)
    return await letter.say(story_messages.question(t, story, letter.payload["question"]))


def _about(text: Callable[[Texts, StoryView], str]) -> Callable[[Letter], Awaitable[Receipt]]:
    async def send(letter: Letter) -> Receipt:
        return await letter.say(text(await letter.texts(), await _story(letter)))

    return send


async def _story(letter: Letter) -> StoryView:
    return await stories.show(letter.desk, letter.payload["story_id"])


KINDS: Mapping[str, Send] = {
    "story.prompt": _prompt,
    "story.step": _step,
    "story.again": _again,
    "story.received": _about(story_messages.received),
    "story.cancelled": always_the_same(story_messages.cancelled),
    "story.too_young": always_the_same(story_messages.too_young),
    "story.list": _list,
    "story.withdrawn": _withdrawn,
    "story.taken_down": _taken_down,
    "story.declined": _about(story_messages.declined),
    "story.given_up": _about(story_messages.given_up),
    "story.confirm": _confirm,
    "story.wish": always_the_same(story_messages.wish),
    "story.wish_received": always_the_same(story_messages.wish_received),
    "story.agreed": always_the_same(story_messages.agreed),
    "story.published": _published,
    "story.too_late": _too_late,
    "story.question": _question,
}
