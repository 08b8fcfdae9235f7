"""The weekly note to the team's channel: published, not published and why, open, planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import pictures
from bot.actions.post_views import post_views
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import DecisionView, PlacementTask, PostView
from bot.rules.calendar import A_WEEK, ReminderKind, monday_of, note_time, wall_time
from bot.rules.posts import PlacementStatus, PostAction
from storage.models import Organisation, Placement, Reminder
from storage.queries import weekly as queries

OFF = "turned off"


@dataclass(frozen=True)
class WeekView:
    """The week before a Monday, 9:00 on the wall, and the week after it."""

    published: tuple[PlacementTask, ...]
    rejected: tuple[tuple[PostView, DecisionView], ...]  # each press once
    expired: tuple[PlacementTask, ...]
    still_open: tuple[PostView, ...]  # as it is now
    planned: tuple[PlacementTask, ...]  # approved


@action
def plan_note(tx: Transaction) -> int:
    """The row of the next note; and of this week's, where the bot was down when it was to be
    written. Runs often; how many rows it made."""
    organisation = tx.session.get(Organisation, 1)
    if organisation is None or not organisation.weekly_note:
        return 0
    this_monday = monday_of(wall_time(tx.now, tx.desk.zone).local.date())
    newest = queries.newest_note(tx.session)
    known = date.fromordinal(newest.subject_id) if newest else date.min
    was_on = newest is not None and newest.outcome != OFF
    wanted = [
        monday
        for monday in (this_monday, this_monday + A_WEEK)
        # Nothing is told of the time before the note was turned on.
        if monday > known and (was_on or note_time(monday, tx.desk.zone) > tx.now)
    ]
    for monday in wanted:
        _plan(tx, monday)
    return len(wanted)


def settle_note(tx: Transaction, reminder: Reminder) -> str:
    """Writes the notice, or says why there is none; for when its row is due."""
    organisation = tx.session.get(Organisation, 1)
    monday = date.fromordinal(reminder.subject_id)
    if organisation is None or not organisation.weekly_note:
        return OFF
    if tx.now >= note_time(monday + A_WEEK, tx.desk.zone):
        return "over"  # the next one tells of a newer week
    tx.notify_slack(
        tx.desk.review_channel,
        "weekly.note",
        f"weekly:{monday.isoformat()}",
        monday=monday.isoformat(),
    )
    pictures.of_month(tx, tx.desk.review_channel, monday, f"weekly:{monday.isoformat()}")
    return "sent"


@query
def show(tx: Transaction, monday: date) -> WeekView:
    """What the note of this Monday tells."""
    end = note_time(monday, tx.desk.zone)
    start, until = (
        note_time(monday - A_WEEK, tx.desk.zone),
        note_time(monday + A_WEEK, tx.desk.zone),
    )
    published = queries.published_between(tx.session, start, end)
    expired = queries.planned_between(tx.session, PlacementStatus.EXPIRED, start, end)
    planned = queries.planned_between(tx.session, PlacementStatus.APPROVED, end, until)
    rejected = queries.rejected_between(tx.session, start, end)
    still_open = queries.open_posts(tx.session)
    placed = [placement.post_id for placement in (*published, *expired, *planned)]
    ids = {*placed, *still_open, *(decision.post_id for decision in rejected)}
    posts = {post.id: post for post in post_views(tx, sorted(ids))}
    presses = dict.fromkeys((d.post_id, d.decided_at) for d in rejected)
    return WeekView(
        published=_tasks(published, posts),
        rejected=tuple((posts[post_id], _rejection(posts[post_id], at)) for post_id, at in presses),
        expired=_tasks(expired, posts),
        still_open=tuple(posts[id] for id in still_open),
        planned=_tasks(planned, posts),
    )


def _rejection(post: PostView, at: datetime) -> DecisionView:
    return next(d for d in post.decisions if d.at == at and d.verdict == PostAction.REJECT)


def _plan(tx: Transaction, monday: date) -> None:
    tx.session.add(
        Reminder(
            kind=ReminderKind.WEEKLY_NOTE,
            subject_id=monday.toordinal(),
            recipient=tx.desk.review_channel,
            due_at=note_time(monday, tx.desk.zone),
        )
    )


def _tasks(
    placements: Sequence[Placement], posts: dict[int, PostView]
) -> tuple[PlacementTask, ...]:
    return tuple(
        PlacementTask(posts[placement.post_id], view)
        for placement in placements
        for view in posts[placement.post_id].placements
        if view.id == placement.id
    )
