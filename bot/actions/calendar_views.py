"""Parts of the calendar as one looks at them: what is planned, how evenly, in which mix."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.actions.calendar import empty, placed
from bot.actions.find import platforms_called
from bot.actions.offers import Crowd, Offer, offers_for
from bot.actions.transaction import Transaction, query
from bot.actions.views import CalendarEntry
from bot.rules.calendar import WallTime, wall_time
from bot.rules.effect import Share
from bot.rules.periods import Part, part_of
from bot.rules.spread import Period, Spread, spread
from storage.models import Pillar, Platform, TargetGroup
from storage.queries.effect import placed_between
from storage.queries.posts import active_platforms
from storage.queries.strategy import all_of


@dataclass(frozen=True)
class PlatformSpread:
    """How one platform's posts lie in the part."""

    platform: str
    spread: Spread


@dataclass(frozen=True)
class Mix:
    """How large a pillar's or a target group's share of the posts is."""

    name: str
    share: Share


@dataclass(frozen=True)
class CalendarView:
    """A part of the calendar. platforms: keys and names, in the order of the strategy."""

    part: Part
    entries: tuple[CalendarEntry, ...]  # the soonest first
    platforms: tuple[tuple[str, str], ...]
    spreads: tuple[PlatformSpread, ...]
    pillars: tuple[Mix, ...]
    target_groups: tuple[Mix, ...]
    offers: tuple[Offer, ...] = ()  # for what is empty in it, the soonest first
    crowds: tuple[Crowd, ...] = ()


@query
def show(tx: Transaction, typed: str, moved: int = 0) -> CalendarView:
    """typed: as in "next month Instagram"; moved: so many parts later, or earlier where negative.

    Raises Refusal for a platform or month that is not there. A constant number of queries.
    """
    part = part_for(tx, typed, moved)
    platforms = _platforms(tx, part)
    entries = _entries(tx, part.period, {platform.key for platform in platforms})
    pillars, groups, posts_of = _mix(tx, part.period, {platform.key for platform in platforms})
    spreads = [(p, _spread(tx, p, entries, part.period)) for p in platforms]
    offers, crowds = offers_for(tx, entries, spreads, posts_of)
    return CalendarView(
        part=part,
        entries=entries,
        platforms=tuple((platform.key, platform.name) for platform in platforms),
        spreads=tuple(PlatformSpread(platform.name, spread) for platform, spread in spreads),
        pillars=pillars,
        target_groups=groups,
        offers=offers,
        crowds=crowds,
    )


def part_for(tx: Transaction, typed: str, moved: int) -> Part:
    """Raises Refusal for a month that is not there."""
    return part_of(typed, wall_time(tx.now, tx.desk.zone).local.date()).moved(moved)


def _bounds(tx: Transaction, period: Period) -> tuple[datetime, datetime]:
    """Its first moment on the wall and the first one after it, in UTC."""
    return _start_of(tx, period.first), _start_of(tx, period.last + timedelta(days=1))


def _platforms(tx: Transaction, part: Part) -> list[Platform]:
    platforms = active_platforms(tx.session)
    if not part.platform:
        return platforms
    called = platforms_called(tx, part.platform)
    return [platform for platform in platforms if platform.key in called]


def _entries(tx: Transaction, period: Period, keys: set[str]) -> tuple[CalendarEntry, ...]:
    start, end = _bounds(tx, period)
    just_before = start - timedelta(microseconds=1)  # the queries leave their beginning out
    entries = [
        *placed(tx, just_before, end),
        *empty(tx, max(just_before, tx.now), end),
    ]
    shown = [entry for entry in entries if entry.at < end and entry.platform_key in keys]
    return tuple(sorted(shown, key=lambda entry: (entry.at, entry.platform, entry.title)))


def _spread(
    tx: Transaction, platform: Platform, entries: Sequence[CalendarEntry], period: Period
) -> Spread:
    """Of what has a post; a moment that is still empty fills no gap."""
    days = [
        wall_time(entry.at, tx.desk.zone).local.date()
        for entry in entries
        if entry.platform_key == platform.key and entry.status is not None
    ]
    return spread(days, platform.cadence, period)


def _mix(
    tx: Transaction, period: Period, keys: set[str]
) -> tuple[tuple[Mix, ...], tuple[Mix, ...], Mapping[str, int]]:
    """Each pillar's and each target group's share of the posts, however many platforms they are
    on; and how many posts each target group has."""
    start, end = _bounds(tx, period)
    pillar_of: dict[int, str | None] = {}
    group_of: dict[int, str | None] = {}
    for post_id, at, pillar_key, group_key in placed_between(tx.session, start, end, None, keys):
        if at < end:
            pillar_of[post_id], group_of[post_id] = pillar_key, group_key
    return (
        _shares(
            _names(tx, Pillar), pillar_of, {p.key: p.share for p in all_of(tx.session, Pillar)}
        ),
        _shares(_names(tx, TargetGroup), group_of, {}),
        Counter(key for key in group_of.values() if key),
    )


def _shares(
    names: dict[str, str], of_post: dict[int, str | None], targets: dict[str, float]
) -> tuple[Mix, ...]:
    counts: dict[str | None, int] = defaultdict(int)
    for key in of_post.values():
        counts[key] += 1
    return tuple(
        Mix(name, Share(counts[key], len(of_post), targets.get(key)))
        for key, name in names.items()
        if of_post
    )


def _names(tx: Transaction, model: type[Pillar] | type[TargetGroup]) -> dict[str, str]:
    rows = [row for row in all_of(tx.session, model) if row.active]
    rows.sort(key=lambda row: row.position)
    return {row.key: row.name for row in rows}


def _start_of(tx: Transaction, day: date) -> datetime:
    return WallTime(datetime.combine(day, time()), tx.desk.zone.key).at
