"""What a post does to the strategy, asked before it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.actions import calendar, decisions, effect, posts
from bot.actions.effect import AlikeView, EffectView, GoalView, Neighbour
from bot.actions.proposals import Proposal
from bot.actions.transaction import Desk
from bot.rules.calendar import title_of
from bot.rules.effect import Share
from bot.rules.lengths import Counting
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from storage.models import Goal, Placement, Platform
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, PROPOSER

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Amsterdam, a slot of Telegram
HOUR = timedelta(hours=1)
TIP = "A book tip for the long evenings: The Discomfort of Evening, by Marieke Lucas Rijneveld."
A_POST = Proposal("New", ("telegram",), "information", "parents", MONDAY)


async def propose(
    desk: Desk,
    at: datetime,
    text: str = "Something else",
    *,
    platforms: tuple[str, ...] = ("telegram",),
    pillar: str | None = "information",
    group: str | None = "parents",
) -> int:
    draft = Proposal(text, platforms, pillar, group, at)
    return (await posts.propose(desk, PROPOSER, f"{text} {at} {platforms}", draft)).id


async def set_status(desk: Desk, post_id: int, status: PlacementStatus) -> None:
    def run(session: Session) -> None:
        found = session.exec(select(Placement).where(col(Placement.post_id) == post_id))
        for placement in found:
            placement.status = status
            session.add(placement)

    await desk.database.write(run)


async def neighbours(desk: Desk, proposed: Proposal, post_id: int | None = None) -> list[str]:
    found = await effect.show(desk, proposed, post_id)
    return [each.title for platform in found.platforms for each in platform.neighbours]


async def test_lengths_are_those_of_each_platform_and_its_own_text(desk: Desk) -> None:
    def count_as_x(session: Session) -> None:
        platform = session.get_one(Platform, "instagram")
        platform.count, platform.max_length = Counting.X, 10

    await desk.database.write(count_as_x)
    proposed = replace(
        A_POST,
        text="🎉" * 4,
        texts={"instagram": "🎉" * 6},
        platform_keys=("telegram", "instagram"),
    )
    telegram, instagram = (await effect.show(desk, proposed)).platforms
    assert (telegram.length, telegram.limit, telegram.over) == (4, 4096, 0)
    assert (instagram.length, instagram.limit, instagram.over) == (12, 10, 2)


async def test_posts_within_the_hour_on_the_same_platform_are_told(desk: Desk) -> None:
    await propose(desk, MONDAY - HOUR, "An hour before")
    await propose(desk, MONDAY - HOUR + timedelta(minutes=1), "Just before\nand more")
    await propose(desk, MONDAY + timedelta(minutes=59), "Just after", pillar=None, group=None)
    await propose(desk, MONDAY + HOUR, "An hour after")
    await propose(desk, MONDAY, "Elsewhere", platforms=("instagram",))
    found = await effect.show(desk, A_POST)
    assert found.platforms[0].neighbours == (
        Neighbour("Just before", MONDAY - HOUR + timedelta(minutes=1)),
        Neighbour("Just after", MONDAY + timedelta(minutes=59)),
    )
    assert await neighbours(desk, replace(A_POST, platform_keys=("instagram",))) == ["Elsewhere"]
    assert await neighbours(desk, replace(A_POST, planned_at=None)) == []


async def test_what_was_given_up_is_no_neighbour_and_what_is_out_is_one(desk: Desk) -> None:
    post_id = await propose(desk, MONDAY, "The other")
    for status in PlacementStatus:
        await set_status(desk, post_id, status)
        given_up = status in ("rejected", "withdrawn", "expired")
        assert await neighbours(desk, A_POST) == ([] if given_up else ["The other"]), status


async def test_a_post_that_went_out_late_is_near_where_it_went_out(desk: Desk) -> None:
    post_id = await propose(desk, MONDAY, "By hand", platforms=("instagram",))
    await decisions.decide(desk, OTHER_OWNER, post_id, 1, PostAction.APPROVE)
    late = MONDAY + 3 * HOUR

    def posted(session: Session) -> None:
        placement = session.exec(select(Placement)).one()
        placement.status, placement.published_at = PlacementStatus.PUBLISHED, late
        session.add(placement)

    await desk.database.write(posted)
    soon = replace(A_POST, platform_keys=("instagram",), planned_at=late + HOUR / 2)
    assert await neighbours(desk, soon) == ["By hand"]
    assert await neighbours(desk, replace(soon, planned_at=MONDAY)) == []


async def test_a_post_does_not_count_against_itself(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    post_id = await propose(desk, MONDAY, TIP)
    itself = replace(A_POST, text=TIP)
    found = await effect.show(desk, itself, post_id)
    assert found.platforms[0].neighbours == ()
    assert found.alike == ()
    assert found.platforms[0].next_free
    assert found.platforms[0].next_free.at == MONDAY
    assert found.pillar
    assert (found.pillar.share, found.pillar.in_a_week) == (Share(1, 1, 0.6), 1)
    new = await effect.show(desk, itself)
    assert [each.title for each in new.platforms[0].neighbours] == [TIP[:79].rstrip() + "…"]
    assert new.platforms[0].next_free
    assert new.platforms[0].next_free.at == MONDAY + timedelta(weeks=1)
    assert new.pillar
    assert (new.pillar.share, new.pillar.in_a_week) == (Share(2, 2, 0.6), 2)


async def test_the_next_free_slot_is_of_that_platform(desk: Desk) -> None:
    await calendar.make_occurrences(desk)
    both = replace(A_POST, platform_keys=("telegram", "instagram"))
    telegram, instagram = (await effect.show(desk, both)).platforms
    assert telegram.next_free
    assert (telegram.next_free.at, telegram.next_free.title) == (MONDAY, "Book tip")
    assert instagram.next_free is None


async def alike(desk: Desk, proposed: Proposal) -> tuple[AlikeView, ...]:
    return (await effect.show(desk, proposed)).alike


async def test_a_text_that_was_nearly_the_same_is_told_once(
    desk: Desk, clock: StandingClock
) -> None:
    post_id = await propose(desk, MONDAY, TIP, platforms=("telegram", "instagram"))
    await propose(desk, MONDAY, "Another book tip, of which nobody has spoken here before today.")
    again = replace(A_POST, text=TIP.replace("long", "dark"), platform_keys=("instagram",))
    there = AlikeView(
        TIP[:79].rstrip() + "…", ("Telegram", "Instagram"), MONDAY, PostStatus.PROPOSED
    )
    assert await alike(desk, again) == (there,)
    assert await alike(desk, replace(again, planned_at=None, platform_keys=())) == (there,)
    clock.now = MONDAY + timedelta(days=60)
    await set_status(desk, post_id, PlacementStatus.PUBLISHED)
    assert len(await alike(desk, again)) == 1
    clock.move(timedelta(seconds=1))
    assert await alike(desk, again) == ()


async def test_only_the_present_text_counts_and_not_what_was_given_up(desk: Desk) -> None:
    post_id = await propose(desk, MONDAY, TIP)
    other = "Now it tells of the reading club in the branch at the market, on every Tuesday."
    await posts.edit(desk, PROPOSER, post_id, 1, Proposal(other, ("telegram",), None, None, MONDAY))
    assert await alike(desk, replace(A_POST, text=TIP)) == ()
    assert len(await alike(desk, replace(A_POST, text=other))) == 1
    await posts.withdraw(desk, PROPOSER, post_id)
    assert await alike(desk, replace(A_POST, text=other)) == ()


async def test_a_platforms_own_text_is_compared_in_place_of_the_common_one(desk: Desk) -> None:
    await propose(desk, MONDAY, TIP)
    own = replace(A_POST, texts={"telegram": TIP})
    assert len(await alike(desk, own)) == 1
    assert await alike(desk, replace(own, platform_keys=("instagram",))) == ()
    assert await alike(desk, replace(own, text=TIP, texts={"telegram": "Something new"})) == ()


async def test_shares_are_of_the_month_in_which_it_is_planned(desk: Desk) -> None:
    for n, pillar in enumerate(("information", "information", "story", None)):
        await propose(desk, MONDAY + n * HOUR, f"Post {n}", pillar=pillar, platforms=("telegram",))
    await propose(
        desk, MONDAY, "On both", platforms=("telegram", "instagram"), pillar="story", group=None
    )
    await propose(desk, datetime(2026, 4, 1, tzinfo=UTC), "In April")
    found = await effect.show(desk, replace(A_POST, planned_at=MONDAY + timedelta(days=2)))
    assert found.pillar
    assert found.pillar.name == "Information"
    assert (found.pillar.share, found.pillar.in_a_week) == (Share(3, 6, 0.6), 3)
    assert found.target_group
    assert found.target_group.name == "Parents of young children"
    assert (found.target_group.share, found.target_group.in_a_week) == (Share(5, 6), 5)
    april = await effect.show(desk, replace(A_POST, planned_at=datetime(2026, 4, 3, tzinfo=UTC)))
    assert april.month == date(2026, 4, 1)
    assert april.pillar
    assert (april.pillar.share, april.pillar.in_a_week) == (Share(2, 2, 0.6), 2)
    undated = await effect.show(desk, replace(A_POST, planned_at=None))
    assert undated.pillar
    assert (undated.pillar.share, undated.pillar.in_a_week) == (Share(3, 6, 0.6), 1)


def add_goals(session: Session) -> None:
    for key, platform, active in (
        ("followers", "telegram", True),
        ("reach", "instagram", True),
        ("old", "telegram", False),
        ("stories", None, True),
    ):
        session.add(
            Goal(
                key=key,
                name=f"Goal {key}",
                platform_key=platform,
                metric=key,
                baseline=0,
                target=500,
                deadline=date(2027, 12, 31),
                active=active,
            )
        )


async def test_the_goal_that_it_serves(desk: Desk) -> None:
    await desk.database.write(add_goals)

    async def goals(**changes: object) -> list[str]:
        found = await effect.show(desk, replace(A_POST, **changes))  # type: ignore[arg-type]
        return [goal.name for goal in found.goals]

    assert await goals() == ["Goal followers"]
    assert await goals(platform_keys=("telegram", "instagram")) == ["Goal followers", "Goal reach"]
    assert await goals(platform_keys=()) == []
    assert await goals(goal_key="stories") == ["Goal stories"]
    assert await goals(goal_key="old") == []
    found = await effect.show(desk, A_POST)
    assert found.goals == (GoalView("Goal followers", "followers", 500, date(2027, 12, 31)),)


async def test_what_the_strategy_does_not_know_is_left_out(desk: Desk) -> None:
    strange = Proposal("x", ("myspace",), "sport", "cats", None, texts={"y": "z"}, goal_key="fame")
    march = date(2026, 3, 1)
    assert await effect.show(desk, strange) == EffectView(None, march, (), (), None, None, ())


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*execution: object) -> None:
        seen.append(str(execution[2]))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)


async def test_it_asks_as_much_of_many_posts_as_of_one(desk: Desk) -> None:
    await propose(desk, MONDAY, TIP)
    proposed = replace(A_POST, text=TIP, platform_keys=("telegram", "instagram"))
    with statements(desk) as for_one:
        await effect.show(desk, proposed)
    for n in range(20):
        await propose(desk, MONDAY + n * timedelta(minutes=5), f"{TIP} {n}", group=None)
    with statements(desk) as for_many:
        found = await effect.show(desk, proposed)
    assert len(found.alike) == 21
    assert len(for_many) == len(for_one) <= 12


async def test_a_platforms_own_text_is_what_it_says_there(desk: Desk) -> None:
    """It is compared with others', and it is what a neighbour reads."""
    draft = replace(A_POST, text="Something else", texts={"telegram": TIP})
    post = await posts.propose(desk, PROPOSER, "with a text of its own", draft)
    again = replace(A_POST, text=TIP)
    found = await effect.show(desk, again)
    assert [each.platforms for each in found.alike] == [("Telegram",)]
    assert [each.title for each in found.platforms[0].neighbours] == [title_of(TIP)]
    assert (await effect.show(desk, again, post.id)).alike == ()
