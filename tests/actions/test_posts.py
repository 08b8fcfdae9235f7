"""A proposal's way: proposed, decided, edited, withdrawn; and who may do what."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import decisions, home, media, posts
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Mention, NotThere, Refusal
from storage.models import AuditEntry, Decision, Notice, Platform, Post
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

TOMORROW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def draft(**changes: Any) -> Proposal:
    return Proposal(
        **{
            "text": "Our book of the week",
            "platform_keys": ("telegram",),
            "pillar_key": "information",
            "target_group_key": "parents",
            "planned_at": TOMORROW,
            "why": "Spring is coming",
            **changes,
        }
    )


async def proposed(desk: Desk, **changes: Any) -> PostView:
    return await posts.propose(desk, PROPOSER, f"form {changes}", draft(**changes))


async def approve(desk: Desk, post: PostView, by: str = OWNER) -> PostView:
    return await decisions.decide(desk, by, post.id, post.revision, PostAction.APPROVE)


async def rows(desk: Desk, model: Any, **having: Any) -> list[Any]:
    def find(session: Session) -> list[Any]:
        found = select(model)
        for name, value in having.items():
            found = found.where(getattr(model, name) == value)
        return list(session.exec(found))

    return await desk.database.read(find)


async def test_a_proposal_is_written_with_everything_that_follows(desk: Desk) -> None:
    post = await proposed(desk)
    assert post.status is PostStatus.PROPOSED
    assert post.placements[0].deciders == (OWNER,)
    assert [entry.action for entry in await rows(desk, AuditEntry, entity="post")] == ["propose"]
    notices = await rows(desk, Notice)
    assert [(n.recipient, n.kind) for n in notices] == [("C01REVIEW", "post.card")]


async def test_the_time_is_kept_as_it_was_meant(desk: Desk) -> None:
    post = await proposed(desk, planned_at=datetime(2026, 7, 1, 8, 0, tzinfo=UTC))

    def meant(session: Session) -> tuple[str, str]:
        row = session.connection().exec_driver_sql(
            "SELECT planned_local, planned_zone FROM placements"
        )
        local, zone = row.one()
        return str(local), str(zone)

    local, zone = await desk.database.read(meant)
    assert local.startswith("2026-07-01 10:00")
    assert zone == "Europe/Amsterdam"
    assert post.planned_at == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


async def test_the_same_form_twice_is_one_proposal(desk: Desk) -> None:
    first, second = await asyncio.gather(
        posts.propose(desk, PROPOSER, "V1", draft()), posts.propose(desk, PROPOSER, "V1", draft())
    )
    assert first.id == second.id
    assert len(await rows(desk, Post)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  \n "}, "text"),
        ({"platform_keys": ()}, "platforms"),
        ({"platform_keys": ("myspace",)}, "platforms"),
        ({"planned_at": datetime(2026, 3, 2, 8, 0, tzinfo=UTC)}, "when"),
        ({"platform_keys": ("telegram", "instagram"), "text": "x" * 2201}, "text"),
    ],
)
async def test_a_mistake_is_said_at_its_field_and_nothing_is_written(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidForm) as mistake:
        await proposed(desk, **changes)
    assert set(mistake.value.errors) == {field}
    assert await rows(desk, Post) == []
    assert await rows(desk, Notice) == []


async def test_every_mistake_is_said_at_once(desk: Desk) -> None:
    with pytest.raises(InvalidForm) as mistake:
        await proposed(desk, text="", platform_keys=(), planned_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert set(mistake.value.errors) == {"text", "platforms", "when"}


async def test_an_owner_approves_and_the_proposer_hears(desk: Desk) -> None:
    post = await approve(desk, await proposed(desk))
    assert post.status is PostStatus.APPROVED
    assert [(d.verdict, d.by) for d in post.decisions] == [("approve", OWNER)]
    outcome = (await rows(desk, Notice, kind="post.outcome"))[0]
    assert outcome.recipient == PROPOSER
    assert outcome.payload["event"] == "approved"
    assert outcome.payload["by"] == OWNER


@pytest.mark.parametrize("verdict", [PostAction.REJECT, PostAction.REQUEST_CHANGES])
async def test_no_needs_a_reason(desk: Desk, verdict: PostAction) -> None:
    post = await proposed(desk)
    with pytest.raises(InvalidForm) as mistake:
        await decisions.decide(desk, OWNER, post.id, 1, verdict, "  ")
    assert set(mistake.value.errors) == {"reason"}
    decided = await decisions.decide(desk, OWNER, post.id, 1, verdict, "Too long for a Monday")
    assert decided.decisions[0].reason == "Too long for a Monday"
    assert decided.status in (PostStatus.REJECTED, PostStatus.CHANGES_REQUESTED)


async def test_only_the_owners_decide_and_the_attempt_is_audited(desk: Desk) -> None:
    post = await proposed(desk)
    with pytest.raises(Refusal) as refusal:
        await approve(desk, post, by="U05STRANGER")
    assert refusal.value.values["platforms"] == ("Telegram",)
    assert (await posts.show(desk, post.id)).status is PostStatus.PROPOSED
    refused = await rows(desk, AuditEntry, action="approve refused")
    assert [entry.actor for entry in refused] == ["slack:U05STRANGER"]


async def test_nobody_decides_on_their_own_proposal_so_the_deputy_does(desk: Desk) -> None:
    post = await posts.propose(desk, OWNER, "own", draft())
    with pytest.raises(Refusal, match="yourself"):
        await approve(desk, post, by=OWNER)
    assert (await approve(desk, post, by=OTHER_OWNER)).status is PostStatus.APPROVED


async def test_two_owners_at_once_make_one_decision(desk: Desk) -> None:
    def share(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        platform.owners = [OWNER, OTHER_OWNER]
        session.add(platform)

    await desk.database.write(share)
    post = await proposed(desk)
    outcomes = await asyncio.gather(
        approve(desk, post, OWNER),
        decisions.decide(desk, OTHER_OWNER, post.id, 1, PostAction.REJECT, "No"),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], PostView)
    assert isinstance(outcomes[1], Refusal)
    assert outcomes[1].values["who"] == Mention(OWNER)
    assert len(await rows(desk, Decision)) == 1
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED


async def test_each_owner_decides_for_their_own_platform(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    half = await approve(desk, post, OWNER)
    assert half.status is PostStatus.PROPOSED
    assert {p.platform: p.status for p in half.placements} == {
        "Telegram": PlacementStatus.APPROVED,
        "Instagram": PlacementStatus.PROPOSED,
    }
    assert (await approve(desk, post, OTHER_OWNER)).status is PostStatus.APPROVED


async def test_an_edit_takes_the_approval_back(desk: Desk, clock: StandingClock) -> None:
    post = await approve(desk, await proposed(desk))
    clock.move(timedelta(minutes=5))
    edited = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better words"))
    assert edited.status is PostStatus.PROPOSED
    assert (edited.revision, edited.text) == (2, "Better words")
    with pytest.raises(Refusal) as refusal:  # a press on the old card
        await approve(desk, post)
    assert refusal.value.values["changed_at"] == clock()
    assert (await approve(desk, edited)).status is PostStatus.APPROVED


async def test_an_edit_over_somebody_elses_edit_loses_nothing(desk: Desk) -> None:
    post = await proposed(desk)
    await posts.edit(desk, OWNER, post.id, 1, draft(text="The owner's words"))
    with pytest.raises(InvalidForm):
        await posts.edit(desk, PROPOSER, post.id, 1, draft(text="The proposer's words"))
    assert (await posts.show(desk, post.id)).text == "The owner's words"


async def test_the_same_edit_twice_is_one_edit(desk: Desk) -> None:
    post = await proposed(desk)
    first = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better words"))
    again = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better words"))
    assert again.revision == first.revision == 2


async def test_an_edit_can_change_where_it_goes(desk: Desk) -> None:
    post = await proposed(desk)
    moved = await posts.edit(desk, PROPOSER, post.id, 1, draft(platform_keys=("instagram",)))
    assert {p.platform: p.status for p in moved.placements} == {
        "Telegram": PlacementStatus.WITHDRAWN,
        "Instagram": PlacementStatus.PROPOSED,
    }
    back = await posts.edit(desk, PROPOSER, post.id, 2, draft(platform_keys=("telegram",)))
    assert back.placements[0].status is PlacementStatus.PROPOSED


async def test_only_who_it_concerns_can_edit_or_withdraw(desk: Desk) -> None:
    post = await proposed(desk)
    with pytest.raises(Refusal):
        await posts.edit(desk, "U05STRANGER", post.id, 1, draft())
    with pytest.raises(Refusal):
        await posts.withdraw(desk, OWNER, post.id)
    assert (await posts.withdraw(desk, PROPOSER, post.id)).status is PostStatus.WITHDRAWN


async def a_post_with_a_picture(desk: Desk) -> tuple[PostView, str]:
    """Not described yet: the post, and its picture's sha256."""
    picture = await media.keep(desk, b"a shelf", "image/png", "shelf.png")
    return await proposed(desk, images=(picture.sha256,)), picture.sha256


