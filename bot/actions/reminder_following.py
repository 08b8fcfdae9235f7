"""Reminders follow what changes: planned anew, and withdrawn where their cause has gone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, partial

from bot.actions.hours import hours_of
from bot.actions.post_views import post_rows
from bot.actions.refreshing import refresh
from bot.actions.reminder_subjects import OfPlacement, Subjects
from bot.actions.transaction import Transaction
from bot.rules import reminding
from bot.rules.calendar import OF_PLACEMENTS, ReminderKind
from bot.rules.posts import PlacementStatus, PostAction, is_held
from bot.rules.reminding import (
    AFTER,
    BEFORE,
    BY_THEMSELVES,
    HEARD,
    Due,
    HoursOf,
    Outcome,
    People,
    Stage,
)
from bot.rules.working_hours import next_begin
from storage.models import Reminder
from storage.queries import reminders as queries

_K = ReminderKind

Wanted = dict[tuple[ReminderKind, str, datetime], Due]


def follow(tx: Transaction, post_id: int) -> None:
    """Whatever changed about this post: the one place that brings its reminders in step."""
    tx.session.flush()
    rows, subjects, hours = post_rows(tx, post_id), Subjects(tx), cache(partial(hours_of, tx))
    ids = [placement.id or 0 for placement, _ in rows.placements]
    known: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in queries.reminders_of(tx.session, OF_PLACEMENTS, ids):
        known[reminder.subject_id].append(reminder)
    for placement_id in ids:
        subject = subjects.of_placement(placement_id)
        _plan(
            tx,
            subject,
            known[placement_id],
            dict(_wanted(subject, hours, _put_off(tx, known[placement_id]))),
        )
    told = [r for there in known.values() for r in there if r.outcome == Outcome.SENT]
    withdraw(tx, told, subjects)
    follow_moments(tx, {platform.key for _, platform in rows.placements}, subjects)


def follow_moments(tx: Transaction, platform_keys: Iterable[str], subjects: Subjects) -> None:
    """Moments to come that got a post, or lost one."""
    found = queries.moments_on(tx.session, list(platform_keys), tx.now)
    withdraw(tx, [r for r in found if r.outcome == Outcome.SENT], subjects)
    for reminder in found:
        if reminder.outcome == Outcome.HAS_A_POST and not subjects.of(reminder).why_not(reminder):
            reminder.done_at = reminder.outcome = None
            tx.session.add(reminder)


def withdraw_open(tx: Transaction, *kinds: ReminderKind) -> None:
    """For what time alone, or the calendar, makes needless."""
    withdraw(tx, queries.open_reminders(tx.session, kinds), Subjects(tx))


def withdraw(tx: Transaction, told: Iterable[Reminder], subjects: Subjects) -> None:
    """Those of which the cause has gone; every message of these is written anew."""
    messages: dict[int, str] = {}
    for reminder in told:
        gone = subjects.of(reminder).why_not(reminder)
        if gone:
            reminder.outcome = Outcome.WITHDRAWN
            tx.session.add(reminder)
        if reminder.message_id and (gone or reminder.kind in OF_PLACEMENTS):
            messages[reminder.message_id] = reminder.recipient
    for message_id, recipient in messages.items():
        show(tx, recipient, message_id)


def again(
    tx: Transaction, reminder: Reminder, person: str, due_at: datetime, by: str | None = None
) -> Reminder:
    """The same for this person, at that moment; the one that they have then will do.

    by: who hands it over to them.
    """
    same = queries.reminders_for(tx.session, reminder.kind, reminder.subject_id, person)
    found = next((r for r in same if r.due_at == due_at), None) or Reminder(
        kind=reminder.kind,
        subject_id=reminder.subject_id,
        recipient=person,
        due_at=due_at,
    )
    found.stage, found.about_at, found.given_by = Stage.AGAIN, reminder.about_at, by
    found.done_at = found.outcome = found.message_id = None
    tx.session.add(found)
    tx.session.flush()
    return found


def show(tx: Transaction, recipient: str, message_id: int) -> None:
    """The message, as what it tells is now."""
    refresh(tx, recipient, "reminder_message.card", message_id)


def _wanted(
    subject: OfPlacement, hours: HoursOf, put_off: frozenset[str]
) -> Iterator[tuple[tuple[ReminderKind, str, datetime], Due]]:
    """What is to be planned as this placement stands now."""
    tx, placement = subject.tx, subject.placement
    at, kind = placement.planned_at, None
    for kind, people in _missing(subject):
        if kind in AFTER:
            dues = reminding.counted_on(max(at or tx.now, tx.now), AFTER[kind], people, hours)
        elif kind is _K.LINK:
            persons = people.get(Stage.OWNER, ())
            dues = [Due(Stage.OWNER, p, next_begin(tx.now, hours(p))) for p in persons]
        else:
            assert at is not None
            held_until = placement.held_until if is_held(placement, tx.now) else None
            back = reminding.counted_back(at, BEFORE[kind], people, hours)
            dues = reminding.still_to_come(back, at, tx.now, held_until, hours, put_off)
        for due in dues:
            yield (kind, due.person, due.at), due


def _put_off(tx: Transaction, known: Iterable[Reminder]) -> frozenset[str]:
    """Who was to help with a decision, and was not asked yet."""
    return frozenset(
        reminder.recipient
        for reminder in known
        if reminder.kind == _K.DECIDE
        and reminder.stage in (Stage.DEPUTY, Stage.ADMIN)
        and reminder.done_at is None
        and reminder.due_at > tx.now
    )


def _missing(subject: OfPlacement) -> Iterator[tuple[ReminderKind, People]]:
    """Every step that is missing, with who can do something about it, stage by stage."""
    placement, post, admins = subject.placement, subject.rows.post, subject.tx.desk.admins
    is_dated = placement.planned_at is not None and placement.planned_at > subject.tx.now
    says = [say for say in subject.open if say.standing.awaited]
    owners = tuple(dict.fromkeys(o for say in subject.says for o in say.people.owners))
    deputies = tuple(d for d in subject.platform.deputies if d not in subject.platform.owners)
    proposer: People = {Stage.PROPOSER: (post.proposer,)}
    match PlacementStatus(placement.status):
        case PlacementStatus.PROPOSED if is_dated:
            if says:
                yield (
                    _K.DECIDE,
                    {
                        Stage.OWNER: tuple(dict.fromkeys(o for s in says for o in s.people.owners)),
                        Stage.DEPUTY: tuple(
                            dict.fromkeys(d for s in says for d in s.people.deputies)
                        ),
                        Stage.ADMIN: admins,
                    },
                )
            if subject.is_missing(_K.NOBODY):
                yield _K.NOBODY, {Stage.ADMIN: admins}
        case PlacementStatus.CHANGES_REQUESTED if is_dated:
            yield _K.CHANGES, proposer
        case PlacementStatus.APPROVED if is_dated:
            yield _K.PLACEMENT, {Stage.OWNER: owners}
        case PlacementStatus.HANDED:
            by_hand = subject.platform.owners
            yield _K.BY_HAND, {Stage.OWNER: by_hand, Stage.DEPUTY: deputies, Stage.ADMIN: admins}
        case PlacementStatus.PUBLISHED if not placement.link:
            yield _K.LINK, {Stage.OWNER: _who_posted(subject)}
    may_lack = placement.status in (
        PlacementStatus.PROPOSED,
        PlacementStatus.CHANGES_REQUESTED,
        PlacementStatus.APPROVED,
    )
    if is_dated and may_lack and subject.is_missing(_K.IMAGE):
        yield _K.IMAGE, proposer


def _who_posted(subject: OfPlacement) -> tuple[str, ...]:
    placement_id = subject.placement.id or 0
    actor = queries.who_did(subject.tx.session, PostAction.CONFIRM, "placement", placement_id)
    return (actor.removeprefix("slack:"),) if actor.startswith("slack:") else ()


def _plan(tx: Transaction, subject: OfPlacement, known: list[Reminder], wanted: Wanted) -> None:
    """What is not wanted any more is settled; what was settled and is wanted again is reopened.

    What somebody asked for themselves (Stage.AGAIN) stays, and is looked at when it is due.
    """
    at = subject.placement.planned_at
    planned = [r for r in known if r.stage != Stage.AGAIN]
    there = {(_K(r.kind), r.recipient, r.due_at): r for r in known}
    for reminder in planned:
        key = (_K(reminder.kind), reminder.recipient, reminder.due_at)
        is_counted_on = reminder.kind not in BEFORE and not subject.why_not(reminder)
        if key in wanted or is_counted_on:
            continue
        if reminder.done_at is None and reminder.due_at > tx.now:
            reminder.done_at = tx.now
            reminder.outcome = subject.why_not(reminder) or Outcome.PLANNED_ANEW
            tx.session.add(reminder)
    for key, due in wanted.items():
        kind, person, due_at = key
        same = [r for r in known if r.about_at == at and (r.kind, r.recipient) == (kind, person)]
        if any(r.outcome == Outcome.DONE for r in same):
            continue
        if key in there and there[key].outcome in BY_THEMSELVES:
            continue
        if key in there:
            there[key].done_at = there[key].outcome = None
            tx.session.add(there[key])
        elif not _is_known(same, due, kind):
            tx.session.add(
                Reminder(
                    kind=kind,
                    subject_id=subject.placement.id or 0,
                    recipient=person,
                    stage=due.stage,
                    due_at=due_at,
                    about_at=at,
                )
            )


def _is_known(same: list[Reminder], due: Due, kind: ReminderKind) -> bool:
    """Whether what is planned only now, for a moment that is over or that is counted on from, was
    planned before."""
    if kind in BEFORE:
        return due.is_late and any(r.done_at is None or r.outcome in HEARD for r in same)
    return bool(same)
