"""Who may do what in Slack, where somebody tries another way in; and what they are told."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.actions import notices, posts, publishing
from bot.actions.transaction import Desk
from bot.rules.posts import PlacementStatus
from bot.rules.refusals import Refusal
from bot.sandbox.slack import Message, Person, payloads
from bot.sandbox.slack.views import View
from tests.actions.audience import submit
from tests.conftest import StandingClock
from tests.handlers.slack_kit import A_TEXT, FRIDAY, House, a_proposal, house

LINK = "https://t.me/leestafel/7"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def change(slack: House, statement: str) -> None:
    await slack.desk.database.write(lambda s: s.connection().exec_driver_sql(statement))


async def in_doubt(slack: House, clock: StandingClock) -> Message:
    """A post on Telegram of which nobody knows whether it arrived; what its owner is asked."""
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    clock.move(FRIDAY - clock.now)
    await publishing.publish_due(slack.desk)
    (claimed,) = await notices.claim(slack.desk, "telegram", (), 5)
    await notices.doubted(slack.desk, claimed.id)
    slack.outbox.wake()
    return await slack.olga.sees("Please look whether it is there")


async def send(slack: House, by: Person, form: View, fields: dict[str, Any], meta: str) -> Any:
    """A form that somebody sends with other numbers in it."""
    await by.fill(fields, form)
    payload = payloads.submission(slack.slack.space, by.user, form)
    payload["view"]["private_metadata"] = meta
    return await slack.slack.socket_mode.deliver("interactive", payload)


async def test_a_story_that_does_not_wait_makes_no_post(slack: House) -> None:
    story = await submit(slack.desk)
    await change(slack, "UPDATE stories SET status = 'withdrawn'")
    await slack.olga.command("/social propose")
    form = await slack.olga.sees_modal()
    for number, words in ((story.id, "dealt with already"), (999, "not there")):
        answer = await send(slack, slack.olga, form, dict(a_proposal()), f'{{"story": {number}}}')
        assert words in answer["errors"]["text"]
    assert (await slack.audited()).count("accept refused") == 1
    assert "propose" not in await slack.audited()


async def test_a_story_is_not_accepted_by_who_owns_nothing(slack: House) -> None:
    story = await submit(slack.desk)
    await slack.nora.command("/social propose")
    form = await slack.nora.sees_modal()
    fields = {"Tekst": "Mine", "Platforms": ["Telegram"], "Datum en tijd": FRIDAY}
    answer = await send(slack, slack.nora, form, fields, f'{{"story": {story.id}}}')
    assert "verantwoordelijk" in answer["errors"]["text"]
    assert "accept refused" in await slack.audited()


async def test_another_posts_number_does_not_let_anybody_edit_it(slack: House) -> None:
    await slack.proposed()
    await slack.nora.command("/social propose")
    form = await slack.nora.sees_modal()
    fields = {"Tekst": "Mine", "Platforms": ["Telegram"], "Datum en tijd": FRIDAY}
    for meta in ('{"post": 1, "revision": 1}', '{"post": 1, "revision": 2}', '{"post": 9}'):
        answer = await send(slack, slack.nora, form, fields, meta)
        assert answer["errors"]["text"]
    assert (await posts.show(slack.desk, 1)).text == A_TEXT


async def test_who_is_no_owner_any_more_neither_decides_nor_edits(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Edit")
    await change(slack, "UPDATE platforms SET owners = '[\"U02OWNER\"]', deputies = '[]'")
    errors = await slack.olga.submit({"Text": "Still mine"})
    assert errors is not None
    assert errors["Text"].startswith("Only anna and the people who are responsible")
    await slack.olga.press(card, "Approve")
    assert "Only the people who are responsible" in slack.olga.ephemerals[-1].seen_by(slack.olga)


async def test_where_nobody_can_decide_one_hears_what_to_do(slack: House) -> None:
    await slack.otto.command("/social propose")
    assert await slack.otto.submit(a_proposal(Platforms=["Instagram"])) is None
    card = await slack.card("@Otto Smit proposes")
    for person in (slack.otto, slack.olga):
        await slack.otto.press(card, "Approve")
        told = slack.otto.ephemerals[-1].seen_by(person)
        assert "name a deputy in the settings" in told


async def test_own_proposals_where_the_strategy_allows_them(slack: House) -> None:
    await change(slack, "UPDATE platforms SET own_proposals = 1")
    await slack.olga.command("/social propose")
    await slack.olga.submit(a_proposal())
    card = await slack.card("@Olga Jansen proposes")
    await slack.olga.press(card, "Approve")
    await slack.card("@Olga Jansen approved this")


async def test_an_empty_strategy_leads_to_who_can_fill_it(slack: House) -> None:
    await submit(slack.desk)
    await change(slack, "UPDATE platforms SET active = 0")
    for line in ("/social propose", "/social poll"):
        answer = await slack.olga.command(line)
        assert answer is not None
        assert "in the settings" in answer


async def test_after_a_withdrawal_nobody_is_told_of_an_older_decision(slack: House) -> None:
    card = await slack.proposed()
    old = dataclasses.replace(card, blocks=list(card.blocks))
    await slack.olga.press(old, "Approve")
    await slack.anna.press(old, "Withdraw")
    await slack.olga.press(old, "Reject")
    told = slack.olga.ephemerals[-1].seen_by(slack.olga)
    assert "withdrawn" in told
    assert "already approved" not in told


async def test_a_rejected_platform_is_not_chosen_again_unnoticed(slack: House) -> None:
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.olga.press(card, "Reject")
    await slack.olga.submit({"Reason": "Not here"})
    card = await slack.card("rejected this")
    await slack.anna.press(card, "Edit")
    errors = await slack.anna.submit({"Platforms": ["Telegram"]})
    assert errors is not None
    assert errors["Platforms"].startswith("This post was rejected for Telegram.")


async def test_a_doubt_is_answered_once(slack: House, clock: StandingClock) -> None:
    """One owner says that it is there while the other has it sent again."""
    asked = await in_doubt(slack, clock)
    await slack.olga.press(asked, "It is there")
    await publishing.resolve_doubt(slack.desk, slack.otto.id, 1, False)
    errors = await slack.olga.submit({"Link": LINK})
    assert errors is not None
    assert "being published" in errors["Link"]
    assert await status(slack) is PlacementStatus.PUBLISHING


async def test_who_comes_second_with_the_link_sees_the_first(
    slack: House, clock: StandingClock
) -> None:
    asked = await in_doubt(slack, clock)
    await slack.olga.press(asked, "It is there")
    await publishing.resolve_doubt(slack.desk, slack.otto.id, 1, True, LINK)
    errors = await slack.olga.submit({"Link": "https://t.me/leestafel/8"})
    assert errors is not None
    assert LINK in errors["Link"]


@pytest.mark.parametrize("link", ["https://[", "leestafel", "https://t.me/" + "x" * 600])
async def test_what_is_no_link_is_refused_at_its_field(
    slack: House, clock: StandingClock, link: str
) -> None:
    asked = await in_doubt(slack, clock)
    await slack.olga.press(asked, "It is there")
    form = await slack.olga.sees_modal()
    await slack.olga.fill({"Link": LINK})
    payload = payloads.submission(slack.slack.space, slack.olga.user, form)
    payload["view"]["state"]["values"]["link"]["value"]["value"] = link
    answer = await slack.slack.socket_mode.deliver("interactive", payload)
    assert answer is not None
    assert "address" in answer["errors"]["link"]


async def test_who_is_not_asked_gets_no_form_for_the_link(
    slack: House, clock: StandingClock
) -> None:
    asked = await in_doubt(slack, clock)
    await slack.nora.press(asked, "It is there")
    assert slack.nora.modal is None


async def status(slack: House) -> PlacementStatus:
    return (await posts.show(slack.desk, 1)).placements[0].status


async def test_what_the_bot_posts_is_not_posted_by_hand(slack: House, clock: StandingClock) -> None:
    """The number of another placement, in a form for posting by hand."""
    await in_doubt(slack, clock)
    with pytest.raises(Refusal):
        await publishing.confirm_posted(slack.desk, slack.olga.id, 1, LINK)
    assert await status(slack) is PlacementStatus.IN_DOUBT
