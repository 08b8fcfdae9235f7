"""How evenly a platform's posts lie over a period, and whether the promise is kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

A_WEEK = 7
LONG_ENOUGH = 1.5
"""So many times the promised interval without a post is a gap."""

FEWEST = 3
"""Posts from which on their evenness says something."""


@dataclass(frozen=True)
class Period:
    """Days on the wall, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Spread:
    """What one platform's days show.

    promised: posts that the cadence asks for in the period. evenness: 100: equally many days
    between all posts; 0: all on one day; None: too few posts to tell. gaps: stretches without a
    post, longer than the promise allows. crowded: days with more posts than the promise needs.
    """

    posts: int
    promised: float
    evenness: int | None
    gaps: tuple[Period, ...]
    crowded: tuple[tuple[date, int], ...]


def spread(days: Sequence[date], cadence: float, period: Period) -> Spread:
    """days: of each post in the period, one for each post; cadence: posts a week."""
    inside = sorted(day for day in days if day in period)
    return Spread(
        posts=len(inside),
        promised=cadence * period.days / A_WEEK,
        evenness=evenness(inside, period),
        gaps=tuple(_gaps(inside, cadence, period)),
        crowded=tuple(_crowded(inside, cadence)),
    )


def evenness(days: Sequence[date], period: Period) -> int | None:
    """From 0 to 100; None for too few posts.

    The days between one post and the next (the last one's go on to the first one of the next
    such period) are compared with equal ones: what would have to be moved from long pauses to
    short ones, as a share of the most that it can be. That is the Hoover index, turned round.
    """
    if len(days) < FEWEST:
        return None
    in_order = sorted(days)
    pauses = [(later - earlier).days for earlier, later in pairwise(in_order)]
    pauses.append(period.days - sum(pauses))
    equal = period.days / len(pauses)
    to_move = sum(abs(pause - equal) for pause in pauses) / 2
    most = period.days - equal
    return round(100 * (1 - to_move / most))


def enough_on_a_day(cadence: float) -> int:
    """So many posts on one day are what the promise needs; with more of them it is crowded."""
    return max(1, ceil(cadence / A_WEEK))


def _gaps(days: Sequence[date], cadence: float, period: Period) -> list[Period]:
    """Whole days without a post, between two posts or at the period's ends."""
    if cadence <= 0:
        return []
    allowed = LONG_ENOUGH * A_WEEK / cadence
    a_day = timedelta(days=1)
    borders = [period.first - a_day, *sorted(set(days)), period.last + a_day]
    empty = [Period(one + a_day, other - a_day) for one, other in pairwise(borders)]
    return [gap for gap in empty if gap.days >= allowed]


def _crowded(days: Sequence[date], cadence: float) -> list[tuple[date, int]]:
    most = enough_on_a_day(cadence)
    return [(day, count) for day, count in sorted(Counter(days).items()) if count > most]
