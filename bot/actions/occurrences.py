"""Occurrences: made for the weeks to come, with reminders, and what a change leaves of them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from bot.actions.hours import hours_of
from bot.actions.refreshing import refresh
from bot.actions.special_days import country_of
from bot.actions.transaction import Transaction
from bot.rules import calendar as rules
from bot.rules import reminding
from bot.rules.calendar import ReminderKind, Skip, WallTime
from bot.rules.reminding import Due, HoursOf, Outcome, Stage
from bot.rules.special_days import public_holidays
from storage.models import Occurrence, Platform, Reminder, Slot
from storage.queries import calendar as queries
from storage.queries.calendar import Planned, ToRemind
from storage.queries.reminders import open_reminders

OVERTAKEN = frozenset({Outcome.SKIPPED, Outcome.PLANNED_ANEW, Outcome.NO_LONGER_THEIRS})
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
    """Of each upcoming occurrence: for whoever answers for it, then the deputies, then the admins,
    at the moments that fit it now.

    Earlier ones stay, and are seen to be overtaken when they are due; where they fit again after
    that, they are due once more.
    """
    platforms = {p.key: p for p in queries.platforms(tx.session)}
    hours = cache(partial(hours_of, tx))
    there = {
        (reminder.subject_id, reminder.recipient, reminder.due_at): reminder
        for reminder in queries.reminders_to_come(tx.session, tx.now)
    }
    for row in queries.upcoming_to_remind(tx.session, tx.now, tx.now + rules.AHEAD):
        for due in _dues(tx, row, platforms[row.platform_key], hours):
            # A later stage that is over before it could be planned is left out.
            if due.stage is Stage.OWNER or due.at > tx.now:
                _plan(tx, there.get((row.id, due.person, due.at)), row, due)


def answerable_for(occurrence: Occurrence, slot: Slot, platform: Platform) -> tuple[str, ...]:
    return rules.answerable(occurrence.owner or slot.owner, platform.owners, platform.deputies)


def dues_of(tx: Transaction, occurrence: Occurrence, slot: Slot, platform: Platform) -> list[Due]:
    """Who is reminded of it, and when."""
    row = ToRemind(
        occurrence.id or 0,
        occurrence.starts_at,
        occurrence.zone,
        occurrence.owner,
        slot.owner,
        slot.lead,
        slot.platform_key,
    )
    return _dues(tx, row, platform, cache(partial(hours_of, tx)))


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
    _let_go(tx, slot, gone)
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


def _dues(tx: Transaction, row: ToRemind, platform: Platform, hours: HoursOf) -> list[Due]:
    first = rules.answerable(row.owner or row.slot_owner, platform.owners, platform.deputies)
    starts = rules.wall_time(row.starts_at, ZoneInfo(row.zone))
    people = {
        Stage.OWNER: first,
        Stage.DEPUTY: tuple(person for person in platform.deputies if person not in first),
        Stage.ADMIN: tx.desk.admins,
    }
    return reminding.of_moment(starts, row.lead, people, hours)


def _plan(tx: Transaction, there: Planned | None, row: ToRemind, due: Due) -> None:
    if there is None:
        tx.session.add(
            Reminder(
                kind=ReminderKind.OCCURRENCE,
                subject_id=row.id,
                recipient=due.person,
                stage=due.stage,
                due_at=due.at,
                about_at=row.starts_at,
            )
        )
    elif there.outcome in OVERTAKEN:
        reminder = tx.session.get_one(Reminder, there.id)
        reminder.done_at, reminder.outcome = None, None
        reminder.stage, reminder.about_at = due.stage, row.starts_at
        tx.session.add(reminder)


def _let_go(tx: Transaction, slot: Slot, gone: Sequence[Occurrence]) -> None:
    """Who was reminded of these reads that they do not come."""
    platform = tx.session.get_one(Platform, slot.platform_key)
    ids = [each.id or 0 for each in gone]
    for reminder in open_reminders(tx.session, [ReminderKind.OCCURRENCE], ids):
        reminder.outcome, reminder.words = Outcome.WITHDRAWN, f"{platform.name}: {slot.title}"
        tx.session.add(reminder)
        refresh(tx, reminder.recipient, "reminder_message.card", reminder.message_id or 0)
