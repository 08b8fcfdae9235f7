"""What a post does to the strategy, for who proposes it and for who decides. Pure.

Titles, platforms, pillars and goals are words of people: all of it is plain text.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from zoneinfo import ZoneInfo

from bot.actions.effect import AlikeView, EffectView, GoalView, PlatformEffect, ShareView
from bot.rules.effect import Share, Standing
from bot.rules.posts import STATUS_WORDS
from bot.texts import Texts
from handlers.slack.blocks import Block, fitting, plain, shortened

MOST_LINES = 5
"""Of warnings, and of moments that are free."""

MOST_ALIKE = 2
MOST_GOALS = 3
MOST_TEXT = 2000


def effect_blocks(effect: EffectView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """In the form: three blocks at most, what to look at first. Nothing where there is nothing."""
    return [
        *_loud(_warnings(effect, t, zone), t),
        *_quiet(_strategy(effect, t)),
        *_quiet([*_lengths(effect.platforms, t), *_free_moments(effect, t, zone)]),
    ]


def effect_lines(effect: EffectView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """On a card: two blocks at most, for who decides. Nothing where there is nothing to say."""
    return [*_loud(_warnings(effect, t, zone), t), *_quiet(_strategy(effect, t))]


def _loud(lines: Sequence[str], t: Texts) -> list[Block]:
    shown = _first(lines, MOST_LINES, t)
    return [{"type": "section", "text": _together(shown)}] if shown else []


def _quiet(lines: Sequence[str]) -> list[Block]:
    return [{"type": "context", "elements": [_together(lines)]}] if lines else []


def _together(lines: Sequence[str]) -> Block:
    return plain(shortened(fitting("\n", lines), MOST_TEXT))


def _first(lines: Sequence[str], most: int, t: Texts) -> list[str]:
    """So many of them, and how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([t.n("And one more.", "And {n} more.", more)] if more > 0 else [])]


def _warnings(effect: EffectView, t: Texts, zone: ZoneInfo) -> list[str]:
    return [
        *(_too_long(platform, t) for platform in effect.platforms if platform.over),
        *chain.from_iterable(_neighbours(platform, t, zone) for platform in effect.platforms),
        *_first([_alike(each, t, zone) for each in effect.alike], MOST_ALIKE, t),
    ]


def _too_long(platform: PlatformEffect, t: Texts) -> str:
    return t.n(
        "⚠️ One character too long for {platform}, which takes {limit}.",
        "⚠️ {n} characters too long for {platform}, which takes {limit}.",
        platform.over,
        platform=platform.platform,
        limit=t.number(platform.limit),
    )


def _neighbours(platform: PlatformEffect, t: Texts, zone: ZoneInfo) -> Iterator[str]:
    for other in platform.neighbours:
        yield t(
            "⚠️ {platform} has another post at {time}: “{title}”",
            platform=platform.platform,
            time=f"{other.at.astimezone(zone):%H:%M}",
            title=other.title,
        )


def _alike(other: AlikeView, t: Texts, zone: ZoneInfo) -> str:
    return t(
        "⚠️ Another post says nearly the same: “{title}” ({platforms}, {when}, {status})",
        title=other.title,
        platforms=shortened(t.listing(other.platforms), 150),
        when=t.moment(other.at, zone),
        status=t(STATUS_WORDS[other.status]),
    )


def _strategy(effect: EffectView, t: Texts) -> list[str]:
    goals = [_goal(goal, t) for goal in effect.goals]
    return [
        *([f"⚖️ {_share(effect.pillar, effect, t)}"] if effect.pillar else []),
        *([f"👥 {_share(effect.target_group, effect, t)}"] if effect.target_group else []),
        *_first(goals, MOST_GOALS, t),
    ]


def _share(view: ShareView, effect: EffectView, t: Texts) -> str:
    """'Promotion: 4 of 9 posts in March (44%), more than … · the 4th in 7 days'"""
    line = f"{view.name}: {_so_many(view.share, t.month(effect.month), t)}"
    if beside := _beside_target(view.share, t):
        line += f", {beside}"
    if view.in_a_week > 1:
        line += " · " + t("the {nth} in 7 days", nth=t.ordinal(view.in_a_week))
    return line


def _so_many(share: Share, month: str, t: Texts) -> str:
    words = t.n(
        "the first post in {month}",
        "{count} of {n} posts in {month}",
        share.of,
        count=share.count,
        month=month,
    )
    return words if share.fraction is None else f"{words} ({t.percent(share.fraction)})"


def _beside_target(share: Share, t: Texts) -> str:
    if share.target is None:
        return ""
    target = t.percent(share.target)
    match share.standing:
        case Standing.MORE:
            return t("more than the {target} that we want", target=target)
        case Standing.LESS:
            return t("less than the {target} that we want", target=target)
        case Standing.AS_MEANT:
            return t("close to the {target} that we want", target=target)
        case None:
            return t("we want {target} of all posts", target=target)


def _goal(goal: GoalView, t: Texts) -> str:
    return t(
        "🎯 {goal} ({metric}: {target} by {day})",
        goal=goal.name,
        metric=goal.metric,
        target=t.number(goal.target),
        day=t.full_day(goal.deadline),
    )


def _lengths(platforms: Sequence[PlatformEffect], t: Texts) -> list[str]:
    lengths = [
        t(
            "{platform} {length} of {limit}",
            platform=platform.platform,
            length=t.number(platform.length),
            limit=t.number(platform.limit),
        )
        for platform in platforms
    ]
    if not lengths:
        return []
    return [t("📏 Characters: {lengths}", lengths=shortened(" · ".join(lengths), 600))]


def _free_moments(effect: EffectView, t: Texts, zone: ZoneInfo) -> list[str]:
    """Where another moment is chosen, or none yet."""
    lines = [
        t(
            "🗓️ The next free moment on {platform}: {when} ({title})",
            platform=slot.platform,
            when=t.moment(slot.at, zone),
            title=slot.title,
        )
        for slot in (platform.next_free for platform in effect.platforms)
        if slot and slot.at != effect.planned_at
    ]
    return _first(lines, MOST_LINES, t)
