"""The owners are reminded when the preparation of a special day begins."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.actions.approvals import people_of
from bot.actions.hours import hours_of
from bot.actions.special_days import day_of, today_of
from bot.actions.transaction import Transaction, action
from bot.rules import special_days as rules
from bot.rules.calendar import ReminderKind, WallTime
from bot.rules.people import PlatformPeople
from bot.rules.reminding import Outcome, Stage
from bot.rules.topics import folded
from bot.rules.working_hours import begin_on, next_begin
from storage.models import Reminder, SpecialDay
from storage.queries import special_days as queries
from storage.queries.posts import active_platforms
from storage.queries.reminders import reminders_of

AHEAD = timedelta(weeks=5)
"""So long before they are due the reminders are planned."""

SHIFTED = timedelta(weeks=2)
"""So much earlier than it is named a preparation can begin: holidays and weekends are skipped."""


MAY_COME = frozenset({Outcome.STOPPED, Outcome.OVER_OR_MOVED, Outcome.NO_LONGER_THEIRS})
"""After these outcomes the day can still come: it had moved, or was stopped for a while."""


@action
def plan_preparations(tx: Transaction) -> int:
    """A row for each owner, once for a day and year. Runs often; how many rows it made or moved.

    A day that is nearer than its preparation takes is told the next working morning.
    """
    owners = sorted({owner for people in platforms(tx) for owner in people.owners})
    rows = [row for row in queries.active_days(tx.session) if row.prepare]
    known: dict[tuple[int, str], list[Reminder]] = defaultdict(list)
    for it in reminders_of(tx.session, [ReminderKind.SPECIAL_DAY], [row.id or 0 for row in rows]):
        known[it.subject_id, it.recipient].append(it)
    return sum(
        _plan(tx, row, first, owner, known[row.id or 0, owner])
        for row in rows
        for first in _coming(tx, row, AHEAD)
        for owner in owners
    )


def why_not(tx: Transaction, row: SpecialDay, reminder: Reminder) -> str | None:
    """None: it asks for a post, and of this person."""
    if not row.active or not row.prepare:
        return Outcome.STOPPED
    first = next_first(tx, row)
    # What was told stays, as long as it is about the same day.
    if first is None or (reminder.message_id and reminder.about_at != begins_at(tx, first)):
        return Outcome.OVER_OR_MOVED
    people = {p for each in platforms(tx) for p in (*each.owners, *each.deputies)}
    if reminder.recipient not in people:
        return Outcome.NO_LONGER_THEIRS
    return Outcome.HAS_A_POST if _is_made(tx, row, first) else None


def next_first(tx: Transaction, row: SpecialDay) -> date | None:
    """Its first day, the next time that it comes and is to be prepared."""
    return next(_coming(tx, row, SHIFTED), None)


def _plan(
    tx: Transaction, row: SpecialDay, first: date, owner: str, theirs: list[Reminder]
) -> bool:
    hours, begins = hours_of(tx, owner), begins_at(tx, first)
    due_at = begin_on(first - timedelta(weeks=row.prepare), hours)
    is_late = due_at <= tx.now
    if is_late:
        due_at = next_begin(tx.now, hours)
        if due_at >= begins:
            return False
    known = next((r for r in theirs if abs(begins - r.due_at) < rules.A_YEAR), None)
    if known is None:
        tx.session.add(
            Reminder(
                kind=ReminderKind.SPECIAL_DAY,
                subject_id=row.id or 0,
                recipient=owner,
                stage=Stage.OWNER,
                due_at=due_at,
                about_at=begins,
            )
        )
        return True
    is_settled = known.done_at is not None and known.outcome not in MAY_COME
    if is_settled or known.due_at == due_at:
        return False
    if is_late and known.due_at < due_at and known.done_at is None:
        return False  # it is due already
    known.due_at, known.done_at, known.outcome = due_at, None, None
    known.about_at = begins
    tx.session.add(known)
    return True


def _coming(tx: Transaction, row: SpecialDay, ahead: timedelta) -> Iterator[date]:
    """Its first days that are still to come, so far before its preparation begins."""
    today = today_of(tx)
    until = today + timedelta(weeks=row.prepare) + ahead
    for first, _ in rules.dates_of(day_of(row), today, until):
        if first > today:
            yield first


def _is_made(tx: Transaction, row: SpecialDay, first: date) -> bool:
    """A post was proposed for it; or one that names it is planned between now and its end."""
    begins = begins_at(tx, first)
    if queries.is_made_for(tx.session, row.key, begins - rules.A_YEAR):
        return True
    last = max(last for _, last in rules.dates_of(day_of(row), first, first))
    name = folded(row.name)
    planned = queries.planned_words(tx.session, today_of(tx), last)
    return bool(name) and any(f" {name} " in f" {words} " for words in planned)


def begins_at(tx: Transaction, first: date) -> datetime:
    return WallTime(datetime.combine(first, time.min), tx.desk.zone.key).at


def platforms(tx: Transaction) -> list[PlatformPeople]:
    return [people_of(tx, platform) for platform in active_platforms(tx.session)]
