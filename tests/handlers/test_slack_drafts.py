"""What was typed in Slack survives: a press, an error, a closed window, a lost connection."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import drafts, home, media, posts, stories
from bot.actions.transaction import Desk
from bot.actions.views import DraftView
from bot.rules.stories import StoryStep
from bot.sandbox.slack import NotAcknowledged, Person, payloads
from bot.sandbox.slack.views import View
from handlers.slack.app import build_slack
from handlers.slack.blocks import CHANGED
from storage.database import Database, Unavailable
from tests.actions.audience import FATIMA, PIXEL, tell, update
from tests.conftest import StandingClock
from tests.handlers.slack_kit import (
    A_TEXT,
    FRIDAY,
    REVIEW,
    House,
    a_proposal,
    house,
    settings_for,
)

LAST_WEEK = FRIDAY - timedelta(days=7)
SAVED = "Saved as a draft, Monday 2 March, 09:00."


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def drafts_of(slack: House, person: Person) -> tuple[DraftView, ...]:
    return await drafts.of(slack.desk, person.id)


async def a_draft(slack: House, count: int = 1, person: Person | None = None) -> DraftView:
    """The newest of somebody's drafts (Anna's), as soon as there are so many."""
    async with asyncio.timeout(5):
        while len(found := await drafts_of(slack, person or slack.anna)) != count:
            await asyncio.sleep(0.005)
    return found[0]


async def typed(slack: House, **fields: Any) -> View:
    """Anna's form, filled in and not sent."""
    await slack.anna.command("/social propose")
    form = await slack.anna.sees_modal()
    await slack.anna.fill(a_proposal(**fields), form)
    return form


async def restarted(slack: House) -> None:
    await slack.side.stop()
    slack.side = build_slack(settings_for(slack.slack), slack.desk)
    await slack.side.start()
    await slack.slack.wait_connected()


async def shows_saved(slack: House, form: View, person: Person) -> None:
    words = {"en-US": "Saved as a draft", "nl-NL": "Bewaard als concept"}[person.locale]
    await slack.slack.until(lambda: words in form.seen_by(person))


async def test_save_as_draft_keeps_the_form_open_with_all_that_was_typed(slack: House) -> None:
    form = await typed(slack, Text="Half a thought", Date_and_time=LAST_WEEK)
    before = form.values()
    await slack.anna.press(form, "Save as draft")
    await slack.slack.until(lambda: SAVED in form.seen_by(slack.anna))
    assert slack.anna.modal is form
    assert form.values() == before
    await slack.anna.fill({"Text": "A whole thought", "Why": None})
    shown = form.times_shown
    await slack.anna.press(form, "Save as draft")
    await slack.slack.until(lambda: form.times_shown > shown)
    assert form.seen_by(slack.anna).count("Saved as a draft") == 1
    draft = await a_draft(slack)
    assert draft.proposal.text == "A whole thought"
    assert draft.proposal.why == ""
    assert draft.proposal.planned_at == LAST_WEEK
    assert await slack.anna.submit({"Date and time": FRIDAY}) is None
    await slack.card("A whole thought")
    assert await drafts_of(slack, slack.anna) == ()


async def test_an_empty_form_can_be_saved_too(slack: House) -> None:
    await slack.anna.command("/social propose")
    form = await slack.anna.sees_modal()
    await slack.anna.fill({"Date and time": None})
    await slack.anna.press(form, "Save as draft")
    draft = await a_draft(slack)
    assert draft.proposal == replace(draft.proposal, text="", platform_keys=(), planned_at=None)
    seen = (await slack.anna.open_home()).seen_by(slack.anna)
    assert "A draft without words" in seen


