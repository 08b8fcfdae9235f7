"""What people write arrives as they wrote it: from Telegram in Slack, and back in Telegram."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.slack import Message, View
from bot.sandbox.world import REVIEW_CHANNEL, World

NASTY = (
    "<!channel> <!here> <@U01OWNER> <https://evil.example|click> & < > &amp; &lt;b&gt; "
    "*not bold* _not italic_ ~not struck~ `no code` ```no block``` :leesclub: > no quote\n"
    "• [link](tg://user?id=1) @everyone #channel /start {curly} %s %(x)s\n"
    "Emoji 👩‍👩‍👧‍👦🇳🇱👍🏽 and accents é ü ñ İ ß\n"
    "Right to left: مرحبا بكم في المكتبة · שלום · \u202eמימין\u202c\n"
)
SHORT = NASTY.strip()
LONG = (NASTY + "Een lange zin & nog een < zin. " * 200)[:4095] + "."
assert len(LONG) == 4096


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path, "en") as world:
        world.slack.post_rate = None  # what is tried here is the words, not the pace
        yield world


def shown(blocks: object) -> str:
    """What people read: Slack shows these three entities as characters, wherever they stand."""
    text = "".join(texts_in(blocks))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def texts_in(value: object) -> list[str]:
    """Every text in a Block Kit structure, in order."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [t for v in value.values() if not isinstance(v, str) for t in texts_in(v)]
    if isinstance(value, list):
        return [t for item in value for t in texts_in(item)]
    return []


def mrkdwn_in(value: object) -> list[str]:
    """The texts that Slack would interpret."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [t for v in value.values() for t in mrkdwn_in(v)]
    if isinstance(value, list):
        return [t for item in value for t in mrkdwn_in(item)]
    return []


def mentions_nobody(message: Message) -> None:
    """Neither the blocks nor the fallback text call anybody but those who are meant."""
    for text in [message.text, *mrkdwn_in(message.blocks)]:
        assert "<!channel>" not in text
        assert "<!here>" not in text
        assert "<https://evil" not in text


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "4,096 characters"])
async def test_a_storys_words_stay_as_they_are(world: World, text: str) -> None:
    fatima, meral, joris = (
        world.followers.fatima,
        world.colleagues.meral,
        world.colleagues.joris,
    )
    await tell(world, text)

    card = await meral.sees("sent in a story", timeout=10)
    assert text in shown(card.blocks)
    mentions_nobody(card)

    await meral.press(card, "Accept")
    form = await meral.sees_modal()
    assert "Text" in form.labels()
    planned = world.clock() + timedelta(days=1)
    assert await meral.submit({"Platforms": ["Telegram"], "Date and time": planned}) is None
    proposal = await meral.sees("proposes a post", timeout=10)
    assert text in shown(proposal.blocks)
    mentions_nobody(proposal)

    await joris.press(proposal, "Approve")
    question = await fatima.hears("Nothing is placed without your yes", timeout=10)
    assert any(text in (message.text or "") for message in fatima.chat if message is not question)
    await fatima.press(question, "Yes, publish")
    world.clock.move(timedelta(days=2))
    await world.telegram.until(lambda: bool(world.channel.messages), 10)
    assert [message.text for message in world.channel.messages] == [text]


async def tell(world: World, text: str) -> None:
    """Fatima tells a story, anonymously, and submits it."""
    fatima = world.followers.fatima
    fatima.send("/story")
    await fatima.hears("Press Done", timeout=10)
    fatima.send(text)
    counted = await fatima.hears("1 part", timeout=10)
    for label, then in (
        ("Done", "how shall we name you"),
        ("Anonymous", "16 or older"),
        ("I am 16 or older", "I made this story"),
        ("I agree", "Shall I send it"),
        ("Submit", "Its number is"),
    ):
        await fatima.press(counted, label)
        counted = await fatima.hears(then, timeout=10)


async def test_a_proposals_words_stay_as_they_are(world: World) -> None:
    anna, joris = world.colleagues.anna, world.colleagues.joris
    await anna.command("/social propose")
    filled = {
        "Text": SHORT,
        "Why": SHORT[:500],
        "Platforms": ["Telegram"],
        "Date and time": world.clock() + timedelta(days=1),
    }
    assert await anna.submit(filled) is None
    card = await joris.sees("proposes a post", timeout=10)
    assert SHORT in shown(card.blocks)
    mentions_nobody(card)
    await joris.press(card, "Request changes")
    await joris.submit({"Reason": SHORT[:900]})
    told = await anna.sees("asks you to change", timeout=10)
    assert SHORT[:900] in shown(told.blocks)
    mentions_nobody(told)
    await anna.press(card, "Edit")
    form: View = await anna.sees_modal()
    assert SHORT in form.seen_by(anna)
    assert await anna.submit({"Text": SHORT}) is None
    # The card of the new version, not the old one that may stand there a moment longer.
    await world.slack.until(
        lambda: "about version 1" in card.seen_by(joris) and "Approve" in card.buttons(), 10
    )
    await joris.press(card, "Approve")
    await anna.sees("approved", timeout=10)
    world.clock.move(timedelta(days=2))
    await world.telegram.until(lambda: bool(world.channel.messages), 10)
    assert [message.text for message in world.channel.messages] == [SHORT]
    assert len(world.slack.channel_messages(REVIEW_CHANNEL)) >= 1


async def test_a_text_of_its_own_goes_out_as_it_is(world: World) -> None:
    anna, joris = world.colleagues.anna, world.colleagues.joris
    await anna.command("/social propose")
    form: View = await anna.sees_modal()
    filled = {
        "Text": "The text for everywhere else",
        "Platforms": ["Telegram"],
        "Date and time": world.clock() + timedelta(days=1),
    }
    await anna.fill(filled, form)
    await anna.press(form, "A text of its own for each platform")
    assert await anna.submit({"Text for Telegram": SHORT}) is None
    card = await joris.sees("proposes a post", timeout=10)
    assert SHORT in shown(card.blocks)
    mentions_nobody(card)
    await joris.press(card, "Approve")
    await anna.sees("approved", timeout=10)
    world.clock.move(timedelta(days=2))
    await world.telegram.until(lambda: bool(world.channel.messages), 10)
    assert [message.text for message in world.channel.messages] == [SHORT]
