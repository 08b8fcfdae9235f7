"""App Home: what waits for a colleague, where their proposals are, what is to come.

What waits for somebody is found in columns of the rows, by the same rules as a decision; whole
posts are only loaded for what is shown. So it costs as much for a thousand posts as for ten.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from bot.actions.absences import absence_view, decides_for_something
from bot.actions.approvals import approvals_among, people_of, people_of_topic, voices_about
from bot.actions.calendar import soonest
from bot.actions.drafts import drafts_of
from bot.actions.poll_views import poll_views, telegram_people
from bot.actions.post_views import post_views
from bot.actions.transaction import Transaction, query
from bot.actions.views import CalendarEntry, HomeView, Page, PlacementTask, PostView
from bot.rules.calendar import A_WEEK
from bot.rules.people import PlatformPeople, Role, is_admin, roles_of
from bot.rules.posts import PlacementStatus, is_held
from storage.models import Platform
from storage.queries import home as queries
from storage.queries.desk import active_topics
from storage.queries.home import DecisionRow, HandedRow, UndecidedRow
from storage.queries.strategy import all_of

T = TypeVar("T")

SIZES: Mapping[str, int] = {
    "waiting": 6,
    "polls_waiting": 2,
    "to_post": 3,
    "changes_asked": 2,
    "drafts": 3,
    "proposals": 5,
    "week": 15,
    "backlog": 3,
}
"""So many of each list are shown at once: together they fit what Slack takes."""

FIRST_PAGES: Mapping[str, int] = {}

People = Mapping[str, PlatformPeople]
"""Each platform's, by its key."""


@query
def show(tx: Transaction, by: str, pages: Mapping[str, int] = FIRST_PAGES) -> HomeView:
    """pages: which page of each list, by its name in HomeView; the first where it is not named."""
    return home_view(tx, by, pages)


def home_view(tx: Transaction, by: str, pages: Mapping[str, int] = FIRST_PAGES) -> HomeView:
    people = {p.key: people_of(tx, p) for p in all_of(tx.session, Platform)}
    undecided = queries.undecided_placements(tx.session)
    waiting = _page("waiting", _each_post(_waiting(tx, people, undecided, by)), pages)
    to_post = _page("to_post", _to_post(tx, people, by), pages)
    changes = _page("changes_asked", _each_post(_changes_asked(undecided, by)), pages)
    proposals = _proposals(tx, by, pages)
    backlog = _page("backlog", _backlog(undecided), pages)
    polls = _page("polls_waiting", _polls_waiting(tx, by), pages)
    ids = {*waiting.shown, *changes.shown, *proposals.shown, *backlog.shown}
    ids |= {row.post_id for row in to_post.shown}
    posts = {post.id: post for post in post_views(tx, sorted(ids))}
    return HomeView(
        by=by,
        waiting=_whole(waiting, posts),
        polls_waiting=Page(poll_views(tx, polls.shown), polls.number, polls.left),
        to_post=Page(_tasks(to_post.shown, posts), to_post.number, to_post.left),
        changes_asked=_whole(changes, posts),
        drafts=_page("drafts", drafts_of(tx, by), pages),
        proposals=_whole(proposals, posts),
        week=_week(tx, pages),
        backlog=_whole(backlog, posts),
        decides=decides_for_something(tx, by),
        absence=absence_view(tx, by),
        is_admin=is_admin(by, tx.desk.admins),
    )


def _page(name: str, items: Sequence[T], pages: Mapping[str, int]) -> Page[T]:
    number = _number(name, len(items), pages)
    end = (number + 1) * SIZES[name]
    return Page(tuple(items[number * SIZES[name] : end]), number, len(items[end:]))


