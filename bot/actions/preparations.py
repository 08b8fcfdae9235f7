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
from bot.rules.topics import folded
from bot.rules.working_hours import begin_on, next_begin
from storage.models import Reminder, SpecialDay
from storage.queries import special_days as queries
from storage.queries.calendar import reminders_of
from storage.queries.posts import active_platforms

AHEAD = timedelta(weeks=5)
"""So long before they are due the reminders are planned."""

SHIFTED = timedelta(weeks=2)
"""So much earlier than it is named a preparation can begin: holidays and weekends are skipped."""


SENT, HAS_A_POST = "sent", "has a post"
FOR_GOOD = (SENT, HAS_A_POST)
"""After another outcome the day can still come: it had moved, or was stopped for a while."""


@action
def plan_preparations(tx: Transaction) -> int:
    """A row for each owner, once for a day and year. Runs often; how many rows it made or moved.

    A day that is nearer than its preparation takes is told the next working morning.
    """
    owners = sorted({owner for people in _platforms(tx) for owner in people.owners})
    rows = [row for row in queries.active_days(tx.session) if row.prepare]
    known: dict[tuple[int, str], list[Reminder]] = defaultdict(list)
    for it in reminders_of(tx.session, ReminderKind.SPECIAL_DAY, [row.id or 0 for row in rows]):
        known[it.subject_id, it.recipient].append(it)
    return sum(
        _plan(tx, row, first, owner, known[row.id or 0, owner])
        for row in rows
        for first in _coming(tx, row, AHEAD)
        for owner in owners
    )


def settle_preparation(tx: Transaction, reminder: Reminder) -> str:
    """Writes the notices, or says why there is none; for when its row is due."""
    row = tx.session.get_one(SpecialDay, reminder.subject_id)
    first = next(_coming(tx, row, SHIFTED), None)
    if not row.active or not row.prepare:
        return "stopped"
    if first is None:
        return "over, or moved"
    theirs = [p for p in _platforms(tx) if reminder.recipient in p.owners]
    if not theirs:
        return "no longer theirs"
    if _is_made(tx, row, first):
        return HAS_A_POST
    for person in {p for people in theirs for p in people.in_place_of(reminder.recipient)}:
        tx.notify_slack(
            person,
            "reminder.special_day",
            f"reminder:special_day:{row.id}:{first.year}:{person}",
            day=row.key,
            first=first.isoformat(),
        )
    return SENT


def _plan(
    tx: Transaction, row: SpecialDay, first: date, owner: str, theirs: list[Reminder]
) -> bool:
    hours = hours_of(tx, owner)
    due_at = begin_on(first - timedelta(weeks=row.prepare), hours)
    is_late = due_at <= tx.now
    if is_late:
        due_at = next_begin(tx.now, hours)
        if due_at >= _begins(tx, first):
            return False
    begins = _begins(tx, first)
    known = next((r for r in theirs if abs(begins - r.due_at) < rules.A_YEAR), None)
    if known is None:
        tx.session.add(
            Reminder(
                kind=ReminderKind.SPECIAL_DAY,
                subject_id=row.id or 0,
                recipient=owner,
                due_at=due_at,
            )
        )
        return True
    if known.outcome in FOR_GOOD or known.due_at == due_at:
        return False
    if is_late and known.due_at < due_at and known.done_at is None:
        return False  # it is due already
    known.due_at, known.done_at, known.outcome = due_at, None, None
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
    begins = _begins(tx, first)
    if queries.is_made_for(tx.session, row.key, begins - rules.A_YEAR):
        return True
    last = max(last for _, last in rules.dates_of(day_of(row), first, first))
    name = folded(row.name)
    planned = queries.planned_words(tx.session, today_of(tx), last)
    return bool(name) and any(f" {name} " in f" {words} " for words in planned)


def _begins(tx: Transaction, first: date) -> datetime:
    return WallTime(datetime.combine(first, time.min), tx.desk.zone.key).at


def _platforms(tx: Transaction) -> list[PlatformPeople]:
    return [people_of(tx, platform) for platform in active_platforms(tx.session)]