async def test_describing_is_an_edit_of_who_may_edit(desk: Desk) -> None:
    post, picture = await a_post_with_a_picture(desk)
    with pytest.raises(Refusal, match="Only"):
        await posts.describe(desk, "U04NORA", post.id, 1, {picture: "A shelf"})
    for _ in range(2):
        post = await posts.describe(desk, PROPOSER, post.id, 1, {picture: "A shelf"})
    assert (post.revision, post.images[0].alt) == (2, "A shelf")
    (step,) = await rows(desk, AuditEntry, action="edit")
    assert step.details["described"]


async def test_describing_takes_no_decision_back(desk: Desk) -> None:
    post, picture = await a_post_with_a_picture(desk)
    await approve(desk, post)
    await posts.describe(desk, PROPOSER, post.id, 1, {picture: " "})  # nothing to say: no refusal
    with pytest.raises(Refusal, match="decided on this post meanwhile"):
        await posts.describe(desk, PROPOSER, post.id, 1, {picture: "A shelf"})
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED


async def test_describing_comes_too_late(desk: Desk, clock: StandingClock) -> None:
    post, picture = await a_post_with_a_picture(desk)
    clock.move(timedelta(days=2))
    with pytest.raises(Refusal, match="This moment is over"):
        await posts.describe(desk, PROPOSER, post.id, 1, {picture: "A shelf"})
    await posts.withdraw(desk, PROPOSER, post.id)
    with pytest.raises(Refusal):
        await posts.describe(desk, PROPOSER, post.id, 1, {picture: "A shelf"})
    with pytest.raises(NotThere):
        await posts.describe(desk, PROPOSER, 99, 1, {picture: "A shelf"})


