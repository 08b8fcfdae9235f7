"""Reminders in Slack: one message, which follows what it tells; Done, Later, Hand over."""

from collections.abc import AsyncIterator
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import calendar, holding, posts, publishing, reminders
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message, Person
from storage.models import Platform
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER
from tests.handlers.slack_kit import FRIDAY, House, house

HOUR = timedelta(hours=1)
THURSDAY = FRIDAY - 24 * HOUR  # eight working hours before Friday, 15:00


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def platform(slack: House, **values: Any) -> None:
    def change(session: Session) -> None:
        row = session.get_one(Platform, "telegram")
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)

    await slack.desk.database.write(change)


async def due(slack: House, clock: StandingClock, at: datetime) -> None:
    clock.now = at
    await reminders.send_due(slack.desk)
    slack.outbox.wake()


async def asked(slack: House, clock: StandingClock) -> Message:
    """Olga is asked to decide about one post."""
    await slack.proposed()
    await due(slack, clock, THURSDAY)
    return await slack.olga.sees("and waits for your decision")


async def reads(slack: House, message: Message, words: str, by: Person) -> str:
    """As soon as the message says so, without any button."""

    def shown() -> str | None:
        seen = message.seen_by(by)
        return seen if words in seen and not message.buttons() else None

    return await slack.slack.until(shown)


async def test_what_was_decided_elsewhere_is_withdrawn_at_once(
    slack: House, clock: StandingClock
) -> None:
    await platform(slack, owners=[OWNER, "U04NORA"])
    message = await asked(slack, clock)
    theirs = await slack.nora.sees("wacht op jouw beslissing")
    assert "Klaar" in theirs.buttons()
    await slack.nora.press(await slack.card(), "Approve")
    seen = await reads(slack, message, "✅ @Nora Bakker approved it for Telegram", slack.olga)
    assert "New in the library: 40 board games" in seen
    await reads(slack, theirs, "✅ @Nora Bakker heeft het goedgekeurd voor Telegram", slack.nora)


async def test_each_reason_for_which_it_is_withdrawn(slack: House, clock: StandingClock) -> None:
    message = await asked(slack, clock)
    until = THURSDAY + HOUR
    await holding.hold(slack.desk, OWNER, 1, 1, until, "First the news")
    await reads(slack, message, "@Olga Jansen waits with a decision on Telegram until", slack.olga)
    clock.now = until
    await holding.end_due(slack.desk)
    await due(slack, clock, FRIDAY - 4 * HOUR)
    again = await slack.olga.sees("and waits for your decision")
    assert again.ts != message.ts
    await posts.withdraw(slack.desk, PROPOSER, 1)
    await reads(slack, again, "↩️ It was withdrawn for Telegram.", slack.olga)


async def test_a_bundle_of_several_follows_each_of_them(slack: House, clock: StandingClock) -> None:
    for n in range(10):
        await slack.proposed(Text=f"Tip number {n}.")
    await due(slack, clock, THURSDAY)
    message = await slack.olga.sees("10 things wait for you.")
    assert message.buttons().count("Approve") == 8
    assert "And 2 more: they come up here as you go." in message.seen_by(slack.olga)
    await slack.olga.press(message, "Approve")
    await slack.olga.sees("9 things wait for you.")
    await slack.olga.press(message, "Done")  # of the next
    await slack.olga.sees("8 things wait for you.")
    seen = message.seen_by(slack.olga)
    assert "✅ @Olga Jansen approved it for Telegram" in seen
    assert "✅ You are done with this." in seen
    assert message.buttons().count("Approve") == 8
    told = [m for m in slack.olga.direct_messages() if "things wait" in m.seen_by(slack.olga)]
    assert len(told) == 1


async def test_done_by_a_double_tap_on_what_stood_there(slack: House, clock: StandingClock) -> None:
    message = await asked(slack, clock)
    before = copy(message)
    await slack.olga.press(message, "Done")
    await reads(slack, message, "✅ You are done with this.", slack.olga)
    await slack.olga.press(before, "Done")
    await slack.olga.press(before, "Snooze")
    await slack.olga.sees("There is nothing left to do here")
    assert (await slack.audited()).count("done") == 1


async def test_somebody_elses_press_is_refused(slack: House, clock: StandingClock) -> None:
    message = await asked(slack, clock)
    for label in ("Done", "Snooze", "Hand over"):
        await slack.otto.press(message, label)
        await slack.otto.sees("This reminder is for @Olga Jansen.")
    assert "Done" in message.buttons()


