"""Slack when it is slow, busy, changed or locked: nothing is lost, and nobody hears nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import followers, media, posts, publishing, stories
from bot.actions.transaction import Desk
from bot.rules.delivery import MAX_ATTEMPTS, NoticeStatus
from bot.rules.stories import StoryStep
from bot.sandbox.slack import Message
from handlers.slack import files
from handlers.slack.outgoing import MOST_LOOKS
from tests.actions.audience import FATIMA, PIXEL, submit, tell, update
from tests.conftest import StandingClock
from tests.factories import PROPOSER
from tests.handlers.slack_kit import A_TEXT, FRIDAY, REVIEW, House, a_proposal, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def propose(slack: House, key: str = "form", platform: str = "telegram") -> None:
    """Without its form, so that the card is the first thing that is sent."""
    draft = posts.Proposal(
        text=A_TEXT,
        platform_keys=(platform,),
        pillar_key=None,
        target_group_key=None,
        planned_at=FRIDAY,
    )
    await posts.propose(slack.desk, PROPOSER, key, draft)


async def fetch_all(desk: Desk) -> None:
    for fetch in await stories.to_fetch(desk):
        kept = await media.keep(desk, PIXEL, "image/png", "fire.png")
        await stories.fetched(desk, fetch.part_id, kept.sha256)


async def failed(slack: House, attempt: int) -> None:
    """The newest card's notice was tried so often, and put off."""
    async with asyncio.timeout(5):
        while True:
            notice = (await slack.notices("post.card"))[-1]
            if (notice.attempts, notice.status) == (attempt, NoticeStatus.PENDING):
                return
            await asyncio.sleep(0.005)


async def a_story(slack: House) -> Message:
    story = await tell(slack.desk)
    await fetch_all(slack.desk)
    await stories.step(update(slack.desk), FATIMA, story.id, StoryStep.SUBMIT)
    return await slack.card("I read by the fire.")