def _number(name: str, total: int, pages: Mapping[str, int]) -> int:
    """The page asked for; where the list has become shorter meanwhile, its last one."""
    return min(pages.get(name, 0), max(0, (total - 1) // SIZES[name]))


def _whole(page: Page[int], posts: Mapping[int, PostView]) -> Page[PostView]:
    return Page(tuple(posts[id] for id in page.shown), page.number, page.left)


def _each_post(rows: Iterable[UndecidedRow]) -> list[int]:
    """Their posts, each once, in this order."""
    return list(dict.fromkeys(row.post_id for row in rows))


def _waiting(
    tx: Transaction, people: People, rows: Iterable[UndecidedRow], by: str
) -> Iterator[UndecidedRow]:
    """Those on which this person's word would count now."""
    topics = {topic.key: people_of_topic(tx, topic) for topic in active_topics(tx.session)}
    topics_of = queries.topics_of_undecided(tx.session)
    decisions_of = queries.decisions_of_undecided(tx.session)

    @cache
    def is_asked(
        platform: str,
        proposer: str,
        about: tuple[str, ...],
        decided: tuple[DecisionRow, ...],
        revision: int | None,
        escalated: bool,
    ) -> bool:
        """Of many proposals all of this is the same."""
        approved = approvals_among(decided, revision or 0)
        sensitive = [topics[key] for key in about if key in topics]
        voices = voices_about(proposer, people[platform], sensitive, approved, escalated=escalated)
        return any(by in voice.standing.awaited for voice in voices)

    for row in rows:
        if row.status != PlacementStatus.PROPOSED or is_held(row, tx.now):
            continue
        about = tuple(topics_of.get(row.post_id, ()))
        decided = tuple(decisions_of.get(row.placement_id, ()))
        revision = row.revision if decided else None
        escalated = row.escalated_at is not None
        if is_asked(row.platform_key, row.proposer, about, decided, revision, escalated):
            yield row


def _changes_asked(rows: Iterable[UndecidedRow], by: str) -> Iterator[UndecidedRow]:
    for row in rows:
        if row.proposer == by and row.status == PlacementStatus.CHANGES_REQUESTED:
            yield row


def _backlog(rows: Iterable[UndecidedRow]) -> list[int]:
    return sorted({row.post_id for row in rows if not row.has_date}, reverse=True)


def _to_post(tx: Transaction, people: People, by: str) -> list[HandedRow]:
    return [
        row
        for row in queries.handed_placements(tx.session)
        if Role.RESPONSIBLE in roles_of(by, "", [people[row.platform_key]])
    ]


def _tasks(rows: Iterable[HandedRow], posts: Mapping[int, PostView]) -> tuple[PlacementTask, ...]:
    return tuple(
        PlacementTask(posts[row.post_id], placement)
        for row in rows
        for placement in posts[row.post_id].placements
        if placement.id == row.placement_id
    )


def _proposals(tx: Transaction, by: str, pages: Mapping[str, int]) -> Page[int]:
    """These are many in the long run, so the page is the database's."""
    total = queries.count_proposals(tx.session, by)
    number, size = _number("proposals", total, pages), SIZES["proposals"]
    shown = queries.proposals(tx.session, by, offset=number * size, limit=size)
    return Page(tuple(shown), number, max(0, total - (number + 1) * size))


def _week(tx: Transaction, pages: Mapping[str, int]) -> Page[CalendarEntry]:
    """The next seven days."""
    size = SIZES["week"]
    entries, total = soonest(tx, tx.now + A_WEEK, (pages.get("week", 0) + 1) * size)
    number = _number("week", total, pages)
    end = (number + 1) * size
    return Page(entries[number * size : end], number, max(0, total - end))


def _polls_waiting(tx: Transaction, by: str) -> list[int]:
    people = telegram_people(tx)

    @cache
    def decides_on_one_of(proposer: str) -> bool:
        return any(by in each.deciders(proposer) for each in people)

    proposed = queries.proposed_polls(tx.session)
    return [poll_id for poll_id, proposer in proposed if decides_on_one_of(proposer)]
