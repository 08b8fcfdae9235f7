"""What a post does to the strategy: the arithmetic of shares."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.calendar import A_WEEK, WallTime, wall_time

TOO_NEAR = timedelta(hours=1)
"""Two posts on one platform that are closer than this take each other's readers."""

LATELY = timedelta(days=60)
"""How long a text is remembered by who reads it again."""

FEW = 5
"""Of fewer posts a percentage says nothing: one of three is not "33%"."""

ABOUT = 0.05
"""A share that is this near to its target is as it was meant."""


@dataclass(frozen=True)
class Placed:
    """A moment of a post, as the shares count it; a post can have several."""

    post_id: int
    at: datetime
    pillar_key: str | None
    target_group_key: str | None


class Standing(StrEnum):
    """A share beside its target."""

    MORE = "more"
    AS_MEANT = "as_meant"
    LESS = "less"


@dataclass(frozen=True)
class Share:
    """`count` of `of` posts in a month, the new one included. target: of all posts, 0 to 1."""

    count: int
    of: int
    target: float | None = None

    @property
    def fraction(self) -> float | None:
        """From 0 to 1; None where the posts are too few for it."""
        return self.count / self.of if self.of >= FEW else None

    @property
    def standing(self) -> Standing | None:
        """None without a target, and where the posts are too few to tell."""
        if self.fraction is None or self.target is None:
            return None
        if abs(self.fraction - self.target) <= ABOUT:
            return Standing.AS_MEANT
        return Standing.MORE if self.fraction > self.target else Standing.LESS


def month_of(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The calendar month on the wall in which `at` lies, in UTC; its end is the next one's
    beginning."""
    first = wall_time(at, zone).local.date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return _start_of(first, zone), _start_of(following, zone)


def share(
    others: Collection[Placed],
    month: tuple[datetime, datetime],
    belongs: Callable[[Placed], bool],
    target: float | None = None,
) -> Share:
    """Of the posts of this month, those that belong, and the new one, which does. A post counts
    once, on however many platforms it is."""
    start, end = month
    there = [placed for placed in others if start <= placed.at < end]
    return Share(
        count=_posts(placed for placed in there if belongs(placed)) + 1,
        of=_posts(there) + 1,
        target=target,
    )


def in_a_week(others: Collection[Placed], at: datetime, belongs: Callable[[Placed], bool]) -> int:
    """Which in a row the new post is, of those that belong: the 4th in the 7 days up to `at`."""
    return _posts(p for p in others if at - A_WEEK < p.at <= at and belongs(p)) + 1


def _posts(placed: Iterable[Placed]) -> int:
    return len({each.post_id for each in placed})


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return WallTime(datetime.combine(day, time()), zone.key).at
