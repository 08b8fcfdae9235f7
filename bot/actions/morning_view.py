"""What the note in the morning tells: today, what waits for its reader, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.approvals import people_of
from bot.actions.calendar import empty, placed
from bot.actions.home import home_view
from bot.actions.hours import hours_of
from bot.actions.transaction import Transaction, query
from bot.actions.views import CalendarEntry, HomeView
from bot.rules.calendar import WallTime
from bot.rules.working_hours import A_DAY, Hours, day_of, next_begin
from storage.queries.posts import active_platforms

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class MorningView:
    """today, next: of the platforms for which they are responsible, the soonest first; next is
    what comes after today, till the end of their next working day. home: what waits for them."""

    zone: ZoneInfo  # theirs
    day: date
    next_day: date
    today: tuple[CalendarEntry, ...]
    next: tuple[CalendarEntry, ...]
    home: HomeView

    @property
    def has_anything(self) -> bool:
        home = self.home
        waits = (home.waiting, home.polls_waiting, home.to_post, home.changes_asked)
        return bool(self.today or self.next or any(page.shown for page in waits))


@query
def show(tx: Transaction, person: str, day: date) -> MorningView | None:
    """What the note of this day tells now. None: nothing, or the day is over."""
    if day_of(tx.now, hours_of(tx, person)) > day:
        return None
    view = _view(tx, person, day)
    return view if view.has_anything else None


def _view(tx: Transaction, person: str, day: date) -> MorningView:
    hours = hours_of(tx, person)
    midnight = _midnight(day + A_DAY, hours)
    next_day = day_of(next_begin(midnight - MOMENT, hours), hours)
    return MorningView(
        zone=hours.zone,
        day=day,
        next_day=next_day,
        today=_entries(tx, person, _midnight(day, hours), midnight),
        next=_entries(tx, person, midnight, _midnight(next_day + A_DAY, hours)),
        home=home_view(tx, person),
    )


def _entries(
    tx: Transaction, person: str, start: datetime, end: datetime
) -> tuple[CalendarEntry, ...]:
    """From start till end, of their platforms; fixed moments without a post as long as they are
    to come."""
    people = [people_of(tx, platform) for platform in active_platforms(tx.session)]
    theirs = {each.key for each in people if person in each.owners + each.deputies}
    after, until = start - MOMENT, end - MOMENT
    free = [each for each in empty(tx, max(after, tx.now), until) if not each.is_skipped]
    found = [each for each in [*placed(tx, after, until), *free] if each.platform_key in theirs]
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.platform)))


def _midnight(day: date, hours: Hours) -> datetime:
    return WallTime(datetime.combine(day, time.min), hours.zone.key).at