async def test_home_lists_drafts_and_goes_on_with_them(slack: House, clock: StandingClock) -> None:
    own = slack.anna.upload("1.png", PIXEL, "image/png")
    form = await typed(slack, Images=[own])
    await slack.anna.press(form, "Save as draft")
    await slack.anna.close()
    shown = await slack.anna.open_home()
    seen = shown.seen_by(slack.anna)
    assert "Your drafts" in seen
    assert A_TEXT in seen
    clock.move(timedelta(days=1))
    await slack.anna.press(shown, "Continue")
    form = await slack.anna.sees_modal()
    values = form.values()
    assert values["text"]["value"]["value"] == A_TEXT
    assert values["why"]["value"]["value"] == "People ask for them"
    assert values["when"][CHANGED]["selected_date_time"] == FRIDAY.timestamp()
    assert [o["value"] for o in values["platforms"][CHANGED]["selected_options"]] == ["telegram"]
    assert form.options("Keep these pictures") == ["1. 1.png"]
    assert await slack.anna.submit({"Text": "Finished"}) is None
    card = await slack.card("Finished")
    assert "[picture: 1.png]" in card.seen_by(slack.olga)
    await slack.slack.until(lambda: "Your drafts" not in shown.seen_by(slack.anna))


async def test_a_draft_whose_time_is_over_gets_the_next_free_moment(
    slack: House, clock: StandingClock
) -> None:
    form = await typed(slack)
    await slack.anna.press(form, "Save as draft")
    await slack.anna.close()
    clock.move(FRIDAY - clock() + timedelta(days=1))
    await slack.anna.press(await slack.anna.open_home(), "Continue")
    when = (await slack.anna.sees_modal()).values()["when"][CHANGED]["selected_date_time"]
    assert when > clock().timestamp()
    assert await slack.anna.submit() is None


async def test_nobody_else_sees_drafts(slack: House) -> None:
    form = await typed(slack)
    await slack.anna.press(form, "Save as draft")
    for person in (slack.olga, slack.nora, slack.admin):
        assert A_TEXT not in (await person.open_home()).seen_by(person)
        assert not await drafts_of(slack, person)
    hers = await slack.anna.open_home()
    block, element = next(
        (block, element)
        for block in hers.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "draft.continue"
    )
    forged = payloads.press(slack.slack.space, slack.olga.user, hers, block, element, {})
    await slack.slack.socket_mode.deliver("interactive", forged)
    await slack.olga.sees("This draft is not there any more.")
    assert slack.olga.modal is None
    assert await slack.audited() == []
    assert slack.slack.channel_messages(REVIEW) == []


async def test_drafts_have_pages_and_can_be_thrown_away(slack: House) -> None:
    for n in range(5):
        proposal = posts.Proposal(f"Thought {n}", (), None, None, None)
        await drafts.save(slack.desk, slack.anna.id, f"V{n}", proposal)
    shown = await slack.anna.open_home()
    seen = shown.seen_by(slack.anna)
    assert "Thought 4" in seen
    assert "And 2 more." in seen
    await slack.anna.press(shown, "Show more")
    await slack.slack.until(lambda: "Thought 0" in shown.seen_by(slack.anna))
    await slack.anna.press(shown, "Throw away")
    await slack.slack.until(lambda: "Thought 1" not in shown.seen_by(slack.anna))
    assert [d.proposal.text for d in await drafts_of(slack, slack.anna)] == [
        "Thought 4",
        "Thought 3",
        "Thought 2",
        "Thought 0",
    ]


async def test_a_form_with_mistakes_is_a_draft_until_it_is_right(slack: House) -> None:
    form = await typed(slack, Text="x" * 2201, Platforms=["Instagram"])
    assert await slack.anna.submit() is not None
    assert (await a_draft(slack)).proposal.text == "x" * 2201
    assert slack.anna.modal is form
    assert await slack.anna.submit({"Text": "Shorter"}) is None
    assert await drafts_of(slack, slack.anna) == ()