async def test_after_the_end_nothing_more_happens(desk: Desk) -> None:
    post = await proposed(desk)
    await posts.withdraw(desk, PROPOSER, post.id)
    for attempt in (
        approve(desk, post),
        posts.edit(desk, PROPOSER, post.id, 1, draft()),
        posts.withdraw(desk, PROPOSER, post.id),
    ):
        with pytest.raises(Refusal):
            await attempt
    assert (await posts.show(desk, post.id)).status is PostStatus.WITHDRAWN


async def test_nothing_is_approved_after_its_time(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk)
    clock.move(timedelta(days=2))
    with pytest.raises(Refusal, match="planned time is over"):
        await approve(desk, post)


async def test_a_post_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotThere):
        await posts.show(desk, 999)


async def test_the_card_waits_once_however_often_the_post_changes(desk: Desk) -> None:
    post = await proposed(desk)
    for revision in (1, 2, 3):
        await posts.edit(desk, PROPOSER, post.id, revision, draft(text=f"Take {revision}"))
    assert len(await rows(desk, Notice, kind="post.card")) == 1


async def test_home_shows_what_waits_for_whom(desk: Desk) -> None:
    post = await proposed(desk)
    owners, proposers = await home.show(desk, OWNER), await home.show(desk, PROPOSER)
    assert [p.id for p in owners.waiting.shown] == [post.id]
    assert owners.proposals.shown == ()
    assert proposers.waiting.shown == ()
    assert [p.id for p in proposers.proposals.shown] == [post.id]
    assert any(entry.title == "Our book of the week" for entry in owners.week.shown)
