"""App Home: what is there for whom, in which order, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.actions import calendar, decisions, home, polls, posts, publishing
from bot.actions.home import SIZES
from bot.actions.transaction import Desk
from bot.actions.views import HomeView, Page, PostView
from bot.rules.polls import PollPlace
from bot.rules.posts import PlacementStatus, PostAction
from storage.models import Placement, Poll, PollOption, Post, PostTopic, Revision, Topic
from tests.actions.test_posts import draft
from tests.conftest import MONDAY_MORNING, StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER, with_posts

NOBODY = "U04NORA"
BOTH = ("telegram", "instagram")


def hours(n: int) -> Any:
    return MONDAY_MORNING + timedelta(hours=n)


async def proposed(desk: Desk, text: str, by: str = PROPOSER, **changes: Any) -> PostView:
    return await posts.propose(desk, by, text, draft(text=text, **changes))


def texts(page: Page[PostView]) -> list[str]:
    return [post.text for post in page.shown]


async def waiting(desk: Desk, by: str) -> list[str]:
    return texts((await home.show(desk, by)).waiting)


async def test_the_soonest_waits_first_and_what_has_no_date_last(desk: Desk) -> None:
    for text, at in (("no date", None), ("late", hours(9)), ("soon", hours(2))):
        await proposed(desk, text, planned_at=at)
    assert await waiting(desk, OWNER) == ["soon", "late", "no date"]
    assert await waiting(desk, OTHER_OWNER) == []


async def test_what_is_held_waits_again_when_the_time_has_come(
    desk: Desk, clock: StandingClock
) -> None:
    post = await proposed(desk, "held", planned_at=hours(9))

    def hold(session: Session) -> None:
        placement = session.get_one(Placement, post.placements[0].id)
        placement.held_until = hours(2)
        session.add(placement)

    await desk.database.write(hold)
    assert await waiting(desk, OWNER) == []
    clock.move(timedelta(hours=2))
    assert await waiting(desk, OWNER) == ["held"]


async def test_it_waits_for_one_owner_while_the_other_asked_for_changes(desk: Desk) -> None:
    post = await proposed(desk, "two", platform_keys=BOTH, planned_at=hours(9))
    asked = PostAction.REQUEST_CHANGES
    await decisions.decide(desk, OTHER_OWNER, post.id, 1, asked, "Shorter")
    assert await waiting(desk, OTHER_OWNER) == []
    assert await waiting(desk, OWNER) == ["two"]
    view = await home.show(desk, PROPOSER)
    assert texts(view.changes_asked) == ["two"]
    assert texts((await home.show(desk, OWNER)).changes_asked) == []
    await posts.edit(
        desk,
        PROPOSER,
        post.id,
        1,
        draft(text="2", platform_keys=BOTH, planned_at=hours(9)),
    )
    assert texts((await home.show(desk, PROPOSER)).changes_asked) == []
    assert await waiting(desk, OTHER_OWNER) == ["2"]


async def test_own_proposals_with_something_to_come_stand_before_what_is_over(desk: Desk) -> None:
    made = [await proposed(desk, f"{n}", planned_at=hours(n + 1)) for n in range(4)]
    await posts.withdraw(desk, PROPOSER, made[3].id)
    await decisions.decide(desk, OWNER, made[2].id, 1, PostAction.REJECT, "No")
    await decisions.decide(desk, OWNER, made[0].id, 1, PostAction.APPROVE)
    await proposed(desk, "of somebody else", by=NOBODY)
    view = await home.show(desk, PROPOSER)
    assert texts(view.proposals) == ["1", "0", "3", "2"]


async def test_everybody_reads_the_backlog_the_newest_first(desk: Desk) -> None:
    await proposed(desk, "first", planned_at=None)
    await proposed(desk, "dated", planned_at=hours(5))
    second = await proposed(desk, "second", by=NOBODY, planned_at=None)
    third = await proposed(desk, "third", planned_at=None)
    await decisions.decide(desk, OWNER, second.id, 1, PostAction.REQUEST_CHANGES, "When?")
    await posts.withdraw(desk, PROPOSER, third.id)
    for person in (PROPOSER, OWNER, NOBODY):
        assert texts((await home.show(desk, person)).backlog) == ["second", "first"]


async def test_this_week_has_what_is_planned_and_the_moments_without_a_post(
    desk: Desk, clock: StandingClock
) -> None:
    await calendar.make_occurrences(desk)
    await proposed(desk, "in a week", planned_at=MONDAY_MORNING + timedelta(days=7))
    await proposed(desk, "later", planned_at=MONDAY_MORNING + timedelta(days=7, seconds=1))
    week = (await home.show(desk, NOBODY)).week.shown
    assert [(entry.title, entry.status) for entry in week] == [
        ("Book tip", None),
        ("in a week", PlacementStatus.PROPOSED),
    ]


async def test_by_hand_is_for_the_platforms_people(desk: Desk, clock: StandingClock) -> None:
    post = await proposed(desk, "by hand", platform_keys=("instagram",), planned_at=hours(3))
    await decisions.decide(desk, OTHER_OWNER, post.id, 1, PostAction.APPROVE)
    clock.now = hours(3)
    await publishing.publish_due(desk)
    (task,) = (await home.show(desk, OTHER_OWNER)).to_post.shown
    assert (task.post.id, task.placement.status) == (post.id, PlacementStatus.HANDED)
    assert (await home.show(desk, OWNER)).to_post.shown == ()


async def test_polls_wait_for_whoever_decides_on_them(desk: Desk) -> None:
    for n, proposer in enumerate((PROPOSER, OWNER)):
        await polls.propose(
            desk, proposer, f"{n}", f"Which {n}?", ("a", "b"), PollPlace.CHANNEL, hours(50)
        )
    asked = [(await home.show(desk, by)).polls_waiting.shown for by in (OWNER, OTHER_OWNER)]
    assert [[poll.question for poll in each] for each in asked] == [["Which 0?"], ["Which 1?"]]
    assert [option.text for option in asked[0][0].options] == ["a", "b"]


async def test_a_list_that_became_shorter_shows_its_last_page(desk: Desk) -> None:
    await with_posts(desk, 20, 20)
    view = await home.show(desk, OWNER, {"waiting": 3, "week": 1})
    assert (view.waiting.number, len(view.waiting.shown), view.waiting.left) == (3, 2, 0)
    assert (view.week.number, len(view.week.shown), view.week.left) == (1, 5, 0)
    again = await home.show(desk, OWNER, {"waiting": 99, "proposals": 99, "week": 99})
    assert again.waiting == view.waiting
    assert again.week == view.week
    assert again.proposals == Page()


# What it costs


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    said: list[str] = []

    def note(*args: Any) -> None:
        said.append(args[2])

    event.listen(desk.database.engine, "before_cursor_execute", note)
    yield said
    event.remove(desk.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("by", [OWNER, OTHER_OWNER, PROPOSER, ADMIN])
async def test_home_asks_as_many_questions_for_1000_posts_as_for_10(desk: Desk, by: str) -> None:
    few = await _questions(desk, by, 10, 2)
    many = await _questions(desk, by, 1000, 200)
    assert many == few


async def _questions(desk: Desk, by: str, posts: int, open_ones: int) -> int:
    """How many for Home, with some of everything in it."""
    await desk.database.write(_clear)
    await with_posts(desk, posts, open_ones)
    await desk.database.write(_vary)
    with counted(desk) as said:
        view = await home.show(desk, by)
    if by == OWNER:
        assert len(view.waiting.shown) + view.waiting.left == open_ones - open_ones // 4
    assert view.backlog.shown
    return len(said)


def _clear(session: Session) -> None:
    for model in (PostTopic, Placement, Revision, Post, PollOption, Poll, Topic):
        for row in session.exec(select(model)):
            session.delete(row)
        session.flush()


def _vary(session: Session) -> None:
    """Of what is open: a quarter sensitive and held, half without a date, some to post by hand."""
    session.add(Topic(key="war", name="War", owner=OTHER_OWNER))
    session.flush()
    open_ones = session.exec(select(Placement).where(Placement.status == "proposed")).all()
    for n, placement in enumerate(open_ones):
        if n % 2:
            placement.planned_at = None
        if n % 4 == 3:
            session.add(
                PostTopic(post_id=placement.post_id, topic_key="war", revision_number=1, word="war")
            )
            placement.held_until = hours(50)
        session.add(placement)
    for placement in session.exec(select(Placement).where(Placement.status == "published")):
        if placement.post_id % 10 == 0:
            placement.status = PlacementStatus.HANDED
            session.add(placement)


def test_every_list_has_a_size() -> None:
    lists = {name for name, value in vars(HomeView("U01OWNER")).items() if value == Page()}
    assert lists == set(SIZES)
