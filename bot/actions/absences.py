"""Absences: an owner names the days on which their deputies decide."""

from datetime import date

from bot.actions import decisions
from bot.actions.approvals import people_of, people_of_topic
from bot.actions.transaction import Transaction, action
from bot.actions.views import AbsenceView
from bot.rules.absences import check_days
from bot.rules.calendar import wall_time
from bot.rules.people import PlatformPeople
from bot.rules.refusals import Refusal
from storage.models import Absence
from storage.queries import desk as queries
from storage.queries.posts import active_platforms


@action
def name(tx: Transaction, by: str, first_day: date, last_day: date) -> AbsenceView:
    """Both days included. Days that were named before are replaced.

    Raises InvalidForm for first_day, last_day, and Refusal for who decides on nothing.
    """
    check_days(first_day, last_day, _today(tx))
    if not decides_for_something(tx, by):
        raise Refusal("Only who decides on posts has to say so. Enjoy your days off!")
    named = queries.absence_of(tx.session, by)
    if named is None or (named.first_day, named.last_day) != (first_day, last_day):
        if named is not None:
            _end(tx, named)
        _begin_later(tx, by, first_day, last_day)
    found = absence_view(tx, by)
    assert found is not None
    return found


@action
def come_back(tx: Transaction, by: str) -> None:
    """The absence is over, or does not take place. Raises Refusal where none is named."""
    named = queries.absence_of(tx.session, by)
    if named is None:
        raise Refusal("You are here already, as far as I know. Welcome back!")
    _end(tx, named)
    tx.audit(f"slack:{by}", "come back", "absence", named.id or 0)
    _tell_deputies(tx, named, "absence.over")
    _follow(tx)


@action
def turn_due(tx: Transaction) -> int:
    """What follows when an absence begins, and when it is over; how many did."""
    today = _today(tx)
    turned = queries.absences_to_turn(tx.session, today)
    for absence in turned:
        is_over = absence.last_day < today
        if is_over:
            _end(tx, absence)
        else:
            absence.begun_at = tx.now
            tx.session.add(absence)
        tx.audit("the time", "over" if is_over else "begin", "absence", absence.id or 0)
    if turned:
        _follow(tx)
    return len(turned)


def absence_view(tx: Transaction, by: str) -> AbsenceView | None:
    """The absence that is named and not over."""
    named = queries.absence_of(tx.session, by)
    if named is None or named.last_day < _today(tx):
        return None
    uncovered = [people.name for people in _owned(tx, by) if not set(people.deputies) - {by}]
    has_begun = named.begun_at is not None
    return AbsenceView(named.first_day, named.last_day, tuple(uncovered), has_begun)


def decides_for_something(tx: Transaction, by: str) -> bool:
    return any(by in people.owners + people.deputies for people in _everybody(tx))


def _begin_later(tx: Transaction, by: str, first_day: date, last_day: date) -> None:
    absence = Absence(slack_id=by, first_day=first_day, last_day=last_day, named_at=tx.now)
    if first_day <= _today(tx):
        absence.begun_at = tx.now
    tx.session.add(absence)
    tx.session.flush()
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    tx.audit(f"slack:{by}", "away", "absence", absence.id or 0, **days)
    _tell_deputies(tx, absence, "absence.named")
    _follow(tx)


def _end(tx: Transaction, absence: Absence) -> None:
    absence.ended_at = tx.now
    tx.session.add(absence)
    tx.session.flush()  # before another of the same person


def _follow(tx: Transaction) -> None:
    """Others decide from now on."""
    tx.session.flush()
    tx.absences_changed()
    decisions.recount_all(tx)


def _tell_deputies(tx: Transaction, absence: Absence, kind: str) -> None:
    for deputy in {d for people in _owned(tx, absence.slack_id) for d in people.deputies}:
        if deputy != absence.slack_id:
            names = [p.name for p in _owned(tx, absence.slack_id) if deputy in p.deputies]
            tx.notify_slack(
                deputy,
                kind,
                f"{kind}:{absence.id}:{deputy}",
                who=absence.slack_id,
                first_day=absence.first_day.isoformat(),
                last_day=absence.last_day.isoformat(),
                platforms=names,
                has_begun=absence.begun_at is not None,
            )


def _owned(tx: Transaction, by: str) -> list[PlatformPeople]:
    return [people for people in _everybody(tx) if by in people.owners]


def _everybody(tx: Transaction) -> list[PlatformPeople]:
    """Everybody who decides on anything: each platform's people, each topic's."""
    return [
        *(people_of(tx, platform) for platform in active_platforms(tx.session)),
        *(people_of_topic(tx, topic) for topic in queries.active_topics(tx.session)),
    ]


def _today(tx: Transaction) -> date:
    return wall_time(tx.now, tx.desk.zone).local.date()
