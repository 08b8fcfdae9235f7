"""The rules of stories."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import stories
from bot.rules.refusals import Phrase, Refusal
from bot.rules.stories import (
    DRAFT,
    MAX_PARTS,
    MAX_TEXT,
    STEPS,
    DeclineReason,
    NamedAs,
    StoryStatus,
    StoryStep,
)


def test_the_steps_lead_from_collecting_to_submitted() -> None:
    status = StoryStatus.COLLECTING
    for step in StoryStep:
        status = stories.after_step(status, step)
    assert status is StoryStatus.SUBMITTED


@given(st.lists(st.sampled_from(StoryStep)))
def test_no_row_of_presses_skips_a_step(presses: list[StoryStep]) -> None:
    """Whatever is pressed, a submitted story went through name, age and consent, in order."""
    status, done = StoryStatus.COLLECTING, list[StoryStep]()
    for step in presses:
        try:
            status = stories.after_step(status, step)
        except Refusal:
            continue
        done.append(step)
    assert done == list(StoryStep)[: len(done)]
    assert (status is StoryStatus.SUBMITTED) == (len(done) == len(StoryStep))


@pytest.mark.parametrize("step", StoryStep)
@pytest.mark.parametrize("status", StoryStatus)
def test_a_step_fits_one_status(status: StoryStatus, step: StoryStep) -> None:
    if STEPS[step][0] is status:
        assert stories.after_step(status, step) is STEPS[step][1]
    else:
        with pytest.raises(Refusal):
            stories.after_step(status, step)


@pytest.mark.parametrize("status", StoryStatus)
def test_what_can_be_handled_and_withdrawn(status: StoryStatus) -> None:
    if status is not StoryStatus.SUBMITTED:
        with pytest.raises(Refusal):
            stories.check_handled(status)
    if status not in (StoryStatus.SUBMITTED, StoryStatus.ACCEPTED):
        with pytest.raises(Refusal):
            stories.check_withdrawable(status)


def test_submitted_can_be_handled_and_withdrawn() -> None:
    stories.check_handled(StoryStatus.SUBMITTED)
    stories.check_withdrawable(StoryStatus.SUBMITTED)
    stories.check_withdrawable(StoryStatus.ACCEPTED)


def test_published_is_for_the_staff() -> None:
    with pytest.raises(Refusal) as caught:
        stories.check_withdrawable(StoryStatus.PUBLISHED)
    assert "staff" in caught.value.sentence
    with pytest.raises(Refusal) as caught:
        stories.check_withdrawable(StoryStatus.DECLINED)
    assert isinstance(caught.value.values["status"], Phrase)


@given(st.integers(0, MAX_PARTS * 2), st.integers(0, MAX_TEXT * 2))
def test_what_fits(parts: int, length: int) -> None:
    try:
        stories.check_part(parts, length)
    except Refusal:
        assert parts >= MAX_PARTS or length > MAX_TEXT
    else:
        assert parts < MAX_PARTS
        assert length <= MAX_TEXT


@pytest.mark.parametrize(("text", "files"), [("Hello", 0), ("", 1), (" ", 1)])
def test_something_was_told(text: str, files: int) -> None:
    stories.check_told(text, files)


def test_nothing_was_told() -> None:
    with pytest.raises(Refusal):
        stories.check_told(" \n ", 0)


def test_texts_stand_apart() -> None:
    assert stories.text_of(["One", "", "Two"]) == "One\n\nTwo"


@pytest.mark.parametrize(
    ("named_as", "last_name", "credit"),
    [
        (NamedAs.FULL, "El Amrani", "Fatima El Amrani"),
        (NamedAs.FULL, None, "Fatima"),
        (NamedAs.FIRST, "El Amrani", "Fatima"),
        (NamedAs.ANONYMOUS, "El Amrani", None),
    ],
)
def test_credit(named_as: NamedAs, last_name: str | None, credit: str | None) -> None:
    assert stories.credit_for(named_as, "Fatima", last_name) == credit


def test_every_status_and_reason_has_its_words() -> None:
    assert set(stories.STATUS_WORDS) == set(stories.STORY_WORDS) == set(StoryStatus)
    assert set(stories.DECLINE_WORDS) == set(DeclineReason)
    assert {StoryStatus.SUBMITTED} == {end for _, end in STEPS.values()} - DRAFT
