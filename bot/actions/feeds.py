"""Feeds: the calendar in somebody's own program, under an address that only they know."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.actions.calendar import free_occurrences
from bot.actions.special_days import special_days_between, today_of
from bot.actions.transaction import Transaction, action, query
from bot.rules import feeds as rules
from bot.rules.calendar import title_of
from bot.rules.feeds import Certainty, Entry
from bot.rules.people import is_admin
from bot.rules.posts import STATUS_WORDS, PlacementStatus, PostStatus
from bot.rules.refusals import NotThere, Refusal
from bot.rules.special_days import SpecialDate
from bot.texts import N_
from storage.models import Colleague, Feed, Occurrence, Platform, Slot
from storage.queries import feeds as queries
from storage.queries.feeds import Planned
from storage.queries.posts import active_platforms
from storage.queries.special_days import active_days
from storage.queries.strategy import all_of, organisation_name

TEAM = ""
"""The scope of a feed of every platform."""

LASTS = timedelta(minutes=15)
"""How long a publication looks in a calendar: programs hide what takes no time."""

STRATEGY = ("strategy", 1)
"""A file that was loaded changed any of its parts."""

FREE = N_("nothing planned yet")


@dataclass(frozen=True)
class Scope:
    """What a feed can be of; `feed_id` is the person's own, where they have one."""

    key: str  # a platform's, or TEAM
    name: str  # "" for the team
    feed_id: int | None


@dataclass(frozen=True)
class Address:
    """That a colleague has one; what opens it, nobody knows."""

    feed_id: int
    owner: str
    platform: str  # "" for the team
    made_at: datetime


@dataclass(frozen=True)
class FeedView:
    name: str
    platform: str  # "" for the team
    language: str  # of who asked for it
    entries: tuple[Entry, ...]


@query
def mine(tx: Transaction, by: str) -> tuple[Scope, ...]:
    """The team first, then every platform."""
    known = {feed.scope: feed.id for feed in queries.feeds_of(tx.session, by)}
    names = {TEAM: "", **{p.key: p.name for p in active_platforms(tx.session)}}
    return tuple(Scope(key, name, known.get(key)) for key, name in names.items())


@action
def make(tx: Transaction, by: str, scope: str) -> str:
    """What opens the feed: it is known this once, and nowhere kept.

    Raises Refusal where the person has one: a second press makes no second address.
    """
    if any(feed.scope == scope for feed in queries.feeds_of(tx.session, by)):
        raise Refusal(
            "You have an address for this. I showed it once and do not know it any more. "
            "Lost it? Press Revoke, and then make a new one."
        )
    if scope != TEAM and scope not in {p.key for p in active_platforms(tx.session)}:
        raise NotThere("This platform is not in our strategy any more.")
    secret = secrets.token_urlsafe(32)
    feed = Feed(owner=by, scope=scope, digest=rules.digest_of(secret), created_at=tx.now)
    tx.session.add(feed)
    tx.session.flush()
    assert feed.id is not None
    tx.audit(f"slack:{by}", "make", "feed", feed.id, scope=scope)
    return rules.address_of(feed.id, secret)


@action
def revoke(tx: Transaction, by: str, feed_id: int) -> None:
    """From now on nobody sees anything there. Revoked already: nothing happens.

    Raises NotThere for a feed of somebody else; admins revoke anybody's.
    """
    feed = tx.session.get(Feed, feed_id)
    if feed is None or (feed.owner != by and not is_admin(by, tx.desk.admins)):
        raise NotThere("This address is not yours.")
    _close(tx, feed, f"slack:{by}")


@query
def of_others(tx: Transaction, by: str) -> tuple[Address, ...]:
    """The addresses of all colleagues, the newest first, for an admin. Raises Refusal."""
    if not is_admin(by, tx.desk.admins):
        raise Refusal("Only the admins see which colleagues have an address.")
    names = {platform.key: platform.name for platform in all_of(tx.session, Platform)}
    return tuple(
        Address(feed.id or 0, feed.owner, names.get(feed.scope, ""), feed.created_at)
        for feed in queries.all_feeds(tx.session)
        if feed.owner != by
    )


@query
def owner_of(tx: Transaction, address: str) -> str | None:
    """Whose it is; None for one that opens nothing (any more)."""
    feed = _opened(tx, address)
    return feed.owner if feed else None


@action
def close_for(tx: Transaction, owner: str) -> None:
    """Slack says that they are no member any more: nobody reads along under their addresses."""
    for feed in queries.feeds_of(tx.session, owner):
        _close(tx, feed, "Slack")


