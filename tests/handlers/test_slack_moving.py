"""Moving posts over the wire: from the card, the calendar and Home; who hears of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import calendar, publishing
from bot.actions.transaction import Desk
from bot.sandbox.slack import payloads
from storage.models import Placement, Platform
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER
from tests.handlers.slack_kit import FRIDAY, House, house
from tests.handlers.test_slack_seeing import reply

SATURDAY = FRIDAY + timedelta(days=1)
MONDAY = "Monday 9 March, 10:00"
TO_MONDAY = {"Free moments": MONDAY}


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        await calendar.make_occurrences(made.desk)
        yield made


async def planned(slack: House) -> list[str]:
    """Each placement's platform, status and wall time."""

    def of(session: Session) -> list[str]:
        return [
            f"{p.platform_key} {p.status} {p.planned_local:%d %H:%M}"
            for p in session.exec(select(Placement).order_by("id"))
        ]

    return await slack.read(of)


async def approved(slack: House, **fields: Any) -> Any:
    await slack.olga.press(await slack.proposed(**fields), "Approve")
    return await slack.card("approved this")


async def test_who_is_responsible_moves_it_and_the_approval_stays(slack: House) -> None:
    card = await approved(slack)
    await slack.olga.press(card, "Move")
    form = await slack.olga.sees_modal()
    assert form.title == "Move"
    assert form.labels() == ["Free moments", "Date and time", "Reason"]
    assert "Telegram: Friday 6 March, 15:00" in form.seen_by(slack.olga)
    fields = {**TO_MONDAY, "Reason": "The *games* come later"}
    assert await slack.olga.submit(fields) is None
    assert await planned(slack) == ["telegram approved 09 10:00"]
    await slack.olga.sees("is moved to Mar 9, 2026, 10:00 AM")
    told = (await slack.anna.sees("@Olga Jansen moved the post on Telegram")).seen_by(slack.anna)
    assert "from Mar 6, 2026, 3:00 PM to Mar 9, 2026, 10:00 AM" in told
    assert "The *games* come later" in told
    assert "It fills this fixed moment: Book tip" in told
    step = (await reply(slack, card, "moved it for Telegram")).seen_by(slack.olga)
    assert "From Mar 6, 2026, 3:00 PM to Mar 9, 2026, 10:00 AM" in step
    assert "The *games* come later" in step
    assert "Mar 9, 2026, 10:00 AM" in (await slack.card("approved this")).seen_by(slack.olga)


async def test_the_proposer_moves_it_and_it_is_decided_on_anew(slack: House) -> None:
    card = await approved(slack)
    await slack.anna.press(card, "Move")
    form = await slack.anna.sees_modal()
    assert "the people who decide are asked again" in form.seen_by(slack.anna)
    assert await slack.anna.submit(TO_MONDAY) is None
    assert await planned(slack) == ["telegram proposed 09 10:00"]
    told = await slack.olga.sees("It is decided on anew")
    assert "It waits for your decision." in told.seen_by(slack.olga)
    step = (await reply(slack, card, "moved it for Telegram: version 2")).seen_by(slack.olga)
    assert "This takes back the approval of @Olga Jansen" in step
    await slack.olga.press(told, "Approve")
    assert await slack.olga.sees("It waits for your decision.")
    await slack.card("approved this")
    assert await planned(slack) == ["telegram approved 09 10:00"]


async def test_where_it_collides_is_asked_once_more(slack: House) -> None:
    await slack.proposed(Text="The other one", Date_and_time=SATURDAY)
    card = await slack.proposed()
    await slack.olga.press(card, "Move")
    soon = SATURDAY + timedelta(minutes=30)
    assert await slack.olga.submit({"Date and time": soon}) is None
    form = await slack.olga.sees_modal()
    seen = form.seen_by(slack.olga)
    assert "Telegram has another post within the hour, at 15:00: “The other one”" in seen
    assert "Do you want this all the same?" in seen
    later = SATURDAY + timedelta(hours=3)
    assert await slack.olga.submit({"Date and time": later}) is None
    assert "Telegram has another post on Saturday 7 March" in form.seen_by(slack.olga)
    assert await slack.olga.submit() is None
    assert slack.olga.modal is None
    assert await planned(slack) == ["telegram proposed 07 15:00", "telegram proposed 07 18:00"]


