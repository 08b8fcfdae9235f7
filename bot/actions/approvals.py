"""Who has a say about a post, and what the approvals so far are worth."""

from dataclasses import dataclass, replace

from bot.actions.transaction import Transaction
from bot.rules.people import PlatformPeople, Standing
from bot.rules.posts import PlacementStatus, PostAction
from storage.models import Placement, Platform, Topic
from storage.queries.posts import PostRows


@dataclass(frozen=True)
class Say:
    """One platform's people, or one topic's, about one placement in its present revision."""

    placement: Placement
    people: PlatformPeople
    topic_key: str | None
    proposer: str
    approved: frozenset[str]

    @property
    def is_open(self) -> bool:
        return self.placement.status == PlacementStatus.PROPOSED

    @property
    def standing(self) -> Standing:
        return self.people.standing(self.proposer, self.approved)

    @property
    def deciders(self) -> tuple[str, ...]:
        return self.people.deciders(self.proposer, self.approved)


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
    """Everybody's, for each placement: its platform's, then the topics'.

    A topic whose only person proposed the post asks nobody: what they know of it is in the text.
    """
    proposer = rows.post.proposer
    topics = [people_of_topic(tx, topic) for _, topic in rows.topics]
    able = [people for people in topics if {*people.owners, *people.deputies} - {proposer}]
    return [
        Say(
            placement,
            replace(people, escalated=placement.escalated_at is not None),
            key,
            proposer,
            _approved(rows, placement, key),
        )
        for placement, platform in rows.placements
        for people, key in [
            (people_of(tx, platform), None),
            *((people, people.key) for people in able),
        ]
    ]


def is_approved(says: list[Say], placement: Placement) -> bool:
    """Whether nobody's approval is missing for it any more."""
    return all(say.standing.missing == 0 for say in says if say.placement.id == placement.id)


def _approved(rows: PostRows, placement: Placement, topic_key: str | None) -> frozenset[str]:
    return frozenset(
        decision.decided_by
        for decision, _ in rows.decisions
        if decision.verdict == PostAction.APPROVE
        and decision.revision_number == rows.post.revision_number
        and decision.placement_id == placement.id
        and decision.topic_key == topic_key
        and decision.decided_by
    )