@query
def read(tx: Transaction, address: str) -> FeedView | None:
    """What this address shows; None for one that opens nothing (any more)."""
    feed = _opened(tx, address)
    if feed is None:
        return None
    platform = tx.session.get(Platform, feed.scope) if feed.scope else None
    if feed.scope and (platform is None or not platform.active):
        return None
    colleague = tx.session.get(Colleague, feed.owner)
    language = (colleague.chosen_language or colleague.language) if colleague else ""
    return FeedView(
        name=organisation_name(tx.session),
        platform=platform.name if platform else "",
        language=language or tx.desk.language,
        entries=_entries(tx, feed.scope, language or tx.desk.language),
    )


def _opened(tx: Transaction, address: str) -> Feed | None:
    feed_id, secret = rules.parts_of(address)
    feed = tx.session.get(Feed, feed_id)
    is_opened = rules.opens(secret, feed.digest if feed else None)
    return feed if is_opened and feed and not feed.revoked_at else None


def _close(tx: Transaction, feed: Feed, who: str) -> None:
    if feed.revoked_at is None:
        feed.revoked_at = tx.now
        tx.session.add(feed)
        tx.audit(who, "revoke", "feed", feed.id or 0)


def _entries(tx: Transaction, scope: str, language: str) -> tuple[Entry, ...]:
    after, until = tx.now - rules.BACK, tx.now + rules.AHEAD
    today = today_of(tx)
    planned = queries.planned(tx.session, scope, after, until, tx.desk.review_channel)
    free = [each for each in free_occurrences(tx, tx.now, until) if scope in (TEAM, each[2].key)]
    special = special_days_between(tx, language, today - rules.BACK, today + rules.AHEAD)
    return (
        *_of_placements(tx, planned),
        *_of_free_moments(tx, free),
        *_of_special_days(tx, special),
    )


def _of_placements(tx: Transaction, planned: Sequence[Planned]) -> Iterator[Entry]:
    changes = queries.changes(
        tx.session,
        [
            ("post", [p.post.id or 0 for p in planned]),
            ("placement", [p.placement.id or 0 for p in planned]),
        ],
    )
    for each in planned:
        post, placement = each.post, each.placement
        about = ("post", post.id or 0), ("placement", placement.id or 0)
        sequence, changed = rules.changes_of(changes, post.created_at, *about)
        status, whole = PlacementStatus(placement.status), PostStatus(post.status)
        certainty = rules.certainty_of(status, whole)
        if certainty is Certainty.CANCELLED and changed < tx.now - rules.BACK:
            continue
        waits = certainty is Certainty.TENTATIVE and status is PlacementStatus.APPROVED
        assert placement.planned_at is not None  # it is found by its time
        yield Entry(
            uid=_uid(tx, f"placement-{placement.id}"),
            start=placement.planned_at,
            end=placement.planned_at + LASTS,
            title=title_of(each.text),
            certainty=certainty,
            word=STATUS_WORDS[whole if waits else status],
            sequence=sequence,
            changed=changed,
            platform=each.platform.name,
            card=each.card,
        )


def _of_free_moments(
    tx: Transaction, free: Sequence[tuple[Occurrence, Slot, Platform]]
) -> Iterator[Entry]:
    changes = queries.changes(
        tx.session,
        [
            ("strategy", [1]),
            ("slot", [slot.id or 0 for _, slot, _ in free]),
            ("occurrence", [occurrence.id or 0 for occurrence, _, _ in free]),
        ],
    )
    for occurrence, slot, platform in free:
        sequence, changed = rules.changes_of(
            changes,
            _midnight(slot.since),
            ("occurrence", occurrence.id or 0),
            above=(STRATEGY, ("slot", slot.id or 0)),
        )
        yield Entry(
            uid=_uid(tx, f"slot-{slot.id}-{occurrence.starts_local:%Y%m%d}"),
            start=occurrence.starts_at,
            end=occurrence.starts_at + LASTS,
            title=slot.title,
            certainty=Certainty.TENTATIVE,
            word=FREE,
            sequence=sequence,
            changed=changed,
            platform=platform.name,
        )


def _of_special_days(tx: Transaction, special: Sequence[SpecialDate]) -> Iterator[Entry]:
    ids = {row.key: row.id or 0 for row in active_days(tx.session)}
    changes = queries.changes(tx.session, [("strategy", [1]), ("special_day", list(ids.values()))])
    for each in special:
        of = each.day.key if each.day else f"holiday-{each.first:%m%d}"
        began = _midnight(date(each.first.year - 1, 1, 1))  # is over, for whatever is shown
        known = [("special_day", ids[each.day.key])] if each.day else []
        sequence, changed = rules.changes_of(changes, began, STRATEGY, *known)
        yield Entry(
            uid=_uid(tx, f"day-{of}-{each.first.year}"),
            start=each.first,
            end=each.last,
            title=each.name,
            certainty=Certainty.CONFIRMED,
            word="",
            sequence=sequence,
            changed=changed,
        )


def _uid(tx: Transaction, what: str) -> str:
    """One and the same in every feed, and nobody else's."""
    return f"{what}@{tx.desk.review_channel.lower() or 'team'}.samenspraak"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
