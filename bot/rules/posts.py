"""Posts: statuses, transitions, and what a proposal must be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.rules.lengths import Counting, length
from bot.rules.refusals import InvalidForm, Phrase, Refusal
from bot.texts import N_

MAX_IMAGES = 10  # Telegram's album and Slack's file input


class PlacementStatus(StrEnum):
    """Where one placement stands."""

    PROPOSED = "proposed"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # its time came before its approval: nothing went out
    PUBLISHING = "publishing"  # handed to the outbox
    HANDED = "handed"  # an owner posts it by hand
    IN_DOUBT = "in_doubt"  # it may have been sent; an owner is asked to look
    FAILED = "failed"
    PUBLISHED = "published"


class PostStatus(StrEnum):
    """Where a post stands: what follows from its placements."""

    PROPOSED = "proposed"
    CHANGES_REQUESTED = "changes_requested"
    AWAITING_FOLLOWER = "awaiting_follower"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PUBLISHING = "publishing"
    PUBLISHED = "published"


LIVE = frozenset(PostStatus) - {
    PostStatus.REJECTED,
    PostStatus.WITHDRAWN,
    PostStatus.EXPIRED,
    PostStatus.PUBLISHED,
}
"""Of a post that stands here something is still to come."""


class PostAction(StrEnum):
    """What a person or the time does to a placement."""

    APPROVE = "approve"
    APPROVE_EDITED = "approve_edited"  # with a small edit of the decider's own
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    HOLD = "hold"  # whoever decides waits until a moment
    RESUME = "resume"  # that moment is there: it waits for a decision again
    ESCALATE = "escalate"  # nobody decided yet: the deputies decide, too
    EDIT = "edit"
    MOVE = "move"  # to another moment
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    EXPIRE = "expire"
    PUBLISH = "publish"
    HAND_OVER = "hand_over"
    CONFIRM = "confirm"  # it is out
    DOUBT = "doubt"
    FAIL = "fail"
    RETRY = "retry"
    HOLD_BACK = "hold_back"  # the consent was withdrawn before it was sent


_S, _A = PlacementStatus, PostAction

TRANSITIONS: Mapping[tuple[PlacementStatus, PostAction], PlacementStatus] = {
    (_S.PROPOSED, _A.APPROVE): _S.APPROVED,
    (_S.PROPOSED, _A.APPROVE_EDITED): _S.APPROVED,
    (_S.PROPOSED, _A.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
    (_S.PROPOSED, _A.REJECT): _S.REJECTED,
    **{(_S.PROPOSED, what): _S.PROPOSED for what in (_A.HOLD, _A.RESUME, _A.ESCALATE)},
    (_S.WITHDRAWN, _A.REOPEN): _S.PROPOSED,
    **{
        (status, _A.EDIT): _S.PROPOSED
        for status in (_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED, _S.EXPIRED)
    },
    **{(status, _A.MOVE): status for status in (_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED)},
    (_S.EXPIRED, _A.MOVE): _S.PROPOSED,
    **{
        (status, _A.WITHDRAW): _S.WITHDRAWN
        for status in (
            _S.PROPOSED,
            _S.CHANGES_REQUESTED,
            _S.APPROVED,
            _S.EXPIRED,
            _S.FAILED,
            _S.HANDED,
        )
    },
    **{
        (status, _A.EXPIRE): _S.EXPIRED
        for status in (_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED)
    },
    # An approval can be taken back by asking for changes: the follower's wish, or second thoughts.
    (_S.APPROVED, _A.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
    (_S.APPROVED, _A.PUBLISH): _S.PUBLISHING,
    (_S.APPROVED, _A.HAND_OVER): _S.HANDED,
    (_S.PUBLISHING, _A.CONFIRM): _S.PUBLISHED,
    (_S.HANDED, _A.CONFIRM): _S.PUBLISHED,
    (_S.IN_DOUBT, _A.CONFIRM): _S.PUBLISHED,
    (_S.PUBLISHING, _A.DOUBT): _S.IN_DOUBT,
    (_S.PUBLISHING, _A.FAIL): _S.FAILED,
    (_S.PUBLISHING, _A.HOLD_BACK): _S.WITHDRAWN,
    (_S.IN_DOUBT, _A.RETRY): _S.PUBLISHING,
    (_S.FAILED, _A.RETRY): _S.PUBLISHING,
}
"""Everything that can happen to a placement; what is not here cannot."""

STATUS_WORDS: Mapping[PlacementStatus | PostStatus, str] = {
    _S.PROPOSED: N_("waiting for a decision"),
    _S.CHANGES_REQUESTED: N_("changes requested"),
    _S.APPROVED: N_("approved"),
    _S.REJECTED: N_("rejected"),
    _S.WITHDRAWN: N_("withdrawn"),
    _S.EXPIRED: N_("not ready in time"),
    _S.PUBLISHING: N_("being published"),
    _S.HANDED: N_("to be posted by hand"),
    _S.IN_DOUBT: N_("perhaps published: please check"),
    _S.FAILED: N_("could not be published"),
    _S.PUBLISHED: N_("published"),
    PostStatus.AWAITING_FOLLOWER: N_("waiting for the follower's yes"),
}


DECISIONS: Mapping[PostAction, str] = {
    _A.APPROVE: N_("{who} already approved this, {at}."),
    _A.REQUEST_CHANGES: N_("{who} already asked for changes, {at}."),
    _A.REJECT: N_("{who} already rejected this, {at}."),
}
"""What a person decides, and what somebody reads who comes after that."""

OWN_DECISIONS: Mapping[PostAction, str] = {
    _A.APPROVE: N_("You already approved this, {at}."),
    _A.REQUEST_CHANGES: N_("You already asked for changes, {at}."),
    _A.REJECT: N_("You already rejected this, {at}."),
}
"""The same, where it is their own: a double tap, say."""


OVER = N_("This moment is over. Choose one that is still to come.")
NO_REASON = N_("Write in a sentence why: the other person reads it.")
APPROVED_BY_YOU = N_("You approved this already. It still waits for {who}.")
ENOUGH_APPROVALS = N_("Enough people approved this in your place. It still waits for {who}.")


class ReasonLabel(StrEnum):
    """What a request for changes is about."""

    TONE = "tone"
    FACTS = "facts"
    IMAGE = "image"
    TIMING = "timing"
    OTHER = "other"


LABEL_WORDS: Mapping[ReasonLabel, str] = {
    ReasonLabel.TONE: N_("the tone"),
    ReasonLabel.FACTS: N_("the facts"),
    ReasonLabel.IMAGE: N_("the image"),
    ReasonLabel.TIMING: N_("the timing"),
    ReasonLabel.OTHER: N_("something else"),
}


PICTURE_IS_GONE = N_(
    "A picture is not there any more. Take its tick away or add the picture again, "
    "then send this form once more."
)


def can(status: PlacementStatus, action: PostAction) -> bool:
    return (status, action) in TRANSITIONS


def after(status: PlacementStatus, action: PostAction) -> PlacementStatus:
    """The status that follows. Raises Refusal where the action is not possible in `status`."""
    if not can(status, action):
        raise refusal(status)
    return TRANSITIONS[status, action]


def refusal(status: PlacementStatus | PostStatus) -> Refusal:
    """For whatever cannot be done in this status."""
    return Refusal(
        "That is not possible any more. Where this post stands now: {status}.",
        status=Phrase(STATUS_WORDS[status]),
    )


class Holdable(Protocol):
    """A placement, as far as it can be held."""

    @property
    def status(self) -> str: ...

    @property
    def held_until(self) -> datetime | None: ...


def is_held(placement: Holdable, now: datetime) -> bool:
    """Whether whoever decides on it wants to wait: until then it asks nothing of anybody."""
    return (
        placement.status == _S.PROPOSED
        and placement.held_until is not None
        and placement.held_until > now
    )


def check_hold(until: datetime, planned_at: datetime | None, reason: str, now: datetime) -> None:
    """Raises InvalidForm: until (to come, and before the publication), reason."""
    errors: dict[str, Refusal] = {}
    if until <= now:
        errors["until"] = Refusal(OVER)
    elif planned_at is not None and until >= planned_at:
        errors["until"] = Refusal(
            "This is planned for {planned}. Hold it until an earlier moment, or press "
            "Request changes and ask for another date.",
            planned=planned_at,
        )
    if not reason.strip():
        errors["reason"] = Refusal(NO_REASON)
    if errors:
        raise InvalidForm(errors)


def check_planned(planned_at: datetime, now: datetime) -> None:
    """Raises InvalidForm for when."""
    if planned_at <= now:
        raise InvalidForm({"when": Refusal(OVER)})


def status_of(placements: Collection[PlacementStatus], agreed: bool) -> PostStatus:
    """The post's status, from its placements'; `agreed`: the follower's yes, where one is needed.

    What still asks something of somebody comes first; a rejected or withdrawn placement only
    counts when there is nothing else.
    """
    there = set(placements)
    for status in (_S.CHANGES_REQUESTED, _S.PROPOSED):
        if status in there:
            return PostStatus(status)
    if _S.APPROVED in there:
        return PostStatus.APPROVED if agreed else PostStatus.AWAITING_FOLLOWER
    if there & {_S.PUBLISHING, _S.HANDED, _S.IN_DOUBT, _S.FAILED}:
        return PostStatus.PUBLISHING
    for status in (_S.PUBLISHED, _S.EXPIRED, _S.WITHDRAWN):
        if status in there:
            return PostStatus(status)
    return PostStatus.REJECTED


@dataclass(frozen=True)
class PlatformLimits:
    """What a platform takes: the length of a text, as it counts it; pictures in a post."""

    key: str
    name: str
    max_length: int
    max_images: int = MAX_IMAGES
    count: Counting = Counting.CHARACTERS

    def over(self, text: str) -> int:
        """So much longer than it takes; below zero there is room."""
        return length(text, self.count) - self.max_length


def check_proposal(
    text: str,
    texts: Mapping[str, str],
    images: int,
    planned_at: datetime | None,
    platforms: Sequence[PlatformLimits],
    now: datetime,
) -> None:
    """Raises InvalidForm, with every mistake at its own field.

    texts: by a platform's key, what it says there instead of `text`; the field of such a text is
    text:KEY. planned_at: None, where it has no date yet. The other fields: text, platforms, when,
    images.
    """
    errors: dict[str, Refusal] = {}
    if not platforms:
        errors["platforms"] = Refusal("Choose where this is posted.")
    if planned_at is not None and planned_at <= now:
        errors["when"] = Refusal(OVER)
    usual = [platform for platform in platforms if platform.key not in texts]
    tightest = max(usual, key=lambda p: p.over(text), default=None)
    if tightest and tightest.over(text) > 0:
        errors["text"] = _too_long(text, tightest)
    for platform in platforms:
        own = texts.get(platform.key, "")
        if platform.over(own) > 0:
            errors[f"text:{platform.key}"] = _too_long(own, platform)
    if not text.strip():
        errors["text"] = Refusal("Write the text of the post here.")
    fewest = min(platforms, key=lambda p: p.max_images, default=None)
    if fewest and images > fewest.max_images:
        errors["images"] = Refusal(
            "{platform} takes {limit} pictures at most.",
            platform=fewest.name,
            limit=fewest.max_images,
        )
    if errors:
        raise InvalidForm(errors)


def _too_long(text: str, platform: PlatformLimits) -> Refusal:
    """In its own counting; said where that is not what everybody counts."""
    said = {
        "length": length(text, platform.count),
        "platform": platform.name,
        "limit": platform.max_length,
        "over": platform.over(text),
    }
    if platform.count is Counting.CHARACTERS:
        return Refusal(
            "This is {length} characters; {platform} takes {limit}. Make it {over} shorter.",
            **said,
        )
    return Refusal(
        "As {platform} counts, this is {length} characters; it takes {limit}. "
        "Make it {over} shorter.",
        **said,
    )


def check_revision(decided: int, present: int, changed_at: datetime) -> None:
    """A decision is about the revision that the person saw. Raises Refusal where it was edited."""
    if decided != present:
        raise Refusal(
            "This post was changed meanwhile: {changed_at}. Read it again, then decide.",
            changed_at=changed_at,
        )


def check_reason(reason: str) -> None:
    """Raises InvalidForm where a reason is asked and none is given."""
    if not reason.strip():
        raise InvalidForm({"reason": Refusal(NO_REASON)})


REMIND_AGAIN_BY_HAND = timedelta(hours=1)
