"""Feeds of the calendar: over HTTP, read back by another library, revoked, and told to nobody."""

import logging
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from icalendar import Calendar as Written
from ics import Calendar, Event

from bot.actions import (
    calendar,
    decisions,
    feeds,
    posts,
    slot_dates,
    slot_views,
    slots,
    special_days,
)
from bot.actions.feeds import FeedView
from bot.actions.posts import Proposal
from bot.actions.slots import SlotDraft
from bot.actions.special_days import DayForm
from bot.actions.transaction import Desk
from bot.rules.feeds import Certainty, Entry, opens, parts_of
from bot.rules.posts import PostAction
from bot.rules.refusals import NotThere, Refusal
from bot.rules.slot_choices import Choices, Often
from bot.rules.special_days import Repeats, version_of
from bot.texts import texts_in
from handlers.feed import calendar as written
from handlers.http import HttpPage
from tests.conftest import StandingClock
from tests.factories import OWNER, PROPOSER

AT = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
SUMMER = datetime(2026, 3, 30, 8, 30, tzinfo=UTC)  # the clock has changed
MINE = "U04NORA"


@dataclass
class Web:
    """The bot's pages, and somebody's calendar program."""

    page: HttpPage
    session: aiohttp.ClientSession

    def at(self, address: str) -> str:
        return f"http://127.0.0.1:{self.page.port}/feed/{address}.ics"

    async def get(self, address: str, **headers: str) -> tuple[int, bytes, str]:
        """Status, body and ETag."""
        async with self.session.get(self.at(address), headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers.get("ETag", "")

    async def events(self, address: str) -> dict[str, Event]:
        """By summary."""
        return {event.name or "": event for event in await self.each(address)}

    async def each(self, address: str) -> list[Event]:
        """Whatever the library warns of is an error."""
        status, body, _ = await self.get(address)
        assert status == 200
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return list(Calendar(body.decode()).events)


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[Web]:
    page = HttpPage(desk, "127.0.0.1", 0, lambda: "https://leestafel.slack.com/")
    await page.start()
    async with aiohttp.ClientSession() as session:
        yield Web(page, session)
    await page.stop()


async def propose(desk: Desk, at: datetime = AT, text: str = "New; books, all\nthe rest") -> int:
    draft = Proposal(text, ("telegram",), None, None, at)
    return (await posts.propose(desk, PROPOSER, f"{text} {at}", draft)).id


def sequence(event: Event) -> int:
    return int(next(line.value for line in event.extra if line.name == "SEQUENCE"))


async def test_planned_and_approved_are_told_apart(desk: Desk, web: Web) -> None:
    post_id = await propose(desk)
    address = await feeds.make(desk, MINE, "")
    event = (await web.events(address))["⏳ Telegram: New; books, all (waiting for a decision)"]
    assert event.status == "TENTATIVE"
    assert (event.begin.datetime, event.duration) == (AT, timedelta(minutes=15))
    await decisions.decide(desk, OWNER, post_id, 1, PostAction.APPROVE, "")
    approved = (await web.events(address))["✅ Telegram: New; books, all (approved)"]
    assert (approved.status, approved.uid) == ("CONFIRMED", event.uid)
    assert sequence(approved) > sequence(event)
    assert "the rest" not in str(approved.serialize())


async def test_a_moved_post_keeps_its_uid_and_its_sequence_rises(desk: Desk, web: Web) -> None:
    post_id = await propose(desk)
    address = await feeds.make(desk, MINE, "telegram")
    (before,) = [e for name, e in (await web.events(address)).items() if "New;" in name]
    moved = Proposal("New; books, all", ("telegram",), None, None, SUMMER)
    await posts.edit(desk, PROPOSER, post_id, 1, moved)
    (after,) = [e for name, e in (await web.events(address)).items() if "New;" in name]
    assert (after.uid, after.begin.datetime) == (before.uid, SUMMER)
    assert sequence(after) > sequence(before)


async def test_a_moved_fixed_moment_keeps_its_uid_and_its_sequence_rises(
    desk: Desk, web: Web
) -> None:
    await calendar.make_occurrences(desk)
    address = await feeds.make(desk, MINE, "")
    day, other = date(2026, 3, 9), datetime(2026, 3, 11, 13, tzinfo=UTC)

    async def that_day() -> Event:
        (found,) = [e for e in await web.each(address) if e.uid == uid]
        return found

    (before,) = [
        e for e in await web.each(address) if "Book tip" in (e.name or "") and e.begin.date() == day
    ]
    uid = before.uid
    at = before.begin.datetime
    await slot_dates.move(desk, OWNER, 1, day, at, other)
    moved = await that_day()
    assert (moved.begin.datetime, sequence(moved) > sequence(before)) == (other, True)
    for start, end in ((other, at), (at, other), (other, at)):
        await slot_dates.move(desk, OWNER, 1, day, start, end)
    back = await that_day()
    assert (back.begin.datetime, sequence(back) > sequence(moved)) == (at, True)
    # The slot itself comes later, on other days, and then again as it did.
    for choices, time_of_day in (
        (Choices(Often.WEEK, weekdays=(0,)), time(12)),
        (Choices(Often.WEEK, weekdays=(1,)), time(12)),
        (Choices(Often.WEEK, weekdays=(0,)), time(12)),
    ):
        form = await slot_views.form(desk, OWNER, 1)
        assert form.slot is not None
        draft = SlotDraft("Book tip", None, choices, time_of_day, date(2026, 3, 2), (), None, 2)
        key = f"{choices} {form.slot.state}"
        await slots.change(desk, OWNER, key, 1, form.slot.state, draft)
    again = await that_day()
    assert again.begin.datetime == datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert sequence(again) > sequence(back)


async def test_what_was_given_up_is_cancelled_for_a_while(
    desk: Desk, web: Web, clock: StandingClock
) -> None:
    post_id = await propose(desk, datetime(2026, 5, 1, 8, tzinfo=UTC))
    address = await feeds.make(desk, MINE, "")
    await posts.withdraw(desk, PROPOSER, post_id)
    gone = (await web.events(address))["❌ Telegram: New; books, all (withdrawn)"]
    assert gone.status == "CANCELLED"
    clock.move(timedelta(days=31))
    assert not any("New;" in name for name in await web.events(address))


async def test_free_moments_holidays_and_periods_are_in_it(desk: Desk, web: Web) -> None:
    await calendar.make_occurrences(desk)
    form = DayForm("Boekenweek", date(2026, 3, 11), date(2026, 3, 22), Repeats.NEVER, 0, ())
    day = await special_days.add(desk, OWNER, form)
    address = await feeds.make(desk, MINE, "")
    found = await web.events(address)
    free = found["⏳ Telegram: Book tip (nothing planned yet)"]
    assert free.transparent is True
    period = found["🎉 Boekenweek"]
    assert period.all_day
    assert (period.begin.date(), period.end.date()) == (date(2026, 3, 11), date(2026, 3, 23))
    assert (period.transparent, period.status) == (True, "CONFIRMED")
    assert found["🎉 King's Day"].begin.date() in (date(2026, 4, 27), date(2027, 4, 27))
    await special_days.change(
        desk,
        OWNER,
        day.key,
        version_of(day),
        replace(form, last_day=date(2026, 3, 23)),
    )
    changed = (await web.events(address))["🎉 Boekenweek"]
    assert changed.uid == period.uid
    assert sequence(changed) > sequence(period)


async def test_a_slot_keeps_its_time_on_the_wall_when_the_clock_changes(
    desk: Desk, web: Web
) -> None:
    await calendar.make_occurrences(desk)
    _, body, _ = await web.get(await feeds.make(desk, MINE, "telegram"))
    starts = sorted(
        event.begin.datetime for event in Calendar(body.decode()).events if not event.all_day
    )
    assert [at.hour for at in starts] == [9, 9, 9, 9, 8, 8]
    assert {at.astimezone(desk.zone).hour for at in starts} == {10}
    assert len({event.uid for event in Calendar(body.decode()).events}) == len(
        Calendar(body.decode()).events
    )


async def test_one_platform_shows_nothing_of_another(desk: Desk, web: Web) -> None:
    await propose(desk)
    found = await web.events(await feeds.make(desk, MINE, "instagram"))
    assert all(name.startswith("🎉") for name in found)


async def test_only_what_changed_is_sent_again(desk: Desk, web: Web, clock: StandingClock) -> None:
    await propose(desk)
    address = await feeds.make(desk, MINE, "")
    status, body, tag = await web.get(address)
    assert (status, tag[:1], len(tag)) == (200, '"', 66)
    clock.move(timedelta(minutes=5))
    assert await web.get(address, **{"If-None-Match": tag}) == (304, b"", tag)
    assert (await web.get(address))[1] == body
    await propose(desk, text="Another")
    assert (await web.get(address, **{"If-None-Match": tag}))[0] == 200


async def test_revoked_is_gone_at_once_and_an_address_is_shown_once(desk: Desk, web: Web) -> None:
    address = await feeds.make(desk, MINE, "")
    with pytest.raises(Refusal, match="showed it once"):
        await feeds.make(desk, MINE, "")
    (team, *_) = await feeds.mine(desk, MINE)
    assert team.feed_id is not None
    with pytest.raises(NotThere):
        await feeds.revoke(desk, OWNER, team.feed_id)
    assert (await web.get(address))[0] == 200
    await feeds.revoke(desk, MINE, team.feed_id)
    await feeds.revoke(desk, MINE, team.feed_id)
    assert (await web.get(address))[0] == 404
    again = await feeds.make(desk, MINE, "")
    assert again != address
    assert (await web.get(again))[0] == 200
    assert (await web.get(address))[0] == 404
    with pytest.raises(NotThere):
        await feeds.make(desk, MINE, "myspace")


async def test_no_other_address_opens_it_and_none_reaches_the_log(
    desk: Desk, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = await feeds.make(desk, MINE, "")
    number, secret = parts_of(address)
    wrong = (
        f"{number}-{secret[:-1]}",
        f"{number}-{secret}x",
        f"{number}-",
        f"{number + 1}-{secret}",
        f"-{secret}",
        secret,
        "9" * 400,
        "١-x",
        "..%2f..%2fetc%2fpasswd",
    )
    for each in wrong:
        assert (await web.get(each))[0] == 404
    assert (await web.get(address))[0] == 200
    assert secret not in caplog.text

    def keeps(session: object) -> list[str]:
        rows = session.connection().exec_driver_sql("SELECT digest FROM feeds")  # type: ignore[attr-defined]
        return [row[0] for row in rows]

    (digest,) = await desk.database.read(keeps)
    assert secret not in digest
    assert len(digest) == 64


async def test_a_failure_says_nothing_of_the_address(
    desk: Desk, web: Web, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await feeds.make(desk, MINE, "")

    async def fail(_desk: Desk, given: str) -> None:
        raise ValueError(given)

    monkeypatch.setattr(feeds, "read", fail)
    assert (await web.get(address))[0] == 500
    assert "A feed could not be shown: ValueError" in caplog.text
    assert address not in caplog.text


async def test_health_is_there_as_before(web: Web) -> None:
    address = f"http://127.0.0.1:{web.page.port}/healthz"
    async with web.session.get(address) as answer:
        assert await answer.json() == {"status": "ok"}


def test_a_secret_opens_its_own_feed_only() -> None:
    assert not opens("", None)
    assert not opens("x", None)


# Without backslashes, which the library that reads here undoes twice: it takes \\R for a line end.
texts = some.text(
    some.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\"),
    min_size=1,
    max_size=80,
)
moments = some.integers(1_600_000_000, 2_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def test_a_backslash_is_written_as_the_standard_says() -> None:
    at = datetime(2026, 3, 27, tzinfo=UTC)
    entry = Entry("1@x", at, at, "C:\\Read", Certainty.CONFIRMED, "approved", 0, at, "Tg")
    body = written(FeedView("Ours", "", "en", (entry,)), texts_in("en"), "")
    assert b"C:\\\\Read" in body
    (event,) = Written.from_ical(body).events
    assert "C:\\Read" in str(event["SUMMARY"])


@settings(deadline=None, max_examples=40)  # other tests run beside it
@given(some.lists(some.tuples(texts, moments, some.sampled_from(Certainty)), max_size=5))
def test_every_feed_reads_back_the_same(made: list[tuple[str, datetime, Certainty]]) -> None:
    entries = tuple(
        Entry(f"{n}@x", at, at + timedelta(minutes=15), title, certainty, "approved", n, at, "Tg")
        for n, (title, at, certainty) in enumerate(made)
    )
    body = written(FeedView("Ours", "", "en", entries), texts_in("en"), "")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {event.uid: event for event in Calendar(body.decode()).events}
    assert len(found) == len(entries)
    for entry in entries:
        event = found[entry.uid]
        assert (event.begin.datetime, event.end.datetime) == (entry.start, entry.end)
        assert entry.title in (event.name or "")
        assert event.status == entry.certainty.value
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert Written.from_ical(body).errors == []
