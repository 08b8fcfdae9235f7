"""The rules of polls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import polls
from bot.rules.polls import Manner, PollPlace, PollStatus
from bot.rules.refusals import InvalidForm, Mention, Refusal

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def mistakes(
    question: str = "Q?", options: tuple[str, ...] = ("A", "B"), closes_at: datetime = LATER
) -> set[str]:
    try:
        polls.check_poll(question, options, closes_at, NOW)
    except InvalidForm as form:
        return set(form.errors)
    return set()


def test_a_good_poll() -> None:
    assert mistakes() == set()
    assert mistakes("Q" * 300, tuple(f"{n}" * 50 for n in range(10, 22))) == set()


@pytest.mark.parametrize("question", ["", "  \n ", "Q" * 301])
def test_questions(question: str) -> None:
    assert mistakes(question=question) == {"question"}


@pytest.mark.parametrize(
    "options",
    [(), ("A",), ("A", "a"), ("A", "B" * 101), tuple(str(n) for n in range(13))],
)
def test_options(options: tuple[str, ...]) -> None:
    assert mistakes(options=options) == {"options"}


@pytest.mark.parametrize(
    ("after", "wrong"),
    [
        (timedelta(minutes=5), False),
        (timedelta(minutes=4, seconds=59), True),
        (timedelta(seconds=2_628_000), False),
        (timedelta(seconds=2_628_001), True),
        (timedelta(days=-1), True),
    ],
)
def test_closing_times(after: timedelta, wrong: bool) -> None:
    assert mistakes(closes_at=NOW + after) == ({"closes"} if wrong else set())


@given(st.lists(st.text()))
def test_options_come_without_empty_lines_and_spaces(lines: list[str]) -> None:
    options = polls.options_from("\n".join(lines))
    assert all(option and option == option.strip() for option in options)


@given(st.lists(st.integers(1, 3)))
def test_a_press_chooses_and_the_same_again_takes_back(presses: list[int]) -> None:
    chosen: frozenset[int] = frozenset()
    for pressed in presses:
        before = chosen
        chosen = polls.choices_after(chosen, pressed, several=False)
        assert chosen == (frozenset() if pressed in before else {pressed})


@pytest.mark.parametrize("status", PollStatus)
def test_only_an_open_poll_takes_votes(status: PollStatus) -> None:
    taken = polls.check_vote(status, LATER, NOW) is None
    assert taken == (status is PollStatus.OPEN)


def test_no_vote_from_the_moment_it_closes() -> None:
    assert polls.check_vote(PollStatus.OPEN, NOW, NOW) is not None
    assert polls.check_vote(PollStatus.OPEN, NOW + timedelta(microseconds=1), NOW) is None


def test_a_poll_is_decided_once() -> None:
    polls.check_proposed(PollStatus.PROPOSED, LATER, True, None, None, NOW)
    with pytest.raises(Refusal) as caught:
        polls.check_proposed(PollStatus.OPEN, LATER, True, "U01OWNER", NOW, NOW)
    assert caught.value.values["person"] == Mention("U01OWNER")


def test_too_late_to_open_not_to_reject() -> None:
    with pytest.raises(Refusal):
        polls.check_proposed(PollStatus.PROPOSED, NOW, True, None, None, NOW)
    polls.check_proposed(PollStatus.PROPOSED, NOW, False, None, None, NOW)


@pytest.mark.parametrize("status", [s for s in PollStatus if s is not PollStatus.OPEN])
def test_only_an_open_poll_closes(status: PollStatus) -> None:
    polls.check_open(PollStatus.OPEN, None, None)
    for by in ("U01OWNER", None):
        with pytest.raises(Refusal):
            polls.check_open(status, by, NOW)


def test_places() -> None:
    assert [(p.in_channel, p.in_private) for p in PollPlace] == [
        (True, False),
        (False, True),
        (True, True),
    ]


def test_every_status_has_its_words() -> None:
    assert set(polls.POLL_WORDS) == set(PollStatus)


@pytest.mark.parametrize(
    ("right", "position"),
    [("B", 1), (" b ", 1), ("2", 1), ("10", 0), ("3", 2), ("4", None), ("0", None), ("C", None)],
)
def test_the_right_answer_by_its_words_or_its_number(right: str, position: int | None) -> None:
    assert polls.right_position(right, ("10", "B", "1")) == position


def test_a_number_that_is_an_answer_means_that_answer() -> None:
    assert polls.right_position("1", ("2", "1")) == 1


def wrong_in(place: PollPlace = PollPlace.BOTH, **manner: Any) -> set[str]:
    try:
        polls.check_poll("Q?", ("A", "B"), LATER, NOW, place, Manner(**manner))
    except InvalidForm as form:
        return set(form.errors)
    return set()


@pytest.mark.parametrize(
    ("manner", "wrong"),
    [
        ({"several": True, "hidden": True}, set()),
        ({"right": "B", "explanation": "x" * 200}, set()),
        ({"right": "B", "explanation": "a\nb\nc"}, set()),
        ({"right": "B", "several": True}, {"answers"}),
        ({"right": "C"}, {"right"}),
        ({"right": "B", "explanation": "x" * 201}, {"explanation"}),
        ({"right": "B", "explanation": "a\nb\nc\nd"}, {"explanation"}),
        ({"explanation": "x"}, {"explanation"}),
        ({"right": "B", "hidden": True}, {"more"}),
        ({"anonymous": False}, {"more"}),
    ],
)
def test_what_goes_together(manner: dict[str, Any], wrong: set[str]) -> None:
    assert wrong_in(**manner) == wrong


def test_not_anonymous_in_private_alone() -> None:
    assert wrong_in(PollPlace.PRIVATE, anonymous=False, right="A") == set()
    assert wrong_in(PollPlace.CHANNEL, anonymous=False) == {"more"}


@given(st.lists(st.integers(1, 4)))
def test_of_several_answers_each_press_turns_one(presses: list[int]) -> None:
    chosen: frozenset[int] = frozenset()
    for pressed in presses:
        chosen = polls.choices_after(chosen, pressed, several=True)
    assert chosen == {each for each in presses if presses.count(each) % 2}


@pytest.mark.parametrize(
    ("place", "followers", "members", "share"),
    [
        (PollPlace.PRIVATE, 40, None, 0.25),
        (PollPlace.PRIVATE, None, 99, None),
        (PollPlace.CHANNEL, 99, 20, 0.5),
        (PollPlace.BOTH, 30, 70, 0.1),
        (PollPlace.BOTH, 30, None, None),
        (PollPlace.PRIVATE, 0, None, None),
        (PollPlace.PRIVATE, 5, None, 1),
    ],
)
def test_turnout(
    place: PollPlace, followers: int | None, members: int | None, share: float | None
) -> None:
    assert polls.turnout(10, place, followers, members) == share
