"""The buttons under messages. Pure: what there is → inline keyboards.

The data of a button (64 bytes at most) says what it does and to what: routes.py reads it.
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.actions.views import Ballot, StoryView
from bot.rules.polls import PollStatus
from bot.rules.stories import Purpose, StoryStatus
from bot.texts import LANGUAGES, Texts

Button = tuple[str, str]
"""Label and data."""


def subscribe_keyboard(t: Texts) -> InlineKeyboardMarkup:
    return _rows([(t("Keep me posted"), "sub")])


def welcome_keyboard(t: Texts) -> InlineKeyboardMarkup:
    return _rows(
        [(t("Keep me posted"), "sub")],
        [(t("Polls"), "do:polls"), (t("Tell a story"), "do:story")],
        [(t("What else?"), "do:help")],
    )


def menu_keyboard(t: Texts) -> InlineKeyboardMarkup:
    """Every command as a button, for who would rather not type."""
    return _rows(
        [(t("Polls"), "do:polls"), (t("Tell a story"), "do:story")],
        [(t("My stories"), "do:mystories"), (t("Language"), "do:language")],
        [(t("What you keep of me"), "do:privacy")],
        [(t("My data"), "do:mydata"), (t("Forget me"), "do:forgetme")],
        [(t("Keep me posted"), "sub"), (t("No more messages"), "do:stop")],
    )


def language_keyboard() -> InlineKeyboardMarkup:
    return _rows(*([(name, f"lang:{key}")] for key, name in LANGUAGES.items()))


def forget_keyboard(t: Texts, token: str) -> InlineKeyboardMarkup:
    """Below the second question; the token is that question's."""
    return _rows(
        [(t("Yes, erase everything"), f"fm:yes:{token}")], [(t("No, keep it"), f"fm:no:{token}")]
    )


def ballot_keyboard(ballot: Ballot) -> InlineKeyboardMarkup | None:
    """One option on each row; the follower's own has a tick. None: it is closed."""
    if ballot.poll.status is not PollStatus.OPEN:
        return None
    return _rows(
        *(
            [(f"✓ {option.text}" if option.id == ballot.chosen else option.text, f"v:{option.id}")]
            for option in ballot.poll.options
        )
    )


def step_keyboard(t: Texts, story: StoryView) -> InlineKeyboardMarkup | None:
    """What a follower can press at this point of telling a story; None: it is not a draft."""
    cancel = [(t("Cancel"), "cancel")]
    rows: dict[StoryStatus, Sequence[Sequence[Button]]] = {
        StoryStatus.COLLECTING: [
            [(t("Done"), "done"), *cancel],
            *([[(t("Remove the last"), f"undo:{story.parts[-1].id}")]] if story.parts else []),
        ],
        StoryStatus.DESCRIBING: [[(t("Skip"), "skip"), *cancel]],
        StoryStatus.NAMING: [
            [(t("Full name"), "full"), (t("First name"), "first")],
            [(t("Anonymous"), "anon"), *cancel],
        ],
        StoryStatus.AGE: [
            [(t("I am 16 or older"), "old")],
            [(t("I am younger"), "young")],
            cancel,
        ],
        StoryStatus.CONSENT: [
            [(t("I agree"), f"agree:{story.asked}"), *cancel],
            *([[(t("Leave them out"), "leave_out")]] if story.asked is Purpose.PEOPLE else []),
        ],
        StoryStatus.PREVIEW: [[(t("Submit"), "submit"), *cancel]],
    }
    if story.status not in rows:
        return None
    return _rows(
        *([(label, f"st:{story.id}:{word}") for label, word in row] for row in rows[story.status])
    )


def again_keyboard(t: Texts, story_id: int, purpose: Purpose) -> InlineKeyboardMarkup:
    """Below what is to be agreed to once more."""
    return _rows(
        [(t("I agree"), f"st:{story_id}:agree:{purpose}")], [(t("Withdraw"), f"sw:{story_id}")]
    )


def confirm_keyboard(t: Texts, story_id: int, post_id: int, revision: int) -> InlineKeyboardMarkup:
    """Under the edited version: the follower's last word on that one. A story can become another
    post, with revisions of its own, so the buttons name the post."""
    return _rows(
        [(t("Yes, publish"), f"sc:{post_id}:{revision}:yes")],
        [
            (t("Please change"), f"sc:{post_id}:{revision}:change"),
            (t("Withdraw"), f"sw:{story_id}"),
        ],
    )


def withdraw_keyboard(t: Texts, stories: Sequence[tuple[str, int]]) -> InlineKeyboardMarkup | None:
    """A button for each story that can be withdrawn: its receipt number and its id."""
    if len(stories) == 1:
        return _rows([(t("Withdraw"), f"sw:{stories[0][1]}")])
    rows = [[(f"{t('Withdraw')} {receipt}", f"sw:{story_id}")] for receipt, story_id in stories]
    return _rows(*rows) if rows else None


def _rows(*rows: Sequence[Button]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
