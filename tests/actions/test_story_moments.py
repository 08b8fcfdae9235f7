"""What a follower does at the very moment when something else happens to the story."""

from datetime import timedelta

import pytest

from bot.actions import decisions, followers, media, posts, publishing, stories
from bot.actions.notices import arrived, claim, refused
from bot.actions.transaction import Desk
from bot.actions.views import PostView, StoryView
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import Refusal
from bot.rules.stories import NamedAs, StoryStatus, StoryStep
from storage.models import Consent, Media
from storage.queries.media import unused_media
from tests.actions.audience import (
    DECIDER,
    FATIMA,
    PIXEL,
    accept,
    await_follower,
    kinds,
    notices,
    rows,
    submit,
    tell,
    update,
)
from tests.conftest import StandingClock
from tests.factories import OWNER


async def outcomes(desk: Desk) -> list[tuple[str, str]]:
    found = await notices(desk, "post.outcome")
    return [(notice.recipient, notice.payload["event"]) for notice in found]


async def on_its_way(desk: Desk, clock: StandingClock) -> tuple[StoryView, PostView, int]:
    """Agreed, due, and in the hands of the sender; with the notice's id."""
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    clock.move(timedelta(days=2))
    await publishing.publish_due(desk)
    claimed = await claim(desk, "telegram", (), 50)
    (notice,) = [notice for notice in claimed if notice.kind == "post.publish"]
    return story, post, notice.id


