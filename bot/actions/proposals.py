"""What a colleague fills in for a post, checked against the platforms that it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.actions.transaction import Transaction
from bot.rules import posts as rules
from bot.rules.lengths import Counting
from bot.rules.posts import PlacementStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Media, Platform
from storage.queries.posts import PostRows, active_platforms

OVER = frozenset({PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN})
"""A placement that stands here is no longer part of what is proposed."""


@dataclass(frozen=True)
class Proposal:
    """What a person filled in.

    planned_at: in UTC; None: no date yet, it waits in the backlog. images: sha256 of media that
    are kept; alts: of these, what can be seen in them. texts: a platform's key → what it says
    there, where that is not `text`. house_rules: those that the person confirmed.
    """

    text: str
    platform_keys: tuple[str, ...]
    pillar_key: str | None
    target_group_key: str | None
    planned_at: datetime | None
    why: str = ""
    images: tuple[str, ...] = ()
    source_link: str | None = None
    story_id: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    alts: Mapping[str, str] = field(default_factory=dict)
    goal_key: str | None = None
    special_day_key: str | None = None  # for which it is made
    house_rules: tuple[str, ...] = ()

    def text_for(self, platform_key: str) -> str:
        return self.texts.get(platform_key, self.text)


def checked_platforms(tx: Transaction, proposal: Proposal) -> list[Platform]:
    """Those that were chosen. Raises InvalidForm, see rules.posts.check_proposal."""
    platforms = [p for p in active_platforms(tx.session) if p.key in proposal.platform_keys]
    rules.check_proposal(
        proposal.text,
        own_texts(proposal),
        len(proposal.images),
        proposal.planned_at,
        [
            rules.PlatformLimits(p.key, p.name, p.max_length, p.max_images, Counting(p.count))
            for p in platforms
        ],
        tx.now,
    )
    _check_pictures(tx, proposal)
    return platforms


def _check_pictures(tx: Transaction, proposal: Proposal) -> None:
    """A draft that was open in a window and thrown away in another leaves pictures behind that
    are gone after a while. Raises InvalidForm."""
    found = tx.session.exec(select(Media.sha256).where(col(Media.sha256).in_(proposal.images)))
    if set(found) != set(proposal.images):
        raise InvalidForm({"images": Refusal(rules.PICTURE_IS_GONE)})


def own_texts(proposal: Proposal) -> dict[str, str]:
    """Of the chosen platforms, those that say something else than the usual text."""
    return {
        key: text
        for key, text in proposal.texts.items()
        if key in proposal.platform_keys and text.strip() and text != proposal.text
    }


def same(one: Proposal, other: Proposal) -> bool:
    """Whether both say the same; where it comes from is not what it says."""

    def content(proposal: Proposal) -> tuple[object, ...]:
        return (
            proposal.text,
            set(proposal.platform_keys),
            proposal.pillar_key,
            proposal.target_group_key,
            proposal.planned_at,
            proposal.why,
            proposal.images,
            own_texts(proposal),
            {sha256: proposal.alts.get(sha256, "") for sha256 in proposal.images},
            proposal.goal_key,
            set(proposal.house_rules),
        )

    return content(one) == content(other)


def proposal_in_rows(rows: PostRows) -> Proposal:
    """The post as it stands in the database, as if it had just been filled in."""
    post, left = rows.post, [p for p, _ in rows.placements if p.status not in OVER]
    return Proposal(
        text=rows.revision.text,
        platform_keys=tuple(placement.platform_key for placement in left),
        pillar_key=post.pillar_key,
        target_group_key=post.target_group_key,
        planned_at=min((p.planned_at for p in left if p.planned_at), default=None),
        why=post.why,
        images=tuple(media.sha256 for media, _ in rows.media),
        source_link=post.source_link,
        story_id=post.story_id,
        texts=rows.texts,
        alts={media.sha256: alt for media, alt in rows.media if alt},
        goal_key=post.goal_key,
        house_rules=tuple(rows.revision.house_rules),
    )
