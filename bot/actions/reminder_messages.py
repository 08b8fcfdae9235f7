"""What one message reminds of, as all of that is now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.actions import occurrences
from bot.actions.post_views import post_view
from bot.actions.reminder_subjects import OfMoment, Subjects
from bot.actions.special_days import day_of
from bot.actions.transaction import Transaction, query
from bot.actions.views import PlacementTask, PostView
from bot.rules.calendar import OF_PLACEMENTS, ReminderKind, title_of, wall_time
from bot.rules.reminding import Outcome, Stage
from bot.rules.special_days import SpecialDate, dates_of
from storage.models import Placement, Reminder, ReminderMessage, SpecialDay
from storage.queries import reminders as queries
from storage.queries.calendar import planned_placements


class State(StrEnum):
    """Where one reminder of a message stands."""

    OPEN = "open"
    DONE = "done"
    PUT_OFF = "put off"
    GIVEN = "handed over"
    GONE = "gone"  # its cause


@dataclass(frozen=True)
class MomentView:
    """A moment of the calendar. `day`, the one that its slot means, names it with the slot."""

    slot_id: int
    day: date
    title: str
    platform: str
    at: datetime
    answerable: tuple[str, ...]  # Slack ids
    skipped_by: str | None
    post: str | None  # the first line of what is planned on that day


@dataclass(frozen=True)
class ReminderView:
    """One of them: what is missing, and of what; one of task, moment, day, words is there."""

    id: int
    kind: ReminderKind
    stage: Stage
    recipient: str  # Slack id
    state: State
    about_at: datetime | None  # the moment that it was about when it was told
    again_at: datetime | None
    given_to: str | None  # Slack ids
    given_by: str | None
    task: PlacementTask | None = None
    moment: MomentView | None = None
    day: SpecialDate | None = None
    words: str = ""


@dataclass(frozen=True)
class RemindersView:
    recipient: str
    reminders: tuple[ReminderView, ...]

    @property
    def open(self) -> tuple[ReminderView, ...]:
        return tuple(each for each in self.reminders if each.state is State.OPEN)

    @property
    def closed(self) -> tuple[ReminderView, ...]:
        return tuple(each for each in self.reminders if each.state is not State.OPEN)


A_DAY = timedelta(days=1)

STATES = {
    Outcome.DONE: State.DONE,
    Outcome.PUT_OFF: State.PUT_OFF,
    Outcome.GIVEN: State.GIVEN,
    Outcome.WITHDRAWN: State.GONE,
}


@query
def show(tx: Transaction, message_id: int) -> RemindersView:
    """In the order of what they are about."""
    message = tx.session.get_one(ReminderMessage, message_id)
    looking = _Looking(tx)
    found = queries.reminders_in(tx.session, message_id)
    return RemindersView(message.recipient, tuple(map(looking.at, found)))


class _Looking:
    """Each post looked up once."""

    def __init__(self, tx: Transaction) -> None:
        self.tx, self.subjects = tx, Subjects(tx)
        self._posts: dict[int, PostView] = {}

    def at(self, reminder: Reminder) -> ReminderView:
        kind = ReminderKind(reminder.kind)
        state = STATES.get(Outcome(reminder.outcome or Outcome.SENT), State.OPEN)
        is_there = not reminder.words
        if state is State.OPEN and self.subjects.of(reminder).why_not(reminder):
            state = State.GONE  # since a moment ago
        return ReminderView(
            id=reminder.id or 0,
            kind=kind,
            stage=Stage(reminder.stage),
            recipient=reminder.recipient,
            state=state,
            about_at=reminder.about_at,
            again_at=reminder.again_at,
            given_to=reminder.given_to,
            given_by=reminder.given_by,
            task=self._task(reminder) if kind in OF_PLACEMENTS else None,
            moment=self._moment(reminder) if kind is ReminderKind.OCCURRENCE and is_there else None,
            day=self._day(reminder) if kind is ReminderKind.SPECIAL_DAY else None,
            words=reminder.words,
        )

    def _task(self, reminder: Reminder) -> PlacementTask:
        post_id = self.tx.session.get_one(Placement, reminder.subject_id).post_id
        if post_id not in self._posts:
            self._posts[post_id] = post_view(self.tx, post_id)
        post = self._posts[post_id]
        view = next(each for each in post.placements if each.id == reminder.subject_id)
        return PlacementTask(post, view)

    def _moment(self, reminder: Reminder) -> MomentView:
        subject = self.subjects.of(reminder)
        assert isinstance(subject, OfMoment)
        occurrence, slot, platform = subject.occurrence, subject.slot, subject.platform
        return MomentView(
            slot_id=occurrence.slot_id,
            day=occurrence.starts_local.date(),
            title=slot.title,
            platform=platform.name,
            at=occurrence.starts_at,
            answerable=occurrences.answerable_for(occurrence, slot, platform),
            skipped_by=occurrence.skipped_by if occurrence.skipped_at else None,
            post=self._post_on(subject),
        )

    def _post_on(self, subject: OfMoment) -> str | None:
        day, at = occurrences.day_of(subject.occurrence), subject.occurrence.starts_at
        for planned in planned_placements(self.tx.session, at - A_DAY, at + A_DAY):
            same_day = wall_time(planned.at, self.tx.desk.zone).local.date() == day
            if same_day and planned.platform_key == subject.platform.key:
                return title_of(planned.text)
        return None

    def _day(self, reminder: Reminder) -> SpecialDate:
        row = self.tx.session.get_one(SpecialDay, reminder.subject_id)
        assert reminder.about_at is not None
        first = wall_time(reminder.about_at, self.tx.desk.zone).local.date()
        day = day_of(row)
        last = max((last for _, last in dates_of(day, first, first)), default=first)
        return SpecialDate(first, last, day.name, day)
