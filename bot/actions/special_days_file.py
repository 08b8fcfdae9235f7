"""A file of special days is brought in: all of it, or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.actions.special_days import all_rows, check_may, day_of, settle
from bot.actions.strategy import LoadReport, report_of
from bot.actions.transaction import Transaction, action
from bot.rules.special_days import SpecialDay, is_same, key_for
from bot.rules.special_days_file import Brought
from bot.rules.topics import folded
from storage.models import SpecialDay as Row


@action
def bring_in(tx: Transaction, by: str | None, days: Sequence[Brought]) -> LoadReport:
    """by: a Slack id; None: the command line. The same file again changes nothing; one of the
    next year adds that year's dates, with the ideas of this year's.

    Raises Refusal for who may not.
    """
    if by is not None:
        check_may(tx, by)
    rows = all_rows(tx)
    tally: Counter[str] = Counter()
    for brought, row in _matched(days, rows):
        tally[_keep(tx, rows, brought, row, by)] += 1
    return report_of(tally)


def _matched(days: Sequence[Brought], rows: Sequence[Row]) -> Iterator[tuple[Brought, Row | None]]:
    """Each day with the row that it is: under the same name at the same time; or, of those that
    are left, the same event or name in the same year, which moved."""
    left = list(rows)
    moved: list[Brought] = []
    for brought in days:
        same = next((row for row in left if is_same(day_of(row), _day(brought))), None)
        if same is None:
            moved.append(brought)
        else:
            left.remove(same)
            yield brought, same
    for brought in moved:
        earlier = next((row for row in left if row.active and _is_earlier(row, brought)), None)
        if earlier is not None:
            left.remove(earlier)
        yield brought, earlier


def _is_earlier(row: Row, brought: Brought) -> bool:
    is_it = row.uid == brought.uid if row.uid and brought.uid else _called(row) == _called(brought)
    return is_it and _year(row.first_day) == _year(brought.first_day)


def _called(day: Row | Brought) -> str:
    return folded(day.name)


def _year(day: date | None) -> int | None:
    """None: it comes every year."""
    return day.year if day else None


def _keep(
    tx: Transaction, rows: list[Row], brought: Brought, row: Row | None, by: str | None
) -> str:
    """What the file does not say stays as it was; for a new year, as it was the year before."""
    if row is not None and not row.active:
        return "unchanged"  # somebody stopped it, and meant it
    before = row or _last_year(rows, brought)
    day = _day(brought, day_of(before) if before else None)
    if row is None:
        key = key_for(brought.name, _year(brought.first_day), {each.key for each in rows})
        kept = Row(key=key, name=brought.name)
        rows.append(kept)
    else:
        kept = row
    kept.uid = brought.uid or kept.uid
    is_changed = settle(kept, replace(day, key=kept.key))
    tx.session.add(kept)
    if row is not None and not is_changed:
        return "unchanged"
    tx.session.flush()
    who = f"slack:{by}" if by else "the command line"
    tx.audit(who, "bring in", "special_day", kept.id or 0, name=kept.name)
    return "added" if row is None else "changed"


def _last_year(rows: Sequence[Row], brought: Brought) -> Row | None:
    """The latest one under this name."""
    named = [row for row in rows if row.active and _called(row) == _called(brought)]
    return max(named, key=lambda row: row.first_day or date.min, default=None)


def _day(brought: Brought, before: SpecialDay | None = None) -> SpecialDay:
    day = before or SpecialDay(key="", name="")
    return replace(
        day,
        name=brought.name,
        rule=brought.rule,
        yearly=brought.yearly,
        first_day=brought.first_day,
        last_day=brought.last_day,
        prepare=day.prepare if brought.prepare is None else brought.prepare,
        ideas=_ideas(brought, day),
    )


def _ideas(brought: Brought, day: SpecialDay) -> tuple[str, ...]:
    """Those of the file first; an idea of a colleague is never lost."""
    return tuple(dict.fromkeys((*(brought.ideas or ()), *day.ideas)))
