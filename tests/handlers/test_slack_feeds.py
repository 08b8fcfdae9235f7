"""`/social feed`: an address of one's own, shown once, and revoked."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.actions import feeds
from bot.actions.colleagues import FRESH
from bot.actions.transaction import Desk
from bot.rules.feeds import parts_of
from bot.sandbox.slack import Person
from handlers.http import HttpPage
from handlers.slack.people import People
from tests.conftest import StandingClock
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


async def address_of(slack: House, person: Person) -> str:
    await person.command("/social feed", REVIEW)
    shown = person.ephemerals[-1]
    await person.press(shown, "Make an address")
    found = re.search(r"/feed/(\S+)\.ics", shown.seen_by(person))
    assert found is not None
    return found[1]


async def test_an_admin_revokes_the_address_of_who_left(slack: House) -> None:
    address = await address_of(slack, slack.anna)
    kept = await address_of(slack, slack.olga)
    await slack.admin.command("/social feed", REVIEW)
    shown = slack.admin.ephemerals[-1]
    await slack.admin.press(shown, "Addresses of colleagues")
    seen = shown.seen_by(slack.admin)
    assert "@Olga Jansen: All platforms, since 2 March 2026" in seen
    assert "@Anna de Vries: All platforms" in seen
    assert address.partition("-")[2] not in seen
    await slack.admin.press(shown, "Revoke")  # of Olga, who made hers last
    assert await feeds.read(slack.desk, kept) is None
    assert await feeds.read(slack.desk, address) is not None
    assert "@Olga Jansen" not in shown.seen_by(slack.admin)
    await slack.admin.press(shown, "Revoke")
    assert "No colleague has an address." in shown.seen_by(slack.admin)
    assert await feeds.read(slack.desk, address) is None
    await slack.admin.press(shown, "Back to mine")
    assert "Make an address" in shown.buttons()
    assert (await slack.audited()).count("revoke") == 2


async def test_nobody_else_sees_or_revokes_them(slack: House) -> None:
    address = await address_of(slack, slack.anna)
    await slack.olga.command("/social feed", REVIEW)
    assert "Addresses of colleagues" not in slack.olga.ephemerals[-1].buttons()
    await slack.admin.command("/social feed", REVIEW)
    shown = slack.admin.ephemerals[-1]
    await slack.olga.press(shown, "Addresses of colleagues")
    await slack.olga.sees("Only the admins see which colleagues have an address.")
    await slack.admin.press(shown, "Addresses of colleagues")
    await slack.olga.press(shown, "Revoke")
    await slack.olga.sees("This address is not yours.")
    assert await feeds.read(slack.desk, address) is not None


async def test_who_left_the_workspace_loses_the_address(slack: House, clock: StandingClock) -> None:
    address = await address_of(slack, slack.anna)
    kept = await address_of(slack, slack.olga)

    async def look_up(slack_id: str) -> object:
        """As whoever has not asked in this hour."""
        return await People(slack.desk, slack.side.client).find(slack_id)

    page = HttpPage(slack.desk, "127.0.0.1", 0, look_up=look_up)
    await page.start()

    async def status(address: str) -> int:
        url = f"http://127.0.0.1:{page.port}/feed/{address}.ics"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status

    slack.anna.leave()
    assert await status(address) == 200  # Slack was asked today
    clock.move(FRESH + timedelta(minutes=1))
    assert await status(address) == 404
    assert await status(kept) == 200
    await page.stop()
