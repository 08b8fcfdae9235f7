"""Who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.people import (
    PlatformPeople,
    decides_for,
    may_edit,
    may_handle,
    may_plan,
    may_withdraw,
)
from bot.rules.refusals import Mention, Refusal

people = st.sampled_from(["U1", "U2", "U3", "U4"])
groups = st.lists(people, max_size=3, unique=True).map(tuple)
platforms = st.builds(
    PlatformPeople,
    key=st.sampled_from(["a", "b"]),
    name=st.just("A"),
    owners=groups,
    deputies=groups,
    own_proposals=st.booleans(),
)


@given(platforms, people, people)
def test_nobody_decides_on_their_own_proposal_unless_the_strategy_allows_it(
    platform: PlatformPeople, person: str, proposer: str
) -> None:
    deciders = platform.deciders(proposer)
    assert set(deciders) <= set(platform.owners) | set(platform.deputies)
    if proposer in deciders:
        assert platform.own_proposals


@given(platforms, people)
def test_a_deputy_decides_only_where_no_owner_can(platform: PlatformPeople, proposer: str) -> None:
    able_owners = [o for o in platform.owners if platform.own_proposals or o != proposer]
    if able_owners:
        assert set(platform.deciders(proposer)) == set(able_owners)


@given(st.lists(platforms, min_size=1, max_size=3), people, people)
def test_who_decides_for_nothing_is_refused(
    places: list[PlatformPeople], person: str, proposer: str
) -> None:
    theirs = [p for p in places if person in p.deciders(proposer)]
    if theirs:
        assert decides_for(person, proposer, places) == tuple(theirs)
    else:
        with pytest.raises(Refusal):
            decides_for(person, proposer, places)


def test_fixed_moments_are_for_who_is_responsible_and_for_administrators() -> None:
    telegram = PlatformPeople("t", "Telegram", owners=("U1",), deputies=("U2",))
    for able in ("U1", "U2", "U9"):
        may_plan(able, telegram, ("U9",))
    with pytest.raises(Refusal) as refused:
        may_plan("U3", telegram, ("U9",))
    assert refused.value.values["people"] == (Mention("U1"), Mention("U2"), Mention("U9"))


def test_editing_withdrawing_and_handling() -> None:
    telegram = PlatformPeople("t", "Telegram", owners=("U1",), deputies=("U2",))
    may_edit("U9", "U9", [telegram])
    may_edit("U2", "U9", [telegram])
    may_withdraw("U9", "U9")
    may_handle("U1", [telegram])
    with pytest.raises(Refusal):
        may_edit("U3", "U9", [telegram])
    with pytest.raises(Refusal):
        may_withdraw("U1", "U9")
    with pytest.raises(Refusal):
        may_handle("U3", [telegram])
