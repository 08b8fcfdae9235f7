"""Settings: what a form makes is what the strategy file would say, and is checked as it is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules import settings as rules
from bot.rules.figures import Metric
from bot.rules.people import check_admin
from bot.rules.refusals import InvalidForm, Mention, Refusal
from bot.rules.strategy import SHAPES, Pillar, Strategy, read
from bot.rules.strategy_text import write
from tests.rules.test_strategy import ENGLISH

EXAMPLE = read(ENGLISH)
ANYTHING = some.one_of(
    some.none(),
    some.booleans(),
    some.text(max_size=400),
    some.integers(-5, 6000),
    some.floats(),
    some.dates(),
    some.lists(some.sampled_from(["U01OWNER", "U02OWNER", "x", "…", "W9"]), max_size=4),
    some.sampled_from(["telegram", "by hand", "all", "Instagram", "information", "U01OWNER"]),
)
PEOPLE = some.sampled_from(["U01OWNER", "U02OWNER", "W9"])
SENSIBLE: dict[str, some.SearchStrategy[Any]] = {
    "name": some.text(max_size=75),
    "title": some.text(max_size=75),
    "text": some.text(max_size=300),
    "purpose": some.text(max_size=300),
    "statement": some.text(max_size=300),
    "words": some.lists(some.text(max_size=20), max_size=3),
    "owner": PEOPLE,
    "maintainer": PEOPLE,
    "owners": some.lists(PEOPLE, min_size=1),
    "deputies": some.lists(PEOPLE),
    "publish": some.sampled_from(["telegram", "by hand"]),
    "approvals": some.sampled_from([1, 2, 3, "all"]),
    "cadence": some.floats(0, 200),
    "max_length": some.integers(1, 5000),
    "max_images": some.integers(0, 10),
    "own_proposals": some.booleans(),
    "metrics": some.lists(some.sampled_from(Metric)),
    "weekly_note": some.booleans(),
    "valid_until": some.dates(),
}


def saved(kind: str, typed: dict[str, Any], place: int | None) -> Strategy:
    """The example with one part changed (at `place`) or added."""
    parts = rules.parts_of(EXAMPLE, kind)
    present = None if place is None else parts[place % len(parts)]
    others = [part for part in parts if part is not present]
    made = rules.read_part(kind, typed, present, others, "a-new-one")
    if present is None:
        return rules.with_parts(EXAMPLE, kind, (*parts, made))
    return rules.with_parts(EXAMPLE, kind, [made if p is present else p for p in parts])


@given(some.data())
def test_what_a_form_makes_can_be_written_and_read_again(data: some.DataObject) -> None:
    """Any values: the file that says the same is right, or the form says what is wrong."""
    kind = data.draw(some.sampled_from(["organisation", *rules.KINDS]))
    names = [name for name in SHAPES[kind].readers if name not in {"key", "share"}]
    place = data.draw(some.none() if kind not in {"organisation", "pillar"} else some.just(0))
    place = data.draw(some.integers(0, 5)) if data.draw(some.booleans()) else place
    chosen = names if place is None else data.draw(some.lists(some.sampled_from(names)))
    typed = {
        name: data.draw(some.one_of(SENSIBLE.get(name, ANYTHING), ANYTHING)) for name in chosen
    }
    made, wrong = EXAMPLE, set()
    try:
        made = saved(kind, typed, place)
    except InvalidForm as invalid:
        wrong = set(invalid.errors)
    assert wrong <= set(names)
    assert read(write(made)) == made
    assert all(each.kind == kind for each in rules.differences(EXAMPLE, made))


@given(some.lists(some.integers(0, 10_000), min_size=1, max_size=7), some.booleans())
def test_percentages_make_a_hundred_or_it_says_how_much_is_missing(
    parts: list[int], is_right: bool
) -> None:
    last = 10_000 - sum(parts[:-1])
    if is_right and last >= 0:
        parts = [*parts[:-1], last]
    typed = {f"p{n}": part / 100 for n, part in enumerate(parts)}
    try:
        total = sum(rules.read_shares(typed, {}).values())
    except InvalidForm as invalid:
        total, wrong = 0, list(invalid.errors)
    if total:
        assert abs(sum(parts) - 10_000) <= 10
        assert abs(total - 1) <= 0.0011
    else:
        assert abs(sum(parts) - 10_000) >= 10
        assert wrong == [f"p{len(parts) - 1}"]


@given(some.floats(0, 1), some.floats(0, 1))
def test_a_share_that_nobody_touched_stays_what_it_is(first: float, second: float) -> None:
    present = {"a": first, "b": second, "c": 1 - first - second}
    shown = {key: rules.percentage(share) for key, share in present.items()}
    if all(0 <= share <= 100 for share in shown.values()):
        assert rules.read_shares(shown, present) == present


@given(some.lists(some.text(max_size=90), max_size=8))
def test_keys_are_new_and_what_the_file_takes(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        key = rules.new_key(name, "target_group", taken)
        assert key not in taken
        assert SHAPES["target_group"].readers["key"](key) == key
        taken.add(key)


def test_a_key_reads_like_the_name() -> None:
    assert rules.new_key("Ouders & jonge kinderen!", "target_group", ()) == "ouders-jonge-kinderen"
    assert rules.new_key("Café Überall", "platform", {"cafe-uberall"}) == "cafe-uberall-2"
    assert rules.new_key("Книги", "target_group", ()) == "target-group"


def test_a_pillar_that_goes_leaves_its_fixed_moments_to_any() -> None:
    fewer = tuple(replace(p, share=0.5) for p in EXAMPLE.pillars[:2])
    left = rules.only_what_is_in_use(replace(EXAMPLE, pillars=fewer))
    assert len(left.slots) == len(EXAMPLE.slots)
    assert {slot.pillar for slot in left.slots} == {"information", "entertainment", None}
    assert read(write(left)) == left


@pytest.mark.parametrize("key", [platform.key for platform in EXAMPLE.platforms])
def test_without_a_platform_the_file_is_right(key: str) -> None:
    left = rules.without(EXAMPLE, "platform", key)
    assert read(write(left)) == left


def test_what_has_to_stay() -> None:
    with pytest.raises(Refusal, match="only platform"):
        rules.check_whole(EXAMPLE, replace(EXAMPLE, platforms=()))
    with pytest.raises(Refusal, match="Other pillars"):
        rules.check_whole(EXAMPLE, replace(EXAMPLE, pillars=EXAMPLE.pillars[1:]))
    rules.check_whole(EXAMPLE, replace(EXAMPLE, pillars=()))
    with pytest.raises(Refusal, match="another name first"):
        rules.check_name("pillar", Pillar("x", "STORIES", 0), EXAMPLE.pillars)


def test_one_who_is_named_twice_hears_what_counts_more() -> None:
    both = replace(EXAMPLE.platforms[0], owners=("U1", "U2"), deputies=("U2", "U3"))
    people = rules.people_in("platform", both)
    assert people == {"U1": "owners", "U2": "owners", "U3": "deputies"}
    assert rules.people_in("target_group", EXAMPLE.target_groups[0]) == {}


def test_who_may() -> None:
    check_admin("U1", ("U0", "U1"))
    with pytest.raises(Refusal) as raised:
        check_admin("U2", ("U0", "U1"))
    assert raised.value.values["who"] == (Mention("U0"), Mention("U1"))
    with pytest.raises(Refusal, match="SLACK_ADMINS"):
        check_admin("U2", ())