async def test_pictures_that_take_long_lose_nothing_that_was_typed(
    slack: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    pictures = [slack.anna.upload(f"{n}.png", PIXEL + bytes([n]), "image/png") for n in range(10)]
    slack.slack.faults.add("files.info", delay=0.4, times=10)
    await slack.anna.command("/social propose")
    errors = await slack.anna.submit(a_proposal(Images=pictures))
    assert errors is not None
    assert "still on their way" in errors["Images"]
    assert A_TEXT in (await slack.anna.sees_modal()).seen_by(slack.anna)

    def answered() -> bool:
        return sum(call.method == "files.info" for call in slack.slack.calls) == 10

    await slack.slack.until(answered)
    while await slack.anna.submit():
        assert slack.anna.modal is not None
    seen = (await slack.card(A_TEXT)).seen_by(slack.olga)
    assert all(f"[picture: {n}.png]" in seen for n in range(10))
    assert answered()  # none was fetched twice


async def test_a_slow_permalink_does_not_cost_the_form(slack: House) -> None:
    message = slack.nora.say(REVIEW, "Look at this")
    slack.slack.faults.add("chat.getPermalink", delay=4)
    await slack.anna.message_shortcut("propose_from_message", message)
    assert "Look at this" in (await slack.anna.sees_modal()).seen_by(slack.anna)


async def test_a_picture_that_was_deleted_on_slack_is_uploaded_anew(
    slack: House, clock: StandingClock
) -> None:
    picture = slack.anna.upload("shelf.png", PIXEL, "image/png")
    card = await slack.proposed(Images=[picture])
    for uploaded in [file for file in slack.slack.space.files if file != picture.id]:
        del slack.slack.space.files[uploaded]
    await slack.anna.press(card, "Withdraw")
    for attempt in range(1, MOST_LOOKS + 1):
        await failed(slack, attempt)
        clock.move(timedelta(minutes=1))
        slack.outbox.wake()
    seen = (await slack.card("withdrawn")).seen_by(slack.olga)
    assert "[picture: shelf.png]" in seen


async def test_a_file_of_a_story_that_does_not_come_holds_nobody_up(
    slack: House, clock: StandingClock
) -> None:
    await submit(slack.desk)
    await slack.put_off("story.card")
    clock.move(timedelta(seconds=11))
    slack.outbox.wake()
    card = await slack.card("One file is still on its way")
    await fetch_all(slack.desk)
    assert "[picture: fire.png]" in (await slack.card("[picture: fire.png]")).seen_by(slack.olga)
    assert len(slack.slack.channel_messages(REVIEW)) == 1
    assert "I read by the fire." in card.seen_by(slack.olga)


async def test_an_answer_below_a_deleted_card_is_read_all_the_same(slack: House) -> None:
    card = await a_story(slack)
    await slack.olga.press(card, "Ask")
    assert await slack.olga.submit({"Question": "Which book is it?"}) is None
    slack.slack.space.remove(card)
    await followers.text_received(update(slack.desk), FATIMA, 601, "Heidi")
    assert "Heidi" in (await slack.card("The follower answers")).seen_by(slack.olga)


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
async def test_without_a_valid_token_everything_waits(
    slack: House, clock: StandingClock, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.slack.faults.add("chat.postMessage", error=error, times=20)
    await propose(slack)
    for refused in range(1, MAX_ATTEMPTS + 2):  # more often than a notice may fail

        def tried(times: int = refused) -> bool:
            return sum(call.error == error for call in slack.slack.calls) >= times

        await slack.slack.until(tried)
        await slack.put_off("post.card")
        clock.move(timedelta(minutes=2))
        slack.outbox.wake()
    slack.slack.faults.clear()
    clock.move(timedelta(minutes=2))
    slack.outbox.wake()
    await slack.card(A_TEXT)
    assert "SLACK_BOT_TOKEN" in caplog.text
    assert await slack.notices("admin.failed") == []


async def test_who_left_slack_holds_nobody_up(slack: House, clock: StandingClock) -> None:
    """Both own Instagram; one of them is gone."""
    await slack.desk.database.write(
        lambda s: s.connection().exec_driver_sql(
            'UPDATE platforms SET owners = \'["U00GONE", "U02OWNER"]\''
        )
    )
    await propose(slack, platform="instagram")
    card = await slack.card(A_TEXT)
    await slack.otto.press(card, "Approve")
    await slack.anna.sees("approved your proposal")
    clock.move(FRIDAY - clock.now)
    await publishing.publish_due(slack.desk)
    await slack.otto.sees("Time to post this")
    told = (await slack.admin.sees("a post that somebody is to post by hand")).seen_by(slack.admin)
    assert "Name somebody else in the settings" in told


async def test_without_admins_the_owners_hear_of_what_failed(desk: Desk) -> None:
    async with house(replace(desk, admins=())) as slack:
        slack.slack.faults.add("chat.postMessage", error="is_archived")
        await propose(slack)
        told = (await slack.otto.sees("could not deliver the card")).seen_by(slack.otto)
        assert "Take it out of the archive" in told


async def test_who_cannot_be_told_on_the_spot_hears_it_directly(slack: House) -> None:
    card = await slack.proposed()
    slack.slack.faults.add("chat.postEphemeral", error="user_not_in_channel")
    await slack.nora.press(card, "Approve")
    assert slack.nora.direct_messages()


async def test_a_form_whose_trigger_is_over_says_so(slack: House) -> None:
    slack.slack.faults.add("views.open", error="expired_trigger_id")
    answer = await slack.anna.command("/social propose")
    assert answer is not None
    assert "try again" in answer


async def test_a_picture_that_is_gone_from_disk_is_told_at_once(slack: House) -> None:
    kept = await media.keep(slack.desk, PIXEL, "image/png", "shelf.png")
    kept.path.unlink()
    draft = posts.Proposal(A_TEXT, ("telegram",), None, None, FRIDAY, images=(kept.sha256,))
    await posts.propose(slack.desk, PROPOSER, "form", draft)
    told = (await slack.admin.sees("could not deliver")).seen_by(slack.admin)
    assert "not in MEDIA_DIR" in told
    (notice,) = await slack.notices("post.card")
    assert notice.status == NoticeStatus.FAILED
