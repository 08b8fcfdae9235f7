"""The strategy: what the file says becomes what is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlmodel import SQLModel

from bot.actions import decisions, topics
from bot.actions.transaction import Transaction, action, query
from bot.rules import settings
from bot.rules import strategy as rules
from bot.rules.calendar import WallTime, wall_time
from bot.rules.strategy_parts import LISTS
from storage.models import (
    Call,
    Goal,
    HouseRule,
    Organisation,
    Pillar,
    Platform,
    Slot,
    Statement,
    TargetGroup,
    Topic,
)
from storage.queries import strategy as queries
from storage.queries.posts import undecided_posts

Values = dict[str, Any]
P = TypeVar("P")


@dataclass(frozen=True)
class LoadReport:
    """How many parts of the strategy (platforms, pillars, slots …) became what."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0  # gone from the file; kept, with its history, and no longer used
    overruled: tuple[str, ...] = ()  # names of what was changed in Slack; now it is as in the file


@query
def organisation_name(tx: Transaction) -> str:
    """Empty while no strategy was loaded."""
    return queries.organisation_name(tx.session)


@query
def current(tx: Transaction) -> rules.Strategy | None:
    """What is kept, as the file would say it; None while nothing was loaded."""
    return as_kept(tx)


@action
def load(tx: Transaction, strategy: rules.Strategy) -> LoadReport:
    """What is kept follows the file; the same file again changes nothing."""
    overruled = _overruled(tx, strategy)
    report = LoadReport(**keep(tx, strategy), overruled=overruled)
    if report != LoadReport(unchanged=report.unchanged):
        tx.audit("the command line", "load", "strategy", 1, **asdict(report))
    return report


def as_kept(tx: Transaction) -> rules.Strategy | None:
    organisation = tx.session.get(Organisation, 1)
    if organisation is None:
        return None
    return rules.Strategy(
        organisation=_part(rules.Organisation, organisation),
        **{parts: kept(tx, kind) for kind, parts in LISTS.items()},
    )


def kept(tx: Transaction, kind: str, *, in_use: bool = True) -> tuple[Any, ...]:
    """The parts of one kind, in the order of the strategy as far as it is kept."""
    model, make, order = _KEPT[kind]
    rows: list[Any] = list(queries.all_of(tx.session, model))
    rows.sort(key=lambda row: getattr(row, order))
    parts = tuple(_part(make, row) for row in rows if row.active == in_use)
    if kind == "call":
        return tuple(replace(call, closes=_on_the_wall(tx, call.closes)) for call in parts)
    return parts


def keep(tx: Transaction, strategy: rules.Strategy) -> Counter[str]:
    """What is kept becomes this strategy, and what follows from it; how many parts did what."""
    tally = _keep(tx, Organisation, ("id",), [{"id": 1, **asdict(strategy.organisation)}])
    tally += _keep(tx, Platform, ("key",), _in_order(strategy.platforms))
    tally += _keep(tx, TargetGroup, ("key",), _in_order(strategy.target_groups))
    tally += _keep(tx, Pillar, ("key",), _in_order(strategy.pillars))
    tally += _keep(tx, Goal, ("key",), [_goal(goal) for goal in strategy.goals])
    tally += _keep_slots(tx, strategy.slots)
    tally += _keep(tx, HouseRule, ("text",), _in_order(strategy.house_rules))
    tally += _keep(tx, Call, ("key",), [_call(tx, call) for call in strategy.calls])
    tally += _keep(tx, Topic, ("key",), _in_order(strategy.topics))
    tally += _keep(tx, Statement, ("key",), _in_order(strategy.statements))
    if set(tally) != {"unchanged"}:
        topics.mark(tx, undecided_posts(tx.session, tx.now))
        decisions.recount_all(tx)
    return tally


def reword_house_rule(tx: Transaction, before: str, after: str) -> None:
    """The same rule in other words: it stays one row, unless these words were a rule before."""
    rows = {row.text: row for row in queries.all_of(tx.session, HouseRule)}
    if after not in rows:
        rows[before].text = after
        tx.session.add(rows[before])
        tx.session.flush()


def _overruled(tx: Transaction, strategy: rules.Strategy) -> tuple[str, ...]:
    """What was changed in Slack since the last load, and is something else in this file."""
    in_slack = {
        (entry.details["kind"], key)
        for entry in queries.changes_since_load(tx.session)
        for key in entry.details["keys"]
    }
    before = as_kept(tx)
    if not in_slack or before is None:
        return ()
    return tuple(
        settings.name_of(each.part)
        for each in settings.differences(before, strategy)
        if any((each.kind, key) in in_slack for key in each.keys)
    )


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


_NAMED_ELSE = {"platform": "platform_key", "pillar": "pillar_key", "closes": "closes_at"}
"""Keys of the file whose columns have another name. A slot's and a goal's are keys of others."""


_KEPT: Mapping[str, tuple[type[SQLModel], type[Any], str]] = {
    "platform": (Platform, rules.Platform, "position"),
    "target_group": (TargetGroup, rules.TargetGroup, "position"),
    "pillar": (Pillar, rules.Pillar, "position"),
    "goal": (Goal, rules.Goal, "key"),
    "slot": (Slot, rules.Slot, "id"),
    "house_rule": (HouseRule, rules.HouseRule, "position"),
    "topic": (Topic, rules.Topic, "position"),
    "statement": (Statement, rules.Statement, "position"),
    "call": (Call, rules.Call, "key"),
}
"""For each kind of part: where it is kept, what it is in a strategy, and by what it is ordered."""


def _part(make: type[P], row: Any) -> P:
    """JSON columns keep lists; a part has tuples."""
    values = {}
    for field in fields(cast(Any, make)):
        name = field.name if hasattr(row, field.name) else _NAMED_ELSE[field.name]
        value = getattr(row, name)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return make(**values)


def _on_the_wall(tx: Transaction, closes: datetime | None) -> datetime | None:
    """As people write it, where that says the same moment."""
    if closes is None:
        return None
    local = wall_time(closes, tx.desk.zone)
    return local.local if local.at == closes else closes
