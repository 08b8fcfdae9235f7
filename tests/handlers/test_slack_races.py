"""Everybody at once, over the wire: one order, one outcome, and who came second hears it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import combinations

import pytest

from bot.actions import media, posts, publishing, stories
from bot.actions.transaction import Desk
from bot.rules.stories import StoryStep
from bot.sandbox.slack import Message, Person
from tests.actions.audience import FATIMA, PIXEL, tell, update
from tests.actions.test_posts import draft
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.slack_kit import FRIDAY, House, house

MAKE_BOTH_OWN_IT = 'UPDATE platforms SET owners = \'["U01OWNER", "U02OWNER"]\''


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        await desk.database.write(lambda s: s.connection().exec_driver_sql(MAKE_BOTH_OWN_IT))
        yield made


Act = Callable[[], Awaitable[object]]
Ready = Callable[[Person, Message], Awaitable[Act]]


async def approve(person: Person, card: Message) -> Act:
    return lambda: person.press(card, "Approve")


async def reject(person: Person, card: Message) -> Act:
    await person.press(card, "Reject")
    return lambda: person.submit({"Reason": "Not now"})


async def request_changes(person: Person, card: Message) -> Act:
    await person.press(card, "Request changes")
    return lambda: person.submit({"Reason": "Shorter"})


async def edit(person: Person, card: Message) -> Act:
    await person.press(card, "Edit")
    return lambda: person.submit({"Text": "Edited by " + person.id})


async def approve_edited(person: Person, card: Message) -> Act:
    await person.press(card, "Approve with an edit")
    return lambda: person.submit({"Text": "Approved by " + person.id})


async def hold(person: Person, card: Message) -> Act:
    await person.press(card, "Hold")
    until = FRIDAY - timedelta(hours=5 if person.id == OWNER else 6)
    return lambda: person.submit({"Until": until, "Reason": "First the news"})


async def withdraw(person: Person, card: Message) -> Act:
    return lambda: person.press(card, "Withdraw")


DEEDS: dict[str, Ready] = {
    "approve": approve,
    "reject": reject,
    "request_changes": request_changes,
    "edit": edit,
    "approve_edited": approve_edited,
    "hold": hold,
    "withdraw": withdraw,
}
POSSIBLE_AFTER = {
    "approve": {"edit", "withdraw"},
    "request_changes": {"edit", "withdraw"},
    "hold": set(DEEDS),
}
"""What may well follow after the other, so that nobody has to be told."""


PAIRS = [*combinations(DEEDS, 2), ("hold", "hold"), ("approve_edited", "approve_edited")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_two_deeds_at_once_have_one_order(slack: House, first: str, second: str) -> None:
    card = await slack.proposed()
    actors = {"withdraw": slack.anna}
    one = actors.get(first, slack.olga)
    other = actors.get(second, slack.otto)
    acts = [await DEEDS[first](one, card), await DEEDS[second](other, card)]
    errors = [e for e in await asyncio.gather(*(act() for act in acts)) if isinstance(e, dict)]
    done = [deed for deed in await slack.audited() if deed in DEEDS]
    told = [m for p in (slack.anna, slack.olga, slack.otto) for m in p.ephemerals]
    refused = len(errors) + len(told)
    assert len(done) + refused == 2, (done, errors, [m.text for m in told])
    if refused == 0:
        assert done[1] in POSSIBLE_AFTER.get(done[0], set()) | ({"withdraw"} & {done[1]}), done
    shown = {"approve": "approved", "approve_edited": "approved", "reject": "rejected"}
    await slack.card(shown.get(done[-1], ""))


async def test_two_dates_at_once_are_one(slack: House) -> None:
    what = draft(planned_at=None)
    await posts.propose(slack.desk, slack.anna.id, "undated", what)
    card = await slack.card(what.text)
    for person in (slack.olga, slack.otto):
        await person.press(card, "Approve")
    answers = await asyncio.gather(
        slack.olga.submit({"Date and time": FRIDAY}),
        slack.otto.submit({"Date and time": FRIDAY + timedelta(hours=1)}),
    )
    assert [bool(errors) for errors in answers].count(True) == 1
    assert (await slack.audited()).count("approve") == 1


async def test_two_new_times_at_once_are_one(slack: House, clock: StandingClock) -> None:
    await slack.proposed()
    clock.now = FRIDAY
    await publishing.expire_due(slack.desk)
    message = await slack.anna.sees("was not published")
    times = [label for label in message.buttons() if ":" in label]
    assert len(times) == 3
    await asyncio.gather(*(slack.anna.press(message, label) for label in times[:2]))
    assert (await slack.audited()).count("replan") == 1
    await slack.anna.sees("This has another time already")


async def test_two_polls_decisions_at_once_are_one(slack: House) -> None:
    await slack.anna.command("/social poll")
    closes = FRIDAY
    fields = {"Question": "Which?", "Options": "One\nTwo", "Closes": closes}
    assert await slack.anna.submit(fields) is None
    card = await slack.card("Which?")
    await slack.otto.press(card, "Reject")
    _, errors = await asyncio.gather(
        slack.olga.press(card, "Approve"), slack.otto.submit({"Reason": "Not now"})
    )
    done = [deed for deed in await slack.audited() if deed in ("approve", "reject")]
    assert len(done) == 1
    assert len(slack.olga.ephemerals) + bool(errors) == 1


async def test_a_story_is_accepted_or_declined_never_both(slack: House) -> None:
    story = await tell(slack.desk)
    for fetch in await stories.to_fetch(slack.desk):
        await stories.fetched(slack.desk, fetch.part_id, await kept(slack.desk))
    await stories.step(update(slack.desk), FATIMA, story.id, StoryStep.SUBMIT)
    card = await slack.card("I read by the fire.")
    await slack.olga.press(card, "Accept")
    await slack.otto.press(card, "Decline")
    accept = {"Text": "Fatima reads", "Platforms": ["Telegram"], "Date and time": FRIDAY}
    decline = {"Reason": "It does not fit our house rules."}
    errors = await asyncio.gather(slack.olga.submit(accept), slack.otto.submit(decline))
    assert sum(1 for each in errors if each) == 1
    audited = await slack.audited()
    assert len([deed for deed in audited if deed in ("accept", "decline")]) == 1
    assert {"accept refused", "decline refused"} & set(audited)


async def kept(desk: Desk) -> str:
    return (await media.keep(desk, PIXEL, "image/png", "fire.png")).sha256
