"""From the calendar and Home over the wire: what is in it is moved or filled, offers are taken."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import calendar, posts, slot_dates
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message, Person
from bot.sandbox.slack.forms import option_labels
from storage.models import Platform
from tests.actions.test_posts import draft
from tests.factories import OWNER
from tests.handlers.slack_kit import FRIDAY, House, house
from tests.handlers.test_slack_moving import planned

EMPTY = "▫️ 9 March 10:00 Telegram: Book tip"
PLAN, PROPOSE = "Plan it then", "Propose a post for this moment"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        await calendar.make_occurrences(made.desk)
        yield made


async def looks(person: Person, what: str = "") -> Message:
    await person.command(f"/social calendar {what}".rstrip())
    return person.ephemerals[-1]


async def undated(slack: House, text: str, **changes: Any) -> None:
    what = draft(text=text, planned_at=None, **changes)
    await posts.propose(slack.desk, slack.anna.id, text, what)


async def test_a_post_is_moved_from_the_calendar(slack: House) -> None:
    await slack.proposed(Platforms=["Telegram", "Instagram"])
    shown = await looks(slack.otto)
    await slack.otto.press(shown, "⏳ 6 March 15:00 Instagram: New in the library: 40 board games")
    form = await slack.otto.sees_modal()
    assert form.values()["platforms"]["value"]["selected_options"][0]["value"] == "instagram"
    assert await slack.otto.submit({"Date and time": FRIDAY + timedelta(days=1)}) is None
    assert await planned(slack) == ["telegram proposed 06 15:00", "instagram proposed 07 15:00"]


async def test_an_empty_moment_is_filled_from_the_backlog(slack: House) -> None:
    await undated(slack, "A knitting evening", pillar_key="story")
    await undated(slack, "Look at this", pillar_key="information")
    await slack.olga.press(await looks(slack.olga), EMPTY)
    form = await slack.olga.sees_modal()
    assert form.title == "Fill this moment"
    seen = form.seen_by(slack.olga)
    assert "Monday 9 March, 10:00 · Telegram: Book tip" in seen
    (field,) = [block for block in form.blocks if block["type"] == "input"]
    assert option_labels(field["element"]) == ["Look at this", "A knitting evening"]
    assert await slack.olga.submit({"From the backlog": "A knitting evening"}) is None
    await slack.olga.sees("is planned for Mar 9, 2026, 10:00 AM now")
    told = (await slack.anna.sees("@Olga Jansen chose a date for the post")).seen_by(slack.anna)
    assert "It fills this fixed moment: Book tip" in told
    card = await slack.card("waiting for a decision", place=-2)
    assert "Approve" in card.buttons()
    assert "plan" in await slack.audited()


async def test_an_empty_moment_is_filled_with_something_new(slack: House) -> None:
    await slack.anna.press(await looks(slack.anna), EMPTY)
    form = await slack.anna.sees_modal()
    assert form.buttons() == [PROPOSE]
    assert "The backlog has nothing for this platform." in form.seen_by(slack.anna)
    await slack.anna.press(form, PROPOSE)
    values = form.values()
    assert values["pillar"]["form.changed"]["selected_option"]["value"] == "information"
    assert await slack.anna.submit({"Text": "Read this"}) is None
    await slack.card("Read this")
    assert await planned(slack) == ["telegram proposed 09 10:00"]


async def test_who_is_responsible_moves_skips_and_hands_over_the_moment(slack: House) -> None:
    await slack.olga.press(await looks(slack.olga), EMPTY)
    form = await slack.olga.sees_modal()
    assert form.buttons() == [PROPOSE, "Skip", "Move", "Hand over"]
    await slack.olga.press(form, "Skip")
    skipped = await slack.olga.sees_modal()
    assert "Skipped: Telegram: Book tip" in skipped.seen_by(slack.olga)
    await slack.olga.press(skipped, "Undo")
    assert "It comes after all" in skipped.seen_by(slack.olga)
    await slack.olga.press(await looks(slack.olga), EMPTY)
    await slack.olga.press(await slack.olga.sees_modal(), "Move")
    assert await slack.olga.submit({"Date and time": FRIDAY}) is None
    assert "▫️ 15:00 Telegram: Book tip" in (await looks(slack.olga)).seen_by(slack.olga)


async def test_a_stale_list(slack: House) -> None:
    shown = await looks(slack.anna)
    await slot_dates.skip(slack.desk, OWNER, 1, date(2026, 3, 9))
    await slack.anna.press(shown, EMPTY)
    await slack.anna.sees("skipped this")
    await slot_dates.unskip(slack.desk, OWNER, 1, date(2026, 3, 9))
    await slack.proposed(Date_and_time=FRIDAY + timedelta(days=3))
    await slack.anna.press(shown, EMPTY)
    await slack.anna.sees("There is a post for Telegram on this day")
    assert slack.anna.modal is None


async def test_a_gap_is_offered_a_proposal_with_one_press(slack: House) -> None:
    await undated(slack, "Look at this")
    shown = await looks(slack.olga, "Telegram")
    seen = shown.seen_by(slack.olga)
    assert "What you can do" in seen
    assert "In the backlog: “Look at this”" in seen
    assert seen.count(PLAN) == 1
    await slack.olga.press(shown, PLAN)
    await slack.olga.sees("is planned for")
    shown = slack.olga.ephemerals[-1]
    assert PLAN not in shown.seen_by(slack.olga)
    await slack.olga.press(shown, PROPOSE)
    form = await slack.olga.sees_modal()
    values = form.values()
    assert values["platforms"]["form.changed"]["selected_options"][0]["value"] == "telegram"


async def test_a_double_press_plans_it_once_and_somebody_else_hears_where_it_is(
    slack: House,
) -> None:
    await undated(slack, "Look at this")
    hers, his = await looks(slack.olga, "Telegram"), await looks(slack.otto, "Telegram")
    await asyncio.gather(*(slack.olga.press(hers, PLAN) for _ in range(2)))
    assert (await slack.audited()).count("plan") == 1
    await slack.olga.press(await slack.card("Mar "), "Move")
    assert await slack.olga.submit({"Date and time": FRIDAY}) is None
    await slack.otto.press(his, PLAN)
    assert "moved this to" in (await slack.otto.sees("meanwhile")).seen_by(slack.otto)
    assert await planned(slack) == ["telegram proposed 06 15:00"]


async def test_who_may_not_plan_it_hears_why(slack: House) -> None:
    await undated(slack, "Look at this")
    await slack.nora.press(await looks(slack.nora), "Dan plannen")
    await slack.nora.sees("kunnen dit verplaatsen")


async def test_a_crowded_day_offers_to_move_something(slack: House) -> None:
    await slack.proposed(Text="First")
    await slack.olga.press(await slack.card("First"), "Approve")
    await slack.card("approved this")
    await slack.proposed(Text="Second", Date_and_time=FRIDAY + timedelta(hours=3))
    shown = await looks(slack.olga, "Telegram")
    assert "🔸 Telegram: 2 posts on 6 March" in shown.seen_by(slack.olga)
    await slack.olga.press(shown, "Move one of them")
    form = await slack.olga.sees_modal()
    assert "“Second”" in form.seen_by(slack.olga)
    chosen = form.values()["free"]["value"]["selected_option"]["text"]["text"]
    assert chosen == "Wednesday 4 March, 10:00"
    assert await slack.olga.submit() is None
    assert await planned(slack) == ["telegram approved 06 15:00", "telegram proposed 04 10:00"]


async def test_the_week_on_home(slack: House) -> None:
    await slack.proposed()
    home = await slack.olga.open_home()
    assert "⏳ 15:00 Telegram: New in the library" in home.seen_by(slack.olga)
    await slack.olga.press(home, "⏳ 6 March 15:00 Telegram: New in the library: 40 board games")
    assert await slack.olga.submit({"Date and time": FRIDAY + timedelta(days=1)}) is None
    await slack.olga.sees_on_home("Saturday 7 March · ⏳ 15:00 Telegram")


async def test_in_dutch(slack: House) -> None:
    def nora_too(session: Session) -> None:
        session.get_one(Platform, "telegram").owners = [OWNER, "U04NORA"]

    await slack.desk.database.write(nora_too)
    await undated(slack, "Kijk eens")
    shown = await looks(slack.nora, "Telegram")
    seen = shown.seen_by(slack.nora)
    assert "Wat je kunt doen" in seen
    assert "Op de voorraadlijst: “Kijk eens”" in seen
    await slack.nora.press(shown, "▫️ 9 maart 10:00 Telegram: Book tip")
    form = await slack.nora.sees_modal()
    assert form.title == "Dit moment vullen"
    assert await slack.nora.submit() is None
    await slack.nora.sees("staat nu gepland voor")
