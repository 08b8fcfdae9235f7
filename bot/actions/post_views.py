"""Posts as the handlers see them, and the parts that the actions on posts share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.actions.approvals import Say, says_of
from bot.actions.media import media_view
from bot.actions.transaction import Transaction
from bot.actions.views import Choice, DecisionView, Figure, PlacementView, PostView, TopicView
from bot.rules.figures import Metric, metrics_of
from bot.rules.posts import PlacementStatus, PostAction, PostStatus, status_of
from bot.rules.refusals import NotThere
from storage.models import Measurement, Placement, Platform, Post
from storage.queries.posts import PostRows, house_rules, load_posts


def post_rows(tx: Transaction, post_id: int) -> PostRows:
    """Raises NotThere."""
    found = load_posts(tx.session, [post_id])
    if not found:
        raise NotThere("This post does not exist any more.")
    return found[0]


def post_view(tx: Transaction, post_id: int) -> PostView:
    """Raises NotThere."""
    return _view(tx, post_rows(tx, post_id), house_rules(tx.session))


def post_views(tx: Transaction, ids: Sequence[int]) -> tuple[PostView, ...]:
    rules = house_rules(tx.session)
    return tuple(_view(tx, rows, rules) for rows in load_posts(tx.session, ids))


def settle_status(tx: Transaction, post: Post, placements: Sequence[Placement]) -> None:
    """The post's status follows from its placements'."""
    post.status = status_of([PlacementStatus(p.status) for p in placements], is_agreed(post))
    post.changed_at = tx.now
    tx.session.add(post)


def is_agreed(post: Post) -> bool:
    """Whether the follower said yes to the present revision, where a follower is to be asked."""
    return post.story_id is None or post.agreed_revision == post.revision_number


def _view(tx: Transaction, rows: PostRows, rules: Sequence[str]) -> PostView:
    """rules: the house rules that hold."""
    post = rows.post
    assert post.id is not None
    names = {platform.key: platform.name for _, platform in rows.placements}
    topics = {topic.key: topic.name for _, topic in rows.topics}
    says = says_of(tx, rows)
    return PostView(
        id=post.id,
        status=PostStatus(post.status),
        revision=post.revision_number,
        text=rows.revision.text,
        images=tuple(replace(media_view(tx, media), alt=alt) for media, alt in rows.media),
        proposer=post.proposer,
        pillar=Choice(rows.pillar.key, rows.pillar.name) if rows.pillar else None,
        target_group=(
            Choice(rows.target_group.key, rows.target_group.name) if rows.target_group else None
        ),
        why=post.why,
        source_link=post.source_link,
        story_id=post.story_id,
        credit=post.credit,
        created_at=post.created_at,
        changed_at=rows.revision.created_at,
        placements=tuple(_placement(rows, p, platform, says) for p, platform in rows.placements),
        decisions=tuple(
            DecisionView(
                platform=names[placement.platform_key],
                revision=decision.revision_number,
                verdict=decision.verdict,
                by=decision.decided_by,
                reason=decision.reason,
                at=decision.decided_at,
                label=decision.label,
                topic=topics.get(decision.topic_key or ""),
            )
            for decision, placement in rows.decisions
        ),
        topics=_topics(tx, rows, says),
        goal=Choice(rows.goal.key, rows.goal.name) if rows.goal else None,
        house_rules=tuple(rows.revision.house_rules),
        unconfirmed=tuple(rule for rule in rules if rule not in rows.revision.house_rules),
    )


def _topics(tx: Transaction, rows: PostRows, says: Sequence[Say]) -> tuple[TopicView, ...]:
    return tuple(
        TopicView(
            name=topic.name,
            statement=topic.statement,
            since=mark.revision_number,
            owner=topic.owner,
            waits_for=_awaited([say for say in says if say.topic_key == topic.key]),
        )
        for mark, topic in rows.topics
    )


def _awaited(says: Sequence[Say]) -> tuple[str, ...]:
    """Whose approval would count now, each once."""
    return tuple(dict.fromkeys(p for say in says if say.is_open for p in say.standing.awaited))


def _placement(
    rows: PostRows, placement: Placement, platform: Platform, says: Sequence[Say]
) -> PlacementView:
    assert placement.id is not None
    theirs = [say for say in says if say.placement.id == placement.id]
    of_platform = next(say for say in theirs if say.topic_key is None)
    return PlacementView(
        id=placement.id,
        platform_key=platform.key,
        platform=platform.name,
        by_hand=platform.publish != "telegram",
        status=PlacementStatus(placement.status),
        text=rows.texts.get(platform.key, rows.revision.text),
        planned_at=placement.planned_at,
        published_at=placement.published_at,
        link=placement.link,
        deciders=_awaited(theirs),
        owners=(*platform.owners, *platform.deputies),
        approved_by=tuple(sorted(of_platform.approved)),
        missing=of_platform.standing.missing if of_platform.is_open else 0,
        waits_for=_awaited([of_platform]),
        held_until=placement.held_until if of_platform.is_open else None,
        held_by=_held_by(rows, placement) if of_platform.is_open else None,
        escalated_at=placement.escalated_at if of_platform.is_open else None,
        metrics=metrics_of(platform.metrics, by_hand=platform.publish != "telegram"),
        figures=_figures(rows.figures.get(placement.id, {})),
        has_no_figures=placement.no_figures_since is not None,
    )


def _figures(found: Mapping[str, Measurement]) -> tuple[Figure, ...]:
    return tuple(
        Figure(metric, found[metric].value, found[metric].measured_at)
        for metric in Metric
        if metric in found
    )


def _held_by(rows: PostRows, placement: Placement) -> str | None:
    if placement.held_until is None:
        return None
    holds = (
        decision.decided_by
        for decision, held in reversed(rows.decisions)
        if held.id == placement.id and decision.verdict == PostAction.HOLD
    )
    return next(holds, None)
