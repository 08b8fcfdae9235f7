"""Asking for figures, some days after a post was published: once, and kindly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.figures import answers_for, people_at, tasks_of, theirs
from bot.actions.hours import hours_of
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import PlacementTask
from bot.rules.calendar import ReminderKind
from bot.rules.figures import ASK_AFTER, ASK_AGAIN_AFTER, MOST_TIMES_LATER, ask_at
from bot.rules.posts import PlacementStatus
from bot.rules.reminding import Outcome
from bot.rules.working_hours import next_moment
from storage.models import Placement, Reminder
from storage.queries.figures import figures_of
from storage.queries.reminders import reminders_of
from storage.queries.takedowns import of_placement as takedown_of

MOST_AT_ONCE = 50
"""Placements that one message asks for: their numbers have to fit in what a button carries."""


@dataclass(frozen=True)
class Asked:
    """again_at: when it is asked again, because somebody said "not now"."""

    task: PlacementTask
    again_at: datetime | None

    @property
    def is_open(self) -> bool:
        placement = self.task.placement
        answered = placement.figures or placement.has_no_figures
        return not answered and self.again_at is None


@dataclass(frozen=True)
class AskView:
    """What somebody was asked in one message, as it stands now. may_wait: "not now" is possible."""

    asked: tuple[Asked, ...]
    may_wait: bool

    @property
    def open(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if each.is_open)


def plan(tx: Transaction, placement: Placement, actor: str) -> None:
    """When it was published: whoever posted it by hand is asked, else who gets the tasks."""
    people, poster = people_at(tx, placement), actor.removeprefix("slack:")
    for person in (poster,) if answers_for(people, poster) else people.hands:
        _plan(tx, placement, person, ASK_AFTER)


def settle(tx: Transaction, due: Sequence[Reminder]) -> list[str]:
    """What became of each reminder; what one person is asked at once is one message. Who does not
    work now is asked when they begin."""
    asked: dict[str, list[Reminder]] = {}
    outcomes = []
    for reminder in due:
        tx.session.add(reminder)
        at = next_moment(tx.now, hours_of(tx, reminder.recipient))
        if at > tx.now:
            reminder.due_at, reminder.done_at = at, None
            continue
        reminder.outcome, reminder.done_at = _settle(tx, reminder, asked), tx.now
        outcomes.append(reminder.outcome)
    for person, reminders in asked.items():
        for start in range(0, len(reminders), MOST_AT_ONCE):
            _ask(tx, person, reminders[start : start + MOST_AT_ONCE])
    return outcomes


@query
def show(tx: Transaction, person: str, placement_ids: Sequence[int]) -> AskView:
    planned = reminders_of(tx.session, [ReminderKind.FIGURES], placement_ids)
    mine = [reminder for reminder in planned if reminder.recipient == person]
    again = {each.subject_id: each.due_at for each in mine if each.done_at is None}
    asked = tuple(Asked(task, again.get(task.placement.id)) for task in tasks_of(tx, placement_ids))
    may_wait = any(_may_wait(tx, each.task.placement.id, person) for each in asked if each.is_open)
    return AskView(asked, may_wait)


@action
def not_now(tx: Transaction, by: str, placement_ids: Sequence[int]) -> None:
    """It comes back some days later; twice at most, and a double tap is one."""
    for placement in theirs(tx, by, placement_ids):
        if _is_open(tx, placement) and _may_wait(tx, placement.id or 0, by):
            _plan(tx, placement, by, ASK_AGAIN_AFTER)


@action
def no_figures(tx: Transaction, by: str, placement_ids: Sequence[int]) -> None:
    """Nobody is asked for them any more; they can still be filled in."""
    for placement in theirs(tx, by, placement_ids):
        if _is_open(tx, placement):
            placement.no_figures_since = tx.now
            tx.session.add(placement)
            tx.audit(f"slack:{by}", "no_figures", "placement", placement.id or 0)


def _settle(tx: Transaction, reminder: Reminder, asked: dict[str, list[Reminder]]) -> str:
    placement = tx.session.get_one(Placement, reminder.subject_id)
    if placement.status != PlacementStatus.PUBLISHED:
        return placement.status
    if takedown_of(tx.session, reminder.subject_id):
        return "taken away"  # there is nothing to look at
    if not _is_open(tx, placement):
        return "answered"
    people = people_at(tx, placement)
    if not answers_for(people, reminder.recipient):
        return "no longer theirs"
    instead = people.in_place_of(reminder.recipient)
    for person in instead:
        if person == reminder.recipient:
            asked.setdefault(person, []).append(reminder)
        elif not _planned(tx, placement.id or 0, person):  # else they are asked anyhow
            row = Reminder(
                kind=ReminderKind.FIGURES,
                subject_id=reminder.subject_id,
                recipient=person,
                due_at=reminder.due_at,
                done_at=tx.now,
                outcome=Outcome.SENT,
            )
            tx.session.add(row)
            tx.session.flush()
            asked.setdefault(person, []).append(row)
    return Outcome.SENT if reminder.recipient in instead else Outcome.IN_PLACE


def _ask(tx: Transaction, person: str, reminders: Sequence[Reminder]) -> None:
    tx.notify_slack(
        person,
        "figures.ask",
        f"figures:ask:{reminders[0].id}",
        placement_ids=[reminder.subject_id for reminder in reminders],
    )


def _plan(tx: Transaction, placement: Placement, person: str, days: timedelta) -> None:
    tx.session.add(
        Reminder(
            kind=ReminderKind.FIGURES,
            subject_id=placement.id or 0,
            recipient=person,
            due_at=ask_at(tx.now, days, hours_of(tx, person)),
        )
    )


def _is_open(tx: Transaction, placement: Placement) -> bool:
    has_figures = figures_of(tx.session, [placement.id or 0])
    return placement.no_figures_since is None and not has_figures


def _may_wait(tx: Transaction, placement_id: int, person: str) -> bool:
    """Unless they said "not now" too often, or a moment ago."""
    planned = _planned(tx, placement_id, person)
    is_to_come = any(each.done_at is None for each in planned)
    return not is_to_come and len(planned) <= MOST_TIMES_LATER


def _planned(tx: Transaction, placement_id: int, person: str) -> list[Reminder]:
    every = reminders_of(tx.session, [ReminderKind.FIGURES], [placement_id])
    return [reminder for reminder in every if reminder.recipient == person]
