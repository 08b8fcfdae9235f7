"""The content calendar: its slots' occurrences, what is planned, and where there is room."""

from datetime import datetime

from bot.actions import occurrences
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import CalendarEntry
from bot.rules import calendar as rules
from bot.rules.posts import PlacementStatus
from storage.models import Occurrence, Platform, Slot
from storage.queries import calendar as queries


@action
def make_occurrences(tx: Transaction) -> int:
    """Occurrences of every slot, and the owners' reminders of them, for the weeks to come.

    Runs often, and adds only what is not there yet. How many occurrences it made.
    """
    made = occurrences.make(tx, queries.active_slots(tx.session), tx.now + rules.AHEAD)
    occurrences.plan_reminders(tx)
    return made


@query
def planned(tx: Transaction, until: datetime | None = None) -> tuple[CalendarEntry, ...]:
    """What is planned from now until then (four weeks, unless told), the soonest first."""
    return planned_entries(tx, until)


def planned_entries(tx: Transaction, until: datetime | None = None) -> tuple[CalendarEntry, ...]:
    end = until or tx.now + rules.PLANNED
    entries = [
        CalendarEntry(
            at=at,
            platform=platform.name,
            title=rules.title_of(text),
            status=PlacementStatus(placement.status),
        )
        for placement, platform, text in queries.planned_placements(tx.session, tx.now, end)
        if (at := placement.planned_at)
    ]
    entries += [
        CalendarEntry(
            occurrence.starts_at,
            platform.name,
            slot.title,
            status=None,
            is_skipped=occurrence.skipped_at is not None,
            moved_from=moved_from(occurrence),
        )
        for occurrence, slot, platform in without_post(tx, tx.now, end)
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.platform)))


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
    for occurrence, slot, platform in free_occurrences(
        tx, soonest, tx.now + rules.AHEAD, apart_from
    ):
        entry = CalendarEntry(occurrence.starts_at, platform.name, slot.title, status=None)
        found.setdefault(platform.key, entry)
    return found


def free_moments(
    tx: Transaction, after: datetime, until: datetime
) -> list[tuple[Occurrence, Slot, Platform]]:
    """Of slots that still wait for a post, in (after, until], the soonest first."""
    return free_occurrences(tx, after, until)


def free_occurrences(
    tx: Transaction, after: datetime, until: datetime, apart_from: int | None = None
) -> list[tuple[Occurrence, Slot, Platform]]:
    return [
        each for each in without_post(tx, after, until, apart_from) if each[0].skipped_at is None
    ]


def without_post(
    tx: Transaction, after: datetime, until: datetime, apart_from: int | None = None
) -> list[tuple[Occurrence, Slot, Platform]]:
    """Occurrences whose platform has no post on that day."""
    taken = queries.taken_days(tx.session, after, until, apart_from)
    return [
        (occurrence, slot, platform)
        for occurrence, slot, platform in queries.upcoming_occurrences(tx.session, after, until)
        if (platform.key, occurrences.day_of(occurrence)) not in taken
    ]


def moved_from(occurrence: Occurrence) -> datetime | None:
    if not occurrences.is_moved(occurrence):
        return None
    return rules.WallTime(occurrence.starts_local, occurrence.zone).at