async def test_withdrawn_before_it_is_sent_the_post_is_withdrawn_too(
    desk: Desk, clock: StandingClock
) -> None:
    story, post, notice_id = await on_its_way(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    assert await publishing.ready_to_send(desk, post.placements[0].id) is None
    await arrived(desk, notice_id, None)
    (placement,) = (await posts.show(desk, post.id)).placements
    assert placement.status is PlacementStatus.WITHDRAWN
    assert (await outcomes(desk))[-1] == (OWNER, "withdrawn_by_follower")


async def test_withdrawn_while_it_was_sent_it_stays_withdrawn_and_people_know(
    desk: Desk, clock: StandingClock
) -> None:
    story, post, notice_id = await on_its_way(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    receipt = {"message_id": 7, "message_ids": [7, 8], "link": "https://t.me/leestafel/7"}
    await arrived(desk, notice_id, receipt)
    assert (await stories.show(desk, story.id)).status is StoryStatus.WITHDRAWN
    (placement,) = (await posts.show(desk, post.id)).placements
    assert placement.status is PlacementStatus.PUBLISHED
    told = {who for who, event in await outcomes(desk) if event == "published_too_late"}
    assert told == {OWNER}  # who proposed it; whoever takes it away has a task
    (deletion,) = await notices(desk, "takedown.delete")
    assert deletion.payload["messages"] == [7, 8]
    (sorry,) = await notices(desk, "story.too_late")
    assert sorry.payload["link"] == "https://t.me/leestafel/7"
    assert not await notices(desk, "story.published")


async def test_a_yes_below_an_earlier_post_is_no_yes_to_a_later_one(desk: Desk) -> None:
    """Both have a first revision, and both wait below the same story."""
    story = await submit(desk)
    earlier = await await_follower(desk, story)
    await stories.wish(update(desk), FATIMA, earlier.id, 1)
    await posts.withdraw(desk, OWNER, earlier.id)
    later = await accept(desk, story)
    await decisions.decide(desk, DECIDER, later.id, 1, PostAction.APPROVE)
    with pytest.raises(Refusal) as caught:
        await stories.agree(update(desk), FATIMA, earlier.id, 1)
    assert "newest version" in caught.value.sentence
    assert [c.purpose for c in await rows(desk, Consent)] == ["publish", "people"]
    await followers.text_received(update(desk), FATIMA, 801, "Hello")  # no wish any more
    assert (await kinds(desk, FATIMA.id))[-1] == "hint"
    await stories.agree(update(desk), FATIMA, later.id, 1)


async def test_after_the_yes_nothing_waits_for_a_wish(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.wish(update(desk), FATIMA, post.id, 1)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    await followers.text_received(update(desk), FATIMA, 801, "Hello")
    assert (await kinds(desk, FATIMA.id))[-1] == "hint"


async def test_nobody_elses_post_can_be_agreed_to(desk: Desk) -> None:
    post = await await_follower(desk, await submit(desk))
    with pytest.raises(Refusal):
        await stories.agree(update(desk), followers.Sender(5, "Eve"), post.id, 1)
    with pytest.raises(Refusal):
        await stories.agree(update(desk), FATIMA, 999, 1)


async def test_who_blocked_the_bot_is_asked_when_they_come_back(desk: Desk) -> None:
    await await_follower(desk, await submit(desk))
    (confirm,) = await notices(desk, "story.confirm")
    assert confirm.id is not None
    await refused(desk, confirm.id, "Forbidden: bot was blocked by the user", unreachable=True)
    assert (await outcomes(desk))[-1] == (OWNER, "follower_unreachable")
    assert not (await followers.show(desk, FATIMA.id)).subscribed
    await followers.reachable_again(update(desk), FATIMA.id)
    (confirm,) = await notices(desk, "story.confirm")
    assert (confirm.status, confirm.attempts) == ("pending", 0)


async def test_the_ledger_has_the_language_that_was_shown(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    await stories.add_part(update(desk), FATIMA, 1, "text", "Once")
    draft = await stories.draft_of(desk, FATIMA.id)
    assert draft is not None
    for step in (StoryStep.DONE, StoryStep.NAME, StoryStep.OLD_ENOUGH):
        await stories.step(update(desk), FATIMA, draft.id, step, NamedAs.FIRST)
    shown = await stories.consent_text(desk, draft.id)
    await followers.choose_language(update(desk), FATIMA, "en")
    assert await stories.consent_text(desk, draft.id) != shown
    await stories.step(update(desk), FATIMA, draft.id, StoryStep.AGREE, shown_consent="")
    assert not await rows(desk, Consent)  # nobody knows what stood there: it is shown again
    assert (await kinds(desk, FATIMA.id))[-1] == "story.step"
    await stories.step(update(desk), FATIMA, draft.id, StoryStep.AGREE, shown_consent=shown)
    (consent,) = await rows(desk, Consent)
    assert (consent.text, consent.language) == (shown, "nl")


async def test_what_comes_after_done_is_not_lost_in_silence(desk: Desk) -> None:
    draft = await tell(desk)
    await stories.add_part(update(desk), FATIMA, 900, "photo", file_id="late")
    assert (await kinds(desk, FATIMA.id))[-2:] == ["sorry", "story.step"]
    assert len((await stories.show(desk, draft.id)).parts) == 2


async def test_of_a_cancelled_story_no_picture_stays(desk: Desk, clock: StandingClock) -> None:
    draft = await tell(desk)
    [fetch] = await stories.to_fetch(desk)
    kept = await media.keep(desk, PIXEL, "image/png", "fire.png")
    await stories.fetched(desk, fetch.part_id, kept.sha256)
    clock.move(media.KEPT_UNUSED * 2)
    await media.drop_unused(desk)
    assert kept.path.exists()
    await stories.cancel(update(desk), FATIMA, draft.id)
    await media.drop_unused(desk)
    assert not kept.path.exists()
    assert not await rows(desk, Media)
    again = await media.keep(desk, PIXEL, "image/png", "fire.png")
    assert not await desk.database.read(
        lambda session: unused_media(session, clock() - media.KEPT_UNUSED)
    )
    assert again.path.exists()


async def test_the_last_file_completes_the_card(desk: Desk) -> None:
    await submit(desk)
    [fetch] = await stories.to_fetch(desk)
    [card] = await notices(desk, "story.card")
    assert card.id is not None
    await arrived(desk, card.id, {"channel": "C01REVIEW", "ts": "1.1"})
    await stories.fetch_failed(desk, fetch.part_id, "gone")
    assert len(await notices(desk, "story.card")) == 2
