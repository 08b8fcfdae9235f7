"""The statuses of posts and placements, as a table and by property."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import posts
from bot.rules.lengths import Counting
from bot.rules.posts import PlacementStatus, PlatformLimits, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, Phrase, Refusal

S = PlacementStatus
statuses = st.lists(st.sampled_from(list(S)), min_size=1, max_size=5)
NOW = datetime(2026, 3, 2, tzinfo=UTC)

ENDS = {S.REJECTED, S.WITHDRAWN, S.PUBLISHED}


@given(st.sampled_from(list(S)), st.sampled_from(list(PostAction)))
def test_what_is_not_in_the_table_is_refused_with_the_status(
    status: PlacementStatus, action: PostAction
) -> None:
    if posts.can(status, action):
        assert posts.after(status, action) is posts.TRANSITIONS[status, action]
    else:
        with pytest.raises(Refusal) as refusal:
            posts.after(status, action)
        assert refusal.value.values["status"] == Phrase(posts.STATUS_WORDS[status])


def test_there_are_no_dead_ends() -> None:
    """From every status that is no end, somebody or the time can go on to an end."""
    leads_to: dict[S, set[S]] = {status: set() for status in S}
    for (start, what), end in posts.TRANSITIONS.items():
        if what is not posts.PostAction.REOPEN:  # the one way back, for the proposer
            leads_to[start].add(end)
    for status in set(S) - ENDS:
        reached, frontier = {status}, {status}
        while frontier:
            frontier = set().union(*(leads_to[s] for s in frontier)) - reached
            reached |= frontier
        assert reached & ENDS, status
    assert all(leads_to[end] == set() for end in ENDS)


def test_nothing_is_published_without_an_approval_before() -> None:
    """Whatever the way to PUBLISHED is, it goes through APPROVED."""
    without_approval: dict[S, set[S]] = {
        start: {
            end for (s, _), end in posts.TRANSITIONS.items() if s is start and end is not S.APPROVED
        }
        for start in S
    }
    reached: set[S] = {S.PROPOSED}
    frontier: set[S] = {S.PROPOSED}
    while frontier:
        frontier = set().union(*(without_approval[s] for s in frontier)) - reached
        reached |= frontier
    assert S.PUBLISHED not in reached
    assert S.PUBLISHING not in reached


def test_an_edit_always_leads_back_to_the_decision() -> None:
    ends = {e for (_, action), e in posts.TRANSITIONS.items() if action is PostAction.EDIT}
    assert ends == {S.PROPOSED}


@given(statuses, st.booleans())
def test_what_asks_something_of_somebody_comes_first(
    placements: list[PlacementStatus], agreed: bool
) -> None:
    status = posts.status_of(placements, agreed)
    if S.CHANGES_REQUESTED in placements:
        assert status is PostStatus.CHANGES_REQUESTED
    elif S.PROPOSED in placements:
        assert status is PostStatus.PROPOSED
    elif S.APPROVED in placements:
        assert status is (PostStatus.APPROVED if agreed else PostStatus.AWAITING_FOLLOWER)


@given(statuses, st.booleans())
def test_the_order_of_the_platforms_does_not_matter(
    placements: list[PlacementStatus], agreed: bool
) -> None:
    assert posts.status_of(placements, agreed) is posts.status_of(placements[::-1], agreed)


@given(st.sampled_from(list(S)))
def test_one_placement_gives_its_own_status(placement: PlacementStatus) -> None:
    status = posts.status_of([placement], agreed=True)
    under_way = {S.PUBLISHING, S.HANDED, S.IN_DOUBT, S.FAILED}
    assert status.value == ("publishing" if placement in under_way else placement.value)


def test_every_status_has_its_words() -> None:
    assert {s.value for s in posts.STATUS_WORDS} == {s.value for s in [*S, *PostStatus]}


@given(st.integers(1, 5000), st.integers(1, 4096))
def test_the_tightest_platform_says_how_much_is_too_much(length: int, limit: int) -> None:
    platforms = [PlatformLimits("wide", "Wide", 10_000), PlatformLimits("tight", "Tight", limit)]
    later = NOW + timedelta(days=1)
    if length <= limit:
        posts.check_proposal("x" * length, {}, 0, later, platforms, NOW)
        return
    with pytest.raises(InvalidForm) as mistake:
        posts.check_proposal("x" * length, {}, 0, later, platforms, NOW)
    said = mistake.value.errors["text"].values
    assert said == {
        "length": length,
        "platform": "Tight",
        "limit": limit,
        "over": length - limit,
    }


BLUESKY = PlatformLimits("bluesky", "Bluesky", 300, count=Counting.GRAPHEMES)


@pytest.mark.parametrize(
    ("text", "platforms", "said"),
    [
        ("🎉" * 141, (PlatformLimits("x", "X", 280, count=Counting.X),), ("X", 282, 280, 2)),
        ("🎉" * 140, (PlatformLimits("x", "X", 280, count=Counting.X),), None),
        (
            "e\u0301" * 300,
            (BLUESKY,),
            None,
        ),
        (
            "🎉" * 301,
            (
                BLUESKY,
                PlatformLimits("y", "Y", 301),
            ),
            ("Bluesky", 301, 300, 1),
        ),
        (
            "🎉" * 301,
            (PlatformLimits("y", "Y", 300), PlatformLimits("x", "X", 280, count=Counting.X)),
            ("X", 602, 280, 322),
        ),
    ],
)
def test_a_text_is_as_long_as_the_platform_counts(
    text: str, platforms: tuple[PlatformLimits, ...], said: tuple[str, int, int, int] | None
) -> None:
    later = NOW + timedelta(days=1)
    if said is None:
        posts.check_proposal(text, {}, 0, later, platforms, NOW)
        return
    with pytest.raises(InvalidForm) as mistake:
        posts.check_proposal(text, {}, 0, later, platforms, NOW)
    refusal = mistake.value.errors["text"]
    platform, length, limit, over = said
    assert refusal.values == {"platform": platform, "length": length, "limit": limit, "over": over}
    assert refusal.sentence.startswith("As {platform} counts")
