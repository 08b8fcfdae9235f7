"""The strategy: what the file says becomes what is kept."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlmodel import SQLModel

from bot.actions import decisions, occurrences, topics
from bot.actions.transaction import Transaction, action, query
from bot.rules import settings
from bot.rules import strategy as rules
from bot.rules.calendar import WallTime, wall_time
from bot.rules.strategy_file import Mistake
from bot.rules.strategy_parts import LISTS
from storage.models import (
    Call,
    Goal,
    HouseRule,
    Organisation,
    Pillar,
    Platform,
    Retention,
    Slot,
    SpecialDay,
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
    left_out: tuple[Mistake, ...] = ()  # rows of a file that are about nothing of ours
    overruled: tuple[str, ...] = ()  # names of what was changed in Slack; now it is as in the file


def report_of(tally: Counter[str], overruled: tuple[str, ...] = ()) -> LoadReport:
    return LoadReport(
        tally["added"],
        tally["changed"],
        tally["unchanged"],
        tally["retired"],
        overruled=overruled,
    )


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
    report = report_of(keep(tx, strategy, from_file=True), overruled)
    if report != LoadReport(unchanged=report.unchanged):
        tx.audit("the command line", "load", "strategy", 1, **asdict(report))
    return report


def as_kept(tx: Transaction) -> rules.Strategy | None:
    organisation = tx.session.get(Organisation, 1)
    if organisation is None:
        return None
    return rules.Strategy(
        organisation=_part(rules.Organisation, organisation),
        retention=retention_kept(tx),
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


def keep(tx: Transaction, strategy: rules.Strategy, *, from_file: bool = False) -> Counter[str]:
    """What is kept becomes this strategy, and what follows from it; how many parts did what.

    from_file: special days that are not in it and were never in a file stay as well.
    """
    tally = _keep(tx, Organisation, ("id",), [{"id": 1, **asdict(strategy.organisation)}])
    tally += _keep_retention(tx, strategy.retention)
    tally += _keep(tx, Platform, ("key",), _in_order(strategy.platforms))
    tally += _keep(tx, TargetGroup, ("key",), _in_order(strategy.target_groups))
    tally += _keep(tx, Pillar, ("key",), _in_order(strategy.pillars))
    tally += _keep(tx, Goal, ("key",), [_goal(goal) for goal in strategy.goals])
    tally += _keep_slots(tx, strategy.slots)
    tally += _keep(tx, HouseRule, ("text",), _in_order(strategy.house_rules))
    tally += _keep(tx, Call, ("key",), [_call(tx, call) for call in strategy.calls])
    tally += _keep(tx, Topic, ("key",), _in_order(strategy.topics))
    tally += _keep(tx, Statement, ("key",), _in_order(strategy.statements))
    tally += _keep_special_days(tx, strategy.special_days, from_file)
    if set(tally) != {"unchanged"}:
        topics.mark(tx, undecided_posts(tx.session, tx.now))
        decisions.recount_all(tx)
    return tally


def retention_kept(tx: Transaction) -> rules.Retention:
    """As the strategy file says it, and else as usual."""
    row = tx.session.get(Retention, 1)
    return _part(rules.Retention, row) if row else rules.Retention()


def reword_house_rule(tx: Transaction, before: str, after: str) -> None:
    """The same rule in other words: it stays one row, unless these words were a rule before."""
    rows = {row.text: row for row in queries.all_of(tx.session, HouseRule)}
    if after not in rows:
        rows[before].text = after
        tx.session.add(rows[before])
        tx.session.flush()


def _keep_retention(tx: Transaction, retention: rules.Retention) -> Counter[str]:
    """Where nobody ever said something else than the usual, there is nothing to keep."""
    if retention == retention_kept(tx):
        return Counter()
    return _keep(tx, Retention, ("id",), [{"id": 1, **asdict(retention)}])


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
    tx: Transaction,
    model: type[SQLModel],
    named_by: tuple[str, ...],
    wanted: list[Values],
    stay: Collection[tuple[Any, ...]] = (),
) -> Counter[str]:
    """Makes the rows of one table what is wanted. A row keeps its history when it retires.

    stay: the names of rows that are there beside what is wanted.
    """
    known: dict[tuple[Any, ...], Any] = {
        tuple(getattr(row, name) for name in named_by): row
        for row in queries.all_of(tx.session, model)
    }
    tally: Counter[str] = Counter()
    for values in wanted:
        row = known.pop(tuple(values[name] for name in named_by), None)
        tally[_settle(tx, model, row, values)] += 1
    for name, row in known.items():
        if row.active and name not in stay:
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
    """A slot that comes at other moments begins anew, today; what does not fit it any more goes."""
    known = {(s.platform_key, s.title): s for s in queries.all_of(tx.session, Slot) if s.active}
    before = {row.id: _moments(row) for row in known.values()}
    wanted = [_slot(tx, slot, known.get((slot.platform, slot.title))) for slot in slots]
    tally = _keep(tx, Slot, ("platform_key", "title"), wanted)
    for row in known.values():
        if not row.active or _moments(row) != before[row.id]:
            occurrences.refit(tx, row, date.min)
    return tally


def _slot(tx: Transaction, slot: rules.Slot, row: Slot | None) -> Values:
    values = _columns(slot)
    platform, pillar = values.pop("platform"), values.pop("pillar")
    today = wall_time(tx.now, tx.desk.zone).local.date()
    stays = row is not None and (row.rule, row.time) == (slot.rule, slot.time)
    since = slot.since or (row.since if row and stays else today)
    return {
        **values,
        "platform_key": platform,
        "pillar_key": pillar,
        "since": since,
        "active": True,
    }


def _moments(row: Slot) -> tuple[Any, ...]:
    """What its moments follow from."""
    return row.rule, row.time, row.since, tuple(row.skip)


def _keep_special_days(
    tx: Transaction, days: tuple[rules.SpecialDay, ...], from_file: bool
) -> Counter[str]:
    """Those that colleagues added or brought in stay, and so do their ideas."""
    known = {day.key: day for day in queries.all_of(tx.session, SpecialDay)}
    wanted = []
    for day in days:
        row = known.pop(day.key, None)
        if row is not None and from_file:
            row.from_file = True
        values = {**columns_of_day(day), "from_file": row.from_file if row else from_file}
        if row is not None and row.active:
            values["ideas"] += [idea for idea in row.ideas if idea not in day.ideas]
        wanted.append({**values, "active": True})
    stay = [day for day in known.values() if not day.from_file]
    return _keep(tx, SpecialDay, ("key",), wanted, stay={(day.key,) for day in stay})


def columns_of_day(day: rules.SpecialDay) -> Values:
    values = _columns(day)
    group, pillar = values.pop("target_group"), values.pop("pillar")
    return {**values, "target_group_key": group, "pillar_key": pillar}


_NAMED_ELSE = {
    "platform": "platform_key",
    "pillar": "pillar_key",
    "target_group": "target_group_key",
    "closes": "closes_at",
}
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
    "special_day": (SpecialDay, rules.SpecialDay, "id"),
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
