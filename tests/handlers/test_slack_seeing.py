"""What became of a post, as colleagues see it in Slack: thread, history, find, statements, note."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions import publishing, reminders, strategy, weekly
from bot.actions.transaction import Desk
from bot.rules.strategy import Statement
from bot.sandbox.slack import Message
from storage.models import Organisation
from tests.actions.test_strategy import EXAMPLE
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.slack_kit import REVIEW, House, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def reply(slack: House, card: Message, words: str) -> Message:
    """The newest reply below the card with these words."""
    return await slack.slack.until(
        lambda: next((m for m in reversed(card.thread) if words in m.seen_by(slack.olga)), None)
    )


async def test_the_cards_thread_tells_each_step_and_mentions_the_proposer(slack: House) -> None:
    card = await slack.proposed(Text="Our *new* games & <!channel> books")
    await slack.olga.press(card, "Request changes")
    await slack.olga.submit({"Reason": "Which <@U04NORA> games?"})
    told = (await reply(slack, card, "asked for changes")).seen_by(slack.anna)
    assert told.startswith("@Anna de Vries ✏️ @Olga Jansen asked for changes for Telegram")
    assert "“Which <@U04NORA> games?”" in told
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Our *40* games & <!channel> books"})
    edited = await reply(slack, card, "edited it: version 2")
    assert "Waits for @Olga Jansen" in edited.seen_by(slack.olga)
    (diff,) = [block for block in edited.blocks if block["type"] == "rich_text"]
    assert diff["elements"][0]["elements"] == [
        {"type": "text", "text": "Our "},
        {"type": "text", "text": "*new* ", "style": {"strike": True}},
        {"type": "text", "text": "*40* ", "style": {"bold": True}},
        {"type": "text", "text": "games & <!channel> books"},
    ]


async def test_an_edit_says_that_it_takes_the_approval_back(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Something else"})
    edited = await reply(slack, card, "edited it")
    assert "This takes back the approval of @Olga Jansen" in edited.seen_by(slack.olga)


async def test_a_reply_that_perhaps_arrived_is_not_written_twice(
    slack: House, clock: StandingClock
) -> None:
    card = await slack.proposed()
    slack.slack.faults.add("chat.postMessage", cut="after")
    await slack.anna.press(card, "Withdraw")
    assert (await slack.put_off("post.thread")).doubtful
    clock.move(timedelta(minutes=1))
    slack.outbox.wake()
    await slack.sent("post.thread")
    assert len([m for m in card.thread if "withdrew it" in m.seen_by(slack.olga)]) == 1


async def test_history_stands_on_the_card_and_behind_a_command(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Reject")
    await slack.olga.submit({"Reason": "Not now"})
    await slack.card("rejected this")
    await slack.nora.press(card, "History")
    seen = (await slack.nora.sees_modal()).seen_by(slack.nora)
    assert (await slack.nora.sees_modal()).title == "Geschiedenis"
    assert "@Anna de Vries heeft het voorgesteld" in seen
    assert "@Olga Jansen heeft het afgewezen voor Telegram" in seen
    assert "“Not now”" in seen
    await slack.anna.command("/social history board games")
    assert "@Anna de Vries proposed it" in (await slack.anna.sees_modal()).seen_by(slack.anna)
    assert "The newest of" not in (await slack.anna.sees_modal()).seen_by(slack.anna)
    assert await slack.otto.command("/social history unicorns") == (
        "I found no post. Try fewer words, or other ones."
    )


async def test_of_several_posts_the_history_of_the_newest_says_that_there_are_others(
    slack: House,
) -> None:
    await slack.proposed(Text="Board games on Friday")
    await slack.proposed(Text="Board games on Sunday")
    await slack.otto.command("/social history board games")
    seen = (await slack.otto.sees_modal()).seen_by(slack.otto)
    assert "Board games on Sunday" in seen
    assert "The newest of 2 posts with these words. /social find shows the others." in seen


async def test_a_long_history_has_pages(slack: House) -> None:
    card = await slack.proposed()
    for n in range(17):
        await slack.anna.press(card, "Edit")
        await slack.anna.submit({"Text": f"Text {n}"})
        await slack.card(f"Text {n}")
    await slack.anna.press(card, "History")
    modal = await slack.anna.sees_modal()
    assert modal.buttons() == ["Show more"]
    assert "version 18" not in modal.seen_by(slack.anna)
    await slack.anna.press(modal, "Show more")
    assert "version 18" in modal.seen_by(slack.anna)
    assert modal.buttons() == ["Show the previous"]


async def test_posts_are_found_page_by_page(slack: House) -> None:
    for n in range(17):
        await slack.proposed(Text=f"Board game {n} & more")
    assert await slack.anna.command("/social find game & state:waiting", REVIEW) == "17 posts found"
    answer = slack.anna.ephemerals[-1]
    assert "Board game 16 & more" in answer.seen_by(slack.anna)
    assert "Board game 1 " not in answer.seen_by(slack.anna)
    await slack.anna.press(answer, "Show more")
    assert "Board game 1 & more" in answer.seen_by(slack.anna)
    await slack.anna.press(answer, "History")
    assert "proposed it" in (await slack.anna.sees_modal()).seen_by(slack.anna)
    assert "no state" in (await slack.anna.command("/social find state:odd") or "")
    assert "Which post" in (await slack.anna.command("/social find") or "")


async def test_statements_with_who_maintains_them_and_until_when(slack: House) -> None:
    assert "no prepared statement" in (await slack.anna.command("/social statements") or "")
    made = tuple(
        Statement(f"s{n}", f"Title {n}", f"Text *{n}*", OWNER, date(2026, 3, n + 1))
        for n in range(6)
    )
    await strategy.load(slack.desk, replace(EXAMPLE, statements=made))
    await slack.anna.command("/social statements", REVIEW)
    answer = slack.anna.ephemerals[-1]
    seen = answer.seen_by(slack.anna)
    assert "Text *0*" in seen
    assert "Expired: it held until Sunday 1 March 2026 · Maintained by @Olga Jansen" in seen
    assert "Maintained by @Olga Jansen · Valid until Monday 2 March 2026" in seen
    await slack.anna.press(answer, "Show more")
    assert "Title 5" in answer.seen_by(slack.anna)
    await slack.anna.command("/social statements title 3", REVIEW)
    assert "Title 0" not in slack.anna.ephemerals[-1].seen_by(slack.anna)


async def test_the_weekly_note_comes_to_the_review_channel(
    slack: House, clock: StandingClock
) -> None:
    await slack.desk.database.write(
        lambda session: setattr(session.get_one(Organisation, 1), "weekly_note", True)
    )
    await weekly.plan_note(slack.desk)
    card = await slack.proposed(Text="A rejected <!channel> post")
    await slack.olga.press(card, "Reject")
    await slack.olga.submit({"Reason": "Not *ours*"})
    await slack.proposed(Text="Too late", Platforms=["Telegram", "Instagram"])
    clock.move(timedelta(days=7))
    await publishing.expire_due(slack.desk)
    await reminders.send_due(slack.desk)
    note = (await slack.card("The week before Monday 9 March")).seen_by(slack.anna)
    assert "A rejected <!channel> post · rejected · @Olga Jansen: “Not *ours*”" in note
    assert "Too late · Telegram and Instagram: not ready in time" in note
