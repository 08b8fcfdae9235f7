"""App Home: what waits for a colleague, and where their proposals are."""

from sqlmodel import col, select

from bot.actions.absences import absence_view, decides_for_something
from bot.actions.calendar import planned_entries
from bot.actions.poll_views import deciders_of_poll, poll_view
from bot.actions.post_views import post_views
from bot.actions.transaction import Transaction, query
from bot.actions.views import HomeView, PlacementTask, PollView, PostView
from bot.rules.people import is_admin
from bot.rules.polls import PollStatus
from bot.rules.posts import PlacementStatus, PostStatus
from storage.models import Placement, Poll, Post

PROPOSALS = 8
"""So many proposals of one's own are shown at once."""

UNDER_WAY = (PostStatus.PROPOSED, PostStatus.PUBLISHING)


@query
def show(tx: Transaction, by: str, page: int = 0) -> HomeView:
    """page: of one's own proposals, the newest on page 0."""
    proposals, earlier = _proposals(tx, by, page)
    under_way = _under_way(tx)
    return HomeView(
        waiting=tuple(post for post in under_way if _waits_for(post, by)),
        polls_waiting=_polls_waiting(tx, by),
        to_post=tuple(_to_post(under_way, by)),
        proposals=proposals,
        earlier_proposals=earlier,
        planned=planned_entries(tx),
        may_be_away=decides_for_something(tx, by),
        absence=absence_view(tx, by),
        is_admin=is_admin(by, tx.desk.admins),
    )


def _under_way(tx: Transaction) -> tuple[PostView, ...]:
    """Posts that ask something of an owner, the soonest first."""
    ids = tx.session.exec(
        select(Post.id)
        .join(Placement, col(Placement.post_id) == col(Post.id))
        .where(col(Post.status).in_(UNDER_WAY))
        .group_by(col(Post.id))
        .order_by(col(Placement.planned_at), col(Post.id))
    )
    return post_views(tx, [id for id in ids if id is not None])


def _waits_for(post: PostView, by: str) -> bool:
    return any(
        placement.status is PlacementStatus.PROPOSED and by in placement.deciders
        for placement in post.placements
    )


def _to_post(posts: tuple[PostView, ...], by: str) -> list[PlacementTask]:
    return [
        PlacementTask(post, placement)
        for post in posts
        for placement in post.placements
        if placement.status is PlacementStatus.HANDED and by in placement.owners
    ]


def _proposals(tx: Transaction, by: str, page: int) -> tuple[tuple[PostView, ...], int]:
    """Those of this page, and how many there are besides on the pages after it."""
    ids = tx.session.exec(
        select(Post.id)
        .where(Post.proposer == by)
        .order_by(col(Post.id).desc())
        .offset(page * PROPOSALS)
    )
    left = [id for id in ids if id is not None]
    return post_views(tx, left[:PROPOSALS]), len(left[PROPOSALS:])


def _polls_waiting(tx: Transaction, by: str) -> tuple[PollView, ...]:
    rows = tx.session.exec(
        select(Poll).where(Poll.status == PollStatus.PROPOSED).order_by(col(Poll.id))
    )
    return tuple(poll_view(tx, poll) for poll in rows if by in deciders_of_poll(tx, poll))
