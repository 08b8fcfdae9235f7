"""A follower's story on the colleagues' side: accepted, asked about, declined."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions import (
    decisions,
    followers,
    forgetting,
    media,
    posts,
    publishing,
    reminders,
    stories,
)
from bot.actions.transaction import Desk
from bot.actions.views import StoryView
from bot.rules.posts import PostAction
from bot.rules.stories import Purpose, StoryStep
from bot.sandbox.slack import Message
from tests.actions.audience import FATIMA, PIXEL, submit, tell, update
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER
from tests.handlers.slack_kit import FRIDAY, REVIEW, House, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def told(slack: House) -> tuple[StoryView, Message]:
    """A story is there, its photo is fetched, its card stands in the channel."""
    story = await tell(slack.desk)
    await fetch_all(slack.desk)
    await send_in(slack.desk, story)
    return story, await slack.card("I read by the fire.")


async def send_in(desk: Desk, story: StoryView) -> None:
    await stories.step(update(desk), FATIMA, story.id, StoryStep.SUBMIT)


async def fetch_all(desk: Desk, content: bytes = PIXEL, kind: str = "image/png") -> None:
    for fetch in await stories.to_fetch(desk):
        kept = await media.keep(desk, content, kind, "fire.png")
        await stories.fetched(desk, fetch.part_id, kept.sha256)


async def test_the_card_waits_for_the_pictures_and_shows_them(
    slack: House, clock: StandingClock
) -> None:
    await submit(slack.desk)
    await slack.put_off("story.card")
    assert slack.slack.channel_messages(REVIEW) == []
    await fetch_all(slack.desk)
    clock.move(timedelta(seconds=3))
    slack.outbox.wake()
    card = await slack.card("I read by the fire.")
    assert "[picture: fire.png]" in card.seen_by(slack.olga)
    assert "The follower is named as: Fatima" in card.seen_by(slack.olga)
    assert card.buttons() == ["Accept", "Ask", "Decline", "Block"]


async def test_accepting_opens_the_proposal_with_words_pictures_and_credit(slack: House) -> None:
    _, card = await told(slack)
    await slack.olga.press(card, "Accept")
    form = await slack.olga.sees_modal()
    assert "I read by the fire." in form.seen_by(slack.olga)
    assert "The follower is named as: Fatima" in form.seen_by(slack.olga)
    assert form.options("Keep these pictures") == ["1. fire.png"]
    fields = {"Text": "Fatima reads", "Platforms": ["Telegram"], "Date and time": FRIDAY}
    assert await slack.olga.submit(fields) is None
    proposal = await slack.card("Fatima reads")
    assert "[picture: fire.png]" in proposal.seen_by(slack.olga)
    assert "accepted" in (await slack.card("accepted", place=0)).seen_by(slack.olga)
    await slack.otto.press(proposal, "Approve")
    await slack.card("waiting for the follower's yes")


async def test_a_story_is_declined_with_a_chosen_reason(slack: House) -> None:
    _, card = await told(slack)
    await slack.olga.press(card, "Decline")
    form = await slack.olga.sees_modal()
    assert "We received more stories than we can place." in form.options("Reason")
    assert (
        await slack.olga.submit({"Reason": "We received more stories than we can place."}) is None
    )
    assert (await slack.card("declined")).buttons() == []


async def test_a_question_goes_out_and_the_answer_comes_below_the_card(slack: House) -> None:
    _, card = await told(slack)
    await slack.olga.press(card, "Ask")
    assert await slack.olga.submit({"Question": "Which book is it?"}) is None
    await slack.slack.until(lambda: card.thread)
    await followers.text_received(update(slack.desk), FATIMA, 601, "Heidi & *Peter* <!channel>")
    await slack.slack.until(lambda: len(card.thread) == 2)
    asked, answered = card.thread
    assert "asks the follower" in asked.seen_by(slack.olga)
    assert "Which book is it?" in asked.seen_by(slack.olga)
    assert "Heidi & *Peter* <!channel>" in answered.seen_by(slack.olga)


async def test_who_owns_nothing_cannot_handle_a_story(slack: House) -> None:
    _, card = await told(slack)
    for label in ("Accept", "Ask", "Decline"):
        await slack.nora.press(card, label)
    assert slack.nora.modal is None
    assert len(slack.nora.ephemerals) == 3


async def test_waiting_stories_are_listed_with_their_buttons(slack: House) -> None:
    assert await slack.olga.command("/social stories", REVIEW) == (
        "No story is waiting for you at this moment."
    )
    await told(slack)
    await slack.olga.command("/social stories", REVIEW)
    listed = slack.olga.ephemerals[-1]
    assert "I read by the fire." in listed.seen_by(slack.olga)
    await slack.olga.press(listed, "Decline")
    assert (await slack.olga.sees_modal()).title == "Decline the story"


async def test_a_recording_is_put_into_the_thread_once(slack: House) -> None:
    story = await tell(slack.desk)
    await fetch_all(slack.desk, b"OggS", "audio/ogg")
    await send_in(slack.desk, story)
    card = await slack.card("One recording")
    await slack.slack.until(lambda: card.thread)
    await slack.olga.press(card, "Decline")
    await slack.olga.submit({"Reason": "It does not fit our house rules."})
    await slack.card("declined")
    assert len(card.thread) == 1


async def test_a_recording_whose_upload_was_cut_off_stands_there_once(
    slack: House, clock: StandingClock
) -> None:
    slack.slack.faults.add("files.completeUploadExternal", cut="after")
    story = await tell(slack.desk)
    await fetch_all(slack.desk, b"OggS", "audio/ogg")
    await send_in(slack.desk, story)
    await slack.put_off("story.card")
    clock.move(timedelta(seconds=5))
    slack.outbox.wake()
    card = await slack.card("One recording")
    await slack.sent("story.card")
    assert len(card.thread) == 1


async def test_a_story_of_the_longest_text_arrives_whole(slack: House) -> None:
    text = ("& <b> *x* 🎉 שלום " * 200)[:2990] + "the end"
    story = await tell(slack.desk, FATIMA, text)
    await fetch_all(slack.desk)
    await send_in(slack.desk, story)
    card = await slack.card("the end")
    assert text in card.seen_by(slack.olga).replace("\n", "")


async def test_block_asks_first_and_unblock_takes_it_back(slack: House) -> None:
    _, card = await told(slack)
    await slack.nora.press(card, "Block")
    assert "block refused" in await slack.audited()
    await slack.olga.press(card, "Block")
    card = await slack.card("This follower is blocked")
    assert card.buttons() == ["Accept", "Ask", "Decline", "Unblock"]
    await slack.olga.press(card, "Unblock")
    await slack.slack.until(lambda: "Block" in card.buttons())
    assert [what for what in await slack.audited() if what in ("block", "unblock")] == [
        "block",
        "unblock",
    ]


async def test_links_of_somebody_new_are_looked_at_first(slack: House) -> None:
    story = await tell(slack.desk, text="Look at https://example.org/win")
    await fetch_all(slack.desk)
    await send_in(slack.desk, story)
    card = await slack.card("its teller is new")
    assert card.buttons() == ["Accept", "Ask", "Decline", "Block"]
    [accept, *_] = card.blocks[-1]["elements"]
    assert accept["confirm"]["confirm"]["text"] == "The links are fine"
    await slack.olga.press(card, "Accept")
    assert (await slack.olga.sees_modal()).title


async def test_after_forgetting_nothing_of_it_is_left_on_slack(slack: House) -> None:
    story, card = await told(slack)
    await stories.ask(slack.desk, "U01OWNER", story.id, "Which book is it?")
    await followers.text_received(update(slack.desk), FATIMA, 601, "Heidi, of course")
    await slack.slack.until(lambda: card.thread)
    await forgetting.ask_whether(update(slack.desk), FATIMA)
    [question] = await slack.notices("forget.ask")
    assert await forgetting.forget(slack.desk, FATIMA.id, question.payload["token"])
    slack.outbox.wake()
    await slack.slack.until(lambda: not card.thread)
    await slack.slack.until(lambda: "withdrawn" in card.seen_by(slack.olga))
    assert "by the fire" not in card.seen_by(slack.olga)
    await slack.slack.until(lambda: not slack.slack.space.files)


async def taken_back(slack: House, clock: StandingClock) -> Message:
    """Posted by hand on Instagram, then withdrawn: the task in Otto's direct messages."""
    story, _ = await told(slack)
    draft = posts.Proposal(
        text="Fatima reads & <writes>",
        platform_keys=("instagram",),
        pillar_key=None,
        target_group_key=None,
        planned_at=clock.now + timedelta(days=1),
        story_id=story.id,
    )
    post = await posts.propose(slack.desk, OWNER, "form", draft)
    await decisions.decide(slack.desk, OTHER_OWNER, post.id, 1, PostAction.APPROVE)
    await stories.agree(update(slack.desk), FATIMA, post.id, 1)
    clock.move(timedelta(days=2))
    await publishing.publish_due(slack.desk)
    link = "https://instagram.com/p/cat"
    await publishing.confirm_posted(slack.desk, OTHER_OWNER, post.placements[0].id, link)
    await stories.withdraw(update(slack.desk), FATIMA, story.id)
    return await slack.otto.sees("A follower withdrew their story")


