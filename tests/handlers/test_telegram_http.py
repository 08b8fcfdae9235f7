"""The HTTP client under python-telegram-bot: what goes wrong on the line, and what that means."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.outbox import SendDoubtful, SendLater
from bot.sandbox.telegram import Person, TelegramServer
from bot.sandbox.telegram.samples import picture
from handlers.telegram import http
from handlers.telegram.errors import for_outbox, nothing_sent
from handlers.telegram.http import AiohttpRequest


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(lambda: datetime.now(UTC)) as telegram:
        telegram.limits.enabled = False
        yield telegram


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    client = AiohttpRequest(8, connect_timeout=0.2, read_timeout=0.2)
    async with Bot(
        telegram.token,
        base_url=telegram.api_url,
        base_file_url=telegram.file_url,
        request=client,
        get_updates_request=AiohttpRequest(1),
    ) as bot:
        yield bot


@pytest.fixture
def fatima(telegram: TelegramServer) -> Person:
    person = telegram.add_person(1001, "Fatima")
    person.send("/start")
    return person


async def test_words_and_files_arrive_as_they_were_sent(bot: Bot, fatima: Person) -> None:
    words = "é & = + % 書 🙂\n“x”"
    await bot.send_message(fatima.id, words)
    assert fatima.last.text == words
    await bot.send_photo(fatima.id, picture(1), caption=words)
    assert fatima.last.caption == words
    assert fatima.last.media is not None
    assert fatima.last.media.content == picture(1)
    file = await bot.get_file(fatima.last.media.file_id)
    assert bytes(await file.download_as_bytearray()) == picture(1)


async def test_a_cut_connection_leaves_a_doubt_and_no_token(
    telegram: TelegramServer, bot: Bot, fatima: Person
) -> None:
    telegram.faults.add("sendMessage", cut="after")
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(fatima.id, "Hello")
    assert telegram.token not in str(caught.value)
    assert isinstance(for_outbox(caught.value, is_follower=True), SendDoubtful)
    assert [m.text for m in fatima.chat] == ["/start", "Hello"]  # and not a second time


async def test_no_answer_leaves_a_doubt(telegram: TelegramServer, bot: Bot, fatima: Person) -> None:
    telegram.faults.add("sendMessage", delay=1)
    with pytest.raises(TimedOut) as caught:
        await bot.send_message(fatima.id, "Hello")
    assert isinstance(for_outbox(caught.value, is_follower=True), SendDoubtful)


async def test_who_cannot_be_reached_got_nothing(telegram: TelegramServer, bot: Bot) -> None:
    await telegram.stop()
    with pytest.raises(NetworkError):  # the connection that was open; here a doubt would be right
        await bot.get_me()
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(1001, "Hello")
    assert nothing_sent(caught.value)
    assert isinstance(for_outbox(caught.value, is_follower=True), SendLater)


@pytest.fixture
def forget_proxies() -> Iterator[None]:
    yield
    http._proxy.cache_clear()


@pytest.mark.usefixtures("forget_proxies")
async def test_the_organisation_s_proxy_is_used(
    monkeypatch: pytest.MonkeyPatch, telegram: TelegramServer, bot: Bot
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nobody listens
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    http._proxy.cache_clear()
    with pytest.raises(NetworkError) as caught:
        await bot.get_me()
    assert "Proxy" in str(caught.value)
    assert nothing_sent(caught.value)
    http._proxy.cache_clear()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert (await bot.get_me()).is_bot
