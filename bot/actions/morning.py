"""A note at the begin of somebody's working day: when it comes. What it tells is next door."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.actions.hours import hours_of
from bot.actions.transaction import Transaction, action
from bot.rules.calendar import ReminderKind
from bot.rules.working_hours import Hours, begin_on, day_of, next_begin, next_moment
from storage.models import Colleague, Reminder
from storage.queries import morning as queries

SENT, OFF = "sent", "turned off"
LOOKS_BACK = timedelta(weeks=4)
"""Whose last note is longer ago than that begins anew."""


@action
def plan_notes(tx: Transaction) -> int:
    """The row of everybody's next note. Runs often; how many rows it made or moved."""
    return sum(plan_note(tx, person) for person in queries.readers(tx.session))


def plan_note(tx: Transaction, person: str) -> bool:
    """Of one person, if they want it; whether a row was made or moved."""
    row = tx.session.get(Colleague, person)
    if row is None or not row.morning_note:
        return False
    hours = hours_of(tx, person)
    notes = queries.notes_of(tx.session, person, day_of(tx.now, hours) - LOOKS_BACK)
    waiting = next((note for note in notes if note.done_at is None), None)
    newest = next((note for note in notes if note.done_at is not None), None)
    if waiting is not None and waiting.due_at <= tx.now:
        return False  # it is settled at once
    day, due_at = next(_to_come(tx, hours, newest))
    if waiting is None:
        waiting = Reminder(
            kind=ReminderKind.MORNING_NOTE,
            subject_id=day.toordinal(),
            recipient=person,
            due_at=due_at,
        )
    elif waiting.due_at == due_at:
        return False
    waiting.subject_id, waiting.due_at = day.toordinal(), due_at
    tx.session.add(waiting)
    return True


def settle_morning(tx: Transaction, reminder: Reminder) -> str:
    """Writes the notice, or says why there is none; for when its row is due. Whether there is
    anything to tell, is seen at sending."""
    person, day = reminder.recipient, date.fromordinal(reminder.subject_id)
    row = tx.session.get(Colleague, person)
    hours = hours_of(tx, person)
    if row is None or not row.morning_note:
        return OFF
    if day_of(next_moment(tx.now, hours), hours) != day:
        return "over"  # the next one tells of a newer day
    if person in tx.away:
        return "away"
    tx.notify_slack(
        person, "morning.note", f"morning:{day.isoformat()}:{person}", day=day.isoformat()
    )
    return SENT


def _to_come(
    tx: Transaction, hours: Hours, newest: Reminder | None
) -> Iterator[tuple[date, datetime]]:
    """The days of the next notes and when they are due. Today's is due still where it was to
    come while the bot was down, but not where somebody has only now begun to want it."""
    known = date.fromordinal(newest.subject_id) if newest else date.min
    was_on = newest is not None and newest.outcome != OFF
    today = day_of(next_moment(tx.now, hours), hours)
    begin = begin_on(today, hours)
    if today > known and (was_on or begin > tx.now):
        yield today, begin
    while True:
        begin = next_begin(max(begin, tx.now), hours)
        if day_of(begin, hours) > known:
            yield day_of(begin, hours), begin
