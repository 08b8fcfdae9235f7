"""What somebody has to have read before a post is moved: collisions, and what it takes back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from bot.actions.approvals import people_of, says_of
from bot.actions.proposals import OVER
from bot.actions.transaction import Transaction
from bot.rules.calendar import title_of, wall_time
from bot.rules.effect import TOO_NEAR
from bot.rules.people import keeps_decisions
from bot.rules.spread import enough_on_a_day
from storage.models import Placement, Platform
from storage.queries.calendar import posts_on
from storage.queries.effect import near
from storage.queries.posts import PostRows

MOST_WARNINGS = 40

Found = tuple[Placement, Platform]


@dataclass(frozen=True)
class Near:
    """Another post on the same platform, less than an hour away."""

    platform: str
    title: str
    at: datetime

    @property
    def key(self) -> str:
        return _short("near", self.platform, self.at.isoformat(), self.title)


@dataclass(frozen=True)
class Crowded:
    """A day that has as many posts on the platform as its promise needs, or more, already."""

    platform: str
    day: date
    posts: int

    @property
    def key(self) -> str:
        return _short("crowded", self.platform, self.day.isoformat(), str(self.posts))


@dataclass(frozen=True)
class TakesBack:
    """It is decided on anew. people: whose approval is taken back."""

    people: tuple[str, ...]

    @property
    def key(self) -> str:
        return _short("takes back", *self.people)


Warned = Near | Crowded | TakesBack
"""What somebody has to have read before it is moved; its `key` says whether they have."""


def warnings_for(
    tx: Transaction, rows: PostRows, by: str, chosen: Sequence[Found], at: datetime | None
) -> tuple[Warned, ...]:
    found: list[Warned] = []
    if is_decided_anew(tx, rows, by, chosen):
        left = [say for say in says_of(tx, rows) if say.placement.status not in OVER]
        approved = sorted({person for say in left for person in say.approved})
        if approved:
            found.append(TakesBack(tuple(approved)))
    if at is None:
        return tuple(found)
    names = {platform.key: platform.name for _, platform in chosen}
    for key, moment, text in near(
        tx.session, list(names), at - TOO_NEAR, at + TOO_NEAR, rows.post.id
    ):
        found.append(Near(names[key], title_of(text), moment))
    near_by = Counter(each.platform for each in found if isinstance(each, Near))
    day = wall_time(at, tx.desk.zone).local.date()
    others = posts_on(tx.session, list(names), at, day, rows.post.id)
    for _, platform in chosen:
        posts = others[platform.key]  # those that are near are said already
        if posts >= enough_on_a_day(platform.cadence) and posts > near_by[platform.name]:
            found.append(Crowded(platform.name, day, posts))
    return tuple(found[:MOST_WARNINGS])


def is_decided_anew(tx: Transaction, rows: PostRows, by: str, chosen: Sequence[Found]) -> bool:
    """A first moment is nothing that anybody decided on before."""
    people = [people_of(tx, platform) for _, platform in chosen]
    had_one = any(placement.planned_at for placement, _ in chosen)
    return had_one and not keeps_decisions(by, rows.post.proposer, people)


def _short(*parts: str) -> str:
    """A form carries it along."""
    return f"{crc32(':'.join(parts).encode()):08x}"
