"""Stories: the steps of telling one, and what happens to it afterwards."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.rules.refusals import Phrase, Refusal
from bot.texts import N_

CONSENT_VERSION = "2"
"""Of the texts below; the ledger keeps it with every yes."""


class Purpose(StrEnum):
    """What a follower says yes to, one by one."""

    PUBLISH = "publish"
    PEOPLE = "people"  # who can be recognised; where there are pictures or recordings


CONSENT_TEXTS: Mapping[Purpose, str] = {
    Purpose.PUBLISH: N_(
        "I made this story myself. {organisation} may edit my story and place it on its social "
        "media, named as: {credit}. First I see the edited version and can still say no. "
        "I can withdraw my story at any time with /mystories."
    ),
    Purpose.PEOPLE: N_(
        "I made the pictures and recordings myself. Everybody who can be recognised in them "
        "agrees that {organisation} places them on its social media; for a child, a parent agrees."
    ),
}
"""The texts that a follower agrees to; the ledger keeps them as they were shown."""

MAX_PARTS = 30
MAX_PHOTOS = 10  # as a post has
MAX_ALT = 1000  # characters of a description
MAX_TEXT = 6000  # two of Slack's text fields, in which it is edited


class StoryStatus(StrEnum):
    """Where a story stands. The conversation's state is this row."""

    COLLECTING = "collecting"
    DESCRIBING = "describing"  # what can be seen in the photos
    NAMING = "naming"
    AGE = "age"
    CONSENT = "consent"
    PREVIEW = "preview"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"  # a colleague made a proposal of it
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


class StoryStep(StrEnum):
    """What the follower does on the way to submitting."""

    DONE = "done"
    DESCRIBED = "described"  # or rather not
    NAME = "name"
    OLD_ENOUGH = "old_enough"
    AGREE = "agree"
    SUBMIT = "submit"


class NamedAs(StrEnum):
    FULL = "full"
    FIRST = "first"
    ANONYMOUS = "anonymous"


_S = StoryStatus

STEPS: Mapping[StoryStep, tuple[StoryStatus, StoryStatus]] = {
    StoryStep.DONE: (_S.COLLECTING, _S.NAMING),
    StoryStep.DESCRIBED: (_S.DESCRIBING, _S.NAMING),
    StoryStep.NAME: (_S.NAMING, _S.AGE),
    StoryStep.OLD_ENOUGH: (_S.AGE, _S.CONSENT),
    StoryStep.AGREE: (_S.CONSENT, _S.PREVIEW),
    StoryStep.SUBMIT: (_S.PREVIEW, _S.SUBMITTED),
}
"""Each step with the status that it starts from and leads to."""

DRAFT = frozenset(start for start, _ in STEPS.values())
WITHDRAWABLE = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.PUBLISHED})

STATUS_WORDS: Mapping[StoryStatus, str] = {
    **dict.fromkeys(DRAFT, N_("you are still writing it")),
    _S.SUBMITTED: N_("received; the team reads it"),
    _S.ACCEPTED: N_("accepted; a post is being made of it"),
    _S.DECLINED: N_("not placed"),
    _S.WITHDRAWN: N_("withdrawn by you"),
    _S.PUBLISHED: N_("published"),
}


class DeclineReason(StrEnum):
    """Why a story is not placed: chosen by a colleague, read by the follower."""

    OFF_TOPIC = "off_topic"
    TOO_MANY = "too_many"
    PRIVACY = "privacy"
    QUALITY = "quality"
    HOUSE_RULES = "house_rules"


DECLINE_WORDS: Mapping[DeclineReason, str] = {
    DeclineReason.OFF_TOPIC: N_("It does not fit the subject of this moment."),
    DeclineReason.TOO_MANY: N_("We received more stories than we can place."),
    DeclineReason.PRIVACY: N_("It tells a lot about other people, and we protect their privacy."),
    DeclineReason.QUALITY: N_("The pictures or the sound are not clear enough to place."),
    DeclineReason.HOUSE_RULES: N_("It does not fit our house rules."),
}


def after_step(status: StoryStatus, step: StoryStep) -> StoryStatus:
    """The status that follows. Raises Refusal for a press on a button of an earlier step."""
    start, end = STEPS[step]
    if status != start:
        raise Refusal("You have done this step already. Go on with my newest message.")
    return end


def check_handled(status: StoryStatus) -> None:
    """Accept and decline are for submitted stories. Raises Refusal where it is past that."""
    if status is not StoryStatus.SUBMITTED:
        raise Refusal(
            "This story was dealt with already: {status}.", status=Phrase(STORY_WORDS[status])
        )


def check_agreed(missing: Purpose | None) -> None:
    """A post is made of what the follower agreed to. Raises Refusal."""
    if missing is not None:
        raise Refusal(
            "The follower changed this story after sending it in. I asked them whether we may use "
            "the new text; as soon as they say yes, you can accept it."
        )