async def test_an_error_of_ours_keeps_what_was_typed(
    slack: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("broken")

    monkeypatch.setattr(posts, "propose", broken)
    await typed(slack)
    errors = await slack.anna.submit()
    assert errors is not None
    assert "Something went wrong" in errors["Text"]
    assert (await a_draft(slack)).proposal.text == A_TEXT


async def test_a_full_disk_leaves_the_form_as_it_is(
    slack: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await typed(slack)

    async def refuse(*_: object) -> None:
        raise Unavailable("database or disk is full")

    with monkeypatch.context() as full:
        full.setattr(Database, "write", refuse)
        errors = await slack.anna.submit()
        assert errors is not None
        assert "Something went wrong" in errors["Text"]
        await slack.anna.press(form, "Save as draft")
        await slack.anna.sees("Something went wrong")
        assert slack.anna.modal is form
        assert A_TEXT in form.seen_by(slack.anna)
    assert await slack.anna.submit() is None
    await slack.card(A_TEXT)


async def test_a_closed_form_is_kept_and_its_owner_hears_where(slack: House) -> None:
    await typed(slack)
    await slack.anna.close()
    told = await slack.anna.sees("I kept what you had typed, as a draft")
    assert A_TEXT in told.seen_by(slack.anna)
    await slack.anna.press(told, "Continue")
    assert A_TEXT in (await slack.anna.sees_modal()).seen_by(slack.anna)
    await slack.anna.close()  # nothing new was typed: nothing new is told
    await slack.anna.press(told, "Throw away")
    await slack.anna.sees("The draft is thrown away.")
    assert await drafts_of(slack, slack.anna) == ()
    assert len(slack.anna.direct_messages()) == 1


async def test_a_form_in_which_nothing_was_written_leaves_nothing(slack: House) -> None:
    await slack.anna.command("/social propose")
    await slack.anna.close()
    message = slack.nora.say(REVIEW, "A & B <x>")
    await slack.anna.message_shortcut("propose_from_message", message)
    await slack.anna.close()
    assert await drafts_of(slack, slack.anna) == ()
    assert slack.anna.direct_messages() == []


async def test_an_emoji_that_slack_names_is_no_change(slack: House) -> None:
    """Filled in as 🎉, it may come back by its name."""
    message = slack.nora.say(REVIEW, "Look :tada:")
    await slack.anna.message_shortcut("propose_from_message", message)
    form = await slack.anna.sees_modal()
    assert "Look 🎉" in form.seen_by(slack.anna)
    await slack.anna.fill({"Text": "Look :tada:"}, form)
    await slack.anna.close()
    assert await drafts_of(slack, slack.anna) == ()


async def test_a_closed_form_of_which_slack_tells_nothing_empties_no_draft(slack: House) -> None:
    form = await typed(slack)
    await slack.anna.press(form, "Save as draft")
    states: list[dict[str, Any]] = [{"state": {"values": {}}}, {}]
    for state in states:
        payload = payloads.closed(slack.slack.space, slack.anna.user, form, all_of_them=False)
        del payload["view"]["state"]
        payload["view"] |= state
        await slack.slack.socket_mode.deliver("interactive", payload)
    assert (await a_draft(slack)).proposal.text == A_TEXT


async def test_closing_an_edit_makes_no_draft(slack: House) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert "Save as draft" not in form.buttons()
    assert await slack.anna.submit({"Text": " \n"}) is not None
    await slack.anna.fill({"Text": "Other words"})
    await slack.anna.close()
    assert await drafts_of(slack, slack.anna) == ()


async def test_while_the_bot_is_gone_the_form_waits(slack: House) -> None:
    form = await typed(slack)
    await slack.side.stop()
    with pytest.raises(NotAcknowledged):
        await slack.anna.submit()
    with pytest.raises(NotAcknowledged):
        await slack.anna.press(form, "Save as draft")
    assert slack.anna.modal is form
    assert A_TEXT in form.seen_by(slack.anna)
    await restarted(slack)
    assert await slack.anna.submit() is None
    assert (await home.show(slack.desk, slack.anna.id)).proposals.shown[0].text == A_TEXT


async def test_the_answer_is_lost_and_the_second_try_is_the_same_proposal(slack: House) -> None:
    form = await typed(slack)
    payload = payloads.submission(slack.slack.space, slack.anna.user, form)
    await slack.slack.socket_mode.deliver("interactive", payload)  # the form hears nothing of it
    await restarted(slack)
    assert slack.anna.modal is form
    assert await slack.anna.submit() is None
    assert len((await home.show(slack.desk, slack.anna.id)).proposals.shown) == 1


async def test_after_a_lost_answer_other_words_do_not_vanish(slack: House) -> None:
    form = await typed(slack)
    payload = payloads.submission(slack.slack.space, slack.anna.user, form)
    await slack.slack.socket_mode.deliver("interactive", payload)
    errors = await slack.anna.submit({"Text": "Other words"})
    assert errors is not None
    assert "You proposed this already" in errors["Text"]
    shown = await slack.anna.open_home()
    await slack.anna.press(shown, "Continue")
    await slack.slack.until(lambda: slack.anna.modal is not form)
    assert await slack.anna.submit() is None
    await slack.card("Other words")


async def test_a_draft_continued_twice_and_sent_from_both_is_one_proposal(slack: House) -> None:
    form = await typed(slack)
    await slack.anna.press(form, "Save as draft")
    shown = await slack.anna.open_home()
    await slack.anna.press(shown, "Continue")
    second = await slack.anna.sees_modal()
    sent = [payloads.submission(slack.slack.space, slack.anna.user, f) for f in (form, second)]
    deliver = slack.slack.socket_mode.deliver
    await asyncio.gather(*(deliver("interactive", payload) for payload in sent * 2))
    await slack.card(A_TEXT)
    assert (await slack.audited()).count("propose") == 1
    assert await drafts_of(slack, slack.anna) == ()


async def test_a_message_whose_form_came_too_late_waits_as_a_draft(slack: House) -> None:
    picture = slack.nora.upload("shelf.png", PIXEL, "image/png")
    message = slack.nora.say(REVIEW, "Look at this", files=[picture])
    slack.slack.faults.add("views.open", error="expired_trigger_id")
    await slack.anna.message_shortcut("propose_from_message", message)
    assert slack.anna.modal is None
    told = await slack.anna.sees("I kept the message for you, as a draft")
    await slack.anna.press(told, "Continue")
    form = await slack.anna.sees_modal()
    assert "Look at this" in form.seen_by(slack.anna)
    assert form.options("Keep these pictures") == ["1. shelf.png"]
    assert await slack.anna.submit({"Platforms": ["Telegram"]}) is None
    seen = (await slack.card("proposes a post")).seen_by(slack.olga)
    assert "[picture: shelf.png]" in seen
    assert "The message that it comes from" in seen


async def test_whoever_waits_too_long_for_a_form_hears_what_to_do(slack: House) -> None:
    slack.slack.faults.add("views.open", error="expired_trigger_id")
    shown = await slack.anna.open_home()
    await slack.anna.press(shown, "Propose a post")
    await slack.anna.sees("Slack did not open the form any more. Please try again.")


async def test_a_picture_that_went_from_slack_meanwhile_can_be_left_out(slack: House) -> None:
    own = slack.anna.upload("1.png", PIXEL, "image/png")
    form = await typed(slack, Images=[own])
    await slack.anna.press(form, "Save as draft")
    await slack.anna.close()
    del slack.slack.space.files[own.id]
    await slack.anna.press(await slack.anna.open_home(), "Continue")
    errors = await slack.anna.submit()
    assert errors is not None
    assert "A picture is not there any more" in errors["Images"]
    assert await slack.anna.submit({"Keep these pictures": []}) is None


async def test_a_long_text_comes_back_whole(slack: House) -> None:
    text = "word " * 800 + "end"
    await drafts.save(
        slack.desk, slack.anna.id, "V1", posts.Proposal(text, ("telegram",), None, None, FRIDAY)
    )
    await slack.anna.press(await slack.anna.open_home(), "Continue")
    form = await slack.anna.sees_modal()
    await slack.anna.press(form, "Save as draft")
    await shows_saved(slack, form, slack.anna)
    assert (await a_draft(slack)).proposal.text == text
    assert await slack.anna.submit() is None
    shown = (await home.show(slack.desk, slack.anna.id)).proposals.shown
    assert [post.text for post in shown] == [text]


async def test_a_story_can_wait_as_a_draft_until_it_is_taken_back(slack: House) -> None:
    story = await tell(slack.desk)
    for fetch in await stories.to_fetch(slack.desk):
        picture = await media.keep(slack.desk, PIXEL, "image/png", "fire.png")
        await stories.fetched(slack.desk, fetch.part_id, picture.sha256)
    await stories.step(update(slack.desk), FATIMA, story.id, StoryStep.SUBMIT)
    await slack.olga.press(await slack.card("I read by the fire."), "Accept")
    form = await slack.olga.sees_modal()
    await slack.olga.fill({"Text": "She reads by the fire"})
    await slack.olga.press(form, "Save as draft")
    await shows_saved(slack, form, slack.olga)
    assert "[picture: fire.png]" not in form.errors
    await slack.olga.close()
    shown = await slack.olga.open_home()
    await slack.olga.press(shown, "Continue")
    form = await slack.olga.sees_modal()
    assert "The follower is named as: Fatima" in form.seen_by(slack.olga)
    assert form.options("Keep these pictures") == ["1. fire.png"]
    await stories.withdraw(update(slack.desk), FATIMA, story.id)
    assert await drafts_of(slack, slack.olga) == ()
    assert await slack.olga.submit({"Platforms": ["Telegram"], "Date and time": FRIDAY})
    await slack.olga.close()
    assert await drafts_of(slack, slack.olga) == ()


async def test_drafts_speak_dutch(slack: House) -> None:
    await slack.nora.command("/social propose")
    form = await slack.nora.sees_modal()
    await slack.nora.fill({"Tekst": "Een half idee"})
    await slack.nora.press(form, "Als concept bewaren")
    await shows_saved(slack, form, slack.nora)
    await slack.nora.close()
    shown = await slack.nora.open_home()
    assert "Je concepten" in shown.seen_by(slack.nora)
    await slack.nora.press(shown, "Verdergaan")
    assert "Een half idee" in (await slack.nora.sees_modal()).seen_by(slack.nora)


async def test_a_draft_keeps_all_that_the_form_asks(slack: House) -> None:
    form = await typed(slack, Images=[slack.anna.upload("1.png", PIXEL, "image/png")])
    await slack.anna.press(form, "A text of its own for each platform")
    described, rule = "What can be seen in picture 1?", "People in a picture agreed to it"
    fields = {
        "Text for Telegram": "In other words",
        described: "A shelf",
        "House rules": [rule],
        "Backlog": ["No date yet: keep it in the backlog"],
    }
    await slack.anna.fill(fields, form)
    await slack.anna.press(form, "Save as draft")
    await slack.slack.until(lambda: SAVED in form.seen_by(slack.anna))
    await slack.anna.close()
    home = await slack.anna.open_home()
    await slack.anna.press(home, "Continue")
    seen = (await slack.anna.sees_modal()).seen_by(slack.anna)
    for label, value in fields.items():
        assert f"{label}: {value if isinstance(value, str) else value[0]}" in seen
    assert await slack.anna.submit() is None
    seen = (await slack.card("In other words")).seen_by(slack.olga)
    assert "[picture: A shelf]" in seen
    assert "no date yet: in the backlog" in seen
    assert "Not ticked" not in seen
