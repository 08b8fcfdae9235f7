"""Messages that followers change, remove or send anew while they tell a story, and afterwards."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions import publishing, stories
from bot.actions.decisions import decide
from bot.actions.transaction import Desk
from bot.rules.posts import PostAction
from bot.rules.refusals import Refusal
from bot.rules.stories import DeclineReason, Purpose
from bot.sandbox.telegram import Message
from bot.sandbox.telegram.samples import picture, voice
from storage.models import Consent, StoryPart
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.telegram_kit import House, open_house
from tests.handlers.test_telegram_stories import agreed, proposed, submitted, told

DECIDER = "U02OWNER"


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


def own(house: House, words: str) -> Message:
    """What Fatima sent, by its words."""
    return next(m for m in reversed(house.fatima.chat) if m.text == words)


async def story_text(house: House) -> str:
    (story, *_) = await stories.of_follower(house.desk, house.fatima.id)
    return story.text


async def test_while_it_is_told_the_story_follows_the_message(house: House) -> None:
    await told(house, "My cat reads.")
    house.fatima.edit(own(house, "My cat reads."), "My dog reads.")
    await house.fatima.hears("I changed it in your story")
    assert await story_text(house) == "My dog reads."
    house.fatima.edit(own(house, "My dog reads."), "x" * 4000)
    await house.fatima.hears("I changed it")
    house.fatima.send("y" * 1998)
    await house.fatima.hears("2 parts")
    house.fatima.edit(own(house, "x" * 4000), "z" * 4001)
    await house.fatima.hears("I kept the words that you sent first")


async def test_a_changed_message_that_is_no_part_is_answered(house: House) -> None:
    house.fatima.send("Hello")
    await house.fatima.hears("I do not know what to do with it")
    house.fatima.edit(own(house, "Hello"), "Hello there")
    await house.fatima.hears("send it once more, as a new message")
    house.fatima.send("/help")
    await house.fatima.hears("This is what you can do")
    before = len(house.fatima.chat)
    house.fatima.edit(own(house, "/help"), "/helpp")
    house.fatima.send("/polls")
    await house.fatima.hears("no open poll")
    assert len(house.fatima.chat) == before + 2


async def test_in_the_preview_it_is_shown_anew(house: House) -> None:
    await told(house, "My cat reads.")
    fatima = house.fatima
    await fatima.press(fatima.last, "Done")
    await fatima.press(await fatima.hears("how shall we name you"), "Anonymous")
    await fatima.press(await fatima.hears("16 or older"), "I am 16 or older")
    await fatima.press(await fatima.hears("may edit my story"), "I agree")
    await fatima.hears("Shall I send it")
    fatima.edit(own(house, "My cat reads."), "My dog reads.")
    preview = await fatima.hears("Shall I send it")
    assert "My dog reads." in preview.text


async def test_after_sending_it_in_the_new_text_needs_a_new_yes(house: House) -> None:
    story = await submitted(house, "My cat reads.")
    await house.restart()
    house.fatima.edit(own(house, "My cat reads."), "My dog reads.")
    await house.fatima.hears("You said yes to your text as it was before")
    asked = await house.fatima.hears("may edit my story")
    assert asked.buttons() == ["I agree", "Withdraw"]
    shown = await stories.show(house.desk, story.id or 0)
    assert (shown.text, shown.asked) == ("My dog reads.", Purpose.PUBLISH)
    with pytest.raises(Refusal, match="changed this story"):
        await stories.check_may_handle(house.desk, OWNER, shown.id, "accept")
    with pytest.raises(Refusal, match="changed this story"):
        await proposed(house, story, "A dog reads.")
    assert await house.fatima.press(asked, "I agree") is None
    await house.fatima.hears("works with your new text")
    assert await house.fatima.press(asked, "I agree")  # told that it is done
    rows = await house.rows(Consent)
    assert [row.withdrawn_at is None for row in rows if isinstance(row, Consent)] == [False, True]
    await proposed(house, story, "A dog reads.")


async def test_later_it_stays_and_they_hear_what_they_can_do(
    house: House, clock: StandingClock
) -> None:
    story = await submitted(house, "My cat reads.")
    post_id = await proposed(house, story, "A cat reads.")
    await decide(house.desk, DECIDER, post_id, 1, PostAction.APPROVE)
    confirm = await house.fatima.hears("Is it all right?")
    mine = own(house, "My cat reads.")
    house.fatima.edit(mine, "My dog reads.")
    await house.fatima.hears("makes a post of your story already")
    await house.fatima.press(confirm, "Yes, publish")
    await house.fatima.hears("We will place your story")
    house.fatima.edit(mine, "My fish reads.")
    await house.fatima.hears("makes a post of your story already")
    clock.move(timedelta(days=1))
    await publishing.publish_due(house.desk)
    await house.fatima.hears("is published")
    house.fatima.edit(mine, "My bird reads.")
    await house.fatima.hears("is published already, so it stays")
    assert await story_text(house) == "My cat reads."


async def test_a_declined_story_in_dutch(house: House) -> None:
    story = await submitted(house, "My cat reads.")
    await stories.decline(house.desk, OWNER, story.id or 0, DeclineReason.TOO_MANY)
    await house.fatima.hears("more stories than we can place")
    house.fatima.send("/taal")
    await house.fatima.press(await house.fatima.hears("Which language"), "Nederlands")
    house.fatima.edit(own(house, "My cat reads."), "My dog reads.")
    await house.fatima.hears("We plaatsen dit verhaal niet")


async def test_the_last_part_is_removed_once(house: House) -> None:
    await told(house, "One")
    house.fatima.send("Two")
    prompt = await house.fatima.hears("2 parts")
    assert await house.fatima.press(prompt, "Remove the last") is None
    await house.fatima.hears("1 part")
    assert "not the last part any more" in (
        await house.fatima.press(prompt, "Remove the last") or ""
    )
    assert await story_text(house) == "One"


async def test_an_eleventh_photo_and_the_caption_on_the_third(house: House) -> None:
    await told(house)
    house.fatima.send_album([picture(n) for n in range(5)], captions=[None, None, "Here"])
    await house.fatima.hears("6 parts")
    house.fatima.send_album([picture(n) for n in range(5, 10)])
    await house.fatima.hears("11 parts")
    house.fatima.send_photo(picture(11))
    await house.fatima.hears("10 photos at most")
    assert await house.count(StoryPart) == 11
    assert await story_text(house) == "My cat read a book.\n\nHere"


async def test_a_video_is_a_part_and_a_voice_can_be_all(house: House) -> None:
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    house.fatima.send_voice(voice(), duration=3)
    await house.fatima.hears("1 part")
    house.fatima.send_video(b"\0\0\0\x18ftypmp42", duration=3)
    await house.fatima.hears("2 parts")
    (story,) = await stories.of_follower(house.desk, house.fatima.id)
    assert [part.kind for part in story.parts] == ["voice", "video"]


async def test_who_is_not_sure_of_the_people_leaves_the_pictures_out(house: House) -> None:
    await told(house)
    house.fatima.send_photo(picture(1), caption="At home")
    await house.fatima.hears("2 parts")
    fatima = house.fatima
    await fatima.press(fatima.last, "Done")
    await fatima.press(await fatima.hears("what can be seen in it"), "Skip")
    await fatima.press(await fatima.hears("how shall we name you"), "Anonymous")
    await fatima.press(await fatima.hears("16 or older"), "I am 16 or older")
    publish = await fatima.hears("may edit my story")
    await fatima.press(publish, "I agree")
    people = await fatima.hears("Everybody who can be recognised")
    assert await fatima.press(publish, "I agree")  # not a yes to this one
    await fatima.press(people, "Leave them out")
    preview = await fatima.hears("Shall I send it")
    assert "At home" in preview.text
    assert "photo" not in preview.text
    kept = [row.purpose for row in await house.rows(Consent) if isinstance(row, Consent)]
    assert kept == ["publish"]


async def test_days_later_and_after_commands_it_goes_on(house: House, clock: StandingClock) -> None:
    await told(house)
    house.fatima.send_photo(picture(1))
    await house.fatima.hears("2 parts")
    house.fatima.send("/polls")
    await house.fatima.hears("no open poll")
    await house.restart()
    clock.move(timedelta(days=9))
    house.fatima.send("/verhaal")
    await house.fatima.hears("I have 2 parts of your story")
    await agreed(house)
    await house.fatima.hears("Shall I send it")
    house.fatima.send("/annuleer")
    await house.fatima.hears("Your story is deleted")
    assert await house.count(StoryPart) == 0
