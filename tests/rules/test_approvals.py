"""The policy of approvals: how many are needed, of whom, and that there is always somebody."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.people import PlatformPeople, Standing

ALL = ["U1", "U2", "U3", "U4", "U5"]
people = st.sampled_from(ALL)
several = st.lists(people, max_size=4, unique=True).map(tuple)
policies = st.builds(
    PlatformPeople,
    key=st.just("a"),
    name=st.just("A"),
    owners=st.lists(people, min_size=1, max_size=4, unique=True).map(tuple),
    deputies=several,
    own_proposals=st.booleans(),
    approvals=st.one_of(st.integers(1, 6), st.just("all")),
    away=st.frozensets(people),
    escalated=st.booleans(),
)


@given(policies, people, st.frozensets(people))
def test_somebody_is_awaited_or_it_is_enough(
    policy: PlatformPeople, proposer: str, approved: frozenset[str]
) -> None:
    standing = policy.standing(proposer, approved)
    able = {*policy.owners, *policy.deputies} - ({proposer} if not policy.own_proposals else set())
    if not able:
        assert standing == Standing(1, ())  # never approved; the time moves it on
    else:
        assert (standing.missing == 0) == (standing.awaited == ())
        assert standing.missing <= len(standing.awaited)
    assert set(standing.awaited) <= able - approved
    assert set(standing.awaited) <= set(policy.deciders(proposer, approved))


@given(policies, people, st.permutations(ALL))
def test_whoever_comes_first_it_ends_with_enough_and_counts_nobody_twice(
    policy: PlatformPeople, proposer: str, order: list[str]
) -> None:
    approved: list[str] = []
    while True:
        standing = policy.standing(proposer, frozenset(approved))
        if not standing.awaited:
            break
        approved.append(next(person for person in order if person in standing.awaited))
    if not approved:
        return
    assert proposer not in approved or policy.own_proposals
    able = [p for p in policy.owners if policy.own_proposals or p != proposer]
    present = set(able) - policy.away
    wanted = len(policy.owners) if policy.approvals == "all" else policy.approvals
    assert len(approved) == len(set(approved)) <= wanted
    if policy.escalated:
        return  # the deputies count as the owners do
    if len(present) >= wanted:
        assert set(approved) <= present  # the deputies are not asked
    if policy.approvals == "all":
        assert present <= set(approved)


@given(policies, people, st.frozensets(people), st.frozensets(people))
def test_going_away_takes_no_approval_back(
    policy: PlatformPeople, proposer: str, approved: frozenset[str], gone: frozenset[str]
) -> None:
    """What was enough stays enough, as long as the giver is among the people."""
    if policy.approvals != "all" and policy.standing(proposer, approved).missing == 0:
        able = {*policy.owners, *policy.deputies} - (
            {proposer} if not policy.own_proposals else set()
        )
        wanted = policy.approvals
        if len(approved & able) >= wanted:
            later = PlatformPeople(
                "a", "A", policy.owners, policy.deputies, policy.own_proposals, wanted, gone
            )
            assert later.standing(proposer, approved).missing == 0


@given(policies, people, st.frozensets(people))
def test_escalation_only_adds_who_decides(
    policy: PlatformPeople, proposer: str, approved: frozenset[str]
) -> None:
    before = replace(policy, escalated=False).standing(proposer, approved)
    later = replace(policy, escalated=True).standing(proposer, approved)
    assert later.missing <= before.missing
    if later.missing:
        assert set(before.awaited) <= set(later.awaited)
        there = {*policy.owners, *policy.deputies} - policy.away - approved
        assert there - {proposer} <= set(later.awaited)


@pytest.mark.parametrize(
    ("approvals", "approved", "expected"),
    [
        (1, (), Standing(1, ("U1", "U2", "U3"))),
        (1, ("U3",), Standing(0, ())),
        (2, ("U3",), Standing(1, ("U1", "U2"))),
        ("all", (), Standing(2, ("U1", "U2", "U3"))),
        ("all", ("U1", "U3"), Standing(0, ())),  # the deputy in the place of the other owner
    ],
)
def test_once_it_is_escalated(
    approvals: int, approved: tuple[str, ...], expected: Standing
) -> None:
    policy = PlatformPeople("a", "A", ("U1", "U2"), ("U3",), approvals=approvals, escalated=True)
    assert policy.standing("U9", frozenset(approved)) == expected


@pytest.mark.parametrize(
    ("approvals", "away", "approved", "expected"),
    [
        (1, (), (), Standing(1, ("U1", "U2"))),
        (1, (), ("U1",), Standing(0, ())),
        (1, ("U1", "U2"), (), Standing(1, ("U3",))),
        (1, ("U1", "U2", "U3"), (), Standing(1, ("U1", "U2"))),  # no absence counts
        (2, (), ("U1",), Standing(1, ("U2",))),
        (2, ("U2",), ("U1",), Standing(1, ("U3",))),
        (2, ("U2", "U3"), ("U1",), Standing(0, ())),  # nobody else is there
        (3, (), (), Standing(3, ("U1", "U2", "U3"))),
        ("all", (), ("U3",), Standing(2, ("U1", "U2"))),
        ("all", ("U2",), (), Standing(2, ("U1", "U3"))),
    ],
)
def test_examples(
    approvals: int, away: tuple[str, ...], approved: tuple[str, ...], expected: Standing
) -> None:
    policy = PlatformPeople(
        "a", "A", ("U1", "U2"), ("U3",), approvals=approvals, away=frozenset(away)
    )
    assert policy.standing("U9", frozenset(approved)) == expected


def test_the_deputies_get_what_is_meant_for_who_is_away() -> None:
    policy = PlatformPeople("a", "A", ("U1", "U2"), ("U3", "U4"), away=frozenset({"U2", "U4"}))
    assert policy.in_place_of("U1") == ("U1",)
    assert policy.in_place_of("U2") == ("U3",)
    assert policy.hands == ("U1", "U3")
    alone = PlatformPeople("a", "A", ("U1",), away=frozenset({"U1"}))
    assert alone.hands == ("U1",)
