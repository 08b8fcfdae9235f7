"""What is published of a story that its follower withdraws is taken away, and they hear it."""

from datetime import timedelta

import pytest

from bot.actions import decisions, posts, publishing, reminders, stories, takedowns
from bot.actions.notices import arrived, claim, doubted, refused
from bot.actions.transaction import Desk
from bot.actions.views import PostView, StoryView
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import NotThere, Refusal
from bot.rules.stories import StoryStatus
from storage.models import Takedown
from tests.actions.audience import (
    DECIDER,
    FATIMA,
    JAN,
    await_follower,
    notices,
    rows,
    submit,
    update,
)
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER

INSTAGRAM = "https://instagram.com/p/cat"


async def on_two_platforms(desk: Desk) -> tuple[StoryView, PostView]:
    """Approved and agreed to, for Telegram tomorrow and for Instagram."""
    story = await submit(desk)
    draft = posts.Proposal(
        text="Fatima reads by the fire.",
        platform_keys=("telegram", "instagram"),
        pillar_key=None,
        target_group_key=None,
        planned_at=desk.clock() + timedelta(days=1),
        why="",
        story_id=story.id,
    )
    post = await posts.propose(desk, OWNER, "both", draft)
    await decisions.decide(desk, OTHER_OWNER, post.id, 1, PostAction.APPROVE)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    return story, post


async def sent(desk: Desk, kind: str = "post.publish") -> int:
    """The notice of this kind, in the hands of the sender."""
    claimed = await claim(desk, "telegram", (), 50)
    return next(notice.id for notice in claimed if notice.kind == kind)


async def published(desk: Desk, clock: StandingClock) -> tuple[StoryView, PostView]:
    """On Telegram in two messages; on Instagram by hand."""
    story, post = await on_two_platforms(desk)
    clock.move(timedelta(days=2))
    await publishing.publish_due(desk)
    receipt = {"message_id": 7, "message_ids": [7, 8], "link": "https://t.me/leestafel/7"}
    await arrived(desk, await sent(desk), receipt)
    by_hand = next(p for p in post.placements if p.by_hand)
    await publishing.confirm_posted(desk, OTHER_OWNER, by_hand.id, INSTAGRAM)
    return story, post


