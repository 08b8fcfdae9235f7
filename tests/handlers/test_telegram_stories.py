"""Telling a story, as followers live it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.actions import posts, stories
from bot.actions.decisions import decide
from bot.actions.transaction import Desk
from bot.rules.posts import PostAction
from bot.rules.stories import DeclineReason
from bot.sandbox.telegram import Message
from bot.sandbox.telegram.samples import picture, voice
from storage.models import Consent, Media, Story, StoryPart
from tests.factories import OWNER
from tests.handlers.telegram_kit import House, open_house

NASTY = "<b>& <!channel> *stars* _lines_ `code` [x](y) 🐈‍⬛ مرحبا \u202eabc\u202c {braces} %s"

waits_for_its_file = col(StoryPart.file_id).is_not(None) & col(StoryPart.media_sha256).is_(None)
is_given_up = col(StoryPart.fetch_error).is_not(None)


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def told(house: House, text: str = "My cat read a book.") -> Message:
    """Fatima has sent one text; the prompt below it."""
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    house.fatima.send(text)
    return await house.fatima.hears("1 part")


async def submitted(
    house: House, text: str = "My cat read a book.", name: str = "Full name"
) -> Story:
    fatima = house.fatima
    await fatima.press(await told(house, text), "Done")
    await fatima.press(await fatima.hears("how shall we name you"), name)
    await fatima.press(await fatima.hears("16 or older"), "I am 16 or older")
    await fatima.press(await fatima.hears("may edit my story"), "I agree")
    await fatima.press(await fatima.hears("Shall I send it"), "Submit")
    await fatima.hears("is with our team")
    return await house.read(lambda session: session.exec(select(Story)).one())


async def proposed(house: House, story: Story, text: str, images: tuple[str, ...] = ()) -> int:
    """A colleague made a post of it, and the owner approved; the post's id."""
    draft = posts.Proposal(
        text=text,
        platform_keys=("telegram",),
        pillar_key="story",
        target_group_key=None,
        planned_at=house.desk.clock() + timedelta(days=1),
        images=images,
        story_id=story.id,
    )
    post = await posts.propose(house.desk, OWNER, f"form {text[:20]}", draft)
    return post.id


async def test_the_whole_conversation_of_a_story(house: House) -> None:
    fatima = house.fatima
    fatima.send("/story")
    prompt = await fatima.hears("tell us your story")
    assert prompt.buttons() == ["Done", "Cancel"]
    fatima.send("My cat read a book.")
    await fatima.hears("1 part")
    fatima.send_photo(picture(1), caption="Here she is")
    await fatima.hears("2 parts")
    fatima.send_voice(voice(), duration=7)
    prompt = await fatima.hears("3 parts")
    assert prompt.buttons() == ["Done", "Cancel", "Remove the last"]
    assert await fatima.press(prompt, "Done") is None
    describe = await fatima.hears("Photo 1 of 1: what can be seen in it?")
    assert describe.buttons() == ["Skip", "Cancel"]
    fatima.send("A cat with a book")
    naming = await fatima.hears("how shall we name you")
    assert naming.buttons() == ["Full name", "First name", "Anonymous", "Cancel"]
    await fatima.press(naming, "First name")
    age = await fatima.hears("16 or older")
    assert age.buttons() == ["I am 16 or older", "I am younger", "Cancel"]
    await fatima.press(age, "I am 16 or older")
    consent = await fatima.hears("Bibliotheek De Leestafel may edit my story")
    assert consent.buttons() == ["I agree", "Cancel"]
    await fatima.press(consent, "I agree")
    people = await fatima.hears("Everybody who can be recognised")
    assert people.buttons() == ["I agree", "Cancel", "Leave them out"]
    await fatima.press(people, "I agree")
    preview = await fatima.hears("Shall I send it")
    assert "My cat read a book." in preview.text
    assert "Here she is" in preview.text
    assert "1 photo and 1 voice message" in preview.text
    assert "Named as: Fatima" in preview.text
    await fatima.press(preview, "Submit")
    receipt = await fatima.hears("Its number is")
    story = await house.read(lambda session: session.exec(select(Story)).one())
    assert story.receipt
    assert story.receipt in receipt.text
    kept = await house.read(lambda session: session.exec(select(Consent)).all())
    assert [row.text for row in kept] == [consent.text, people.text]
    shown = await stories.show(house.desk, story.id or 0)
    assert [part.alt for part in shown.parts] == [None, "A cat with a book", None]


