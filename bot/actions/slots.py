"""Slots, the fixed moments of the calendar: added, changed, stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions import occurrences
from bot.actions.approvals import people_of
from bot.actions.slot_views import (
    SlotView,
    choices_on,
    columns_of,
    readable,
    slot_of,
    state_of,
    today,
    view,
)
from bot.actions.transaction import Transaction, action
from bot.rules import calendar as rules
from bot.rules.calendar import Skip, WallTime
from bot.rules.people import may_plan
from bot.rules.recurrence import days, with_end
from bot.rules.refusals import InvalidForm, Mention, NotThere, Refusal
from bot.rules.slot_choices import Choices, choices_of, rule_of
from bot.rules.slots import check_draft, check_some_day_comes
from storage.models import Occurrence, Platform, Slot
from storage.queries import calendar as queries

LONGEST_PAUSE = timedelta(days=366 * 9)
"""Between two days of a rule: 29 February, when a century has no leap day."""


@dataclass(frozen=True)
class SlotDraft:
    """What somebody filled in; the change holds from `first_day` on."""

    title: str
    pillar_key: str | None
    choices: Choices
    time: time
    first_day: date
    skip: tuple[Skip, ...]
    owner: str | None
    lead: int


@dataclass(frozen=True)
class Changed:
    """The slot, and the dates to which something was done that has no place any more."""

    slot: SlotView
    lost: tuple[date, ...] = ()


@action
def add(tx: Transaction, by: str, form_key: str, platform_key: str, draft: SlotDraft) -> SlotView:
    """form_key: the form's own; sent twice it is one slot.

    Raises InvalidForm for the form's fields, Refusal for who may not.
    """
    platform = tx.session.get(Platform, platform_key)
    if platform is None or not platform.active:
        raise NotThere("This platform is not there any more. Open the form once more.")
    may_plan(by, people_of(tx, platform), tx.desk.admins)
    there = queries.slot_named(tx.session, platform_key, draft.title)
    check_draft(draft.title, draft.lead, draft.owner, draft.first_day, people_of(tx, platform))
    values = _values(draft, rule_of(draft.choices, draft.first_day), draft.first_day)
    if there is not None and there.active:
        if _was_sent(tx, there, form_key):
            return view(tx, by, there, platform)
        raise _same_title(draft, platform)
    if draft.first_day < today(tx):
        raise InvalidForm({"first_day": Refusal("This day is over. Choose today or a later one.")})
    check_some_day_comes(values["rule"], draft.time, draft.first_day, draft.skip)
    slot = add_within(tx, f"slack:{by}", there, platform_key, values, form=form_key)
    follow(tx, [slot])
    return view(tx, by, slot, platform)


@action
def change(
    tx: Transaction, by: str, form_key: str, slot_id: int, state: str, draft: SlotDraft
) -> Changed:
    """What was before the draft's first day stays. state: of the slot that the person saw.

    Raises InvalidForm for the form's fields, Refusal where somebody changed it meanwhile.
    """
    slot, platform = slot_of(tx, by, slot_id)
    check_draft(draft.title, draft.lead, draft.owner, draft.first_day, people_of(tx, platform))
    first = max(draft.first_day, today(tx))
    rule, since = _moments(tx, slot, draft, first)
    values = _values(draft, rule, since)
    unchanged = state_of(values) == state_of(columns_of(slot))
    if unchanged or _was_sent(tx, slot, form_key):
        return Changed(view(tx, by, slot, platform))
    if state != state_of(columns_of(slot)):
        raise _changed_meanwhile(tx, slot)
    if draft.title != slot.title and queries.slot_named(tx.session, platform.key, draft.title):
        raise _same_title(draft, platform)
    if first > today(tx) + timedelta(days=366):
        raise InvalidForm({"first_day": Refusal("Choose a day within a year from now.")})
    check_some_day_comes(rule, draft.time, since, draft.skip)
    lost = change_within(tx, f"slack:{by}", slot, values, first, form=form_key)
    follow(tx, [slot])
    return Changed(view(tx, by, slot, platform), lost)


@action
def stop(tx: Transaction, by: str, slot_id: int) -> SlotView:
    """Nothing of it comes any more; what was stays. Raises NotThere where somebody did so."""
    slot, platform = slot_of(tx, by, slot_id)
    slot.active = False
    tx.session.add(slot)
    occurrences.refit(tx, slot, date.min)
    tx.audit(f"slack:{by}", "stop", "slot", slot_id)
    return view(tx, by, slot, platform)


def add_within(
    tx: Transaction,
    who: str,
    there: Slot | None,
    platform_key: str,
    values: dict[str, Any],
    **also: str,
) -> Slot:
    """there: one that was stopped comes again. who: as the audit trail has it."""
    slot = there or Slot(platform_key=platform_key, **values)
    _set(slot, {**values, "active": True})
    tx.session.add(slot)
    tx.session.flush()
    tx.audit(who, "add", "slot", slot.id or 0, **also, **readable(values))
    return slot


def change_within(
    tx: Transaction, who: str, slot: Slot, values: dict[str, Any], first: date, **also: str
) -> tuple[date, ...]:
    """From this day on. The dates to which something was done that has no place any more."""
    before, moves = readable(columns_of(slot)), _when(values) != _when(columns_of(slot))
    if moves:  # what comes until then comes as it was
        start = WallTime(datetime.combine(first, time()), tx.desk.zone.key).at
        occurrences.make(tx, [slot], max(start, tx.now))
    _set(slot, values)
    tx.session.add(slot)
    lost = [_day(each) for each in occurrences.refit(tx, slot, first)] if moves else []
    tx.audit(
        who,
        "change",
        "slot",
        slot.id or 0,
        **also,
        from_day=first.isoformat(),
        before=before,
        **readable(values),
        lost=[day.isoformat() for day in lost],
    )
    return tuple(lost)


def follow(tx: Transaction, slots: Sequence[Slot]) -> None:
    """Makes what is to come of those that were changed."""
    tx.session.flush()
    occurrences.make(tx, slots, tx.now + rules.AHEAD)
    occurrences.plan_reminders(tx)


def _moments(tx: Transaction, slot: Slot, draft: SlotDraft, first: date) -> tuple[str, date]:
    """The rule from this day on, and the day from which it counts.

    Where it comes as often as before, it keeps its step: every second Thursday stays the same
    Thursdays. Where nothing changes at all, it stays as it is.
    """
    rule = rule_of(draft.choices, first, kept=slot.rule)
    shown, chosen = choices_on(slot, first), choices_of(rule, draft.time, first)
    as_often = replace(shown, until=None, count=None) == replace(chosen, until=None, count=None)
    begins_earlier = first < slot.since
    same = shown == chosen and (slot.time, set(slot.skip)) == (draft.time, set(draft.skip))
    if same and not begins_earlier:
        return slot.rule, slot.since
    if begins_earlier or not as_often:
        return rule, first
    endless = with_end(slot.rule, None, None)
    coming = days(endless, slot.time, slot.since, first, first + LONGEST_PAUSE)
    return rule, next(iter(coming), first)


def _values(draft: SlotDraft, rule: str, since: date) -> dict[str, Any]:
    return {
        "title": draft.title.strip(),
        "pillar_key": draft.pillar_key,
        "rule": rule,
        "time": draft.time,
        "since": since,
        "owner": draft.owner,
        "lead": draft.lead,
        "skip": [each.value for each in draft.skip],
    }


def _when(values: dict[str, Any]) -> tuple[Any, ...]:
    """What its moments follow from."""
    return values["rule"], values["time"], values["since"], sorted(values["skip"])


def _set(slot: Slot, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(slot, name, value)


def _was_sent(tx: Transaction, slot: Slot, form_key: str) -> bool:
    """Whether this very form was the last thing that happened to it."""
    entry = queries.last_entry(tx.session, "slot", slot.id or 0)
    return entry is not None and entry.details.get("form") == form_key


def _day(occurrence: Occurrence) -> date:
    return occurrence.starts_local.date()


def _same_title(draft: SlotDraft, platform: Platform) -> InvalidForm:
    refusal = Refusal(
        "{platform} has, or had, a fixed moment with this title already. Choose another title.",
        platform=platform.name,
    )
    return InvalidForm({"title": refusal})


def _changed_meanwhile(tx: Transaction, slot: Slot) -> Refusal:
    entry = queries.last_entry(tx.session, "slot", slot.id or 0)
    if entry is None or not entry.actor.startswith("slack:"):
        return Refusal(
            "This fixed moment was changed meanwhile. Close this form, look at it, and change it "
            "once more."
        )
    return Refusal(
        "{who} changed this fixed moment meanwhile, {at}. Close this form, look at it, and change "
        "it once more.",
        who=Mention(entry.actor.removeprefix("slack:")),
        at=entry.at,
    )
