"""Who has a say about a post, and what the approvals so far are worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.actions.transaction import Transaction
from bot.rules.people import NOBODY, PlatformPeople, Standing
from bot.rules.posts import PlacementStatus, PostAction
from storage.models import Placement, Platform, Topic
from storage.queries.posts import PostRows


@dataclass(frozen=True)
class Voice:
    """One platform's people, or one topic's, about a proposal in its present revision."""

    people: PlatformPeople
    topic_key: str | None
    proposer: str
    approved: frozenset[str]

    @property
    def standing(self) -> Standing:
        return self.people.standing(self.proposer, self.approved)

    @property
    def deciders(self) -> tuple[str, ...]:
        return self.people.deciders(self.proposer, self.approved)


@dataclass(frozen=True)
class Say(Voice):
    """A voice about one placement."""

    placement: Placement

    @property
    def is_open(self) -> bool:
        return self.placement.status == PlacementStatus.PROPOSED


class Decided(Protocol):
    """What of a decision says whether it is an approval, and of what."""

    @property
    def revision_number(self) -> int: ...
    @property
    def verdict(self) -> str: ...
    @property
    def decided_by(self) -> str | None: ...
    @property
    def topic_key(self) -> str | None: ...


Approved = Mapping[str | None, frozenset[str]]
"""Topic, or None for the platform → who approved a placement in its present revision."""


def people_of(tx: Transaction, platform: Platform) -> PlatformPeople:
    return PlatformPeople(
        key=platform.key,
        name=platform.name,
        owners=tuple(platform.owners),
        deputies=tuple(platform.deputies),
        own_proposals=platform.own_proposals,
        approvals="all" if platform.approvals == "all" else int(platform.approvals),
        away=tx.away,
    )


def people_of_topic(tx: Transaction, topic: Topic) -> PlatformPeople:
    return PlatformPeople(
        key=topic.key,
        name=topic.name,
        owners=(topic.owner,),
        deputies=tuple(topic.deputies),
        away=tx.away,
    )


def says_of(tx: Transaction, rows: PostRows) -> list[Say]:
    """Everybody's, for each placement: its platform's, then the topics'."""
    topics = [people_of_topic(tx, topic) for _, topic in rows.topics]
    decided: dict[int, list[Decided]] = defaultdict(list)
    for decision, _ in rows.decisions:
        decided[decision.placement_id].append(decision)
    return [
        Say(voice.people, voice.topic_key, voice.proposer, voice.approved, placement)
        for placement, platform in rows.placements
        for voice in voices_about(
            rows.post.proposer,
            people_of(tx, platform),
            topics,
            approvals_among(decided[placement.id or 0], rows.post.revision_number),
            escalated=placement.escalated_at is not None,
        )
    ]


def voices_about(
    proposer: str,
    platform: PlatformPeople,
    topics: Sequence[PlatformPeople],
    approved: Approved,
    *,
    escalated: bool,
) -> Iterator[Voice]:
    """Its platform's, then the topics'. escalated: nobody decided in time.

    A topic whose only person proposed the post asks nobody: what they know of it is in the text.
    """
    asked = replace(platform, escalated=escalated)
    yield Voice(asked, None, proposer, approved.get(None, NOBODY))
    for topic in topics:
        if {*topic.owners, *topic.deputies} - {proposer}:
            asked = replace(topic, escalated=escalated)
            yield Voice(asked, topic.key, proposer, approved.get(topic.key, NOBODY))


def approvals_among(decisions: Iterable[Decided], revision: int) -> Approved:
    """decisions: about one placement, in whatever revision, the earliest first.

    Who wants to wait after all takes their own approval back.
    """
    found: dict[str | None, frozenset[str]] = {}
    for decision in decisions:
        if decision.revision_number != revision or decision.decided_by is None:
            continue
        if decision.verdict == PostAction.APPROVE:
            earlier = found.get(decision.topic_key, NOBODY)
            found[decision.topic_key] = earlier | {decision.decided_by}
        elif decision.verdict == PostAction.HOLD:
            found = {topic: people - {decision.decided_by} for topic, people in found.items()}
    return found


def is_approved(says: list[Say], placement: Placement) -> bool:
    """Whether nobody's approval is missing for it any more."""
    return all(say.standing.missing == 0 for say in says if say.placement.id == placement.id)
