"""Somebody's own settings: when they work, and whether they want a note in the morning."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from bot.actions import morning, reminders
from bot.actions.hours import hours_of
from bot.actions.transaction import Transaction, action, query
from bot.rules.refusals import NotThere
from bot.rules.working_hours import Hours, check_hours
from storage.models import Colleague
from storage.queries.home import undecided_placements


@dataclass(frozen=True)
class MyReminders:
    hours: Hours
    morning_note: bool


@query
def show(tx: Transaction, by: str) -> MyReminders:
    row = tx.session.get(Colleague, by)
    return MyReminders(hours_of(tx, by), row is not None and row.morning_note)


@action
def keep(
    tx: Transaction, by: str, days: Collection[int], begin: time, end: time, *, morning_note: bool
) -> MyReminders:
    """What is still to come follows at once.

    days: Monday is 0. Raises InvalidForm for days, ends, and NotThere for who is not known.
    """
    check_hours(days, begin, end)
    row = tx.session.get(Colleague, by)
    if row is None:
        raise NotThere("I do not know you yet. Open the Home tab once more and try again.")
    row.working_days, row.begins, row.ends = sorted(days), begin, end
    row.morning_note = morning_note
    tx.session.add(row)
    tx.session.flush()
    _plan_anew(tx, by)
    return MyReminders(hours_of(tx, by), morning_note)


@action
def live_elsewhere(tx: Transaction, person: str) -> None:
    """Slack names another time zone for them: what is still to come follows."""
    _plan_anew(tx, person)


def _plan_anew(tx: Transaction, person: str) -> None:
    for post_id in dict.fromkeys(each.post_id for each in undecided_placements(tx.session)):
        reminders.plan_for_placements(tx, post_id)
    morning.plan_note(tx, person)