async def test_the_bot_deletes_its_own_and_the_owners_get_a_task(
    desk: Desk, clock: StandingClock
) -> None:
    story, _ = await published(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    (deletion,) = await notices(desk, "takedown.delete")
    assert (deletion.recipient, deletion.payload["messages"]) == ("@leestafel", [7, 8])
    (card,) = await notices(desk, "takedown.card")
    assert card.recipient == OTHER_OWNER
    task = await takedowns.show(desk, card.payload["takedown_id"])
    assert (task.platform, task.link) == ("Instagram", INSTAGRAM)
    assert task.text == "Fatima reads by the fire."
    assert task.due_at == clock.now + timedelta(days=2)
    shown = await stories.show(desk, story.id)
    assert shown.status is StoryStatus.WITHDRAWN
    assert [place.gone_by is not None for place in shown.places] == [True, True]


async def test_the_follower_hears_of_each_that_is_gone(desk: Desk, clock: StandingClock) -> None:
    story, _ = await published(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    await arrived(desk, await sent(desk, "takedown.delete"), {"message_ids": [7, 8]})
    (card,) = await notices(desk, "takedown.card")
    await takedowns.done(desk, OTHER_OWNER, card.payload["takedown_id"])
    told = [notice.payload["platform"] for notice in await notices(desk, "story.taken_down")]
    assert told == ["Telegram", "Instagram"]
    assert (await stories.show(desk, story.id)).links == ()
    takedown = (await rows(desk, Takedown))[-1]
    assert takedown.done_by == OTHER_OWNER


async def test_a_second_press_and_a_second_person(desk: Desk, clock: StandingClock) -> None:
    story, _ = await published(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    (card,) = await notices(desk, "takedown.card")
    takedown_id = card.payload["takedown_id"]
    with pytest.raises(Refusal):
        await takedowns.done(desk, "U08STRANGER", takedown_id)
    for _ in range(2):
        await takedowns.done(desk, OTHER_OWNER, takedown_id)
    assert len(await notices(desk, "story.taken_down")) == 1
    with pytest.raises(NotThere):
        await takedowns.done(desk, OTHER_OWNER, 99)
    with pytest.raises(Refusal):
        await stories.withdraw(update(desk), FATIMA, story.id)
    with pytest.raises(NotThere):
        await stories.withdraw(update(desk), JAN, story.id)
    assert len(await rows(desk, Takedown)) == 2


async def test_what_telegram_does_not_let_the_bot_delete_people_delete(
    desk: Desk, clock: StandingClock
) -> None:
    story, _ = await published(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    deletion = await sent(desk, "takedown.delete")
    await refused(desk, deletion, "Bad Request: message can't be deleted", unreachable=False)
    assert [n.recipient for n in await notices(desk, "takedown.card")] == [OTHER_OWNER, OWNER]
    assert not await notices(desk, "admin.failed")


async def test_one_placement_out_and_one_still_to_come(desk: Desk, clock: StandingClock) -> None:
    """Instagram was handed to its owner, who did not post it yet."""
    story, post = await on_two_platforms(desk)
    clock.move(timedelta(days=2))
    await publishing.publish_due(desk)
    await arrived(desk, await sent(desk), {"message_id": 7, "message_ids": [7], "link": "x"})
    assert (await stories.show(desk, story.id)).status is StoryStatus.PUBLISHED
    await stories.withdraw(update(desk), FATIMA, story.id)
    statuses = {p.platform: p.status for p in (await posts.show(desk, post.id)).placements}
    assert statuses == {
        "Telegram": PlacementStatus.PUBLISHED,
        "Instagram": PlacementStatus.WITHDRAWN,
    }
    assert len(await rows(desk, Takedown)) == 1
    events = [notice.payload["event"] for notice in await notices(desk, "post.outcome")]
    assert events[-1] == "taken_away"
    assert "withdrawn_by_follower" not in events


async def test_owners_are_reminded_until_it_is_done(desk: Desk, clock: StandingClock) -> None:
    story, _ = await published(desk, clock)
    await stories.withdraw(update(desk), FATIMA, story.id)
    await reminders.send_due(desk)
    assert len(await notices(desk, "takedown.card")) == 1
    for more in (2, 3, 4):  # a day before the deadline, at it, a day after it
        while claimed := await claim(desk, "slack", (), 50):
            for notice in claimed:
                await arrived(desk, notice.id, {"channel": "D1", "ts": str(more)})
        clock.move(timedelta(days=1))
        await reminders.send_due(desk)
        await reminders.send_due(desk)
        assert len(await notices(desk, "takedown.card")) == more
    card = (await notices(desk, "takedown.card"))[-1]
    task = await takedowns.show(desk, card.payload["takedown_id"])
    assert task.is_late
    await takedowns.done(desk, OTHER_OWNER, task.id)
    so_far = len(await notices(desk, "takedown.card"))
    clock.move(timedelta(days=9))
    assert await reminders.send_due(desk) == 0
    assert len(await notices(desk, "takedown.card")) == so_far


async def test_confirmed_by_hand_after_the_withdrawal_it_is_a_task(
    desk: Desk, clock: StandingClock
) -> None:
    """It was in doubt when the follower withdrew; the owner finds it in the channel."""
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    clock.move(timedelta(days=2))
    await publishing.publish_due(desk)
    await doubted(desk, await sent(desk))
    await stories.withdraw(update(desk), FATIMA, story.id)
    assert not await rows(desk, Takedown)
    (placement,) = post.placements
    await publishing.resolve_doubt(desk, DECIDER, placement.id, True, "https://t.me/leestafel/7")
    assert len(await rows(desk, Takedown)) == 1
    assert not await notices(desk, "takedown.delete")  # which messages, only people can see
    assert await notices(desk, "takedown.card")
