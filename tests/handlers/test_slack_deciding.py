"""Several approvals, absences and sensitive topics, as people see them in Slack."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlmodel import Session

from bot.actions.transaction import Desk
from storage.models import Platform, Topic
from tests.factories import OTHER_OWNER, OWNER
from tests.handlers.slack_kit import House, house

STATEMENT = "We are there for *everybody* & <!channel>"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def ask_both(slack: House) -> None:
    def change(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        platform.owners, platform.deputies, platform.approvals = [OWNER, OTHER_OWNER], [], 2
        session.add(platform)

    await slack.desk.database.write(change)


async def add_topic(slack: House) -> None:
    await slack.desk.database.write(
        lambda session: session.add(
            Topic(key="w", name="War", words=["war"], owner=OTHER_OWNER, statement=STATEMENT)
        )
    )


async def test_the_card_says_how_many_are_still_needed_and_of_whom(slack: House) -> None:
    await ask_both(slack)
    card = await slack.proposed()
    assert "2 more approvals are needed" in card.seen_by(slack.anna)
    await slack.olga.press(card, "Approve")
    card = await slack.card("one more approval is needed")
    seen = card.seen_by(slack.anna)
    assert "@Olga Jansen approved this for Telegram" in seen
    assert "Who can approve: @Otto Smit" in seen
    await slack.anna.sees("Somebody else decides, too")
    await slack.olga.press(card, "Approve")
    told = slack.olga.ephemerals[-1].seen_by(slack.olga)
    assert told == "You approved this already. It still waits for @Otto Smit."
    await slack.otto.press(card, "Approve")
    card = await slack.card("@Otto Smit approved this for Telegram")
    assert "needed" not in card.seen_by(slack.anna)


async def test_a_sensitive_topic_is_shown_with_its_statement(slack: House) -> None:
    await add_topic(slack)
    card = await slack.proposed(Text="Our view on the WAR")
    seen = card.seen_by(slack.olga)
    assert "A sensitive topic: War. @Otto Smit decides on it, too." in seen.replace("*War*", "War")
    assert STATEMENT in seen
    assert STATEMENT in (await slack.anna.sees("Thank you!")).seen_by(slack.anna)
    await slack.olga.press(card, "Approve")
    await slack.anna.sees("Somebody else decides, too")
    await slack.otto.press(await slack.card("approved this for Telegram"), "Approve")
    await slack.card("@Otto Smit approved this for War")
    await slack.anna.sees("@Otto Smit approved your proposal for Telegram.")


async def test_an_edit_that_brings_a_topic_up_says_so(slack: House) -> None:
    await add_topic(slack)
    card = await slack.proposed()
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "About war"})
    await slack.card("A sensitive topic")
    told = slack.anna.ephemerals[-1:] or slack.anna.direct_messages()[-1:]
    assert STATEMENT in told[0].seen_by(slack.anna)


async def test_an_owner_is_away_and_comes_back_earlier(slack: House) -> None:
    await slack.proposed()
    home = await slack.olga.open_home()
    await slack.olga.press(home, "I am away")
    form = await slack.olga.sees_modal()
    assert form.labels() == ["First day", "Last day"]
    errors = await slack.olga.submit({"Last day": date(2026, 3, 1)})
    assert errors == {"Last day": "The last day comes after the first, or is the same day."}
    assert await slack.olga.submit({"Last day": date(2026, 3, 6)}) is None
    await slack.olga.sees_on_home("You are away from", "Nothing waits for you")
    told = (await slack.otto.sees("is away from")).seen_by(slack.otto)
    assert "@Olga Jansen is away from Monday 2 March till Friday 6 March" in told
    otto = await slack.otto.open_home()
    assert "New in the library: 40 board games" in otto.seen_by(slack.otto)
    await slack.olga.press(home, "Back earlier")
    seen = await slack.olga.sees_on_home("I am away", "New in the library: 40 board games")
    assert "Nothing waits for you" not in seen
    await slack.otto.sees("@Olga Jansen is back")


async def test_an_owner_stays_after_all(slack: House) -> None:
    home = await slack.olga.open_home()
    await slack.olga.press(home, "I am away")
    days = {"First day": date(2026, 3, 5), "Last day": date(2026, 3, 6)}
    assert await slack.olga.submit(days) is None
    await slack.olga.sees_on_home("You go away from Thursday 5 March till Friday 6 March")
    await slack.olga.press(home, "I stay after all")
    await slack.olga.sees_on_home("I am away")
    await slack.otto.sees("@Olga Jansen stays after all")


async def test_of_what_was_approved_in_part_the_proposer_reads_what_still_waits(
    slack: House,
) -> None:
    await ask_both(slack)
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.otto.press(card, "Approve")
    told = (await slack.anna.sees("@Otto Smit approved your proposal")).seen_by(slack.anna)
    assert "approved your proposal for Telegram and Instagram." in told
    assert "For Telegram somebody else decides, too" in told


async def test_who_decides_nothing_sees_no_such_button(slack: House) -> None:
    home = await slack.nora.open_home()
    assert "Ik ben afwezig" not in home.buttons()