STORY_WORDS: Mapping[StoryStatus, str] = {
    **dict.fromkeys(DRAFT, N_("being written")),
    _S.SUBMITTED: N_("waiting for a decision"),
    _S.ACCEPTED: N_("accepted"),
    _S.DECLINED: N_("declined"),
    _S.WITHDRAWN: N_("withdrawn by the follower"),
    _S.PUBLISHED: N_("published"),
}
"""The same statuses, for colleagues."""


def credit_for(named_as: NamedAs, first_name: str, last_name: str | None) -> str | None:
    """How the follower is named under the post; None: not at all."""
    if named_as is NamedAs.ANONYMOUS:
        return None
    if named_as is NamedAs.FIRST or not last_name:
        return first_name
    return f"{first_name} {last_name}"


def purposes_of(has_files: bool) -> tuple[Purpose, ...]:
    """What has to be agreed to, in the order in which it is asked."""
    return (Purpose.PUBLISH, Purpose.PEOPLE) if has_files else (Purpose.PUBLISH,)


def check_part(parts: int, length: int, photos: int = 0) -> None:
    """Whether a story takes one more message. Raises Refusal, with what is possible.

    parts: how many messages it has so far; length: the characters of its text with this one;
    photos: how many it has with this one.
    """
    if photos > MAX_PHOTOS:
        raise Refusal(
            "A story has {limit} photos at most, so I did not add any more. "
            "You can still send text, or press Done.",
            limit=MAX_PHOTOS,
        )
    if parts >= MAX_PARTS:
        raise Refusal(
            "Your story has {limit} messages, and that is the most it can have. "
            "Press Done to go on with these.",
            limit=MAX_PARTS,
        )
    if length > MAX_TEXT:
        raise Refusal(
            "A story has {limit} characters at most, and with this message it would have "
            "{length}. This message is not added: send a shorter one, or press Done.",
            limit=MAX_TEXT,
            length=length,
        )


def check_editable(status: StoryStatus) -> None:
    """Whether a message of it can still be changed. Raises Refusal, with what they can do."""
    if status in _STAYS:
        raise Refusal(_STAYS[status])


def check_edited_length(length: int) -> None:
    """length: the characters of the whole story, with the change. Raises Refusal."""
    if length > MAX_TEXT:
        raise Refusal(
            "A story has {limit} characters at most, and with your change it would have "
            "{length}. So I kept the words that you sent first. Can you make it shorter?",
            limit=MAX_TEXT,
            length=length,
        )


def check_alt(length: int) -> None:
    """length: characters of a description of a photo. Raises Refusal."""
    if length > MAX_ALT:
        raise Refusal(
            "That is a bit long for a description: {limit} characters is the most. One sentence "
            "will do.",
            limit=MAX_ALT,
        )


def check_told(text: str, files: int) -> None:
    """There is something to submit. Raises Refusal."""
    if not text.strip() and not files:
        raise Refusal(
            "Your story is still empty. Send me a text, a photo or a voice message first."
        )


def check_draft(status: StoryStatus) -> None:
    """Only a story that is still being told can be cancelled. Raises Refusal."""
    if status not in DRAFT:
        raise Refusal("You are not writing this story any more. See /mystories.")


def check_withdrawable(status: StoryStatus) -> None:
    """The follower may take back what they sent in, published or not. Raises Refusal."""
    if status not in WITHDRAWABLE:
        raise Refusal(
            "There is nothing to withdraw: this story is {status}.", status=_SHORT[status]
        )


def text_of(texts: Iterable[str]) -> str:
    """The text of a story: its messages with an empty line between them."""
    return "\n\n".join(text for text in texts if text)


_SHORT: Mapping[StoryStatus, Phrase] = {
    **dict.fromkeys(DRAFT, Phrase(N_("not sent in yet"))),
    _S.DECLINED: Phrase(N_("not placed")),
    _S.WITHDRAWN: Phrase(N_("withdrawn already")),
}

_STAYS: Mapping[StoryStatus, str] = {
    _S.ACCEPTED: N_(
        "I saw that you changed your message. Our team makes a post of your story already, so I "
        "leave it as it was. You see the post before it is placed: press Please change there. Or "
        "withdraw your story with /mystories."
    ),
    _S.PUBLISHED: N_(
        "I saw that you changed your message. Your story is published already, so it stays as it "
        "is. Must it be different? Withdraw it with /mystories: then we take it away, and you can "
        "send a new one with /story."
    ),
    _S.DECLINED: N_(
        "I saw that you changed your message. We do not place this story, so nothing changes. "
        "A new story is welcome: /story"
    ),
    _S.WITHDRAWN: N_(
        "I saw that you changed your message. You withdrew this story, so nothing changes. "
        "A new story is welcome: /story"
    ),
}