async def agreed(house: House) -> None:
    """From the last prompt until the follower agreed: then files may be fetched."""
    fatima = house.fatima
    await fatima.press(fatima.last, "Done")
    await fatima.press(await fatima.hears("what can be seen in it"), "Skip")
    await fatima.press(await fatima.hears("how shall we name you"), "Anonymous")
    await fatima.press(await fatima.hears("16 or older"), "I am 16 or older")
    await fatima.press(await fatima.hears("may edit my story"), "I agree")
    await fatima.press(await fatima.hears("Everybody who can be recognised"), "I agree")


async def test_files_are_kept_under_their_content_once_the_follower_agreed(house: House) -> None:
    await told(house)
    house.fatima.send_photo(picture(1))
    house.fatima.send_voice(voice(), duration=3)
    house.fatima.send_document(picture(2), "cat.png", mime="image/png")
    await house.fatima.hears("4 parts")
    assert await house.count(Media) == 0
    await agreed(house)
    await house.until(lambda session: len(session.exec(select(Media)).all()) == 3)
    contents = [picture(1), voice(), picture(2)]
    await house.until(lambda s: not s.exec(select(StoryPart).where(waits_for_its_file)).all())
    [story] = await stories.of_follower(house.desk, house.fatima.id)
    assert [p.media.path.read_bytes() for p in story.parts if p.media] == contents
    assert [p.kind for p in story.parts] == ["text", "photo", "voice", "photo"]


async def test_a_file_that_cannot_come_now_comes_later(house: House) -> None:
    await told(house)
    house.fatima.send_photo(picture(1))
    await house.fatima.hears("2 parts")
    house.telegram.faults.add("getFile", status=502)
    # Twice: what is only read is asked for once more, when a connection in use is cut.
    house.telegram.faults.add("download", cut="before", times=2)
    await agreed(house)
    await house.telegram.until(lambda: "getFile" in {c.method for c in house.telegram.calls})
    assert [await house.side.fetch_media() for _ in range(2)] == [0, 1]


async def test_a_file_that_is_too_big_is_given_up(house: House) -> None:
    await told(house)
    house.fatima.send_photo(picture(1))
    await house.fatima.hears("2 parts")
    house.telegram.faults.add("getFile", status=400, description="Bad Request: file is too big")
    await agreed(house)
    await house.until(lambda s: s.exec(select(StoryPart).where(is_given_up)).first())
    assert await house.side.fetch_media() == 0


async def test_an_album_is_as_many_parts_as_it_has_pictures(house: House) -> None:
    await told(house)
    house.fatima.send_album([picture(n) for n in range(4)], captions=["All of us"])
    await house.fatima.hears("5 parts")
    [story] = await stories.of_follower(house.desk, house.fatima.id)
    assert [part.text for part in story.parts][1:] == ["All of us", "", "", ""]


async def test_what_a_story_cannot_hold_is_refused_kindly(house: House) -> None:
    await told(house)
    house.fatima.send_location(52.1, 5.1)
    await house.fatima.hears("only take text, photos, videos and voice")
    house.fatima.send_document(b"%PDF", "story.pdf", mime="application/pdf")
    await house.fatima.hears("only take text, photos, videos and voice")
    assert await house.count(StoryPart) == 1


async def test_cancel_by_button_and_by_command_deletes_it(house: House) -> None:
    await house.fatima.press(await told(house), "Cancel")
    await house.fatima.hears("Your story is deleted")
    assert await house.count(Story) == 0
    await told(house)
    house.fatima.send("/annuleer")
    await house.fatima.hears("Your story is deleted")
    assert await house.count(Story) == 0


