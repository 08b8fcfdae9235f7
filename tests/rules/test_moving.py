"""Which proposal fits which empty place, and what on a crowded day moves most easily."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules.backlog import Room, Waiting, fitting, matched, rooms_in_gaps
from bot.rules.calendar import UNDECIDED
from bot.rules.moving import LONGEST, Placed, check_moment, easiest, nearest
from bot.rules.posts import PlacementStatus, PostAction, can
from bot.rules.refusals import InvalidForm
from bot.rules.spread import Period

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
S = PlacementStatus

moments = some.integers(-100, 1000).map(lambda hours: NOW + timedelta(hours=hours))
keys = some.sampled_from(("telegram", "instagram", "facebook"))
pillars = some.sampled_from((None, "information", "story"))
groups = some.sampled_from((None, "parents", "youth"))
rooms = some.lists(some.builds(Room, moments, keys, pillar_key=pillars), max_size=8)
waiting = some.lists(
    some.builds(
        Waiting,
        some.integers(1, 99),
        some.lists(keys, min_size=1, max_size=3, unique=True).map(tuple),
        pillars,
        groups,
        moments,
    ),
    max_size=12,
    unique_by=lambda each: each.post_id,
)
counts = some.dictionaries(some.sampled_from(("parents", "youth")), some.integers(0, 9))
placed = some.lists(
    some.builds(
        Placed,
        some.integers(1, 99),
        moments,
        some.sampled_from(S),
        some.booleans(),
        some.booleans(),
        some.booleans(),
    ),
    max_size=8,
    unique_by=lambda each: each.placement_id,
)


def wait(
    post_id: int, pillar: str | None = None, group: str | None = None, ago: int = 0
) -> Waiting:
    return Waiting(post_id, ("telegram",), pillar, group, NOW - timedelta(days=ago))


def test_the_best_match() -> None:
    room = Room(NOW, "telegram", pillar_key="story")
    oldest = wait(1, "information", "youth", ago=9)
    of_pillar = wait(2, "story")
    served = wait(3, "story", "parents", ago=5)
    lagging = wait(4, "story", "youth")
    older = wait(5, "story", "youth", ago=2)
    elsewhere = Waiting(6, ("instagram",), "story", "youth", NOW)
    all_of_them = [oldest, of_pillar, served, lagging, older, elsewhere]
    found = fitting(room, all_of_them, {"parents": 4, "youth": 1})
    assert [each.post_id for each in found] == [5, 4, 3, 2, 1]


@given(rooms, waiting, counts)
def test_nothing_is_offered_twice_nor_on_another_platform(
    places: list[Room], backlog: list[Waiting], posts_of: dict[str, int]
) -> None:
    found = matched(places, backlog, posts_of)
    assert len(found) == len(places)
    given_out = [best for _, best in found if best]
    assert len({best.post_id for best in given_out}) == len(given_out)
    assert all(room.platform_key in best.platform_keys for room, best in found if best)
    assert [room.at for room, _ in found] == sorted(room.at for room in places)
    left = [each for each in backlog if each not in given_out]
    for room, best in found:
        better = fitting(room, [*left, *([best] if best else [])], posts_of)
        assert better[:1] == ([best] if best else [])


@given(
    some.lists(some.tuples(some.integers(0, 60), some.integers(0, 20)), max_size=5),
    rooms,
    moments,
)
def test_a_place_in_every_stretch_that_has_none(
    spans: list[tuple[int, int]], known: list[Room], soonest: datetime
) -> None:
    first = date(2026, 2, 20)
    gaps = [Period(first + timedelta(a), first + timedelta(a + b)) for a, b in spans]
    found = list(rooms_in_gaps("telegram", gaps, known, soonest, ZONE))
    days = [room.at.astimezone(ZONE).date() for room in known if room.platform_key == "telegram"]
    for room in found:
        assert room.at > soonest
        there = room.at.astimezone(ZONE)
        assert any(there.date() in gap for gap in gaps)
        assert there.hour == 10
    today = soonest.astimezone(ZONE).date()
    empty = [gap for gap in gaps if gap.last > today and not any(day in gap for day in days)]
    assert len(found) == len(empty)


@given(placed)
def test_what_moves_with_the_least_trouble(there: list[Placed]) -> None:
    best = easiest(there, NOW)
    movable = [each for each in there if each.at > NOW and can(each.status, PostAction.MOVE)]
    assert (best is None) == (not movable)
    if best is None:
        return
    assert best in movable
    assert best.has_special_day <= min(each.has_special_day for each in movable)
    alike = [each for each in movable if not each.has_special_day]
    if alike:
        assert best.fills_slot <= min(each.fills_slot for each in alike)
    free = [each for each in alike if not each.fills_slot]
    if any(each.status in UNDECIDED or each.by_hand for each in free):
        assert best.status in UNDECIDED or best.by_hand


@given(some.lists(moments), moments)
def test_the_nearest_moment(of: list[datetime], at: datetime) -> None:
    found = nearest(of, at)
    assert (found is None) == (not of)
    assert all(abs(found - at) <= abs(each - at) for each in of if found)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=-1), LONGEST * 2])
def test_an_impossible_moment(ahead: timedelta) -> None:
    with pytest.raises(InvalidForm) as told:
        check_moment(NOW + ahead, NOW)
    assert set(told.value.errors) == {"when"}
    check_moment(NOW + LONGEST, NOW)
