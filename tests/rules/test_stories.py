"""The rules of stories."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import stories
from bot.rules.refusals import Phrase, Refusal
from bot.rules.stories import (
    DRAFT,
    MAX_ALT,
    MAX_PARTS,
    MAX_PHOTOS,
    MAX_TEXT,
    STEPS,
    WITHDRAWABLE,
    DeclineReason,
    NamedAs,
    Purpose,
    StoryStatus,
    StoryStep,
)

ALWAYS = [step for step in StoryStep if step is not StoryStep.DESCRIBED]
"""The steps of a story without photos."""


def test_the_steps_lead_from_collecting_to_submitted() -> None:
    status = StoryStatus.COLLECTING
    for step in ALWAYS:
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
    assert done == ALWAYS[: len(done)]
    assert (status is StoryStatus.SUBMITTED) == (len(done) == len(ALWAYS))


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
    if status not in WITHDRAWABLE:
        with pytest.raises(Refusal):
            stories.check_withdrawable(status)


def test_submitted_can_be_handled_and_withdrawn() -> None:
    stories.check_handled(StoryStatus.SUBMITTED)
    stories.check_withdrawable(StoryStatus.SUBMITTED)
    stories.check_withdrawable(StoryStatus.ACCEPTED)
    stories.check_withdrawable(StoryStatus.PUBLISHED)


@pytest.mark.parametrize("status", StoryStatus)
def test_what_is_sent_in_and_dealt_with_is_not_changed(status: StoryStatus) -> None:
    if status in DRAFT or status is StoryStatus.SUBMITTED:
        stories.check_editable(status)
    else:
        with pytest.raises(Refusal, match="I saw that you changed your message"):
            stories.check_editable(status)


def test_pictures_need_the_yes_of_the_people_in_them() -> None:
    assert stories.purposes_of(False) == (Purpose.PUBLISH,)
    assert stories.purposes_of(True) == (Purpose.PUBLISH, Purpose.PEOPLE)
    stories.check_agreed(None)
    with pytest.raises(Refusal):
        stories.check_agreed(Purpose.PEOPLE)


def test_ten_photos_and_no_more() -> None:
    stories.check_part(3, 10, MAX_PHOTOS)
    with pytest.raises(Refusal):
        stories.check_part(3, 10, MAX_PHOTOS + 1)
    stories.check_alt(MAX_ALT)
    with pytest.raises(Refusal):
        stories.check_alt(MAX_ALT + 1)


def test_a_text_without_a_status_to_withdraw_says_so() -> None:
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
