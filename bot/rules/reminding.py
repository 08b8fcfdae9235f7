"""Who is reminded of what is missing, and when: counted back from the publication, or on from it.

Pure. What counts is working time, on the wall of whoever is reminded (rules/working_hours).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.rules.calendar import ReminderKind, WallTime, reminder_time
from bot.rules.refusals import Refusal
from bot.rules.working_hours import Hours, after, before, next_begin, next_moment

_K = ReminderKind


class Stage(StrEnum):
    """As what somebody is reminded. The later one comes only where the earlier did not help."""

    PROPOSER = "proposer"
    OWNER = "owner"
    DEPUTY = "deputy"
    ADMIN = "admin"
    AGAIN = "again"  # put off, handed over, in somebody's place: not planned, but asked for


class Outcome(StrEnum):
    """What became of a reminder when it was due, and after that."""

    SENT = "sent"  # and still open, as far as anybody saw
    DONE = "done"
    PUT_OFF = "put off"
    GIVEN = "handed over"
    WITHDRAWN = "withdrawn"  # told, and its cause has gone
    TOLD_ALREADY = "told already"  # by another one at the same time
    IN_PLACE = "somebody stands in"
    AWAY = "away"
    LATER = "in working hours"  # by another one, then
    TOO_LATE = "too late"  # no working hours before the publication
    OVER = "over"
    HELD = "held"
    SKIPPED = "skipped"
    STOPPED = "stopped"
    PLANNED_ANEW = "planned anew"
    OVER_OR_MOVED = "over, or moved"
    NO_LONGER_THEIRS = "no longer theirs"
    HAS_A_POST = "has a post"
    NOT_MISSING = "not missing any more"


BY_THEMSELVES = frozenset({Outcome.DONE, Outcome.PUT_OFF, Outcome.GIVEN})
"""What somebody answered stays so."""

HEARD = BY_THEMSELVES | {
    Outcome.SENT,
    Outcome.TOLD_ALREADY,
    Outcome.IN_PLACE,
    Outcome.AWAY,
    Outcome.LATER,
    Outcome.TOO_LATE,
}
"""After these nobody is asked once more because their moment was over."""


@dataclass(frozen=True)
class Step:
    """working: so much working time before the publication, or after it."""

    stage: Stage
    working: timedelta


def _steps(*steps: tuple[Stage, int]) -> tuple[Step, ...]:
    return tuple(Step(stage, timedelta(hours=hours)) for stage, hours in steps)


_BY_THE_PROPOSER = _steps((Stage.PROPOSER, 12), (Stage.PROPOSER, 6))

BEFORE: Mapping[ReminderKind, tuple[Step, ...]] = {
    _K.NOBODY: _steps((Stage.ADMIN, 16), (Stage.ADMIN, 4)),
    _K.OCCURRENCE: _steps((Stage.DEPUTY, 8), (Stage.ADMIN, 4)),  # its owner: the slot's lead
    _K.IMAGE: _BY_THE_PROPOSER,
    _K.CHANGES: _BY_THE_PROPOSER,
    _K.DECIDE: _steps((Stage.OWNER, 8), (Stage.OWNER, 4), (Stage.DEPUTY, 2), (Stage.ADMIN, 1)),
    _K.PLACEMENT: _steps((Stage.OWNER, 1)),
}
"""What can be missing before the publication; the steps of each, the earliest first."""

AFTER: Mapping[ReminderKind, tuple[Step, ...]] = {
    _K.BY_HAND: _steps((Stage.OWNER, 1), (Stage.DEPUTY, 3), (Stage.ADMIN, 8)),
}
"""What can be missing after it. (What was posted without a link is asked the next morning.)"""

A_MOMENT_LATER = timedelta(minutes=15)
"""Between two stages that come late, and so close together."""

AN_HOUR = timedelta(hours=1)
AFTERNOON = time(14)
LATER_TODAY = timedelta(hours=2)


@dataclass(frozen=True)
class Due:
    """When whom. is_late: its own moment was over already when it was planned."""

    stage: Stage
    person: str
    at: datetime
    is_late: bool = False


HoursOf = Callable[[str], Hours]
People = Mapping[Stage, Sequence[str]]


def counted_back(at: datetime, steps: Sequence[Step], people: People, hours: HoursOf) -> list[Due]:
    """From a publication; each in their own working hours, the earliest stage first.

    Where people work at different times, an earlier stage is moved forward, so that nobody is
    asked to help before those who are asked first.
    """
    found: list[Due] = []
    earliest, left = at, timedelta()
    for step in reversed(steps):
        moments = [
            Due(step.stage, person, _back(at, step.working, earliest, left, hours(person)))
            for person in people.get(step.stage, ())
        ]
        if moments:
            earliest, left = min(due.at for due in moments), step.working
        found = moments + found
    return found


def counted_on(at: datetime, steps: Sequence[Step], people: People, hours: HoursOf) -> list[Due]:
    """From the moment at which something had to be done."""
    found: list[Due] = []
    latest, done = at, timedelta()
    for step in steps:
        moments = [
            Due(step.stage, person, _on(at, step.working, latest, done, hours(person)))
            for person in people.get(step.stage, ())
        ]
        if moments:
            latest, done = max(due.at for due in moments), step.working
        found += moments
    return found


def of_moment(starts: WallTime, lead: int, people: People, hours: HoursOf) -> list[Due]:
    """Of a moment without a post: so many days before it for whoever answers for it (Stage.OWNER),
    at the same time on the wall; outside their hours rather earlier. Then the others."""
    later = counted_back(starts.at, BEFORE[_K.OCCURRENCE], people, hours)
    limit = min((due.at for due in later), default=starts.at)
    wanted = reminder_time(starts, lead)
    first = [
        Due(Stage.OWNER, person, _in_time(wanted, limit, hours(person)))
        for person in people.get(Stage.OWNER, ())
    ]
    return first + later


def still_to_come(
    dues: Sequence[Due],
    at: datetime,
    now: datetime,
    held_until: datetime | None,
    hours: HoursOf,
    put_off: Collection[str] = (),
) -> list[Due]:
    """What is left of `counted_back` at this moment.

    put_off: who was to help when a hold is over; it may end earlier, or be prolonged.

    Whose moment was over before it could be planned is reminded when they begin to work the next
    time, if that comes before the publication at `at` and before whoever is asked next. While it
    is held nobody is; whose help is needed in that time hears of it when it is over.
    """
    begin = held_until or now
    kept = [due for due in dues if due.at > begin]
    stages = list(dict.fromkeys(due.stage for due in dues))
    found: list[Due] = []
    for n, stage in enumerate(stages):
        floor = max((due.at for due in found), default=now)
        limit = min((due.at for due in kept if due.stage in stages[n + 1 :]), default=at)
        theirs = [due for due in kept if due.stage == stage]
        have_one = {due.person for due in theirs}
        late = {
            due.person: due for due in dues if due.stage == stage and due.person not in have_one
        }
        found += theirs
        for due in late.values():
            was_put_off = due.person in put_off
            moment = _late(due, now, held_until, floor, hours(due.person), was_put_off)
            if moment is not None and moment < limit:
                found.append(replace(due, at=moment, is_late=True))
    return found


def this_afternoon(now: datetime, hours: Hours) -> datetime:
    """In two hours at the earliest; where that is no working time any more, the next morning."""
    wall = datetime.combine(now.astimezone(hours.zone).date(), AFTERNOON)
    return next_moment(max(WallTime(wall, hours.zone.key).at, now + LATER_TODAY), hours)


def tomorrow_morning(now: datetime, hours: Hours) -> datetime:
    """When they begin on the first working day after today."""
    day = now.astimezone(hours.zone).date() + timedelta(days=1)
    return next_moment(WallTime(datetime.combine(day, time()), hours.zone.key).at, hours)


def put_off(wanted: datetime, now: datetime, planned_at: datetime | None, hours: Hours) -> datetime:
    """When a reminder that somebody puts off comes back: in their working hours.

    planned_at: the publication, where that is what they have to be in time for.
    Raises Refusal where it would come too late, or at no time to come.
    """
    if wanted <= now:
        raise Refusal("This moment is over. Choose one that is still to come.")
    again_at = next_moment(wanted, hours)
    if planned_at is not None and again_at >= planned_at:
        raise Refusal(
            "This is planned for {planned}, and I would remind you only after that: {again}. "
            "Choose an earlier moment, or hand it over to somebody else.",
            planned=planned_at,
            again=again_at,
        )
    return again_at


def _in_time(wanted: datetime, limit: datetime, hours: Hours) -> datetime:
    """Inside the hours, and before the limit; where it has to be earlier, with an hour left."""
    at = wanted if next_moment(wanted, hours) == wanted else before(wanted, AN_HOUR, hours)
    return min(at, before(limit, AN_HOUR, hours))


def _back(
    at: datetime, working: timedelta, earliest: datetime, left: timedelta, hours: Hours
) -> datetime:
    return min(before(at, working, hours), before(earliest, working - left, hours))


def _on(
    at: datetime, working: timedelta, latest: datetime, done: timedelta, hours: Hours
) -> datetime:
    return max(after(at, working, hours), after(latest, working - done, hours))


def _late(
    due: Due,
    now: datetime,
    held_until: datetime | None,
    floor: datetime,
    hours: Hours,
    was_put_off: bool,
) -> datetime | None:
    """After what came before it (floor); None: they hear by themselves that it is held no more."""
    helps = due.stage in (Stage.DEPUTY, Stage.ADMIN)
    if held_until is None and was_put_off and helps:
        moment = next_moment(now, hours)
        if moment == floor == now:
            return moment
    elif held_until is None:
        moment = next_begin(now, hours)
    elif helps and (due.at > now or was_put_off):
        moment = next_moment(held_until, hours)
    else:
        return None
    return moment if moment > floor else next_moment(floor + A_MOMENT_LATER, hours)
