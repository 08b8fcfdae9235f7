"""The people of the sandbox: what they do arrives at the bot, what the bot does they see."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.sandbox.telegram import NoSuchButton, NotAnswered, samples
from bot.sandbox.telegram.people import NotHeard
from tests.sandbox.telegram_kit import House, connected, keyboard, refused

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


async def ask(house: House, *labels: str) -> None:
    """Fatima gets a message with one row of buttons; their data are the labels."""
    house.fatima.send("/start")
    markup = keyboard([(label, label) for label in labels])
    await house.bot.send_message(1001, "Well?", reply_markup=markup)


async def queries(house: House) -> list[tuple[int, CallbackQuery]]:
    updates = await house.bot.get_updates()
    return [
        (update.update_id, update.callback_query) for update in updates if update.callback_query
    ]


async def test_a_command_and_a_deep_link(house: House) -> None:
    house.fatima.open_link("call_winter")
    house.fatima.open_link("https://t.me/samenspraak_bot?start=call_winter")
    updates = await house.bot.get_updates()
    for update in updates:
        assert update.message
        assert update.message.text == "/start call_winter"
        assert list(update.message.parse_entities().values()) == ["/start"]
        assert update.effective_user
        assert update.effective_user.language_code == "nl"
        assert update.effective_user.full_name == "Fatima El Amrani"
    with pytest.raises(ValueError, match="not a deep link"):
        house.fatima.open_link("x" * 65)


async def test_an_album_arrives_in_parts_with_one_group_id(house: House) -> None:
    house.fatima.send_album([samples.picture(n) for n in range(3)], ["the whole album"])
    updates = await house.bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert len(messages) == 3
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["the whole album", None, None]
    assert len({message.photo[-1].file_unique_id for message in messages}) == 3


async def test_press_waits_for_the_answer(house: House) -> None:
    await ask(house, "✅ Done", "Cancel")
    pressing = asyncio.create_task(house.fatima.press(house.fatima.last, "Done"))
    await house.telegram.until(lambda: house.telegram.state.callbacks)
    ((_, query),) = await queries(house)
    assert query.data == "✅ Done"
    assert query.message
    assert query.message.message_id == house.fatima.last.id
    await query.answer("Thank you")
    assert await pressing == "Thank you"


async def test_a_press_that_nobody_answers_is_told(house: House) -> None:
    await ask(house, "Done")
    with pytest.raises(NotAnswered):
        await house.fatima.press(house.fatima.last, "Done", timeout=0.05)


async def test_a_button_that_is_not_there_names_those_that_are(house: House) -> None:
    await ask(house, "✅ Done", "❤️", "Winter · 3")
    with pytest.raises(NoSuchButton, match="'✅ Done', '❤️', 'Winter · 3'"):
        house.fatima.tap(house.fatima.last, "Submit")
    for label in ("✅ Done", "Done", "❤️", "Winter"):
        house.fatima.tap(house.fatima.last, label)
    pressed = [query.data for _, query in await queries(house)]
    assert pressed == ["✅ Done", "✅ Done", "❤️", "Winter · 3"]


async def test_a_double_tap_is_two_queries(house: House) -> None:
    await ask(house, "Done")
    first = house.fatima.tap(house.fatima.last, "Done")
    second = house.fatima.tap(house.fatima.last, "Done")
    assert [query.id for _, query in await queries(house)] == [first, second]


async def test_an_unanswered_press_comes_again_with_a_new_update_id(house: House) -> None:
    house.telegram.callback_redelivery = 0.05
    await ask(house, "Done")
    callback_id = house.fatima.tap(house.fatima.last, "Done")
    await house.telegram.until(lambda: len(house.telegram.state.updates) >= 4)
    delivered = await queries(house)
    assert {query.id for _, query in delivered} == {callback_id}
    assert len({update_id for update_id, _ in delivered}) == len(delivered) >= 3


async def test_an_answered_press_does_not_come_again(house: House) -> None:
    house.telegram.callback_redelivery = 0.05
    await ask(house, "Done")
    house.fatima.tap(house.fatima.last, "Done")
    ((_, query),) = await queries(house)
    await query.answer()
    waiting = len(house.telegram.state.updates)
    with pytest.raises(TimeoutError):
        await house.telegram.until(lambda: len(house.telegram.state.updates) > waiting, 0.2)


async def test_a_press_can_be_delivered_again_at_will(house: House) -> None:
    await ask(house, "Done")
    callback_id = house.fatima.tap(house.fatima.last, "Done")
    house.telegram.redeliver(callback_id)
    (first, query), (second, same) = await queries(house)
    assert (query.id, query.data) == (same.id, same.data)
    assert first < second


async def test_a_press_is_answered_once_and_in_time(house: House) -> None:
    await ask(house, "Done")
    house.fatima.tap(house.fatima.last, "Done")
    house.fatima.tap(house.fatima.last, "Done")
    (_, answered), (_, late) = await queries(house)
    async with refused(BadRequest, "Message_too_long"):
        await answered.answer("x" * 201)
    await answered.answer("x" * 200)
    async with refused(BadRequest, TOO_OLD):
        await answered.answer("again")
    async with refused(BadRequest, TOO_OLD):
        await house.bot.answer_callback_query("12345")
    house.telegram.state.callback_lifetime = 0
    async with refused(BadRequest, TOO_OLD):
        await late.answer("too late")


async def test_hears_waits_for_what_is_said_after_one_s_own_last_act(house: House) -> None:
    house.fatima.send("/start")
    await house.bot.send_message(1001, "Welcome")
    assert (await house.fatima.hears("Welcome")).text == "Welcome"
    house.fatima.send("/story")
    with pytest.raises(NotHeard, match="Welcome"):
        await house.fatima.hears("Welcome", timeout=0.05)
    hearing = asyncio.create_task(house.fatima.hears(lambda message: message.media))
    await house.bot.send_message(1001, "not this")
    await house.bot.send_photo(1001, samples.picture(), caption="this")
    assert (await hearing).seen() == "[photo]\nthis"


async def test_hears_notices_an_edit(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "one moment")
    house.fatima.send("and?")
    await sent.edit_text("there you are")
    assert (await house.fatima.hears("there you are")).id == sent.message_id


async def test_seen_shows_media_buttons_and_links(house: House) -> None:
    assert house.fatima.send_voice(samples.voice(), 67).seen() == "[voice 1:07]"
    assert house.fatima.send_video(b"film", 5, "look").seen() == "[video 0:05]\nlook"
    assert house.fatima.send_document(b"text", "story.txt").seen() == "[document story.txt]"
    assert house.fatima.send_location(52.1, 5.1).seen() == "[location]"
    rows = [
        [
            InlineKeyboardButton("Yes", callback_data="y"),
            InlineKeyboardButton("No", callback_data="n"),
        ],
        [InlineKeyboardButton("Read", url="https://x.nl/b")],
    ]
    await house.bot.send_message(
        1001, "See https://x.nl/a", reply_markup=InlineKeyboardMarkup(rows)
    )
    assert house.fatima.last.seen() == "See https://x.nl/a\n[Yes] [No]\n[Read]"
    assert house.fatima.last.links() == ["https://x.nl/a", "https://x.nl/b"]
    with pytest.raises(NoSuchButton, match="opens a link"):
        house.fatima.tap(house.fatima.last, "Read")


async def test_a_person_writes_no_more_than_their_phone_allows(house: House) -> None:
    house.fatima.send("x" * 4096)
    with pytest.raises(ValueError, match="1 to 4096"):
        house.fatima.send("x" * 4097)
    with pytest.raises(ValueError, match="at most 1024"):
        house.fatima.send_photo(samples.picture(), "x" * 1025)


async def test_joining_counts(house: House) -> None:
    before = await house.bot.get_chat_member_count("@leestafel")
    assert (await house.bot.get_chat_member("@leestafel", 1001)).status == "left"
    house.fatima.join(house.channel)
    assert await house.bot.get_chat_member_count("@leestafel") == before + 1
    assert (await house.bot.get_chat_member("@leestafel", 1001)).status == "member"
    assert (await house.bot.get_chat_member("@leestafel", house.bot.id)).status == "administrator"
