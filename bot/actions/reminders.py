"""Reminders that are due: looked at again, and told, each person's in one message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

from bot.actions import escalating, figures_asked, takedowns
from bot.actions.hours import hours_of
from bot.actions.morning import settle_morning
from bot.actions.reminder_following import again, show, withdraw_open
from bot.actions.reminder_subjects import OfPlacement, Subject, Subjects
from bot.actions.transaction import Desk, Transaction, action
from bot.actions.weekly import settle_note
from bot.rules.calendar import OF_PLACEMENTS, ReminderKind
from bot.rules.reminding import BEFORE, Outcome, Stage
from bot.rules.working_hours import next_moment
from storage.models import Reminder, ReminderMessage
from storage.queries import reminders as queries
from storage.queries.notices import find_card

AT_ONCE = 10
"""So many are looked at in one transaction: whoever presses a button waits no longer than that."""

TOGETHER = timedelta(minutes=1)
"""A message that is not there yet takes what becomes due so soon after it was made."""

CARD = "reminder_message.card"

_NOTES: Mapping[str, Callable[[Transaction, Reminder], str]] = {
    ReminderKind.WEEKLY_NOTE: settle_note,
    ReminderKind.MORNING_NOTE: settle_morning,
    ReminderKind.TAKEDOWN: takedowns.settle,
}
"""Messages of their own, which come with no other reminder."""


@dataclass(frozen=True)
class Portion:
    settled: int
    sent: int


async def send_due(desk: Desk) -> int:
    """Everything that is due and still matters is told; how many reminders were."""
    sent = 0
    while (portion := await _send_some(desk)).settled:
        sent += portion.sent
    return sent


@action
def withdraw_needless(tx: Transaction) -> None:
    """Moments and days that are over, or have a post by now, are asked for no more."""
    withdraw_open(tx, ReminderKind.OCCURRENCE, ReminderKind.SPECIAL_DAY)


@action
def _send_some(tx: Transaction) -> Portion:
    telling = _Telling(tx)
    due = queries.claim_due(tx.session, tx.now, AT_ONCE)
    telling.subjects.look_up([r.subject_id for r in due if r.kind in OF_PLACEMENTS])
    figures = [reminder for reminder in due if reminder.kind == ReminderKind.FIGURES]
    for reminder in due:
        if reminder.kind != ReminderKind.FIGURES:
            reminder.outcome = telling.settle(reminder)
            tx.session.add(reminder)
    asked = figures_asked.settle(tx, figures).count(Outcome.SENT)
    return Portion(len(due), telling.sent + asked)


class _Telling:
    """One look at what is due. What one person is told at once is one message."""

    def __init__(self, tx: Transaction) -> None:
        self.tx, self.subjects, self.sent = tx, Subjects(tx), 0
        self._messages: dict[str, ReminderMessage] = {}
        self._hours = cache(partial(hours_of, tx))

    def settle(self, reminder: Reminder) -> str:
        """Tells it, or says why it is not needed."""
        if settle_note := _NOTES.get(reminder.kind):
            return self._note(settle_note(self.tx, reminder))
        subject = self._looked_at(reminder)
        if why_not := self._why_not(subject, reminder):
            return why_not
        people = self._receivers(subject, reminder)
        if people == (reminder.recipient,):
            return self._tell(reminder)
        for person in people:
            theirs = again(self.tx, reminder, person, self.tx.now)
            theirs.done_at = self.tx.now
            theirs.outcome = subject.why_not(theirs) or self._tell(theirs)
        return Outcome.IN_PLACE if people else Outcome.AWAY

    def _note(self, outcome: str) -> str:
        self.sent += outcome == Outcome.SENT
        return outcome

    def _looked_at(self, reminder: Reminder) -> Subject:
        """As it stands now; from a deputy's moment on, with the deputies deciding, too."""
        subject = self.subjects.of(reminder)
        if (
            reminder.kind == ReminderKind.DECIDE
            and reminder.stage == Stage.DEPUTY
            and isinstance(subject, OfPlacement)
            and subject.is_asking(reminder)
            and escalating.escalate_for(self.tx, reminder.recipient, subject)
        ):
            self.tx.session.flush()
            self.subjects.forget()
            return self.subjects.of(reminder)
        return subject

    def _why_not(self, subject: Subject, reminder: Reminder) -> str | None:
        """As the subject says; but whom somebody stands in for need not be able themselves."""
        why_not = subject.why_not(reminder)
        if why_not == Outcome.NO_LONGER_THEIRS and reminder.recipient in self.tx.away:
            return None if self._receivers(subject, reminder) else why_not
        return why_not

    def _receivers(self, subject: Subject, reminder: Reminder) -> tuple[str, ...]:
        """Who is told: they themselves, or whoever is there in their place."""
        person, away = reminder.recipient, self.tx.away
        if person not in away or reminder.stage in (Stage.AGAIN, Stage.PROPOSER):
            return (person,)
        if reminder.stage == Stage.OWNER:
            return subject.in_place_of(person)
        is_last = reminder.stage == Stage.ADMIN and away.issuperset(self.tx.desk.admins)
        return (person,) if is_last else ()

    def _tell(self, reminder: Reminder) -> str:
        """In their working hours: now, or when they begin the next time."""
        tx, person = self.tx, reminder.recipient
        at = next_moment(tx.now, self._hours(person))
        if at > tx.now:
            return self._later(reminder, at)
        message = self._message_for(person)
        same = queries.reminders_for(tx.session, reminder.kind, reminder.subject_id, person)
        if any(each.message_id == message.id for each in same):
            return Outcome.TOLD_ALREADY
        reminder.message_id = message.id
        self.sent += 1
        return Outcome.SENT

    def _later(self, reminder: Reminder, at: datetime) -> str:
        about_at = reminder.about_at if reminder.kind in BEFORE else None
        if about_at is not None and at >= about_at:
            return Outcome.TOO_LATE
        again(self.tx, reminder, reminder.recipient, at, reminder.given_by)
        return Outcome.LATER

    def _message_for(self, person: str) -> ReminderMessage:
        if person in self._messages:
            return self._messages[person]
        message = self._unsent(person)
        if message is None:
            message = ReminderMessage(recipient=person, made_at=self.tx.now)
            self.tx.session.add(message)
            self.tx.session.flush()
        self._messages[person] = message
        show(self.tx, person, message.id or 0)
        return message

    def _unsent(self, person: str) -> ReminderMessage | None:
        """Made a moment ago, and still on its way."""
        newest = queries.newest_message(self.tx.session, person)
        if newest is None or newest.made_at + TOGETHER < self.tx.now:
            return None
        is_there = find_card(self.tx.session, CARD, newest.id or 0, person)
        return None if is_there else newest
