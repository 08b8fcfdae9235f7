"""The rules of polls."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import polls
from bot.rules.polls import PollPlace, PollStatus
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
