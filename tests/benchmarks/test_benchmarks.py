"""The benchmarks themselves, with tiny numbers: they count what happened, and say what they say."""

import json
from pathlib import Path

from tests.benchmarks import dispatch, home, million, presses, ticks, votes
from tests.benchmarks.figures import Figure, figure, page, write


def names(figures: list[Figure]) -> set[str]:
    return {one.name for one in figures}


def assert_compared(figures: list[Figure]) -> None:
    """Everything took time, and a base was measured in the same run."""
    assert all(one.value > 0 and one.runs == 1 for one in figures)
    assert {one.base for one in figures if one.base} <= names(figures)
    assert any(one.ratio for one in figures)


async def test_votes_are_counted_in_the_database() -> None:
    figures = await votes.measure(votes=230, runs=1)
    assert names(figures) >= {votes.STOCK, votes.COMMITTED, votes.ANSWERED}
    assert_compared(figures)


async def test_many_votes_on_one_poll() -> None:
    figures = await million.measure(votes=2_000, compared=250)
    assert len([one for one in figures if one.ratio]) == 2
    assert all(one.value > 0 for one in figures)


async def test_presses_are_decisions_in_the_database() -> None:
    figures = await presses.measure(presses=3, runs=1)
    assert names(figures) == {presses.STOCK, presses.COMMITTED}
    assert_compared(figures)


async def test_dispatch() -> None:
    assert_compared(await dispatch.measure(presses=5, runs=1))


async def test_home_is_opened_with_few_posts_and_with_many() -> None:
    assert_compared(await home.measure(openings=2, runs=1))


async def test_ticks_and_presses_meanwhile() -> None:
    figures = await ticks.measure(entries=2_000, due=20, runs=1)
    assert all(one.value > 0 for one in figures)
    assert {one.base for one in figures if one.base} <= names(figures)
    assert len([one for one in figures if one.ratio]) == 3


def test_the_page_and_bench_json_say_the_same(tmp_path: Path) -> None:
    base = figure("Nothing done", "a second", [100.0, 300.0, 200.0])
    ours = figure("All done", "a second", [300.0, 310.0, 20.0], base)
    write([base, ours], tmp_path / "bench.json")
    assert json.loads((tmp_path / "bench.json").read_text()) == [
        {
            "name": "Nothing done",
            "value": 200.0,
            "unit": "a second",
            "base": None,
            "ratio": None,
            "runs": 3,
        },
        {
            "name": "All done",
            "value": 300.0,
            "unit": "a second",
            "base": "Nothing done",
            "ratio": 1.5,
            "runs": 3,
        },
    ]
    assert "1.50 x  Nothing done" in page([base, ours])
