"""An edit with the approval, a hold, a date, a way back, a new time, reminders: in Slack."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import calendar, holding, posts, publishing, reminders
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message
from bot.texts import texts_in
from handlers.slack.post_buttons import post_buttons
from storage.models import Platform
from tests.actions.audience import accept, submit
from tests.actions.test_posts import draft
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER
from tests.handlers.slack_kit import A_TEXT, FRIDAY, House, house
from tests.handlers.test_slack_seeing import reply

EDIT = "Approve with an edit"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def undated(slack: House, **changes: Any) -> Message:
    what = draft(planned_at=None, **changes)
    await posts.propose(slack.desk, slack.anna.id, f"undated {changes}", what)
    return await slack.card("no date yet")


async def policy(slack: House, **values: Any) -> None:
    def change(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        for name, value in values.items():
            setattr(platform, name, value)

    await slack.desk.database.write(change)


async def test_an_owner_approves_with_an_edit(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, EDIT)
    form = await slack.olga.sees_modal()
    assert form.labels() == ["Text"]
    assert await slack.olga.submit({"Text": "New in the library: 41 board games"}) is None
    shown = (await slack.card("@Olga Jansen approved this for Telegram")).seen_by(slack.anna)
    assert "41 board games" in shown
    told = await reply(slack, card, "approved it for Telegram, with an edit: version 2")
    assert "@Anna de Vries" in told.seen_by(slack.anna)
    assert any(block["type"] == "rich_text" for block in told.blocks)
    await slack.anna.sees("approved your proposal for Telegram, with a small edit")


async def test_nothing_changed_is_an_approval(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, EDIT)
    assert await slack.olga.submit() is None
    await slack.anna.sees("approved your proposal for Telegram.")


async def test_a_long_text_and_a_platforms_own_come_back_whole(slack: House) -> None:
    text = "A long one. " * 260
    both = draft(
        text=text, platform_keys=("telegram", "instagram"), texts={"instagram": "A *short* one"}
    )
    post = await posts.propose(slack.desk, slack.anna.id, "long", both)
    await slack.otto.press(await slack.card("A long one."), EDIT)
    form = await slack.otto.sees_modal()
    assert form.labels() == ["Text", "Text, second part", "Text for Instagram"]
    assert await slack.otto.submit({"Text for Instagram": "A *shorter* one"}) is None
    await slack.card("approved this for Instagram")
    found = await posts.show(slack.desk, post.id)
    assert [placement.text for placement in found.placements] == [text, "A *shorter* one"]


async def test_what_was_typed_stays_when_somebody_was_before(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, EDIT)
    form = await slack.olga.sees_modal()
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Mine is better"})
    errors = await slack.olga.submit({"Text": "Olga's words"}, form)
    assert errors is not None
    assert "was changed meanwhile" in errors["Text"]
    assert form.values()["text"]["value"]["value"] == "Olga's words"


async def test_who_may_not_sees_no_form(slack: House) -> None:
    card = await slack.proposed()
    for label in (EDIT, "Hold"):
        await slack.anna.press(card, label)
        assert "somebody else decides" in slack.anna.ephemerals[-1].seen_by(slack.anna)
        assert slack.anna.modal is None


async def test_a_post_is_held_and_comes_back(slack: House, clock: StandingClock) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Hold")
    form = await slack.olga.sees_modal()
    assert form.labels() == ["Until", "Reason"]
    errors = await slack.olga.submit({"Until": FRIDAY, "Reason": "First the *news*"})
    assert errors is not None
    assert "This is planned for Friday 6 March, 15:00." in errors["Until"]
    until = FRIDAY - timedelta(days=1)
    assert await slack.olga.submit({"Until": until}) is None
    shown = await slack.card("Telegram: @Olga Jansen waits with a decision until")
    assert "Approve" in shown.buttons()
    assert "Nothing waits for you" in (await slack.olga.open_home()).seen_by(slack.olga)
    told = (await slack.anna.sees("waits with a decision on your proposal")).seen_by(slack.anna)
    assert "First the *news*" in told
    await reply(slack, card, "waits with a decision for Telegram")
    clock.now = until
    await holding.end_due(slack.desk)
    slack.outbox.wake()
    message = await slack.olga.sees("The time to wait is over")
    assert A_TEXT in message.seen_by(slack.olga)
    await slack.olga.press(message, "Approve")
    assert "waits with" not in (await slack.card("approved this")).seen_by(slack.olga)


async def test_what_has_no_date_gets_one_with_its_approval(slack: House) -> None:
    card = await undated(slack)
    await slack.olga.press(card, "Approve")
    form = await slack.olga.sees_modal()
    assert form.labels() == ["Date and time"]
    errors = await slack.olga.submit({"Date and time": FRIDAY - timedelta(days=9)})
    assert errors is not None
    assert "still to come" in errors["Date and time"]
    assert await slack.olga.submit({"Date and time": FRIDAY}) is None
    await slack.card("approved this for Telegram")
    told = (await slack.anna.sees("approved your proposal")).seen_by(slack.anna)
    assert "Planned for Mar 6, 2026, 3:00 PM" in told


async def test_an_edit_of_what_has_no_date_asks_for_it(slack: House) -> None:
    await slack.olga.press(await undated(slack), EDIT)
    form = await slack.olga.sees_modal()
    assert form.labels() == ["Text", "Date and time"]
    assert await slack.olga.submit({"Text": "Other words", "Date and time": FRIDAY}) is None
    assert "Other words" in (await slack.card("approved this")).seen_by(slack.olga)


async def test_who_comes_second_sees_the_date_of_the_first(slack: House) -> None:
    await policy(slack, owners=[OWNER, OTHER_OWNER], deputies=[], approvals=2)
    card = await undated(slack)
    await slack.olga.press(card, "Approve")
    await slack.olga.submit({"Date and time": FRIDAY})
    await slack.otto.press(card, "Approve")  # on the card as it was; it changed under the hand
    newest = await slack.card("one more approval is needed")
    await slack.otto.press(newest, "Approve")
    await slack.card("@Otto Smit approved this")


async def test_the_proposer_opens_it_again(slack: House) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Withdraw")
    card = await slack.card("withdrawn")
    await slack.olga.press(card, "Reopen")
    told = slack.olga.ephemerals[-1].seen_by(slack.olga)
    assert told.startswith("Only @Anna de Vries can open this again.")
    await slack.anna.press(card, "Reopen")
    assert A_TEXT in str((await slack.anna.sees_modal()).blocks)
    assert await slack.anna.submit({"Text": "New: 42 games"}) is None
    card = await slack.card("New: 42 games")
    assert "Approve" in card.buttons()
    await reply(slack, card, "@Anna de Vries opened it again: version 2")
    await slack.anna.sees("Your proposal for Telegram is with the people who decide")


async def test_who_opens_again_what_was_rejected_elsewhere_reads_for_what_it_is(
    slack: House,
) -> None:
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.otto.press(card, "Reject")
    await slack.otto.submit({"Reason": "Not here"})
    await slack.card("rejected this")
    await slack.anna.press(card, "Withdraw")
    await slack.card("withdrawn")
    await slack.anna.press(card, "Reopen")
    assert await slack.anna.submit({"Text": "Our *new* games"}) is None
    thanks = await slack.anna.sees("Your proposal for Telegram is with the people who decide")
    assert "“Our *new* games”" in thanks.seen_by(slack.anna)  # not in bold


async def test_a_post_of_a_story_has_no_such_button(slack: House) -> None:
    post = await accept(slack.desk, await submit(slack.desk))
    withdrawn = await posts.withdraw(slack.desk, OWNER, post.id)
    assert post_buttons(withdrawn, texts_in("en")) == []


async def test_a_new_time_with_one_press(slack: House, clock: StandingClock) -> None:
    await calendar.make_occurrences(slack.desk)
    await slack.proposed()
    clock.now = FRIDAY
    await publishing.expire_due(slack.desk)
    slack.outbox.wake()
    message = await slack.anna.sees("so your post was not published on Telegram")
    mondays = [f"Monday {day} March, 10:00" for day in (9, 16, 23)]
    assert message.buttons() == [*mondays, "Another time"]
    await slack.anna.press(message, mondays[0])
    told = (await slack.anna.sees("is planned for")).seen_by(slack.anna)
    assert "Mar 9, 2026, 10:00 AM" in told
    card = await slack.card("waiting for a decision")
    assert "Approve" in card.buttons()
    await slack.anna.press(message, mondays[0])
    await slack.anna.press(message, mondays[1])
    await slack.anna.sees("This has another time already")
    await slack.anna.press(message, "Another time")
    assert await slack.anna.submit({"Date and time": FRIDAY + timedelta(days=2)}) is None
    assert (await slack.audited()).count("replan") == 1


async def test_reminders_and_then_the_deputies(slack: House, clock: StandingClock) -> None:
    await slack.proposed(Text="First")
    await slack.proposed(Text="Second")
    clock.now = FRIDAY - timedelta(days=1)  # eight working hours before it
    await reminders.send_due(slack.desk)
    slack.outbox.wake()
    message = await slack.olga.sees("2 things wait for you.")
    assert message.buttons().count("Approve") == 2
    assert "Withdraw" not in message.buttons()  # that is for who proposed it
    await slack.olga.press(message, "Approve")
    await slack.card("approved this", place=-2)
    clock.now = FRIDAY - timedelta(hours=2)
    await reminders.send_due(slack.desk)
    slack.outbox.wake()
    message = await slack.otto.sees("and waits for your decision")
    seen = message.seen_by(slack.otto)
    assert "Second" in seen
    assert "nobody decided in time, so the deputies decide, too" in seen
    card = await slack.card("so the deputies decide, too, since")
    await reply(slack, card, "nobody decided in time")
    assert "nobody decided in time" in (await slack.otto.open_home()).seen_by(slack.otto)
    await slack.otto.press(message, "Approve")
    await slack.card("@Otto Smit approved this for Telegram")


async def test_a_moment_is_read_in_the_reader_s_language(slack: House) -> None:
    await policy(slack, owners=["U04NORA"])
    card = await slack.proposed()
    await slack.nora.press(card, "Hold")
    form = await slack.nora.sees_modal()
    assert form.labels() == ["Tot", "Reden"]
    assert (
        datetime(2026, 3, 3, 8, tzinfo=UTC).timestamp()
        == (form.values()["until"]["value"]["selected_date_time"])
    )
