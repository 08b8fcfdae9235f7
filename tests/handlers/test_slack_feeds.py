"""`/social feed`: an address of one's own, shown once, and revoked."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.actions import feeds
from bot.actions.transaction import Desk
from bot.rules.feeds import parts_of
from tests.handlers.slack_kit import REVIEW, House, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(replace(desk, public_url="https://social.example.org")) as made:
        yield made


async def test_an_address_is_made_shown_once_and_revoked(
    slack: House, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.nora.command("/social feed", REVIEW)
    shown = slack.nora.ephemerals[-1]
    assert "Alle platforms" in shown.seen_by(slack.nora)
    assert shown.buttons().count("Adres maken") == 3  # the team, Telegram, Instagram
    await slack.nora.press(shown, "Adres maken")
    found = re.search(r"https://social\.example\.org/feed/(\S+)\.ics", shown.seen_by(slack.nora))
    assert found is not None
    address = found[1]
    view = await feeds.read(slack.desk, address)
    assert view is not None
    assert view.language == "nl"
    assert slack.side.address == "https://leestafel.slack.com/"
    await slack.nora.command("/social feed", REVIEW)
    again = slack.nora.ephemerals[-1]
    assert address not in again.seen_by(slack.nora)
    assert "je hebt een adres" in again.seen_by(slack.nora)
    await slack.nora.press(again, "Intrekken")
    assert again.buttons().count("Adres maken") == 3
    assert await feeds.read(slack.desk, address) is None
    assert parts_of(address)[1] not in caplog.text


async def test_a_double_tap_makes_one_address(slack: House) -> None:
    await slack.anna.command("/social feed", REVIEW)
    await slack.anna.command("/social feed", REVIEW)
    first, second = slack.anna.ephemerals[-2:]
    await slack.anna.press(first, "Make an address")
    assert "/feed/" in first.seen_by(slack.anna)
    await slack.anna.press(second, "Make an address")
    await slack.anna.sees("I showed it once")
    assert "/feed/" not in second.seen_by(slack.anna)


async def test_nobody_revokes_what_is_not_theirs(slack: House) -> None:
    await slack.anna.command("/social feed", REVIEW)
    shown = slack.anna.ephemerals[-1]
    await slack.anna.press(shown, "Make an address")
    await slack.otto.press(shown, "Revoke")
    await slack.otto.sees("This address is not yours.")
    (team, *_) = await feeds.mine(slack.desk, slack.anna.id)
    assert team.feed_id is not None
