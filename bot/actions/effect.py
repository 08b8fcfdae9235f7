"""What a post does to the strategy, before it is sent: lengths, neighbours, shares, goals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.actions.calendar import next_free_of_each
from bot.actions.proposals import Proposal
from bot.actions.transaction import Transaction, query
from bot.actions.views import CalendarEntry
from bot.rules import effect as rules
from bot.rules.calendar import A_WEEK, title_of, wall_time
from bot.rules.effect import Placed, Share
from bot.rules.lengths import Counting, length
from bot.rules.likeness import Wording, nearly_the_same, wording
from bot.rules.posts import PostStatus
from bot.rules.topics import folded
from storage.models import Goal, Pillar, Platform, TargetGroup
from storage.queries import effect as queries
from storage.queries.posts import active_platforms


@dataclass(frozen=True)
class Neighbour:
    """Another post on the same platform, less than an hour away."""

    title: str
    at: datetime


@dataclass(frozen=True)
class PlatformEffect:
    """length and limit: as this platform counts. next_free: its next slot without a post."""

    key: str
    platform: str
    length: int
    limit: int
    neighbours: tuple[Neighbour, ...]
    next_free: CalendarEntry | None

    @property
    def over(self) -> int:
        """So much too long; 0 where it fits."""
        return max(0, self.length - self.limit)


@dataclass(frozen=True)
class AlikeView:
    """A post of lately, or one that is planned, that says nearly the same."""

    title: str
    platforms: tuple[str, ...]
    at: datetime  # the first of its moments
    status: PostStatus


@dataclass(frozen=True)
class ShareView:
    """A pillar or a target group in the post's month. in_a_week: 4 for the 4th post of it in the 7
    days up to the post."""

    name: str
    share: Share
    in_a_week: int


@dataclass(frozen=True)
class GoalView:
    name: str
    metric: str
    target: float
    deadline: date


@dataclass(frozen=True)
class EffectView:
    """month: the first day of the one that the shares are of. alike: the latest first. goals: the
    chosen one; else those of the chosen platforms."""

    planned_at: datetime | None
    month: date
    platforms: tuple[PlatformEffect, ...]
    alike: tuple[AlikeView, ...]
    pillar: ShareView | None
    target_group: ShareView | None
    goals: tuple[GoalView, ...]


@query
def show(tx: Transaction, proposal: Proposal, post_id: int | None = None) -> EffectView:
    """post_id: the post that this is, where it is there already; it does not count against itself.

    Without a date the month and the week are those of now. What the strategy does not know (any
    more) is left out. A constant number of queries.
    """
    platforms = [p for p in active_platforms(tx.session) if p.key in proposal.platform_keys]
    pillar, target_group = _shares(tx, proposal, post_id)
    return EffectView(
        planned_at=proposal.planned_at,
        month=wall_time(proposal.planned_at or tx.now, tx.desk.zone).local.date().replace(day=1),
        platforms=_platforms(tx, proposal, platforms, post_id),
        alike=_alike(tx, proposal, platforms, post_id),
        pillar=pillar,
        target_group=target_group,
        goals=_goals(tx, proposal, platforms),
    )


def _platforms(
    tx: Transaction, proposal: Proposal, platforms: Sequence[Platform], post_id: int | None
) -> tuple[PlatformEffect, ...]:
    free = next_free_of_each(tx, post_id)
    neighbours = _neighbours(tx, proposal, platforms, post_id)
    return tuple(
        PlatformEffect(
            key=platform.key,
            platform=platform.name,
            length=length(proposal.text_for(platform.key), Counting(platform.count)),
            limit=platform.max_length,
            neighbours=tuple(each for key, each in neighbours if key == platform.key),
            next_free=free.get(platform.key),
        )
        for platform in platforms
    )


def _neighbours(
    tx: Transaction, proposal: Proposal, platforms: Sequence[Platform], post_id: int | None
) -> list[tuple[str, Neighbour]]:
    """Each with its platform's key."""
    if proposal.planned_at is None:
        return []
    after, before = proposal.planned_at - rules.TOO_NEAR, proposal.planned_at + rules.TOO_NEAR
    keys = [platform.key for platform in platforms]
    return [
        (key, Neighbour(title_of(text), at))
        for key, at, text in queries.near(tx.session, keys, after, before, post_id)
    ]


def _alike(
    tx: Transaction, proposal: Proposal, platforms: Sequence[Platform], post_id: int | None
) -> tuple[AlikeView, ...]:
    texts = {proposal.text_for(platform.key) for platform in platforms} or {proposal.text}
    ours = [wording(folded(text)) for text in sorted(texts)]
    found = [
        other
        for other, words in queries.texts_since(tx.session, tx.now - rules.LATELY, post_id)
        if any(_is_like(wording(theirs), ours) for theirs in words)
    ]
    views: dict[int, AlikeView] = {}
    for post, text, platform, at in queries.placements_of(tx.session, found):
        assert post.id is not None
        first = AlikeView(title_of(text), (), at, PostStatus(post.status))
        view = views.get(post.id, first)
        views[post.id] = replace(view, platforms=(*view.platforms, platform))
    return tuple(sorted(views.values(), key=lambda view: view.at, reverse=True))


def _is_like(other: Wording, ours: Sequence[Wording]) -> bool:
    return any(nearly_the_same(each, other) for each in ours)


def _shares(
    tx: Transaction, proposal: Proposal, post_id: int | None
) -> tuple[ShareView | None, ShareView | None]:
    """The pillar's and the target group's."""
    pillar = tx.session.get(Pillar, proposal.pillar_key or "")
    group = tx.session.get(TargetGroup, proposal.target_group_key or "")
    at = proposal.planned_at or tx.now
    month = rules.month_of(at, tx.desk.zone)
    first = min(month[0], at - A_WEEK)
    others = [Placed(*row) for row in queries.placed_between(tx.session, first, month[1], post_id)]

    def view(
        name: str, belongs: Callable[[Placed], bool], target: float | None = None
    ) -> ShareView:
        share = rules.share(others, month, belongs, target)
        return ShareView(name, share, rules.in_a_week(others, at, belongs))

    return (
        view(pillar.name, lambda p: p.pillar_key == pillar.key, pillar.share) if pillar else None,
        view(group.name, lambda p: p.target_group_key == group.key) if group else None,
    )


def _goals(
    tx: Transaction, proposal: Proposal, platforms: Sequence[Platform]
) -> tuple[GoalView, ...]:
    keys = [platform.key for platform in platforms]

    def is_served(goal: Goal) -> bool:
        if proposal.goal_key:
            return goal.key == proposal.goal_key
        return goal.platform_key in keys

    return tuple(
        GoalView(goal.name, goal.metric, goal.target, goal.deadline)
        for goal in queries.active_goals(tx.session)
        if is_served(goal)
    )
