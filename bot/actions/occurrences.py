"""Occurrences: made for the weeks to come, with reminders, and what a change leaves of them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.actions.special_days import country_of
from bot.actions.transaction import Transaction
from bot.rules import calendar as rules
from bot.rules.calendar import ReminderKind, Skip, WallTime
from bot.rules.special_days import public_holidays
from storage.models import Occurrence, Platform, Reminder, Slot
from storage.queries import calendar as queries
from storage.queries.calendar import Planned

SKIPPED = "skipped"
PLANNED_ANEW = "planned anew"
NO_LONGER_THEIRS = "no longer theirs"

OVERTAKEN = frozenset({SKIPPED, PLANNED_ANEW, NO_LONGER_THEIRS})
"""Outcomes of a reminder that a later change can make wrong again."""


def make(tx: Transaction, slots: Sequence[Slot], until: datetime) -> int:
    """Occurrences of these slots until then; how many it made.

    A day has one of each slot, whatever became of it, so it makes none where there is one.
    """
    today = rules.wall_time(tx.now, tx.desk.zone).local.date()
    there = queries.occurrence_days(tx.session, [slot.id for slot in slots], today)
    made = 0
    for slot in slots:
        assert slot.id is not None
        for moment in _moments(tx, slot, until):
            if (slot.id, moment.local.date()) not in there:
                made += 1
                tx.session.add(
                    Occurrence(
                        slot_id=slot.id,
                        starts_at=moment.at,
                        starts_local=moment.local,
                        zone=moment.zone,
                    )
                )
    tx.session.flush()
    return made


def plan_reminders(tx: Transaction) -> None:
    """Each upcoming occurrence has one for whoever answers for it, at the moment that fits it now.

    Earlier ones stay, and are seen to be overtaken when they are due; where they fit again after
    that, they are due once more.
    """
    platforms = {p.key: p for p in queries.platforms(tx.session)}
    there = {
        (reminder.subject_id, reminder.recipient, reminder.due_at): reminder
        for reminder in queries.reminders_to_come(tx.session, tx.now)
    }
    for row in queries.upcoming_to_remind(tx.session, tx.now, tx.now + rules.AHEAD):
        platform = platforms[row.platform_key]
        due_at = _due_at(row.starts_at, row.zone, row.lead)
        named = row.owner or row.slot_owner
        for person in rules.answerable(named, platform.owners, platform.deputies):
            _plan(tx, there.get((row.id, person, due_at)), row.id, person, due_at)


def answerable_for(occurrence: Occurrence, slot: Slot, platform: Platform) -> tuple[str, ...]:
    return rules.answerable(occurrence.owner or slot.owner, platform.owners, platform.deputies)


def due_at(occurrence: Occurrence, slot: Slot) -> datetime:
    """When its reminder is due."""
    return _due_at(occurrence.starts_at, occurrence.zone, slot.lead)


def day_of(occurrence: Occurrence) -> date:
    """On the wall, where it stands now."""
    return rules.wall_time(occurrence.starts_at, ZoneInfo(occurrence.zone)).local.date()


def is_moved(occurrence: Occurrence) -> bool:
    return occurrence.starts_at != WallTime(occurrence.starts_local, occurrence.zone).at


def refit(tx: Transaction, slot: Slot, first: date) -> list[Occurrence]:
    """Makes what is still to come of a slot, from this day on, follow its rule of now.

    An occurrence whose day stays takes the new time and keeps what was done to it. The others go,
    with their reminders; those of them to which something was done are returned.
    """
    assert slot.id is not None
    to_come = queries.occurrences_to_come(tx.session, [slot.id], tx.now, first)
    last = max((occurrence.starts_at for occurrence in to_come), default=tx.now) + rules.A_WEEK
    wanted = {moment.local.date(): moment for moment in _moments(tx, slot, last)}
    gone = []
    for occurrence in to_come:
        moment = wanted.get(occurrence.starts_local.date())
        if moment is None or not slot.active:
            gone.append(occurrence)
        elif moment.local != occurrence.starts_local:
            if not is_moved(occurrence):
                occurrence.starts_at = moment.at
            occurrence.starts_local, occurrence.zone = moment.local, moment.zone
            tx.session.add(occurrence)
    lost = [each for each in gone if each.skipped_at or each.owner or is_moved(each)]
    for occurrence in gone:
        tx.session.expunge(occurrence)
    queries.remove_occurrences(tx.session, [each.id or 0 for each in gone])
    return lost


def _moments(tx: Transaction, slot: Slot, until: datetime) -> list[WallTime]:
    return list(
        rules.occurrences(
            slot.rule, slot.time, tx.desk.zone, slot.since, tx.now, until, _left_out(tx, slot)
        )
    )


def _left_out(tx: Transaction, slot: Slot) -> Callable[[date], bool]:
    """Days on which this slot has no occurrence."""
    country = country_of(tx) if Skip.HOLIDAYS in slot.skip else ""

    def is_left_out(day: date) -> bool:
        is_weekend = Skip.WEEKENDS in slot.skip and rules.is_weekend(day)
        return is_weekend or day in public_holidays(country, day.year)

    return is_left_out


def _due_at(starts_at: datetime, zone: str, lead: int) -> datetime:
    return rules.reminder_time(rules.wall_time(starts_at, ZoneInfo(zone)), lead)


def _plan(
    tx: Transaction, there: Planned | None, occurrence_id: int, person: str, due_at: datetime
) -> None:
    if there is None:
        tx.session.add(
            Reminder(
                kind=ReminderKind.OCCURRENCE,
                subject_id=occurrence_id,
                recipient=person,
                due_at=due_at,
            )
        )
    elif there.outcome in OVERTAKEN:
        reminder = tx.session.get_one(Reminder, there.id)
        reminder.done_at, reminder.outcome = None, None
        tx.session.add(reminder)
