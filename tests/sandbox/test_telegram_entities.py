"""Formatted text: Telegram's HTML, its errors, and offsets in UTF-16 units."""

from collections.abc import AsyncIterator
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity
from telegram.error import BadRequest

from bot.sandbox.telegram.entities import formatted, read_html, utf16_length
from tests.sandbox.telegram_kit import House, connected, refused


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}


@pytest.mark.parametrize(("tag", "kind"), TAGS.items())
def test_every_tag_becomes_its_entity(tag: str, kind: str) -> None:
    text, entities = read_html(f"a <{tag}>b</{tag}> c")
    assert (text, entities) == ("a b c", [{"type": kind, "offset": 2, "length": 1}])


async def test_offsets_count_utf16_units_beside_emoji_and_right_to_left(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "👩‍👧 مرحبا <b>بكم</b> 📚<i>x</i>", parse_mode="HTML")
    assert sent.text == house.fatima.last.text == "👩‍👧 مرحبا بكم 📚x"
    found = {kind: text for entity, text in sent.parse_entities().items() for kind in [entity.type]}
    assert found == {"bold": "بكم", "italic": "x"}
    bold, italic = sent.entities
    assert (bold.offset, bold.length, italic.offset) == (12, 3, 18)


async def test_nested_entities_and_links(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(
        1001, 'See <a href="https://x.nl/?a=1&amp;b=2">the <b>book</b></a>', parse_mode="HTML"
    )
    link, bold = sent.entities
    assert (link.type, link.url, link.length) == ("text_link", "https://x.nl/?a=1&b=2", 8)
    assert (bold.type, bold.offset) == ("bold", 8)
    assert house.fatima.last.links() == ["https://x.nl/?a=1&b=2"]


BROKEN = {
    "a < b": 'Unsupported start tag "" at byte offset 2',
    "é <3": "Unclosed start tag at byte offset 3",
    "<script>x</script>": 'Unsupported start tag "script" at byte offset 0',
    "<b>x": 'Can\'t find end tag corresponding to start tag "b"',
    "x</b>": "Unexpected end tag at byte offset 1",
    "<b>x</i>": 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    "<b>x</b": "Unclosed end tag at byte offset 4",
    '<a href="x': 'Unclosed start tag "a" at byte offset 0',
    "<span>x</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize(("source", "error"), BROKEN.items())
async def test_broken_html_is_refused_with_its_place(house: House, source: str, error: str) -> None:
    house.fatima.send("/start")
    async with refused(BadRequest, f"can't parse entities: {error}"):
        await house.bot.send_message(1001, source, parse_mode="HTML")


def test_a_lonely_ampersand_stays_and_named_characters_are_decoded() -> None:
    assert read_html("R&D &lt;3 &#128218; &#x41; &copy;")[0] == "R&D <3 📚 A &copy;"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1))
def test_escaped_text_arrives_as_written(text: str) -> None:
    assert formatted(escape(text), "HTML")[0] == text.strip()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(min_size=1, alphabet="😀aé"))
def test_an_entity_covers_its_own_words(before: str, bold: str) -> None:
    text, (entity,) = read_html(f"{escape(before)}<b>{bold}</b>")
    units = text.encode("utf-16-le")
    start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
    assert units[start:end].decode("utf-16-le") == bold


async def test_commands_addresses_and_mentions_are_found_in_what_people_write(house: House) -> None:
    house.fatima.send("/story@samenspraak_bot 📚 https://x.nl/a, @leestafel #lezen a/b me@x.nl")
    (update,) = await house.bot.get_updates()
    assert update.message
    found = [(entity.type, text) for entity, text in update.message.parse_entities().items()]
    assert found == [
        ("bot_command", "/story@samenspraak_bot"),
        ("url", "https://x.nl/a"),
        ("mention", "@leestafel"),
        ("hashtag", "#lezen"),
        ("email", "me@x.nl"),
    ]


async def test_given_entities_must_lie_within_the_text(house: House) -> None:
    house.fatima.send("/start")
    sent = await house.bot.send_message(1001, "📚x", entities=[MessageEntity("bold", 2, 1)])
    assert sent.parse_entities() == {MessageEntity("bold", 2, 1): "x"}
    ends = "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 3"
    async with refused(BadRequest, ends):
        await house.bot.send_message(1001, "📚x", entities=[MessageEntity("bold", 2, 2)])


async def test_only_html_is_spoken(house: House) -> None:
    house.fatima.send("/start")
    async with refused(BadRequest, "unsupported parse_mode"):
        await house.bot.send_message(1001, "*x*", parse_mode="MarkdownV2")


def test_blanks_around_fall_away_and_entities_move_along() -> None:
    text, entities = formatted("\n  <b> x </b> ", "HTML")
    assert (text, entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])
    assert utf16_length("📚") == 2
