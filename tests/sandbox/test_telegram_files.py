"""Files in both directions: byte for byte, with Telegram's sizes."""

from collections.abc import AsyncIterator

import pytest
from telegram import Message
from telegram.error import BadRequest, TelegramError

from bot.sandbox.telegram import samples
from bot.sandbox.telegram.files import DOWNLOAD_LIMIT, MEGABYTE, PHOTO_LIMIT, picture_size
from tests.sandbox.telegram_kit import House, connected, refused


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with connected() as connection:
        yield connection


async def received(house: House) -> Message:
    message = (await house.bot.get_updates())[-1].message
    assert message
    return message


async def test_a_photo_is_downloaded_as_it_was_sent(house: House) -> None:
    house.fatima.send_photo(samples.picture(1), "my cat")
    message = await received(house)
    small, large = message.photo
    assert (large.width, large.height, large.file_size) == (160, 120, len(samples.picture(1)))
    assert small.width < large.width
    file = await large.get_file()
    assert bytes(await file.download_as_bytearray()) == samples.picture(1)
    assert file.file_path
    assert file.file_path.endswith(".jpg")


async def test_voice_video_and_document_are_downloaded_too(house: House) -> None:
    house.fatima.send_voice(samples.voice(), 7)
    house.fatima.send_video(b"film", 12)
    house.fatima.send_document(b"words", "story.txt", mime="text/plain")
    voice, video, document = [update.message for update in await house.bot.get_updates()]
    assert voice
    assert voice.voice
    assert video
    assert video.video
    assert document
    assert document.document
    assert (voice.voice.duration, voice.voice.mime_type) == (7, "audio/ogg")
    assert (document.document.file_name, document.document.mime_type) == ("story.txt", "text/plain")
    for attachment, content in (
        (voice.voice, samples.voice()),
        (video.video, b"film"),
        (document.document, b"words"),
    ):
        file = await attachment.get_file()
        assert bytes(await file.download_as_bytearray()) == content


async def test_the_unique_id_goes_with_the_content_the_file_id_with_the_message(
    house: House,
) -> None:
    for number in (1, 1, 2):
        house.fatima.send_photo(samples.picture(number))
    photos = [u.message.photo[-1] for u in await house.bot.get_updates() if u.message]
    assert photos[0].file_unique_id == photos[1].file_unique_id != photos[2].file_unique_id
    assert len({photo.file_id for photo in photos}) == 3


async def test_a_received_photo_can_be_sent_on_by_its_id(house: House) -> None:
    house.fatima.send_photo(samples.picture(1))
    photo = (await received(house)).photo[-1]
    await house.bot.send_photo("@leestafel", photo.file_id, caption="from a reader")
    post = house.channel.messages[-1]
    assert post.media
    assert post.media.content == samples.picture(1)
    async with refused(BadRequest, "can't use file of type Photo as Voice"):
        await house.bot.send_voice("@leestafel", photo.file_id)
    async with refused(BadRequest, "wrong file identifier/HTTP URL specified"):
        await house.bot.send_photo("@leestafel", "no-such-file")


async def test_more_than_20_megabytes_cannot_be_downloaded(house: House) -> None:
    house.fatima.send_video(bytes(DOWNLOAD_LIMIT), 60)
    house.fatima.send_video(bytes(DOWNLOAD_LIMIT + 1), 60)
    fits, too_big = [update.message for update in await house.bot.get_updates()]
    assert fits
    assert fits.video
    assert too_big
    assert too_big.video
    assert (await fits.video.get_file()).file_size == DOWNLOAD_LIMIT
    async with refused(BadRequest, "file is too big"):
        await too_big.video.get_file()


async def test_a_photo_has_10_megabytes(house: House) -> None:
    padded = samples.picture() + bytes(PHOTO_LIMIT - len(samples.picture()))
    await house.bot.send_photo("@leestafel", padded)
    too_big = (
        f"file of size {PHOTO_LIMIT + 1} bytes is too big for a photo; "
        f"the maximum size is {PHOTO_LIMIT} bytes"
    )
    async with refused(BadRequest, too_big):
        await house.bot.send_photo("@leestafel", padded + b"\0")


async def test_an_upload_has_50_megabytes(house: House) -> None:
    with pytest.raises(TelegramError, match="Request Entity Too Large"):
        await house.bot.send_document("@leestafel", bytes(50 * MEGABYTE + 1), filename="x.bin")


async def test_a_photo_must_be_a_picture(house: House) -> None:
    async with refused(BadRequest, "Image_process_failed"):
        await house.bot.send_photo("@leestafel", b"no picture")
    async with refused(BadRequest, "file must be non-empty"):
        await house.bot.send_document("@leestafel", b"", filename="empty.txt")


async def test_the_bot_sends_voice_video_and_document(house: House) -> None:
    await house.bot.send_voice("@leestafel", samples.voice(), duration=61)
    await house.bot.send_video("@leestafel", b"film", duration=5, caption="look")
    await house.bot.send_document("@leestafel", b"words", filename="programme.pdf")
    seen = [post.seen() for post in house.channel.messages]
    assert seen == ["[voice 1:01]", "[video 0:05]\nlook", "[document programme.pdf]"]


async def test_an_unknown_file_is_refused(house: House) -> None:
    async with refused(BadRequest, "invalid file_id"):
        await house.bot.get_file("no-such-file")


def test_pictures_differ_and_are_pictures() -> None:
    assert picture_size(samples.picture(1)) == (160, 120)
    assert samples.picture(1) != samples.picture(2)
    assert picture_size(samples.voice()) is None