@pytest.mark.parametrize("choice", ["This afternoon", "Tomorrow", "At another moment"])
async def test_later(slack: House, clock: StandingClock, choice: str) -> None:
    await slack.proposed()
    at = FRIDAY - 29 * HOUR if choice == "This afternoon" else THURSDAY
    await due(slack, clock, THURSDAY)
    message = await slack.olga.sees("and waits for your decision")
    clock.now = at
    await slack.olga.press(message, "Snooze")
    form = await slack.olga.sees_modal()
    assert form.labels() == ["When do I remind you again?", "Another moment"]
    option = next(each for each in options(form) if each.startswith(choice))
    fields: dict[str, Any] = {"When do I remind you again?": option}
    if choice == "At another moment":
        fields["Another moment"] = FRIDAY - 3 * HOUR
    assert await slack.olga.submit(fields) is None
    await slack.olga.sees("I remind you again")
    await reads(slack, message, "⏰ Later: I remind you again", slack.olga)
    expected = {
        "This afternoon": THURSDAY - 1 * HOUR,
        "Tomorrow": FRIDAY - 6 * HOUR,
        "At another moment": FRIDAY - 3 * HOUR,
    }[choice]
    await due(slack, clock, expected)
    again = await slack.olga.sees("and waits for your decision")
    assert again.ts != message.ts


def options(form: Any) -> list[str]:
    (block,) = [b for b in form.blocks if b["block_id"] == "when"]
    return [option["text"]["text"] for option in block["element"]["options"]]


async def test_too_late_is_said_at_its_field(slack: House, clock: StandingClock) -> None:
    message = await asked(slack, clock)
    await slack.olga.press(message, "Snooze")
    moment = {"When do I remind you again?": "At another moment"}
    errors = await slack.olga.submit({**moment, "Another moment": FRIDAY + HOUR})
    assert "Choose an earlier moment" in (errors or {})["Another moment"]
    errors = await slack.olga.submit({**moment, "Another moment": THURSDAY - HOUR})
    assert "still to come" in (errors or {})["Another moment"]


async def test_handed_over_the_other_hears_by_whom(slack: House, clock: StandingClock) -> None:
    await platform(slack, owners=[OWNER, "U04NORA"])
    message = await asked(slack, clock)
    await slack.olga.press(message, "Hand over")
    assert await slack.olga.submit({"Who does this?": "nora"}) is None
    await reads(slack, message, "🤝 @Nora Bakker does this now.", slack.olga)
    await due(slack, clock, clock.now)
    theirs = await slack.nora.sees("@Olga Jansen draagt dit aan jou over.")
    await slack.nora.press(theirs, "Goedkeuren")
    await slack.card("@Nora Bakker approved this")


async def test_where_nobody_else_can_they_hear_that(slack: House, clock: StandingClock) -> None:
    message = await asked(slack, clock)
    await slack.olga.press(message, "Hand over")
    await slack.olga.sees("Nobody else can do this.")


async def test_an_empty_moment_is_filled_and_the_message_says_so(
    slack: House, clock: StandingClock
) -> None:
    clock.move(2 * HOUR)
    await calendar.make_occurrences(slack.desk)
    await due(slack, clock, datetime(2026, 3, 6, 8, tzinfo=UTC))
    message = await slack.olga.sees("There is no post yet for Telegram")
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    await slack.proposed(Text="A tip", Date_and_time=monday)
    seen = await reads(slack, message, "✅ There is a post for Telegram", slack.olga)
    assert "“A tip”" in seen


async def test_posted_without_a_link_which_comes_the_next_morning(
    slack: House, clock: StandingClock
) -> None:
    await slack.proposed(Platforms=["Instagram"])
    await slack.otto.press(await slack.card(), "Approve")
    await slack.card("approved this")
    clock.now = FRIDAY
    await publishing.publish_due(slack.desk)
    task = await slack.otto.sees("Time to post this on Instagram")
    await slack.otto.press(task, "Posted")
    assert await slack.otto.submit({}) is None
    await slack.anna.sees("Your post is published on Instagram")
    await due(slack, clock, FRIDAY + 66 * HOUR)  # Monday, 9:00
    message = await slack.otto.sees("Where can it be seen?")
    await slack.otto.press(message, "Add the link")
    errors = await slack.otto.submit({"Link": "somewhere"})
    assert list(errors or {}) == ["Link"]
    assert await slack.otto.submit({"Link": "https://example.org/p/1"}) is None
    await reads(slack, message, "📣 It is on Instagram. · see the post", slack.otto)
    assert slack.otto.id == OTHER_OWNER
