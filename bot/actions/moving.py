"""Moving a post to another moment, or giving it its first: looked at beforehand, told to all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.actions import move_news
from bot.actions.approvals import people_of
from bot.actions.attempts import attempt
from bot.actions.calendar import next_moments
from bot.actions.cards import card_of_post
from bot.actions.deciding import recount
from bot.actions.history import MOVES, note_step
from bot.actions.move_news import Move
from bot.actions.move_warnings import Found, Warned, is_decided_anew, warnings_for
from bot.actions.post_views import post_rows, post_view, settle_status
from bot.actions.proposals import OVER, proposal_in_rows
from bot.actions.revisions import add_revision, plan, tell_of_change
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import PlacementView, PostView
from bot.rules import posts as rules
from bot.rules.moving import check_moment
from bot.rules.people import may_move
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import InvalidForm, Mention, Refusal
from storage.models import Placement
from storage.queries.calendar import last_entry
from storage.queries.posts import PostRows

MOST_FREE = 5


@dataclass(frozen=True)
class Wish:
    """What somebody chose. platform_keys: where it is moved; empty: wherever it can be.

    revision and seen (placement → moment) are what they looked at, told what they have read.
    """

    at: datetime
    revision: int
    seen: Mapping[int, datetime | None]
    platform_keys: tuple[str, ...] = ()
    reason: str = ""
    told: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class MoveForm:
    """A post that can be moved. at: the moment that is looked at, where it stands at first.

    free: the next moments that its platforms have free.
    """

    post: PostView
    movable: tuple[PlacementView, ...]
    at: datetime | None
    free: tuple[datetime, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class Outcome:
    """unread: what has to be read first; then nothing was moved. placements: those it is about."""

    post: PostView
    placements: tuple[PlacementView, ...]
    unread: tuple[Warned, ...] = ()


async def form(
    desk: Desk,
    by: str,
    post_id: int,
    at: datetime | None = None,
    platform_keys: Collection[str] = (),
) -> MoveForm:
    """at: a moment to look at beforehand. Raises Refusal, which is audited."""
    work = _form(desk, by, post_id, at, platform_keys)
    return await attempt(desk, by, PostAction.MOVE, "post", post_id, work)


async def move(desk: Desk, by: str, post_id: int, wish: Wish) -> Outcome:
    """Whoever could approve it moves the time alone: what was decided stands. Of anybody else who
    may edit it, it is a new revision with the same words, on which is decided anew.

    Where it is there already, nothing happens. Raises Refusal (which is audited), and InvalidForm
    for when and platforms.
    """
    work = _move(desk, by, post_id, wish)
    return await attempt(desk, by, PostAction.MOVE, "post", post_id, work)


@query
def _form(
    tx: Transaction, by: str, post_id: int, at: datetime | None, platform_keys: Collection[str]
) -> MoveForm:
    rows = post_rows(tx, post_id)
    movable = _movable(tx, rows, by)
    chosen = [found for found in movable if found[1].key in platform_keys] or movable
    moments = {placement.planned_at for placement, _ in chosen if placement.planned_at}
    looked_at = at or min(moments, default=None)
    ids = {placement.id for placement, _ in movable}
    view = post_view(tx, post_id)
    keys = [platform.key for _, platform in chosen]
    return MoveForm(
        post=view,
        movable=tuple(placement for placement in view.placements if placement.id in ids),
        at=looked_at,
        free=tuple(each for each in next_moments(tx, keys, MOST_FREE + 1) if {each} != moments)[
            :MOST_FREE
        ],
        warnings=warnings_for(tx, rows, by, chosen, looked_at),
    )


@action
def _move(tx: Transaction, by: str, post_id: int, wish: Wish) -> Outcome:
    rows = post_rows(tx, post_id)
    chosen = _chosen(_movable(tx, rows, by), wish)
    if any(placement.planned_at != wish.at for placement, _ in chosen):
        _check_as_seen(tx, rows, chosen, wish)
        check_moment(wish.at, tx.now)
        warnings = warnings_for(tx, rows, by, chosen, wish.at)
        unread = tuple(each for each in warnings if each.key not in wish.told)
        if unread:
            return _outcome(tx, post_id, chosen, unread)
        _carry_out(tx, rows, by, chosen, wish)
    return _outcome(tx, post_id, chosen)


def _outcome(
    tx: Transaction, post_id: int, chosen: Sequence[Found], unread: tuple[Warned, ...] = ()
) -> Outcome:
    view, ids = post_view(tx, post_id), {placement.id for placement, _ in chosen}
    return Outcome(view, tuple(each for each in view.placements if each.id in ids), unread)


def _movable(tx: Transaction, rows: PostRows, by: str) -> list[Found]:
    """Raises Refusal for who may not move it, and where nothing of it can be moved any more."""
    may_move(by, rows.post.proposer, [people_of(tx, platform) for _, platform in rows.placements])
    movable = [
        (placement, platform)
        for placement, platform in rows.placements
        if rules.can(PlacementStatus(placement.status), PostAction.MOVE)
    ]
    if not movable:
        left = [p for p, _ in rows.placements if p.status not in OVER]
        raise rules.refusal(PlacementStatus((left or [rows.placements[0][0]])[0].status))
    return movable


def _chosen(movable: Sequence[Found], wish: Wish) -> list[Found]:
    """Raises InvalidForm for platforms."""
    if not wish.platform_keys:
        return list(movable)
    chosen = [found for found in movable if found[1].key in wish.platform_keys]
    if len(chosen) < len(wish.platform_keys):
        raise InvalidForm(
            {
                "platforms": Refusal(
                    "Not everything that you chose can be moved any more. Close this window and "
                    "look at the card."
                )
            }
        )
    return chosen


def _check_as_seen(tx: Transaction, rows: PostRows, chosen: Sequence[Found], wish: Wish) -> None:
    """Raises InvalidForm for when, where somebody else edited or moved it meanwhile."""
    for placement, _ in chosen:
        if placement.planned_at != wish.seen.get(placement.id or 0):
            raise InvalidForm({"when": _moved_meanwhile(tx, rows, placement)})
    if wish.revision != rows.post.revision_number:
        raise InvalidForm(
            {
                "when": Refusal(
                    "Somebody changed this post meanwhile: {changed_at}. Close this window and "
                    "look at it again.",
                    changed_at=rows.revision.created_at,
                )
            }
        )


def _moved_meanwhile(tx: Transaction, rows: PostRows, placement: Placement) -> Refusal:
    entry = last_entry(tx.session, "post", rows.post.id or 0)
    if placement.planned_at is None:
        return Refusal(
            "Somebody took the date away meanwhile, so it waits in the backlog now. Close this "
            "window and look at it again."
        )
    if entry is None or entry.action not in MOVES:
        return Refusal(
            "This is planned for {planned} meanwhile. Close this window and look at it again.",
            planned=placement.planned_at,
        )
    return Refusal(
        "{who} moved this to {planned} meanwhile. Close this window and look at it again.",
        who=Mention(entry.actor.removeprefix("slack:")),
        planned=placement.planned_at,
    )


def _carry_out(
    tx: Transaction, rows: PostRows, by: str, chosen: Sequence[Found], wish: Wish
) -> None:
    post_id = rows.post.id
    assert post_id is not None
    anew = is_decided_anew(tx, rows, by, chosen)
    before = min((p.planned_at for p, _ in chosen if p.planned_at), default=None)
    what = "plan" if before is None else "move_anew" if anew else "move"
    made = Move(by, what, tuple(p.id or 0 for p, _ in chosen), before, wish.at, wish.reason.strip())
    heard = move_news.concerned(tx, rows, made)
    details = {
        "moved": [platform.key for _, platform in chosen],
        "planned_at": wish.at.isoformat(),
        "before": before.isoformat() if before else None,
        "reason": made.reason,
    }
    if anew:
        _write_anew(tx, rows, by, chosen, wish.at)
        tell_of_change(tx, by, what, rows.post, **details)
    else:
        _replan(tx, rows, chosen, wish.at)
        card_of_post(tx, post_id)
        note_step(tx, f"slack:{by}", what, post_id, revision=rows.post.revision_number, **details)
        recount(tx, post_id)  # what was only held can have every approval
    move_news.tell(tx, post_id, made, heard)


def _replan(tx: Transaction, rows: PostRows, chosen: Sequence[Found], at: datetime) -> None:
    """The time alone. Who waits with a decision until an earlier moment still does."""
    for placement, _ in chosen:
        placement.status = rules.after(PlacementStatus(placement.status), PostAction.MOVE)
        held_until = placement.held_until
        plan(tx, placement, at)
        placement.held_until = held_until if held_until and held_until < at else None
    settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
    tx.session.flush()


def _write_anew(
    tx: Transaction, rows: PostRows, by: str, chosen: Sequence[Found], at: datetime
) -> None:
    """A new revision with the same words; a follower is asked anew, too, as after an edit."""
    post, ids = rows.post, {placement.id for placement, _ in chosen}
    left = [placement for placement, _ in rows.placements if placement.status not in OVER]
    for placement in left:
        if not rules.can(PlacementStatus(placement.status), PostAction.EDIT):
            raise Refusal(
                "A part of this post is out already, so only the people who are responsible can "
                "move the rest. Write in the thread which moment you would choose."
            )
    post.revision_number += 1
    add_revision(tx, post, by, replace(proposal_in_rows(rows), planned_at=at))
    for placement in left:
        if placement.id in ids:
            plan(tx, placement, at)
        elif placement.status != PlacementStatus.EXPIRED:
            plan(tx, placement, placement.planned_at)
        else:
            continue
        placement.status = PlacementStatus.PROPOSED
    settle_status(tx, post, [placement for placement, _ in rows.placements])
