"""Special days: what is coming, and who adds to it. Imports and reminders are rooms next door."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from bot.actions.approvals import people_of
from bot.actions.transaction import Transaction, action, query
from bot.rules import special_days as rules
from bot.rules.calendar import wall_time
from bot.rules.people import PlatformPeople
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.special_days import Repeats, SpecialDate, SpecialDay
from storage.models import Organisation
from storage.models import SpecialDay as Row
from storage.queries import special_days as queries
from storage.queries.posts import active_platforms

AHEAD = timedelta(days=200)
"""How far ahead `/social days` looks."""


@dataclass(frozen=True)
class DaysView:
    """What is coming, and whether this person may change it."""

    dates: tuple[SpecialDate, ...]
    may_change: bool


@dataclass(frozen=True)
class DayForm:
    """What a person filled in for a day."""

    name: str
    first_day: date
    last_day: date | None
    repeats: Repeats
    prepare: int
    ideas: tuple[str, ...]
    target_group_key: str | None = None
    pillar_key: str | None = None


@query
def coming(tx: Transaction, by: str, language: str) -> DaysView:
    """What comes in the next months, the earliest first; a period that goes on counts.

    language: in which the names of public holidays are read.
    """
    today = today_of(tx)
    dates = special_days_between(tx, language, today, today + AHEAD)
    may = rules.may_change(by, tx.desk.admins, _platforms(tx))
    return DaysView(dates, may)


@query
def between(
    tx: Transaction, language: str, first: date, last: date | None = None
) -> tuple[SpecialDate, ...]:
    """What comes on these days; last: four weeks after the first, unless told."""
    return special_days_between(tx, language, first, last or first + timedelta(weeks=4))


@query
def show(tx: Transaction, key: str) -> SpecialDay:
    """Raises NotThere, also where it was stopped."""
    return day_of(_row(tx, key))


@query
def check_may_change(tx: Transaction, by: str) -> None:
    """Before anybody types. Raises Refusal."""
    check_may(tx, by)


def special_days_between(
    tx: Transaction, language: str, first: date, last: date
) -> tuple[SpecialDate, ...]:
    """For every view of the calendar: holidays, days and periods, the earliest first."""
    days = [day_of(row) for row in queries.active_days(tx.session)]
    return rules.between(days, country_of(tx), language, first, last)


def country_of(tx: Transaction) -> str:
    organisation = tx.session.get(Organisation, 1)
    return organisation.country if organisation else ""


def today_of(tx: Transaction) -> date:
    return wall_time(tx.now, tx.desk.zone).local.date()


def day_of(row: Row) -> SpecialDay:
    return SpecialDay(
        key=row.key,
        name=row.name,
        rule=row.rule,
        yearly=row.yearly,
        first_day=row.first_day,
        last_day=row.last_day,
        prepare=row.prepare,
        ideas=tuple(row.ideas),
        target_group=row.target_group_key,
        pillar=row.pillar_key,
    )


@action
def add(tx: Transaction, by: str, form: DayForm) -> SpecialDay:
    """A new day, or the one that is there under this name at this time.

    Raises InvalidForm for name, last_day, ideas, and Refusal for who may not.
    """
    check_may(tx, by)
    day = _filled(form, None)
    row = find_same(tx, day) or _new_row(tx, day)
    _keep(tx, by, row, replace(day, key=row.key), "add")
    return day_of(row)


@action
def change(tx: Transaction, by: str, key: str, seen: str, form: DayForm) -> SpecialDay:
    """seen: version_of the day that the person saw.

    Raises InvalidForm, also where somebody changed it meanwhile; Refusal; NotThere.
    """
    check_may(tx, by)
    row = _row(tx, key)
    day = replace(_filled(form, day_of(row)), key=key)
    if day != day_of(row) and seen != rules.version_of(day_of(row)):
        raise InvalidForm(
            {
                "name": Refusal(
                    "Somebody changed this day while you were typing. "
                    "Close this window and look at it once more."
                )
            }
        )
    _keep(tx, by, row, day, "change")
    return day_of(row)


@action
def stop(tx: Transaction, by: str, key: str) -> None:
    """It comes no more; posts that were made for it stay. Stopped already: nothing happens."""
    check_may(tx, by)
    row = queries.day_with_key(tx.session, key)
    if row is None or not row.active:
        return
    row.active = False
    tx.session.add(row)
    tx.audit(f"slack:{by}", "stop", "special_day", row.id or 0)


@action
def add_idea(tx: Transaction, by: str, key: str, idea: str) -> SpecialDay:
    """Everybody may. An idea that is there already stays there once. Raises InvalidForm: idea."""
    row = _row(tx, key)
    idea = " ".join(idea.split())
    if not idea:
        raise InvalidForm({"idea": Refusal("Write your idea in a few words.")})
    if idea not in row.ideas:
        try:
            rules.check_ideas([*row.ideas, idea])
        except Refusal as refusal:
            raise InvalidForm({"idea": refusal}) from None
        row.ideas = [*row.ideas, idea]
        tx.session.add(row)
        tx.audit(f"slack:{by}", "add idea", "special_day", row.id or 0, idea=idea)
    return day_of(row)


def find_same(tx: Transaction, day: SpecialDay) -> Row | None:
    """What is there under this name, at this very time; stopped ones too."""
    return next(
        (row for row in all_rows(tx) if rules.is_same(day_of(row), day)),
        None,
    )


def all_rows(tx: Transaction) -> list[Row]:
    return queries.all_days(tx.session)


def settle(row: Row, day: SpecialDay) -> bool:
    """The row says what the day says, and it comes again. Whether that changed anything."""
    if row.active and day_of(row) == day:
        return False
    values = asdict(day)
    row.target_group_key, row.pillar_key = values.pop("target_group"), values.pop("pillar")
    row.ideas = list(values.pop("ideas"))
    for name, value in values.items():
        setattr(row, name, value)
    row.active = True
    return True


def _keep(tx: Transaction, by: str, row: Row, day: SpecialDay, what: str) -> None:
    if settle(row, day) or row.id is None:
        tx.session.add(row)
        tx.session.flush()
        tx.audit(f"slack:{by}", what, "special_day", row.id or 0, name=day.name)


def _new_row(tx: Transaction, day: SpecialDay) -> Row:
    year = day.first_day.year if day.first_day else None
    return Row(key=rules.key_for(day.name, year, {row.key for row in all_rows(tx)}), name=day.name)


def _filled(form: DayForm, before: SpecialDay | None) -> SpecialDay:
    """The day that the form means; its key comes later. Raises InvalidForm."""
    errors: dict[str, Refusal] = {}
    name = " ".join(form.name.split())
    if not name or len(name) > rules.MAX_NAME:
        errors["name"] = Refusal(
            "A name has {limit} characters at most, and one at least.", limit=rules.MAX_NAME
        )
    try:
        rules.check_days(
            form.first_day, form.last_day, every_year=form.repeats is not Repeats.NEVER
        )
    except Refusal as refusal:
        errors["last_day"] = refusal
    try:
        rules.check_ideas(form.ideas)
    except Refusal as refusal:
        errors["ideas"] = refusal
    if errors:
        raise InvalidForm(errors)
    return SpecialDay(
        key="",
        name=name,
        **rules.when(form.repeats, form.first_day, form.last_day, before),
        prepare=form.prepare,
        ideas=form.ideas,
        target_group=form.target_group_key,
        pillar=form.pillar_key,
    )


def _row(tx: Transaction, key: str) -> Row:
    row = queries.day_with_key(tx.session, key)
    if row is None or not row.active:
        raise NotThere("This day is not in the calendar any more.")
    return row


def check_may(tx: Transaction, by: str) -> None:
    """Raises Refusal."""
    rules.check_may_change(by, tx.desk.admins, _platforms(tx))


def _platforms(tx: Transaction) -> list[PlatformPeople]:
    return [people_of(tx, platform) for platform in active_platforms(tx.session)]
