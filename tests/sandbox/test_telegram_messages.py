"""Sending, editing and deleting, with Telegram's limits in Telegram's words."""

from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.sandbox.telegram import samples
from tests.sandbox.telegram_kit import NOON, House, connected, keyboard, refused

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


async def test_a_message_arrives_as_written(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "Hello", reply_markup=keyboard([("✅ Done", "done")]))
    assert house.fatima.last.seen() == "Hello\n[✅ Done]"
    assert (sent.text, sent.date, sent.chat.id) == ("Hello", NOON, 1001)
    assert sent.from_user
    assert sent.from_user.username == "samenspraak_bot"


async def test_4096_characters_and_not_one_more(house: House) -> None:
    house.fatima.send("/start")
    await house.bot.send_message(1001, "é" * 4096)
    assert house.fatima.last.text == "é" * 4096
    async with refused(BadRequest, "message is too long"):
        await house.bot.send_message(1001, "é" * 4097)


async def test_the_length_counts_after_the_markup(house: House) -> None:
    house.fatima.send("/start")
    await house.bot.send_message(1001, "<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    assert house.fatima.last.text == "&" * 4096


@pytest.mark.parametrize("text", ["", "  \n ", "<b></b>"])
async def test_an_empty_text_is_refused(house: House, text: str) -> None:
    house.fatima.send("/start")
    async with refused(BadRequest, "message text is empty"):
        await house.bot.send_message(1001, text, parse_mode="HTML")


async def test_a_caption_has_1024_characters(house: House) -> None:
    await house.bot.send_photo("@leestafel", samples.picture(), caption="x" * 1024)
    async with refused(BadRequest, "message caption is too long"):
        await house.bot.send_photo("@leestafel", samples.picture(), caption="x" * 1025)


async def test_callback_data_has_64_bytes_not_characters(house: House) -> None:
    house.fatima.send("/start")
    await house.bot.send_message(1001, "x", reply_markup=keyboard([("Yes", "é" * 32)]))
    async with refused(BadRequest, "Button_data_invalid"):
        await house.bot.send_message(1001, "x", reply_markup=keyboard([("Yes", "é" * 33)]))


async def test_a_button_must_do_something(house: House) -> None:
    house.fatima.send("/start")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Nothing")]])
    reason = "Text buttons are unallowed in the inline keyboard"
    async with refused(BadRequest, f"can't parse inline keyboard button: {reason}"):
        await house.bot.send_message(1001, "x", reply_markup=markup)


async def test_who_never_wrote_cannot_be_written_to(house: House) -> None:
    async with refused(Forbidden, "Forbidden: bot can't initiate conversation with a user"):
        await house.bot.send_message(1001, "Hello")
    async with refused(BadRequest, "chat not found"):
        await house.bot.send_message(404, "Hello")
    async with refused(BadRequest, "chat not found"):
        await house.bot.send_message("@nobody", "Hello")


async def test_who_blocked_the_bot_is_out_of_reach_until_they_come_back(house: House) -> None:
    house.fatima.send("/start")
    house.fatima.block()
    async with refused(Forbidden, "Forbidden: bot was blocked by the user"):
        await house.bot.send_message(1001, "Hello")
    house.fatima.unblock()
    await house.bot.send_message(1001, "Welcome back")
    _, left, back = await house.bot.get_updates()
    assert left.my_chat_member
    assert back.my_chat_member
    assert left.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member.new_chat_member.status == "member"
    assert back.my_chat_member.chat.id == 1001


async def test_a_private_chat_takes_three_at_once_then_one_a_second(house: House) -> None:
    house.telegram.limits.enabled = True
    house.fatima.send("/start")
    for _ in range(3):
        await house.bot.send_message(1001, "Hello")
    with pytest.raises(RetryAfter) as caught:
        await house.bot.send_message(1001, "Hello")
    assert caught.value.retry_after in {2, 3}
    assert len(house.fatima.chat) == 4
    assert house.telegram.calls[-1].description.startswith("Too Many Requests: retry after ")


async def test_a_channel_takes_20_a_minute_and_edits_are_free(house: House) -> None:
    house.telegram.limits.enabled = True
    for number in range(20):
        sent = await house.bot.send_message("@leestafel", str(number))
    with pytest.raises(RetryAfter) as caught:
        await house.bot.send_message("@leestafel", "one too many")
    assert caught.value.retry_after in range(51, 61)
    for number in range(40):
        await sent.edit_text(f"edited {number}")


async def test_everybody_together_gets_30_a_second(house: House) -> None:
    house.telegram.limits.enabled = True
    people = [house.telegram.add_person(2000 + number, "P") for number in range(31)]
    for person in people:
        person.send("/start")
    for person in people[:30]:
        house.telegram.limits.count(house.telegram.state.chats[person.id])
    with pytest.raises(RetryAfter) as caught:
        await house.bot.send_message(people[30].id, "Hello")
    assert caught.value.retry_after == 1


async def test_an_edit_changes_the_message_that_people_see(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "Vote", reply_markup=keyboard([("A", "a")]))
    seen = house.fatima.last
    house.clock.forward(minutes=5)
    edited = await sent.edit_text("Closed")
    assert (seen.seen(), seen.edited) == ("Closed", house.clock())
    assert isinstance(edited, Message)
    assert edited.edit_date == house.clock()


async def test_an_edit_without_a_change_is_refused(house: House) -> None:
    house.fatima.send("/start")
    markup = keyboard([("A", "a")])
    sent = await house.bot.send_message(1001, "Vote", reply_markup=markup)
    async with refused(BadRequest, NOT_MODIFIED):
        await sent.edit_text("Vote", reply_markup=markup)
    async with refused(BadRequest, NOT_MODIFIED):
        await sent.edit_reply_markup(markup)
    await sent.edit_reply_markup(None)
    assert house.fatima.last.buttons() == []


async def test_only_fitting_messages_can_be_edited(house: House) -> None:
    said = house.fatima.send("mine")
    text = await house.bot.send_message(1001, "x")
    photo = await house.bot.send_photo(1001, samples.picture())
    async with refused(BadRequest, "message can't be edited"):
        await house.bot.edit_message_text("yours", 1001, said.id)
    async with refused(BadRequest, "message to edit not found"):
        await house.bot.edit_message_text("x", 1001, 999)
    async with refused(BadRequest, "there is no caption in the message to edit"):
        await text.edit_caption("x")
    async with refused(BadRequest, "there is no text in the message to edit"):
        await photo.edit_text("x")
    await photo.edit_caption("<i>new</i>", parse_mode="HTML")
    assert house.fatima.last.seen() == "[photo]\nnew"


async def test_a_deleted_message_is_gone(house: House) -> None:
    sent = await house.bot.send_message("@leestafel", "oops")
    await sent.delete()
    assert house.channel.messages == []
    async with refused(BadRequest, "message to delete not found"):
        await sent.delete()


async def test_in_private_chats_deleting_ends_after_48_hours(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "old")
    house.clock.forward(hours=49)
    async with refused(BadRequest, "message can't be deleted for everyone"):
        await sent.delete()


async def test_an_answer_to_a_message_names_it(house: House) -> None:
    said = house.fatima.send("a question")
    sent = await house.bot.send_message(1001, "an answer", reply_to_message_id=said.id)
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "a question"
    assert house.fatima.last.reply_to is said
    async with refused(BadRequest, "message to be replied not found"):
        await house.bot.send_message(1001, "an answer", reply_to_message_id=999)


async def test_the_bot_sends_an_album_of_uploads_and_known_files(house: House) -> None:
    known = await house.bot.send_photo("@leestafel", samples.picture(1))
    sent = await house.bot.send_media_group(
        "@leestafel",
        [
            InputMediaPhoto(known.photo[-1].file_id, caption="<b>Both</b>", parse_mode="HTML"),
            InputMediaPhoto(samples.picture(2)),
        ],
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].caption == "Both"
    first, second = house.channel.messages[1:]
    assert first.media
    assert first.media.content == samples.picture(1)
    assert second.media
    assert second.media.content == samples.picture(2)
    assert first.album == second.album != ""


@pytest.mark.parametrize("size", [1, 11])
async def test_an_album_has_2_to_10_parts(house: House, size: int) -> None:
    photos = [InputMediaPhoto(samples.picture(number)) for number in range(size)]
    async with refused(BadRequest, "media group must include 2-10 items"):
        await house.bot.send_media_group("@leestafel", photos)
    assert house.channel.messages == []


async def test_a_reaction_is_one_of_telegrams(house: House) -> None:
    said = house.fatima.send("my story")
    await house.bot.set_message_reaction(1001, said.id, "❤")
    assert said.reactions == ["❤"]
    async with refused(BadRequest, "Reaction_invalid"):
        await house.bot.set_message_reaction(1001, said.id, "📚")