@pytest.mark.parametrize("days", [-9, 400])
async def test_an_impossible_time_is_refused_kindly(slack: House, days: int) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Move")
    errors = await slack.olga.submit({"Date and time": FRIDAY + timedelta(days=days)})
    assert errors == {"Date and time": "Choose a time that is still to come, within a year."}


async def test_two_moments_are_one_too_many(slack: House) -> None:
    await slack.olga.press(await slack.proposed(), "Move")
    await slack.olga.sees_modal()
    errors = await slack.olga.submit({**TO_MONDAY, "Date and time": SATURDAY})
    assert errors is not None
    assert "Which one is it?" in errors["Free moments"]
    assert await slack.olga.submit({"Free moments": "Another moment: the one below"}) is None
    assert await planned(slack) == ["telegram proposed 07 15:00"]


async def test_who_has_no_right_hears_it_before_choosing(slack: House) -> None:
    await slack.nora.press(await slack.proposed(), "Move")
    told = slack.nora.ephemerals[-1].seen_by(slack.nora)
    assert told.startswith("Alleen @Anna de Vries en de verantwoordelijken voor Telegram")
    assert slack.nora.modal is None
    assert "move refused" in await slack.audited()


async def test_the_second_of_two_is_told_what_the_first_chose(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Move")
    hers = await slack.olga.sees_modal()
    await slack.anna.press(card, "Move")
    assert await slack.anna.submit(TO_MONDAY) is None
    errors = await slack.olga.submit({"Date and time": SATURDAY}, hers)
    assert errors is not None
    assert "moved this to Monday 9 March, 10:00 meanwhile" in errors["Date and time"]
    assert await planned(slack) == ["telegram proposed 09 10:00"]


async def test_who_edits_meanwhile_is_not_overwritten(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Move")
    hers = await slack.olga.sees_modal()
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Other words"})
    errors = await slack.olga.submit(TO_MONDAY, hers)
    assert errors is not None
    assert "Somebody changed this post meanwhile" in errors["Date and time"]


async def test_an_approval_meanwhile_is_said_before_it_is_taken_back(slack: House) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Move")
    form = await slack.anna.sees_modal()
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    assert await slack.anna.submit(TO_MONDAY) is None
    assert "the people who decide are asked again" in form.seen_by(slack.anna)
    assert await planned(slack) == ["telegram approved 06 15:00"]
    assert await slack.anna.submit() is None
    assert await planned(slack) == ["telegram proposed 09 10:00"]


async def test_one_form_sent_twice_and_the_same_choice_of_another_are_one_move(
    slack: House,
) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Move")
    form = await slack.olga.sees_modal()
    await slack.otto.press(card, "Move")
    await slack.otto.sees_modal()
    await slack.olga.fill(TO_MONDAY, form)
    payload = payloads.submission(slack.slack.space, slack.olga.user, form)
    twice = [slack.slack.socket_mode.deliver("interactive", payload) for _ in range(2)]
    assert not any(await asyncio.gather(*twice))
    assert await slack.otto.submit(TO_MONDAY) is None  # it is there: nothing is left to do
    assert await planned(slack) == ["telegram proposed 09 10:00"]
    assert (await slack.audited()).count("move") == 1


async def test_one_platform_is_moved_on_its_own_and_an_edit_leaves_it_there(slack: House) -> None:
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.otto.press(card, "Move")
    form = await slack.otto.sees_modal()
    assert "Platforms" in form.labels()
    fields = {"Platforms": ["Instagram"], "Date and time": SATURDAY}
    assert await slack.otto.submit(fields) is None
    both = ["telegram proposed 06 15:00", "instagram proposed 07 15:00"]
    assert await planned(slack) == both
    seen = (await slack.card("Mar 7, 2026, 3:00 PM")).seen_by(slack.olga)
    assert "Instagram: waiting for a decision · Mar 7, 2026, 3:00 PM" in seen
    await slack.anna.press(card, "Edit")
    assert await slack.anna.submit({"Text": "Other words"}) is None
    assert await planned(slack) == both
    await slack.anna.press(await slack.card("Other words"), "Edit")
    assert await slack.anna.submit({"Date and time": FRIDAY + timedelta(hours=2)}) is None
    assert await planned(slack) == ["telegram proposed 06 17:00", both[1]]


async def test_who_decides_for_one_platform_does_not_move_the_other_for_its_owner(
    slack: House,
) -> None:
    await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.olga.press(await slack.card(), "Approve")
    await slack.otto.press(await slack.card("approved this"), "Approve")
    await slack.card("@Otto Smit approved this")

    def no_deputy(session: Session) -> None:
        session.get_one(Platform, "telegram").deputies = []

    await slack.desk.database.write(no_deputy)
    await slack.otto.press(await slack.card(), "Move")
    await slack.otto.sees_modal()
    assert await slack.otto.submit({"Date and time": SATURDAY}) is None
    assert await planned(slack) == ["telegram proposed 07 15:00", "instagram proposed 07 15:00"]
    assert (await slack.olga.sees("It is decided on anew")).buttons()


async def test_who_posts_it_by_hand_hears_of_it(slack: House) -> None:
    await slack.proposed(Platforms=["Instagram"])
    await slack.otto.press(await slack.card(), "Approve")
    await slack.anna.press(await slack.card("approved this"), "Move")
    assert await slack.anna.submit({"Date and time": SATURDAY}) is None
    assert "You post it by hand then" in (await slack.otto.sees("It is decided on anew")).seen_by(
        slack.otto
    )


async def test_what_is_on_its_way_is_not_moved(slack: House, clock: StandingClock) -> None:
    card = await approved(slack)
    await slack.olga.press(card, "Move")
    await slack.olga.sees_modal()
    clock.now = FRIDAY
    await publishing.publish_due(slack.desk)
    errors = await slack.olga.submit(TO_MONDAY)
    assert errors is not None
    assert "That is not possible any more" in str(errors)
    assert "Move" not in (await slack.card("being published")).buttons()


async def test_what_was_not_ready_in_time_gets_another_moment(
    slack: House, clock: StandingClock
) -> None:
    await slack.proposed()
    clock.now = FRIDAY
    await publishing.expire_due(slack.desk)
    slack.outbox.wake()
    await slack.olga.press(await slack.card("not ready in time"), "Move")
    assert await slack.olga.submit(TO_MONDAY) is None
    assert await planned(slack) == ["telegram proposed 09 10:00"]
    assert "Approve" in (await slack.card("waiting for a decision")).buttons()


async def test_in_dutch(slack: House) -> None:
    def nora_too(session: Session) -> None:
        session.get_one(Platform, "telegram").owners = [OWNER, OTHER_OWNER, "U04NORA"]

    await slack.desk.database.write(nora_too)
    await slack.proposed(Text="The other one", Date_and_time=SATURDAY)
    await slack.nora.press(await slack.proposed(), "Move")
    form = await slack.nora.sees_modal()
    assert form.title == "Verplaatsen"
    assert form.labels() == ["Vrije momenten", "Datum en tijd", "Reden"]
    assert await slack.nora.submit({"Datum en tijd": SATURDAY}) is None
    assert "Telegram heeft binnen een uur nog een bericht, om 15:00" in form.seen_by(slack.nora)
    assert await slack.nora.submit({"Reden": "Dan is iedereen er"}) is None
    await slack.nora.sees("is verplaatst naar")
    await slack.olga.sees("@Nora Bakker moved the post on Telegram")
