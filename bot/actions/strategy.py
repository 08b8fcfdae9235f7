"""The strategy: what the file says becomes what is kept."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from bot.actions import decisions, topics
from bot.actions.transaction import Transaction, action, query
from bot.rules import strategy as rules
from bot.rules.calendar import WallTime, wall_time
from storage.models import (
    Call,
    Goal,
    HouseRule,
    Organisation,
    Pillar,
    Platform,
    Slot,
    TargetGroup,
    Topic,
)
from storage.queries import strategy as queries
from storage.queries.posts import undecided_posts

Values = dict[str, Any]


@dataclass(frozen=True)
class LoadReport:
    """How many parts of the strategy (platforms, pillars, slots …) became what."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0  # gone from the file; kept, with its history, and no longer used


@query
def organisation_name(tx: Transaction) -> str:
    """Empty while no strategy was loaded."""
    return queries.organisation_name(tx.session)


@action
def load(tx: Transaction, strategy: rules.Strategy) -> LoadReport:
    """What is kept follows the file; the same file again changes nothing."""
    tally = _keep(tx, Organisation, ("id",), [{"id": 1, "name": strategy.organisation.name}])
    tally += _keep(tx, Platform, ("key",), _in_order(strategy.platforms))
    tally += _keep(tx, TargetGroup, ("key",), _in_order(strategy.target_groups))
    tally += _keep(tx, Pillar, ("key",), _in_order(strategy.pillars))
    tally += _keep(tx, Goal, ("key",), [_goal(goal) for goal in strategy.goals])
    tally += _keep_slots(tx, strategy.slots)
    tally += _keep(tx, HouseRule, ("text",), _in_order(strategy.house_rules))
    tally += _keep(tx, Call, ("key",), [_call(tx, call) for call in strategy.calls])
    tally += _keep(tx, Topic, ("key",), _in_order(strategy.topics))
    report = LoadReport(**tally)
    if report != LoadReport(unchanged=report.unchanged):
        tx.audit("the command line", "load", "strategy", 1, **asdict(report))
        topics.mark(tx, undecided_posts(tx.session, tx.now))
        decisions.recount(tx)
    return report


def _keep(
    tx: Transaction, model: type[SQLModel], named_by: tuple[str, ...], wanted: list[Values]
) -> Counter[str]:
    """Makes the rows of one table what is wanted. A row keeps its history when it retires."""
    known: dict[tuple[Any, ...], Any] = {
        tuple(getattr(row, name) for name in named_by): row
        for row in queries.all_of(tx.session, model)
    }
    tally: Counter[str] = Counter()
    for values in wanted:
        row = known.pop(tuple(values[name] for name in named_by), None)
        tally[_settle(tx, model, row, values)] += 1
    for row in known.values():
        if row.active:
            row.active = False
            tx.session.add(row)
            tally["retired"] += 1
    tx.session.flush()  # before the tables that refer to it
    return tally


def _settle(tx: Transaction, model: type[SQLModel], row: Any, values: Values) -> str:
    if row is None:
        tx.session.add(model(**values))
        return "added"
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return "unchanged"
    for name, value in different.items():
        setattr(row, name, value)
    tx.session.add(row)
    return "changed"


def _in_order(parts: tuple[Any, ...]) -> list[Values]:
    """The order of the file is the order in which people see it."""
    return [
        {**_columns(part), "position": position, "active": True}
        for position, part in enumerate(parts)
    ]


def _columns(part: Any) -> Values:
    """JSON columns keep lists, not tuples."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(part).items()
    }


def _goal(goal: rules.Goal) -> Values:
    values = asdict(goal)
    platform = values.pop("platform")
    return {**values, "platform_key": platform, "active": True}


def _call(tx: Transaction, call: rules.Call) -> Values:
    return {
        "key": call.key,
        "question": call.question,
        "explanation": call.explanation,
        "closes_at": call.closes and _moment(tx, call.closes),
        "active": True,
    }


def _moment(tx: Transaction, closes: datetime) -> datetime:
    """Without a zone in the file it is the time on the wall."""
    return closes if closes.tzinfo else WallTime(closes, tx.desk.zone.key).at


def _keep_slots(tx: Transaction, slots: tuple[rules.Slot, ...]) -> Counter[str]:
    """A slot that comes at other moments begins anew, today; its old moments go."""
    known = {(s.platform_key, s.title): s for s in queries.all_of(tx.session, Slot) if s.active}
    today = wall_time(tx.now, tx.desk.zone).local.date()
    wanted = []
    moved = set(known)
    for slot in slots:
        name = (slot.platform, slot.title)
        row = known.get(name)
        stays = row is not None and (row.rule, row.time) == (slot.rule, slot.time)
        if stays:
            moved.discard(name)
        wanted.append(
            {
                "platform_key": slot.platform,
                "pillar_key": slot.pillar,
                "title": slot.title,
                "rule": slot.rule,
                "time": slot.time,
                "since": row.since if row and stays else today,
                "active": True,
            }
        )
    tally = _keep(tx, Slot, ("platform_key", "title"), wanted)
    if moved:
        ids = [known[name].id or 0 for name in moved]
        queries.remove_occurrences(tx.session, ids, tx.now)
    return tally
