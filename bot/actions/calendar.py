"""The content calendar: its slots' occurrences, what is planned, and where there is room."""

from collections.abc import Collection
from datetime import date, datetime

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


def soonest(
    tx: Transaction, until: datetime, most: int | None = None
) -> tuple[tuple[CalendarEntry, ...], int]:
    """What is planned from now until then, the soonest of it; and how much there is in all."""
    free = empty(tx, tx.now, until)
    entries = [*placed(tx, tx.now, until, most), *free]
    in_order = sorted(entries, key=lambda entry: (entry.at, entry.platform))
    total = queries.count_planned(tx.session, tx.now, until) + len(free)
    return tuple(in_order[:most]), total


def placed(
    tx: Transaction, after: datetime, until: datetime, most: int | None = None
) -> list[CalendarEntry]:
    """The placements planned in (after, until], the soonest first."""
    return [
        CalendarEntry(
            at=row.at,
            platform_key=row.platform_key,
            platform=row.platform,
            title=rules.title_of(row.text),
            status=PlacementStatus(row.status),
            post_id=row.post_id,
            placement_id=row.placement_id,
        )
        for row in queries.planned_placements(tx.session, after, until, most)
    ]


def empty(tx: Transaction, after: datetime, until: datetime) -> list[CalendarEntry]:
    """The occurrences in (after, until] that have no post, skipped ones as well."""
    return [_empty(*each) for each in without_post(tx, after, until)]


def _empty(occurrence: Occurrence, slot: Slot, platform: Platform) -> CalendarEntry:
    return CalendarEntry(
        at=occurrence.starts_at,
        platform_key=platform.key,
        platform=platform.name,
        title=slot.title,
        status=None,
        slot_id=slot.id,
        slot_day=occurrence.starts_local.date(),
        is_skipped=occurrence.skipped_at is not None,
        moved_from=_moved_from(occurrence),
    )


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
        found.setdefault(platform.key, _empty(occurrence, slot, platform))
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
    for occurrence, _, platform in free_occurrences(tx, soonest, end):
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


def free_occurrences(
    tx: Transaction, after: datetime, until: datetime, apart_from: int | None = None
) -> list[tuple[Occurrence, Slot, Platform]]:
    """Of slots that still wait for a post, in (after, until], the soonest first."""
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


def _moved_from(occurrence: Occurrence) -> datetime | None:
    if not occurrences.is_moved(occurrence):
        return None
    return rules.WallTime(occurrence.starts_local, occurrence.zone).at
