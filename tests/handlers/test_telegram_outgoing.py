"""What goes out: posts to the channel, and what a failing call means for its notice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.actions import media, posts, publishing
from bot.actions.decisions import decide
from bot.actions.followers import Sender, start
from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk
from bot.outbox import SendDoubtful, SendLater, SendRefused
from bot.rules.posts import PostAction
from bot.sandbox.telegram.samples import picture
from storage.models import Placement
from tests.conftest import MONDAY_MORNING, StandingClock
from tests.factories import OWNER, PROPOSER
from tests.handlers.telegram_kit import House, open_house

NASTY = "<b>& <!channel> <@U1> *stars* _lines_ `code` [x](y) 🐈‍⬛ مرحبا {braces} %s\n\n"
FULL = (NASTY * 60)[:4095] + "!"

number = count(1)


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        yield house


async def published(house: House, text: str, images: int = 0) -> int:
    """A post that was approved and whose time has come; the placement's id."""
    kept = [
        (await media.keep(house.desk, picture(n), "image/jpeg", f"{n}.jpg")).sha256
        for n in range(images)
    ]
    draft = posts.Proposal(
        text=text,
        platform_keys=("telegram",),
        pillar_key="information",
        target_group_key=None,
        planned_at=house.desk.clock() + timedelta(minutes=10),
        images=tuple(kept),
    )
    post = await posts.propose(house.desk, PROPOSER, f"form {next(number)}", draft)
    await decide(house.desk, OWNER, post.id, 1, PostAction.APPROVE)
    assert isinstance(house.desk.clock, StandingClock)
    house.desk.clock.move(timedelta(minutes=11))
    assert await publishing.publish_due(house.desk) == 1
    return post.placements[0].id


async def placement(house: House, placement_id: int, status: str) -> Placement:
    await house.until(lambda s: s.get_one(Placement, placement_id).status == status)
    return await house.read(lambda s: s.get_one(Placement, placement_id))


async def test_a_text_goes_out_as_it_was_written_with_its_link(house: House) -> None:
    done = await placement(house, await published(house, FULL), "published")
    [message] = house.channel.messages
    assert message.text == FULL
    assert message.entities == [] or all(e["type"] == "url" for e in message.entities)
    assert done.link == f"https://t.me/leestafel/{message.id}"


@pytest.mark.parametrize(
    ("length", "images", "shown"),
    [
        (1024, 1, ["photo"]),
        (1024, 3, ["photo", "photo", "photo"]),
        (1024, 10, ["photo"] * 10),
        (1025, 1, ["text", "photo"]),
        (4096, 3, ["text", "photo", "photo", "photo"]),
    ],
)
async def test_pictures_go_with_a_caption_or_below_a_long_text(
    house: House, length: int, images: int, shown: list[str]
) -> None:
    text = "a" * length
    await placement(house, await published(house, text, images), "published")
    messages = house.channel.messages
    assert [message.media.kind if message.media else "text" for message in messages] == shown
    assert (messages[0].text or messages[0].caption) == text
    assert not any(message.caption for message in messages[1:])
    assert {message.media.content for message in messages if message.media} == {
        picture(n) for n in range(images)
    }


async def test_a_withdrawn_post_does_not_go_out(house: House) -> None:
    notice = outgoing("@leestafel", "post.publish", placement_id=9999)
    assert await house.side.sender.send(notice) is None


async def test_a_broken_connection_to_the_public_is_a_doubt_and_no_second_post(
    house: House,
) -> None:
    house.telegram.faults.add("sendMessage", cut="after")
    await placement(house, await published(house, "Once"), "in_doubt")
    assert [message.text for message in house.channel.messages] == ["Once"]


async def test_pictures_that_fail_below_their_text_are_a_doubt(house: House) -> None:
    house.telegram.faults.add("sendPhoto", status=400, description="Bad Request: PHOTO_INVALID")
    await placement(house, await published(house, "a" * 1025, images=1), "in_doubt")
    assert len(house.channel.messages) == 1


async def test_a_429_for_the_pictures_is_waited_out(house: House) -> None:
    house.telegram.faults.add("sendPhoto", retry_after=1)
    await placement(house, await published(house, "a" * 1025, images=1), "published")
    assert len(house.channel.messages) == 2


async def test_a_refusal_by_the_channel_is_seen_by_people(house: House) -> None:
    house.telegram.faults.add("sendMessage", status=403, description="Forbidden: not a member")
    await placement(house, await published(house, "Nobody"), "failed")
    assert await house.notices("admin.failed")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"retry_after": 7}, SendLater),
        ({"status": 500}, SendDoubtful),
        ({"status": 502}, SendDoubtful),
        ({"cut": "after"}, SendDoubtful),
        ({"status": 400, "description": "Bad Request: message is too long"}, SendRefused),
        ({"status": 401, "description": "Unauthorized"}, SendLater),
    ],
)
async def test_what_a_failed_call_means(
    house: House, fault: dict[str, Any], expected: type[Exception]
) -> None:
    await greeted(house)
    house.telegram.faults.add("sendMessage", **fault)
    with pytest.raises(expected) as caught:
        await house.side.sender.send(outgoing(str(house.fatima.id), "help"))
    if "retry_after" in fault:
        assert isinstance(caught.value, SendLater)
        assert caught.value.after == timedelta(seconds=7)
    if isinstance(caught.value, SendRefused):
        assert not caught.value.unreachable
    assert house.telegram.token not in str(caught.value)


async def test_without_a_server_nothing_was_sent(house: House) -> None:
    await greeted(house)
    await house.telegram.stop()
    with pytest.raises(SendLater):
        await house.side.sender.send(outgoing(str(house.fatima.id), "help"))


async def test_who_blocked_the_bot_is_unreachable(house: House) -> None:
    await greeted(house)
    house.fatima.block()
    with pytest.raises(SendRefused) as caught:
        await house.side.sender.send(outgoing(str(house.fatima.id), "help"))
    assert caught.value.unreachable


async def test_an_unknown_kind_is_refused(house: House) -> None:
    with pytest.raises(SendRefused):
        await house.side.sender.send(outgoing("1", "no.such.kind"))


async def test_a_follower_reads_their_own_language(house: House) -> None:
    await start(house.desk, Sender(house.jan.id, "Jan", None, "nl"), None)
    house.jan.send("/help")
    await house.jan.hears("/peilingen")


async def greeted(house: House) -> None:
    house.fatima.send("/start")
    await house.fatima.hears("Hello")


def outgoing(recipient: str, kind: str, **payload: object) -> Outgoing:
    return Outgoing(
        id=1,
        key=kind,
        recipient=recipient,
        kind=kind,
        payload=payload,
        attempts=1,
        doubtful=False,
        first_tried_at=MONDAY_MORNING,
    )
