"""What became of a post: its history and thread, finding it, the weekly note."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.actions import (
    decisions,
    find,
    history,
    posts,
    publishing,
    reminders,
    statements,
    strategy,
    weekly,
)
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.changes import Kept, Piece
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import Refusal
from bot.rules.strategy import Statement, read
from bot.rules.strategy_text import write
from storage.models import Notice, Organisation, Placement, Reminder
from tests.actions.test_strategy import EXAMPLE
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

TOMORROW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def draft(**changes: Any) -> Proposal:
    return Proposal(
        **{
            "text": "Our book of the week",
            "platform_keys": ("telegram",),
            "pillar_key": None,
            "target_group_key": None,
            "planned_at": TOMORROW,
            **changes,
        }
    )


async def proposed(desk: Desk, key: str = "form", **changes: Any) -> PostView:
    return await posts.propose(desk, PROPOSER, key, draft(**changes))


async def notices(desk: Desk, kind: str) -> list[Notice]:
    return await desk.database.read(
        lambda session: list(
            session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id)))
        )
    )


# History and thread


async def test_every_step_is_told_with_who_and_why(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk)
    clock.move(timedelta(minutes=1))
    await decisions.decide(desk, OWNER, post.id, 1, PostAction.REQUEST_CHANGES, "Shorter")
    clock.move(timedelta(minutes=1))
    await posts.edit(desk, PROPOSER, post.id, 1, draft(text="Our book"))
    await decisions.decide(desk, OWNER, post.id, 2, PostAction.APPROVE)
    clock.now = TOMORROW
    await publishing.publish_due(desk)
    steps = (await history.show(desk, post.id)).steps
    assert [(step.what, step.by) for step in steps] == [
        ("propose", PROPOSER),
        ("request_changes", OWNER),
        ("edit", PROPOSER),
        ("approve", OWNER),
        ("publish", None),
    ]
    assert (steps[1].reason, steps[1].platforms) == ("Shorter", ("Telegram",))
    assert steps[2].changes == (
        Piece(Kept.SAME, "Our book"),
        Piece(Kept.GONE, " of the week"),
    )
    told = await notices(desk, "post.thread")
    assert [notice.payload["step_id"] for notice in told] == [step.id for step in steps[1:4]]
    assert {notice.recipient for notice in told} == {"C01REVIEW"}


async def test_an_edit_says_whose_approval_it_takes_back_and_what_else_is_new(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    await decisions.decide(desk, OWNER, post.id, 1, PostAction.APPROVE)
    later = TOMORROW + timedelta(days=1)
    await posts.edit(desk, PROPOSER, post.id, 1, draft(planned_at=later))
    step = (await history.show(desk, post.id)).steps[-1]
    assert step.taken_back == (OWNER,)
    assert step.changes == ()
    assert (step.planned_at, step.other_platforms, step.images) == (later, ("Telegram",), None)


async def test_a_refused_attempt_is_no_step(desk: Desk) -> None:
    post = await proposed(desk)
    with pytest.raises(Refusal):
        await decisions.decide(desk, PROPOSER, post.id, 1, PostAction.APPROVE)
    assert len((await history.show(desk, post.id)).steps) == 1


async def test_what_expired_and_what_was_withdrawn_is_in_it(
    desk: Desk, clock: StandingClock
) -> None:
    one, other = await proposed(desk, "one"), await proposed(desk, "other")
    await posts.withdraw(desk, PROPOSER, one.id)
    clock.now = TOMORROW
    await publishing.expire_due(desk)
    assert (await history.show(desk, one.id)).steps[-1].what == "withdraw"
    assert (await history.show(desk, other.id)).steps[-1].what == "expire"
    assert len(await notices(desk, "post.thread")) == 2


# Finding


async def test_posts_are_found_by_their_present_words_the_newest_first(desk: Desk) -> None:
    first = await proposed(desk, "1", text="Prentenboeken in het café")
    second = await proposed(desk, "2", text="CAFE: 100% boek_en")
    await posts.edit(desk, PROPOSER, first.id, 1, draft(text="Boeken in het Café"))
    assert [post.id for post in (await find.posts(desk, "cafe boek")).posts] == [
        second.id,
        first.id,
    ]
    assert (await find.posts(desk, "prentenboeken")).posts == ()
    assert (await find.posts(desk, "100%")).total == 1


async def test_filters_are_about_one_and_the_same_placement(desk: Desk) -> None:
    post = await proposed(desk, platform_keys=("telegram", "instagram"))
    await decisions.decide(desk, OWNER, post.id, 1, PostAction.APPROVE)
    assert (await find.posts(desk, "state:approved platform:telegram")).total == 1
    assert (await find.posts(desk, "state:approved platform:Insta")).total == 0
    assert (await find.posts(desk, "since:2026-03-03 until:2026-03-03")).total == 1
    assert (await find.posts(desk, "until:2026-03-02")).total == 0
    with pytest.raises(Refusal, match="no platform"):
        await find.posts(desk, "platform:myspace")


async def test_what_does_not_fit_is_on_the_next_page(desk: Desk) -> None:
    for n in range(17):
        await proposed(desk, str(n), text=f"Book {n}")
    first, second = [await find.posts(desk, "book", page) for page in (0, 1)]
    assert (len(first.posts), first.total, first.has_more) == (15, 17, True)
    assert ([post.text for post in second.posts], second.has_more) == (["Book 1", "Book 0"], False)


# Statements


async def test_statements_are_found_and_marked_when_they_have_expired(desk: Desk) -> None:
    yesterday = Statement("old", "Old hours", "We are open till five", OWNER, date(2026, 3, 1))
    today = Statement("new", "New hours", "We are open till six", OTHER_OWNER, date(2026, 3, 2))
    await strategy.load(desk, replace(EXAMPLE, statements=(yesterday, today)))
    found = await statements.look_up(desk)
    assert [(each.title, each.has_expired) for each in found] == [
        ("Old hours", True),
        ("New hours", False),
    ]
    assert [each.maintainer for each in await statements.look_up(desk, "SIX")] == [OTHER_OWNER]
    await strategy.load(desk, replace(EXAMPLE, statements=()))
    assert await statements.look_up(desk) == ()


# The strategy, written out


async def test_what_is_loaded_comes_back_out_and_in_again(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    written = await strategy.current(desk)
    assert written is not None
    again = read(write(written))
    report = await strategy.load(desk, again)
    assert (report.added, report.changed, report.retired) == (0, 0, 0)
    assert again == await strategy.current(desk)
    in_any_order = {"goals": frozenset(again.goals), "calls": frozenset(again.calls)}
    assert in_any_order == {
        "goals": frozenset(EXAMPLE.goals),
        "calls": frozenset(EXAMPLE.calls),
    }
    assert all(slot.since for slot in again.slots)  # so that they come on the same days elsewhere
    again = replace(again, slots=tuple(replace(slot, since=None) for slot in again.slots))
    assert replace(again, goals=(), calls=()) == replace(EXAMPLE, goals=(), calls=())


async def test_before_anything_is_loaded_there_is_nothing_to_write(desk: Desk) -> None:
    def forget(session: Session) -> None:
        session.delete(session.get_one(Organisation, 1))

    await desk.database.write(forget)
    assert await strategy.current(desk) is None


# The weekly note


async def turned_on(desk: Desk, *, on: bool = True) -> None:
    def turn(session: Session) -> None:
        session.get_one(Organisation, 1).weekly_note = on

    await desk.database.write(turn)


async def tick(desk: Desk) -> int:
    await reminders.send_due(desk)
    await weekly.plan_note(desk)
    return len(await notices(desk, "weekly.note"))


async def test_it_comes_on_monday_at_nine_on_the_wall_once(
    desk: Desk, clock: StandingClock
) -> None:
    await turned_on(desk)
    clock.now = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)  # the clock changes on the 29th
    assert await tick(desk) == 0
    clock.now = datetime(2026, 3, 30, 6, 59, tzinfo=UTC)
    assert await tick(desk) == 0
    clock.now = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert [await tick(desk), await tick(desk)] == [1, 1]
    (note,) = await notices(desk, "weekly.note")
    assert (note.recipient, note.payload) == ("C01REVIEW", {"monday": "2026-03-30"})


async def test_after_downtime_it_comes_late_or_tells_of_the_newest_week(
    desk: Desk, clock: StandingClock
) -> None:
    await turned_on(desk)
    clock.now = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    await tick(desk)
    clock.now = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # two days late
    assert await tick(desk) == 1
    clock.now = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)  # weeks later
    await tick(desk)
    await tick(desk)
    told = [note.payload["monday"] for note in await notices(desk, "weekly.note")]
    assert told == ["2026-03-09", "2026-03-30"]


async def test_it_is_off_unless_the_strategy_turns_it_on(desk: Desk, clock: StandingClock) -> None:
    clock.move(timedelta(days=8))
    assert await tick(desk) == 0
    await turned_on(desk)
    assert await tick(desk) == 0  # nothing of the time before
    await turned_on(desk, on=False)
    clock.move(timedelta(days=8))
    assert await tick(desk) == 0


async def test_it_tells_what_happened_and_what_is_open(desk: Desk, clock: StandingClock) -> None:
    out, rejected, undecided, planned = [
        await proposed(
            desk,
            str(n),
            text=f"Post {n}",
            planned_at=TOMORROW + timedelta(days=7 if n == 3 else 0),
            platform_keys=("telegram",) if n != 1 else ("telegram", "instagram"),
        )
        for n in range(4)
    ]
    await decisions.decide(desk, OWNER, out.id, 1, PostAction.APPROVE)
    await decisions.decide(desk, OWNER, planned.id, 1, PostAction.APPROVE)
    await decisions.decide(desk, OWNER, rejected.id, 1, PostAction.REJECT, "Not ours")
    clock.now = TOMORROW

    def arrive(session: Session) -> None:
        placement = session.exec(select(Placement).where(Placement.post_id == out.id)).one()
        placement.status, placement.published_at = PlacementStatus.PUBLISHED, clock.now

    await desk.database.write(arrive)
    await publishing.expire_due(desk)
    clock.now = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    open_one = await proposed(desk, "open", planned_at=clock.now + timedelta(days=1))
    week = await weekly.show(desk, date(2026, 3, 9))
    assert [task.post.id for task in week.published] == [out.id]
    ((post, decision),) = week.rejected
    assert (post.id, decision.by, decision.reason) == (rejected.id, OWNER, "Not ours")
    assert {task.post.id for task in week.expired} == {rejected.id, undecided.id}
    assert [post.id for post in week.still_open] == [open_one.id]
    assert [task.post.id for task in week.planned] == [planned.id]


async def test_loading_a_strategy_plans_no_note_by_itself(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    rows = await desk.database.read(lambda session: list(session.exec(select(Reminder))))
    assert rows == []
