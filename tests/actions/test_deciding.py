"""Several approvals, absences and sensitive topics: who decides, and when it is enough."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import absences, decisions, home, posts, publishing, reminders, strategy
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.people import OWN_PROPOSAL
from bot.rules.posts import APPROVED_BY_YOU, PostAction, PostStatus, ReasonLabel
from bot.rules.refusals import InvalidForm, Mention, Refusal
from bot.rules.strategy import read
from storage.models import AuditEntry, Card, Decision, Notice, Placement, Platform, Reminder, Topic
from tests.actions.test_posts import approve, draft, proposed, rows
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER
from tests.rules.test_strategy import SMALL

THIRD = "U05THIRD"
EXPERT = "U06EXPERT"
TODAY = date(2026, 3, 2)
SENSITIVE = "Our view on the Wár"


async def policy(desk: Desk, **values: Any) -> None:
    """Changes who decides for Telegram, and how many."""

    def change(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        for name, value in values.items():
            setattr(platform, name, value)
        session.add(platform)

    await desk.database.write(change)


async def topic(desk: Desk, owner: str = EXPERT, deputies: tuple[str, ...] = ()) -> None:
    def add(session: Session) -> None:
        session.add(
            Topic(
                key="war",
                name="War",
                words=["war", "peace"],
                owner=owner,
                deputies=list(deputies),
                statement="We are there for everybody.",
            )
        )

    await desk.database.write(add)


async def away(desk: Desk, who: str = OWNER, first: date = TODAY, days: int = 0) -> None:
    await absences.name(desk, who, first, first + timedelta(days=days))


async def events(desk: Desk) -> list[str]:
    return [n.payload["event"] for n in await rows(desk, Notice, kind="post.outcome")]


async def test_two_approvals_are_two_people(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, OTHER_OWNER, THIRD], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk), OWNER)
    assert post.status is PostStatus.PROPOSED
    assert (post.placements[0].approved_by, post.placements[0].missing) == ((OWNER,), 1)
    assert post.placements[0].deciders == (OTHER_OWNER, THIRD)
    with pytest.raises(Refusal) as refusal:
        await approve(desk, post, OWNER)
    assert refusal.value.sentence == APPROVED_BY_YOU
    assert refusal.value.values["who"] == (Mention(OTHER_OWNER), Mention(THIRD))
    assert len(await rows(desk, Decision)) == 1
    assert (await approve(desk, post, THIRD)).status is PostStatus.APPROVED
    assert await events(desk) == ["approval", "approved"]


async def test_one_no_is_enough_also_of_who_said_yes(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, OTHER_OWNER], deputies=[], approvals="all")
    post = await approve(desk, await proposed(desk), OWNER)
    after = await decisions.decide(
        desk, OWNER, post.id, 1, PostAction.REQUEST_CHANGES, "Wait", ReasonLabel.FACTS
    )
    assert after.status is PostStatus.CHANGES_REQUESTED
    assert after.decisions[-1].label == "facts"
    edited = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Better"))
    assert edited.placements[0].missing == 2  # the approval was of the earlier revision
    rejected = await decisions.decide(desk, OTHER_OWNER, post.id, 2, PostAction.REJECT, "No")
    assert rejected.status is PostStatus.REJECTED


async def test_a_proposing_owner_is_replaced_by_a_deputy(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, THIRD], deputies=[OTHER_OWNER], approvals=2)
    post = await posts.propose(desk, OWNER, "own", draft())
    assert post.placements[0].deciders == (THIRD, OTHER_OWNER)
    with pytest.raises(Refusal, match=OWN_PROPOSAL.split(",", maxsplit=1)[0]):
        await approve(desk, post, OWNER)
    await approve(desk, post, OTHER_OWNER)
    assert (await approve(desk, post, THIRD)).status is PostStatus.APPROVED


async def test_who_is_away_is_replaced_until_they_come_back(desk: Desk) -> None:
    await away(desk)
    post = await proposed(desk)
    assert [p.id for p in (await home.show(desk, OTHER_OWNER)).waiting.shown] == [post.id]
    assert (await home.show(desk, OWNER)).waiting.shown == ()
    with pytest.raises(Refusal, match="responsible for"):
        await approve(desk, post, OWNER)
    await absences.come_back(desk, OWNER)
    with pytest.raises(Refusal, match="responsible for"):
        await approve(desk, post, OTHER_OWNER)
    assert (await approve(desk, post, OWNER)).status is PostStatus.APPROVED
    told = [n.kind for n in await rows(desk, Notice, recipient=OTHER_OWNER)]
    assert told == ["absence.named", "absence.over"]
    audited = [e.action for e in await rows(desk, AuditEntry, entity="absence")]
    assert audited == ["away", "come back"]


async def test_an_absence_begins_and_ends_by_itself(desk: Desk, clock: StandingClock) -> None:
    await away(desk, first=TODAY + timedelta(days=1), days=1)
    post = await proposed(desk, planned_at=clock.now + timedelta(days=9))
    waiting = []
    for _ in range(4):
        await absences.turn_due(desk)
        assert await absences.turn_due(desk) == 0
        waiting.append((await posts.show(desk, post.id)).placements[0].deciders)
        clock.move(timedelta(days=1))
    assert waiting == [(OWNER,), (OTHER_OWNER,), (OTHER_OWNER,), (OWNER,)]
    assert (await home.show(desk, OWNER)).absence is None
    actions = [e.action for e in await rows(desk, AuditEntry, entity="absence")]
    assert actions == ["away", "begin", "over"]


async def test_days_are_named_anew_and_the_same_form_twice_is_one(desk: Desk) -> None:
    await away(desk, days=3)
    await away(desk, days=3)
    await away(desk, first=TODAY + timedelta(days=5))
    absence = (await home.show(desk, OWNER)).absence
    assert absence is not None
    assert absence.first_day == absence.last_day == TODAY + timedelta(days=5)
    assert [e.action for e in await rows(desk, AuditEntry, entity="absence")] == ["away", "away"]


@pytest.mark.parametrize(("first", "last"), [(1, 0), (-2, -1), (0, 400)])
async def test_days_that_cannot_be(desk: Desk, first: int, last: int) -> None:
    with pytest.raises(InvalidForm) as mistake:
        await absences.name(
            desk, OWNER, TODAY + timedelta(days=first), TODAY + timedelta(days=last)
        )
    assert set(mistake.value.errors) == {"last_day"}


async def test_who_decides_nothing_needs_no_absence(desk: Desk) -> None:
    with pytest.raises(Refusal, match="Only who decides"):
        await away(desk, PROPOSER)
    assert not (await home.show(desk, PROPOSER)).decides
    with pytest.raises(Refusal, match="here already"):
        await absences.come_back(desk, OWNER)


async def test_an_absence_that_leaves_nobody_else_completes_what_was_approved(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, OTHER_OWNER], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk), OWNER)
    await away(desk, OTHER_OWNER)
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED
    assert await events(desk) == ["approval", "complete"]


async def test_the_last_one_away_still_decides(desk: Desk) -> None:
    await policy(desk, deputies=[])
    await away(desk)
    absence = (await home.show(desk, OWNER)).absence
    assert absence is not None
    assert absence.uncovered == ("Telegram",)
    assert (await approve(desk, await proposed(desk), OWNER)).status is PostStatus.APPROVED


async def test_reminders_and_tasks_go_to_the_deputy(desk: Desk, clock: StandingClock) -> None:
    def by_hand(session: Session) -> None:
        platform = session.get_one(Platform, "instagram")
        platform.deputies = [THIRD]
        session.add(platform)

    await desk.database.write(by_hand)
    post = await proposed(desk, platform_keys=("instagram",))
    await away(desk, OTHER_OWNER, days=3)
    assert post.planned_at is not None
    clock.now = post.planned_at - timedelta(minutes=50)
    await reminders.send_due(desk)
    told = await rows(desk, Reminder, kind="decide")
    assert {reminder.recipient for reminder in told if reminder.message_id} == {THIRD, ADMIN}
    await approve(desk, post, THIRD)
    clock.now = post.planned_at
    await publishing.publish_due(desk)
    tasks = await rows(desk, Notice, kind="placement.by_hand")
    assert [notice.recipient for notice in tasks] == [THIRD]
    assert await rows(desk, Card) == []


async def test_a_sensitive_topic_needs_its_owner_besides(desk: Desk) -> None:
    await topic(desk)
    post = await proposed(desk, text=SENSITIVE)
    assert [(t.name, t.waits_for) for t in post.topics] == [("War", (EXPERT,))]
    assert post.topics[0].statement == "We are there for everybody."
    half = await approve(desk, post, OWNER)
    assert half.status is PostStatus.PROPOSED
    assert half.placements[0].deciders == (EXPERT,)
    assert [p.id for p in (await home.show(desk, EXPERT)).waiting.shown] == [post.id]
    whole = await approve(desk, half, EXPERT)
    assert whole.status is PostStatus.APPROVED
    assert [(d.by, d.topic) for d in whole.decisions] == [(OWNER, None), (EXPERT, "War")]


async def test_the_topic_stays_when_the_word_goes(desk: Desk) -> None:
    await topic(desk)
    post = await proposed(desk, text=SENSITIVE)
    edited = await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Our view"))
    assert [t.since for t in edited.topics] == [1]
    assert (await approve(desk, edited, OWNER)).status is PostStatus.PROPOSED


async def test_one_who_owns_both_decides_once(desk: Desk) -> None:
    await topic(desk, owner=OWNER)
    post = await approve(desk, await proposed(desk, text=SENSITIVE), OWNER)
    assert post.status is PostStatus.APPROVED


async def test_the_topics_owner_can_say_no_to_all_of_it(desk: Desk) -> None:
    await topic(desk)
    post = await proposed(desk, text=SENSITIVE, platform_keys=("telegram", "instagram"))
    after = await decisions.decide(desk, EXPERT, post.id, 1, PostAction.REJECT, "Not now")
    assert after.status is PostStatus.REJECTED


@pytest.mark.parametrize(
    ("deputies", "then"), [((), PostStatus.APPROVED), ((THIRD,), PostStatus.PROPOSED)]
)
async def test_the_topics_owner_proposes(
    desk: Desk, deputies: tuple[str, ...], then: PostStatus
) -> None:
    """Their deputy decides; without one there is nobody left to ask."""
    await topic(desk, deputies=deputies)
    post = await posts.propose(desk, EXPERT, "own", draft(text=SENSITIVE))
    assert (await approve(desk, post, OWNER)).status is then


async def test_a_new_strategy_counts_for_what_is_not_decided(desk: Desk) -> None:
    await policy(desk, owners=[OWNER, OTHER_OWNER], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk, text=SENSITIVE), OWNER)
    with_topic = SMALL + '\n[[topic]]\nkey = "war"\nname = "War"\nwords = ["war"]\nowner = "U7"\n'
    await strategy.load(desk, read(with_topic))  # one owner, one approval
    after: PostView = await posts.show(desk, post.id)
    assert after.status is PostStatus.PROPOSED
    assert after.placements[0].deciders == ("U7",)
    await strategy.load(desk, read(SMALL))
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED


async def test_the_time_of_a_placement_is_the_end_of_deciding(
    desk: Desk, clock: StandingClock
) -> None:
    await policy(desk, owners=[OWNER, OTHER_OWNER], deputies=[], approvals=2)
    post = await approve(desk, await proposed(desk), OWNER)
    clock.now = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    await away(desk, OTHER_OWNER, first=date(2026, 3, 3))
    await publishing.publish_due(desk)
    await publishing.expire_due(desk)
    assert [p.status for p in await rows(desk, Placement)] == ["expired"]
    assert (await posts.show(desk, post.id)).status is PostStatus.EXPIRED
