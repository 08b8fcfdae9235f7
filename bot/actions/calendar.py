"""The content calendar: its slots' occurrences, what is planned, and where there is room."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.actions.transaction import Transaction, action, query
from bot.actions.views import CalendarEntry
from bot.rules import calendar as rules
from bot.rules.calendar import ReminderKind
from bot.rules.posts import PlacementStatus
from storage.models import Occurrence, Platform, Reminder, Slot
from storage.queries import calendar as queries


@action
def make_occurrences(tx: Transaction) -> int:
    """Occurrences of every slot, and the owners' reminders of them, for the weeks to come.

    Runs often, and adds only what is not there yet. How many occurrences it made.
    """
    made = sum(_make_for(tx, slot) for slot, _ in queries.active_slots(tx.session))
    tx.session.flush()
    upcoming = queries.upcoming_occurrences(tx.session, tx.now, tx.now + rules.AHEAD)
    _plan_reminders(tx, [(occurrence, platform) for occurrence, _, platform in upcoming])
    return made


@query
def planned(tx: Transaction, until: datetime | None = None) -> tuple[CalendarEntry, ...]:
    """What is planned from now until then (four weeks, unless told), the soonest first."""
    entries, _ = soonest(tx, until or tx.now + rules.PLANNED)
    return entries


def soonest(
    tx: Transaction, until: datetime, most: int | None = None
) -> tuple[tuple[CalendarEntry, ...], int]:
    """What is planned from now until then, the soonest of it; and how much there is in all."""
    rows = queries.planned_placements(tx.session, tx.now, until, most)
    entries = [
        CalendarEntry(at, platform, rules.title_of(text), PlacementStatus(status))
        for at, platform, status, text in rows
        if at is not None
    ]
    free = [
        CalendarEntry(occurrence.starts_at, platform.name, slot.title, status=None)
        for occurrence, slot, platform in _free(tx, tx.now, until)
    ]
    in_order = sorted([*entries, *free], key=lambda entry: (entry.at, entry.platform))
    total = queries.count_planned(tx.session, tx.now, until) + len(free)
    return tuple(in_order[:most]), total


def next_free(tx: Transaction) -> datetime:
    """The next occurrence without a post, with time to write one; else tomorrow morning."""
    soonest = min((entry.at for entry in next_free_of_each(tx).values()), default=None)
    return soonest or rules.usual_time_after(tx.now, tx.desk.zone)


def next_free_of_each(tx: Transaction, apart_from: int | None = None) -> dict[str, CalendarEntry]:
    """By the key of a platform, its next occurrence without a post, with time to write one.

    apart_from: the post that is being edited takes no day. A platform without such an occurrence
    is left out.
    """
    found: dict[str, CalendarEntry] = {}
    soonest = tx.now + rules.TIME_TO_WRITE
    for occurrence, slot, platform in _free(tx, soonest, tx.now + rules.AHEAD, apart_from):
        entry = CalendarEntry(occurrence.starts_at, platform.name, slot.title, status=None)
        found.setdefault(platform.key, entry)
    return found


@query
def free_moments(
    tx: Transaction, platform_keys: Collection[str], most: int
) -> tuple[datetime, ...]:
    """The next ones of these platforms, each on another day; where the calendar has fewer, at the
    usual time on days on which they have no post."""
    return next_moments(tx, platform_keys, most)


def next_moments(
    tx: Transaction, platform_keys: Collection[str], most: int
) -> tuple[datetime, ...]:
    """As `free_moments`, within a transaction."""
    soonest, end = tx.now + rules.TIME_TO_WRITE, tx.now + rules.AHEAD
    moments: dict[date, datetime] = {}
    for occurrence, _, platform in _free(tx, soonest, end):
        if platform.key in platform_keys:
            moments.setdefault(occurrence.starts_local.date(), occurrence.starts_at)
    days = queries.taken_days(tx.session, tx.now, end)
    taken = {day for platform_key, day in days if platform_key in platform_keys}
    at = tx.now
    while len(moments) < most:
        at = rules.usual_time_after(at, tx.desk.zone)
        day = at.astimezone(tx.desk.zone).date()
        if day not in taken:
            moments.setdefault(day, at)
    return tuple(sorted(moments.values())[:most])


def _free(
    tx: Transaction, after: datetime, until: datetime, apart_from: int | None = None
) -> list[tuple[Occurrence, Slot, Platform]]:
    """Occurrences whose platform has no post on that day."""
    taken = queries.taken_days(tx.session, after, until, apart_from)
    return [
        (occurrence, slot, platform)
        for occurrence, slot, platform in queries.upcoming_occurrences(tx.session, after, until)
        if (platform.key, occurrence.starts_local.date()) not in taken
    ]


def _make_for(tx: Transaction, slot: Slot) -> int:
    assert slot.id is not None
    there = queries.occurrence_times(tx.session, slot.id, tx.now)
    missing = [
        moment
        for moment in rules.occurrences(
            slot.rule, slot.time, tx.desk.zone, slot.since, tx.now, tx.now + rules.AHEAD
        )
        if moment.local not in there
    ]
    for moment in missing:
        tx.session.add(
            Occurrence(
                slot_id=slot.id,
                starts_at=moment.at,
                starts_local=moment.local,
                zone=moment.zone,
            )
        )
    return len(missing)


def _plan_reminders(tx: Transaction, upcoming: Sequence[tuple[Occurrence, Platform]]) -> None:
    """One for each owner: who becomes an owner later gets theirs, too."""
    ids = [occurrence.id or 0 for occurrence, _ in upcoming]
    there = {
        (reminder.subject_id, reminder.recipient)
        for reminder in queries.reminders_of(tx.session, ReminderKind.OCCURRENCE, ids)
    }
    for occurrence, platform in upcoming:
        assert occurrence.id is not None
        for owner in platform.owners:
            if (occurrence.id, owner) not in there:
                tx.session.add(
                    Reminder(
                        kind=ReminderKind.OCCURRENCE,
                        subject_id=occurrence.id,
                        recipient=owner,
                        due_at=occurrence.starts_at - rules.REMIND_BEFORE_OCCURRENCE,
                    )
                )