async def test_the_task_to_take_a_post_away(slack: House, clock: StandingClock) -> None:
    task = await taken_back(slack, clock)
    seen = task.seen_by(slack.otto)
    assert "away from Instagram" in seen
    assert "Fatima reads & <writes>" in seen
    assert "https://instagram.com/p/cat" in str(task.blocks)
    await slack.card("Still to be taken away from Instagram", place=0)
    await slack.otto.press(task, "Taken down")
    done = await slack.otto.sees("took this away from Instagram")
    assert done.buttons() == []
    await slack.card("withdrawn by the follower", place=0)
    assert "take down" in await slack.audited()


async def test_a_late_task_says_so_and_is_a_new_message(slack: House, clock: StandingClock) -> None:
    first = await taken_back(slack, clock)
    await slack.sent("takedown.card")
    clock.move(timedelta(days=2))
    await reminders.send_due(slack.desk)
    late = await slack.otto.sees("it had to be gone")
    assert late.ts != first.ts
    await slack.otto.press(first, "Taken down")  # the older message does the same
    await slack.otto.sees("took this away from Instagram")


async def test_the_card_says_that_the_follower_changed_it(slack: House) -> None:
    _, card = await told(slack)
    await stories.edited(update(slack.desk), FATIMA, 501, "I read in bed & <eat>.")
    changed = await slack.card("Until they say yes, it cannot be accepted")
    assert "I read in bed & <eat>." in changed.seen_by(slack.olga)
    assert changed.buttons() == ["Ask", "Decline", "Block"]
    await stories.step(update(slack.desk), FATIMA, 1, StoryStep.AGREE, purpose=Purpose.PUBLISH)

    def is_open_again() -> bool:
        return "Accept" in card.buttons()

    await slack.slack.until(is_open_again)
    assert "cannot be accepted" not in card.seen_by(slack.olga)
