"""Shares: of the right month, each post once, and no percentage where it says nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules import effect
from bot.rules.effect import Placed, Share, Standing

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
MARCH = (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))


def is_promotion(placed: Placed) -> bool:
    return placed.pillar_key == "promotion"


def placed(post_id: int, at: datetime = NOON, pillar: str | None = "promotion") -> Placed:
    return Placed(post_id, at, pillar, None)


def test_a_month_is_that_of_the_wall() -> None:
    assert effect.month_of(NOON, AMSTERDAM) == MARCH  # the clock goes forward in it
    assert effect.month_of(MARCH[0], AMSTERDAM) == MARCH
    assert effect.month_of(MARCH[0] - timedelta(seconds=1), AMSTERDAM)[1] == MARCH[0]
    assert effect.month_of(MARCH[1], AMSTERDAM)[0] == MARCH[1]
    december = effect.month_of(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), AMSTERDAM)
    assert december[1] == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_the_new_post_counts_and_each_other_once() -> None:
    others = [
        placed(1),
        placed(1, NOON + timedelta(hours=2)),  # on another platform
        placed(2),
        placed(3, pillar="information"),
        placed(4, pillar=None),
        placed(5, MARCH[0] - timedelta(seconds=1)),
        placed(6, MARCH[1]),
        placed(7, MARCH[0]),
    ]
    assert effect.share(others, MARCH, is_promotion, 0.2) == Share(4, 6, 0.2)
    assert effect.share([], MARCH, is_promotion) == Share(1, 1, None)


def test_the_week_ends_with_the_moment() -> None:
    a_week_ago = NOON - timedelta(days=7)
    others = [
        placed(1, a_week_ago),
        placed(2, a_week_ago + timedelta(seconds=1)),
        placed(3),
        placed(4, NOON + timedelta(seconds=1)),
        placed(5, pillar="information"),
    ]
    assert effect.in_a_week(others, NOON, is_promotion) == 3
    assert effect.in_a_week([], NOON, is_promotion) == 1


@pytest.mark.parametrize(
    ("share", "fraction", "standing"),
    [
        (Share(1, 3, 0.4), None, None),
        (Share(4, 4, 0.4), None, None),
        (Share(2, 5, 0.4), 0.4, Standing.AS_MEANT),
        (Share(9, 20, 0.4), 0.45, Standing.AS_MEANT),
        (Share(10, 20, 0.4), 0.5, Standing.MORE),
        (Share(1, 5, 0.4), 0.2, Standing.LESS),
        (Share(1, 5, 0.0), 0.2, Standing.MORE),
        (Share(3, 5), 0.6, None),
    ],
)
def test_a_share_beside_its_target(
    share: Share, fraction: float | None, standing: Standing | None
) -> None:
    assert share.fraction == fraction
    assert share.standing is standing


some_placed = some.builds(
    Placed,
    some.integers(1, 6),
    some.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 30), timezones=some.just(UTC)),  # noqa: DTZ001
    some.sampled_from(["promotion", "information", None]),
    some.none(),
)


@given(some.lists(some_placed, max_size=20))
def test_a_part_is_never_more_than_all(others: list[Placed]) -> None:
    share = effect.share(others, MARCH, is_promotion)
    assert 1 <= share.count <= share.of <= 1 + len(others)
    assert 1 <= effect.in_a_week(others, NOON, is_promotion) <= 1 + len(others)


@given(some.lists(some_placed, max_size=20))
def test_pillars_share_the_month_among_them(others: list[Placed]) -> None:
    one_pillar_each = [Placed(p.post_id, p.at, f"{p.post_id % 3}", None) for p in others]
    shares = [
        effect.share(one_pillar_each, MARCH, lambda p, key=f"{n}": p.pillar_key == key)  # type: ignore[misc]
        for n in range(3)
    ]
    assert sum(share.count - 1 for share in shares) == shares[0].of - 1
