"""What somebody does with a reminder: done, later, or handed over to somebody else."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import occurrences
from bot.actions.hours import hours_of
from bot.actions.reminder_following import again, show, withdraw_open
from bot.actions.reminder_subjects import OfMoment, Subject, Subjects
from bot.actions.transaction import Transaction, action, query
from bot.rules import reminding
from bot.rules.calendar import ReminderKind
from bot.rules.people import MOST_TO_ASK
from bot.rules.refusals import InvalidForm, Mention, NotThere, Refusal
from bot.rules.reminding import BEFORE, Outcome, Stage
from bot.texts import N_
from storage.models import Reminder
from storage.queries import reminders as queries

NOTHING_LEFT = N_("There is nothing left to do here: see what the message says now.")


@dataclass(frozen=True)
class PutOffForm:
    """The moments that are offered, in UTC; planned_at: what they have to be in time for."""

    this_afternoon: datetime
    tomorrow: datetime
    planned_at: datetime | None


@action
def done(tx: Transaction, by: str, reminder_id: int) -> None:
    """They hear no more of it; whoever comes next does, as long as it is missing.

    Raises Refusal, NotThere.
    """
    reminder = _theirs(tx, by, reminder_id)
    if reminder.outcome != Outcome.DONE:
        _check_open(reminder)
        _settle(tx, reminder, Outcome.DONE)
        tx.audit(f"slack:{by}", "done", "reminder", reminder_id)


@query
def ask_until(tx: Transaction, by: str, reminder_id: int) -> PutOffForm:
    """Before the form is opened. Raises Refusal, NotThere."""
    reminder = _theirs(tx, by, reminder_id)
    _check_open(reminder)
    hours = hours_of(tx, by)
    return PutOffForm(
        reminding.this_afternoon(tx.now, hours),
        reminding.tomorrow_morning(tx.now, hours),
        _in_time_for(reminder),
    )


@action
def put_off(tx: Transaction, by: str, reminder_id: int, until: datetime) -> datetime:
    """It comes back then, in their working hours: the moment that is returned.

    Raises InvalidForm for until (over, or too late); Refusal, NotThere.
    """
    reminder = _theirs(tx, by, reminder_id)
    if reminder.outcome == Outcome.PUT_OFF and reminder.again_at:
        return reminder.again_at  # the same form, sent twice
    _check_open(reminder)
    try:
        again_at = reminding.put_off(until, tx.now, _in_time_for(reminder), hours_of(tx, by))
    except Refusal as refusal:
        raise InvalidForm({"until": refusal}) from None
    _put_off(tx, reminder, again_at)
    tx.audit(f"slack:{by}", "put off", "reminder", reminder_id, until=again_at.isoformat())
    return again_at


def put_off_task(tx: Transaction, placement_id: int, by: str, until: datetime) -> datetime:
    """A task that stands on a card: it comes back then, in working hours."""
    again_at = reminding.put_off(until, tx.now, None, hours_of(tx, by))
    kind = ReminderKind.BY_HAND
    task = Reminder(kind=kind, subject_id=placement_id, recipient=by, due_at=tx.now)
    _put_off(tx, task, again_at)
    return again_at


@query
def ask_whom(tx: Transaction, by: str, reminder_id: int) -> tuple[str, ...]:
    """Who can do it, too (Slack ids); before the form is opened. Raises Refusal, NotThere."""
    reminder = _theirs(tx, by, reminder_id)
    _check_open(reminder)
    others = _others(tx, Subjects(tx).of(reminder), reminder)
    if not others:
        raise Refusal("Nobody else can do this. Put it off, or ask an administrator for help.")
    return others


@action
def hand_over(tx: Transaction, by: str, reminder_id: int, to: str) -> None:
    """It is theirs from now on, and they hear by whom.

    Raises InvalidForm for to; Refusal, NotThere.
    """
    reminder = _theirs(tx, by, reminder_id)
    if reminder.outcome == Outcome.GIVEN and reminder.given_to == to:
        return  # the same form, sent twice
    _check_open(reminder)
    subject = Subjects(tx).of(reminder)
    others = _others(tx, subject, reminder)
    if to not in others:
        some = tuple(Mention(person) for person in others[:MOST_TO_ASK])
        raise InvalidForm({"to": Refusal("They cannot do this. Choose one of: {who}.", who=some)})
    reminder.given_to = to
    _settle(tx, reminder, Outcome.GIVEN)
    if isinstance(subject, OfMoment):
        _give_moment(tx, subject, reminder, by, to)
    else:
        again(tx, reminder, to, tx.now, by)
    tx.audit(f"slack:{by}", "hand over", "reminder", reminder_id, to=to)


def _theirs(tx: Transaction, by: str, reminder_id: int) -> Reminder:
    reminder = tx.session.get(Reminder, reminder_id)
    if reminder is None:
        raise NotThere("This reminder is not there any more. There is nothing left to do.")
    if reminder.recipient != by:
        raise Refusal("This reminder is for {who}.", who=Mention(reminder.recipient))
    return reminder


def _check_open(reminder: Reminder) -> None:
    if reminder.outcome == Outcome.GIVEN and reminder.given_to:
        raise Refusal(
            "You handed this over to {who}. There is nothing left to do.",
            who=Mention(reminder.given_to),
        )
    if reminder.outcome == Outcome.PUT_OFF and reminder.again_at:
        raise Refusal(
            "You put this off already. I remind you again: {when}.", when=reminder.again_at
        )
    if reminder.outcome != Outcome.SENT:
        raise Refusal(NOTHING_LEFT)


def _in_time_for(reminder: Reminder) -> datetime | None:
    return reminder.about_at if reminder.kind in BEFORE else None


def _others(tx: Transaction, subject: Subject, reminder: Reminder) -> tuple[str, ...]:
    able = subject.who_can(ReminderKind(reminder.kind))
    return tuple(p for p in able if p != reminder.recipient and p not in tx.away)


def _give_moment(tx: Transaction, subject: OfMoment, reminder: Reminder, by: str, to: str) -> None:
    """They answer for this date from now on; their own reminder of it is the one that says so."""
    subject.occurrence.owner = to
    tx.session.add(subject.occurrence)
    tx.session.flush()
    dues = occurrences.dues_of(tx, subject.occurrence, subject.slot, subject.platform)
    due_at = next(due.at for due in dues if due.stage is Stage.OWNER)
    theirs = again(tx, reminder, to, min(due_at, tx.now), by)
    if due_at <= tx.now:
        theirs.stage = Stage.OWNER
    withdraw_open(tx, ReminderKind.OCCURRENCE)


def _put_off(tx: Transaction, reminder: Reminder, again_at: datetime) -> None:
    reminder.again_at = again_at
    _settle(tx, reminder, Outcome.PUT_OFF, until=again_at)
    again(tx, reminder, reminder.recipient, again_at, reminder.given_by)


def _settle(
    tx: Transaction, reminder: Reminder, outcome: Outcome, until: datetime | None = None
) -> None:
    """Of everything that this person was or would be told about the same; until: so far."""
    tx.session.flush()
    for each in queries.reminders_for(
        tx.session, reminder.kind, reminder.subject_id, reminder.recipient
    ):
        is_to_come = each.done_at is None and (until is None or each.due_at <= until)
        if each.outcome != Outcome.SENT and not is_to_come and each is not reminder:
            continue
        each.outcome, each.done_at = outcome, each.done_at or tx.now
        each.again_at, each.given_to = reminder.again_at, reminder.given_to
        tx.session.add(each)
        if each.message_id is not None:
            show(tx, each.recipient, each.message_id)
