"""Finding posts again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.actions.post_views import post_views
from bot.actions.transaction import Transaction, query
from bot.actions.views import PostView
from bot.rules import find as rules
from bot.rules.calendar import WallTime
from bot.rules.refusals import Refusal
from storage.models import Platform
from storage.queries.find import find_posts
from storage.queries.strategy import all_of


@dataclass(frozen=True)
class Found:
    """One page of what was found, the newest first; pages count from 0."""

    posts: tuple[PostView, ...]
    page: int
    total: int

    @property
    def has_more(self) -> bool:
        return self.total > (self.page + 1) * rules.PAGE


@query
def posts(tx: Transaction, typed: str, page: int = 0) -> Found:
    """typed: words and filters, as in "board games state:approved". Raises Refusal."""
    search = rules.search_for(typed)
    ids, total = find_posts(
        tx.session,
        words=search.words,
        states=search.states,
        platform_keys=platforms_called(tx, search.platform) if search.platform else None,
        since=_start_of(tx, search.since) if search.since else None,
        until=_start_of(tx, search.until + timedelta(days=1)) if search.until else None,
        offset=page * rules.PAGE,
        limit=rules.PAGE,
    )
    return Found(post_views(tx, ids), page, total)


def platforms_called(tx: Transaction, typed: str) -> list[str]:
    """The retired ones too: their posts are still there."""
    platforms = all_of(tx.session, Platform)
    found = [p.key for p in platforms if rules.is_called(p.key, p.name, typed)]
    if not found:
        raise Refusal(
            "There is no platform {word}. Choose one of these: {platforms}.",
            word=typed,
            platforms=tuple(platform.key for platform in platforms),
        )
    return found


def _start_of(tx: Transaction, day: date) -> datetime:
    """Its first moment on the wall, in UTC."""
    return WallTime(datetime.combine(day, time()), tx.desk.zone.key).at