async def test_who_is_too_young_is_thanked_and_forgotten(house: House) -> None:
    fatima = house.fatima
    await fatima.press(await told(house), "Done")
    await fatima.press(await fatima.hears("how shall we name you"), "Anonymous")
    await fatima.press(await fatima.hears("16 or older"), "I am younger")
    await fatima.hears("being honest")
    assert await house.count(Story) == 0
    assert await house.count(StoryPart) == 0


async def test_an_old_button_says_so_and_changes_nothing(house: House) -> None:
    prompt = await told(house)
    await house.fatima.press(prompt, "Done")
    await house.fatima.hears("how shall we name you")
    assert await house.fatima.press(prompt, "Done") == (
        "You have done this step already. Go on with my newest message."
    )
    assert len(await house.notices("story.step")) == 1


async def test_the_link_of_a_call_asks_its_question(house: House) -> None:
    house.fatima.open_link("https://t.me/samenspraak_bot?start=call_winter")
    await house.fatima.hears("Which book warms you in winter?")


async def test_a_restart_in_the_middle_loses_nothing(house: House) -> None:
    prompt = await told(house)
    await house.restart()
    house.fatima.send("And then another.")
    await house.fatima.hears("2 parts")
    await house.fatima.press(prompt, "Done")
    await house.fatima.hears("how shall we name you")


async def test_every_character_arrives_and_comes_back(house: House) -> None:
    story = await submitted(house, NASTY)
    view = await stories.show(house.desk, story.id or 0)
    assert view.text == NASTY
    preview = next(m for m in house.fatima.chat if "Shall I send it" in m.text)
    assert NASTY in preview.text


async def test_mystories_lists_and_withdraws(house: House) -> None:
    story = await submitted(house)
    house.fatima.send("/mystories")
    listed = await house.fatima.hears("Your stories")
    assert story.receipt
    assert story.receipt in listed.text
    assert "received; the team reads it" in listed.text
    assert await house.fatima.press(listed, "Withdraw") is None
    await house.fatima.hears("Your story is withdrawn")
    house.fatima.send("/mystories")
    assert (await house.fatima.hears("withdrawn by you")).buttons() == []


async def test_a_declined_story_gets_a_kind_reason(house: House) -> None:
    story = await submitted(house)
    await stories.decline(house.desk, OWNER, story.id or 0, DeclineReason.TOO_MANY)
    await house.fatima.hears("more stories than we can place")


async def test_a_question_about_a_story_and_its_answer(house: House) -> None:
    story = await submitted(house)
    await stories.ask(house.desk, OWNER, story.id or 0, f"Which cat? {NASTY}")
    await house.fatima.hears(f"Which cat? {NASTY}")
    house.fatima.send("Mine.")
    await house.fatima.hears("reads your answer")
    [answer] = await house.notices("story.answer")
    assert answer.payload["text"] == "Mine."


async def test_the_follower_has_the_last_word(house: House) -> None:
    story = await submitted(house)
    post_id = await proposed(house, story, "A cat reads. (Fatima)")
    await decide(house.desk, "U02OWNER", post_id, 1, PostAction.APPROVE)
    confirm = await house.fatima.hears("Is it all right?")
    assert house.fatima.chat[-2].text == "A cat reads. (Fatima)"
    assert confirm.buttons() == ["Yes, publish", "Please change", "Withdraw"]
    await house.fatima.press(confirm, "Please change")
    await house.fatima.hears("What shall we change?")
    house.fatima.send("Not my name, please.")
    await house.fatima.hears("Our team changes it")
    assert "meanwhile" not in (await house.fatima.press(confirm, "Withdraw") or "")
    await house.fatima.hears("Your story is withdrawn")


async def test_yes_is_a_yes_once(house: House) -> None:
    story = await submitted(house)
    post_id = await proposed(house, story, "A cat reads.")
    await decide(house.desk, "U02OWNER", post_id, 1, PostAction.APPROVE)
    confirm = await house.fatima.hears("Is it all right?")
    assert await house.fatima.press(confirm, "Yes, publish") is None
    await house.fatima.hears("We will place your story")
    assert await house.fatima.press(confirm, "Yes, publish")  # told why not again
    assert len(await house.notices("story.agreed")) == 1
