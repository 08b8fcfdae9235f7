"""What an organisation has decided about its social media: the parts of its strategy."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.rules.calendar import LEAD, Skip
from bot.rules.figures import Metric
from bot.rules.lengths import Counting
from bot.rules.people import Approvals
from bot.rules.posts import MAX_IMAGES
from bot.rules.retention import Retention
from bot.rules.special_days import SpecialDay
from bot.rules.strategy_values import Publish


@dataclass(frozen=True)
class Organisation:
    name: str
    weekly_note: bool = False  # a note to the team, on Monday mornings
    country: str = "NL"  # whose public holidays count; "": no country's


@dataclass(frozen=True)
class Platform:
    key: str
    name: str
    publish: Publish
    purpose: str
    cadence: float  # posts a week
    max_length: int
    owners: tuple[str, ...]  # Slack user ids
    deputies: tuple[str, ...] = ()
    max_images: int = MAX_IMAGES
    needs_image: bool = False  # whoever proposes a post without a picture is reminded
    own_proposals: bool = False  # owners may decide on what they proposed themselves
    approvals: Approvals = 1  # how many have to approve
    count: Counting = Counting.CHARACTERS  # what max_length counts
    metrics: tuple[Metric, ...] = ()  # that it counts; none: the usual ones


@dataclass(frozen=True)
class TargetGroup:
    key: str
    name: str


@dataclass(frozen=True)
class Pillar:
    key: str
    name: str
    share: float  # of all posts, 0 to 1


@dataclass(frozen=True)
class Goal:
    key: str
    name: str
    metric: str
    baseline: float
    target: float
    deadline: date
    platform: str | None = None


@dataclass(frozen=True)
class Slot:
    """A recurring place in the content calendar; its platform and title name it."""

    platform: str
    title: str
    rule: str  # RFC 5545
    time: time  # on the wall
    pillar: str | None = None
    owner: str | None = None  # of the platform's owners and deputies; None: every owner
    lead: int = LEAD  # days before an occurrence at which its owner is reminded
    since: date | None = None  # the first possible day; None: the day on which it is loaded
    skip: tuple[Skip, ...] = ()  # days on which it does not come


@dataclass(frozen=True)
class HouseRule:
    text: str


@dataclass(frozen=True)
class Topic:
    """A sensitive topic: posts with one of its words need its owner's decision besides."""

    key: str
    name: str
    words: tuple[str, ...]
    owner: str  # Slack user id
    deputies: tuple[str, ...] = ()
    statement: str = ""  # prepared, for whoever writes about it


@dataclass(frozen=True)
class Statement:
    """A prepared statement, to look up and copy."""

    key: str
    title: str
    text: str
    maintainer: str  # Slack user id
    valid_until: date | None = None  # the last day on which it holds


@dataclass(frozen=True)
class Call:
    """A call for stories."""

    key: str
    question: str
    explanation: str = ""
    closes: datetime | None = None  # naive: wall time


@dataclass(frozen=True)
class Strategy:
    organisation: Organisation
    platforms: tuple[Platform, ...]
    target_groups: tuple[TargetGroup, ...]
    pillars: tuple[Pillar, ...]
    goals: tuple[Goal, ...]
    slots: tuple[Slot, ...]
    house_rules: tuple[HouseRule, ...]
    calls: tuple[Call, ...]
    topics: tuple[Topic, ...] = ()
    statements: tuple[Statement, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    retention: Retention = field(default_factory=Retention)


def file_key(part: Field[Any]) -> str:
    """What the strategy file calls a field of a part."""
    return str(part.metadata.get("key", part.name))


LISTS: Mapping[str, str] = {
    "platform": "platforms",
    "target_group": "target_groups",
    "pillar": "pillars",
    "goal": "goals",
    "slot": "slots",
    "special_day": "special_days",
    "house_rule": "house_rules",
    "topic": "topics",
    "statement": "statements",
    "call": "calls",
}
"""A table of the strategy file → where a Strategy has its parts."""
