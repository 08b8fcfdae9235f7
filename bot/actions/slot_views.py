"""Slots, the fixed moments of the calendar, as people see them and as their form needs them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from bot.actions.approvals import people_of
from bot.actions.transaction import Transaction, query
from bot.actions.views import Choice
from bot.rules.calendar import Skip, wall_time
from bot.rules.people import may_plan
from bot.rules.recurrence import left_of_count
from bot.rules.refusals import Mention, NotThere, Refusal
from bot.rules.slot_choices import Choices, Often, choices_of
from storage.models import Pillar, Platform, Slot
from storage.queries import calendar as queries
from storage.queries.posts import active_platforms


@dataclass(frozen=True)
class SlotView:
    id: int
    platform_key: str
    platform: str
    pillar: Choice | None
    title: str
    rule: str
    time: time
    since: date
    owner: str | None  # Slack user id; None: every owner
    lead: int  # days
    skip: tuple[Skip, ...]
    next_at: datetime | None
    may_change: bool
    state: str  # another one after every change


@dataclass(frozen=True)
class SlotsView:
    slots: tuple[SlotView, ...]
    may_add: bool


@dataclass(frozen=True)
class SlotForm:
    """What the form needs. slot: the one to change, from `first_day` on."""

    slot: SlotView | None
    first_day: date
    choices: Choices
    platforms: tuple[Choice, ...]  # on which this person may add one
    pillars: tuple[Choice, ...]


@query
def show_all(tx: Transaction, by: str) -> SlotsView:
    """Everybody may look."""
    return SlotsView(
        tuple(_views(tx, by, queries.slots_in_order(tx.session))), bool(_platforms(tx, by))
    )


@query
def form(
    tx: Transaction, by: str, slot_id: int | None = None, first_day: date | None = None
) -> SlotForm:
    """slot_id: to change it, from that day on (unless told: today, or when it begins).

    Raises Refusal for who may not, NotThere for a slot that was stopped.
    """
    pillars = tx.session.exec(
        select(Pillar).where(col(Pillar.active)).order_by(col(Pillar.position))
    )
    choices = tuple(Choice(each.key, each.name) for each in pillars)
    if slot_id is None:
        platforms = _platforms(tx, by)
        if not platforms:
            raise Refusal(
                "Only the people who are responsible for a platform and the administrators can "
                "add a fixed moment."
            )
        first = today(tx) + timedelta(days=1)
        return SlotForm(None, first, Choices(Often.WEEK), platforms, choices)
    slot, platform = slot_of(tx, by, slot_id)
    day = max(first_day or today(tx), today(tx), slot.since)
    return SlotForm(view(tx, by, slot, platform), day, choices_on(slot, day), (), choices)


def slot_of(tx: Transaction, by: str, slot_id: int) -> tuple[Slot, Platform]:
    """For somebody who wants to change it. Raises Refusal, NotThere."""
    slot = tx.session.get(Slot, slot_id)
    if slot is None:
        raise NotThere("This fixed moment is not there any more.")
    platform = tx.session.get_one(Platform, slot.platform_key)
    may_plan(by, people_of(tx, platform), tx.desk.admins)
    if not slot.active or not platform.active:
        raise _stopped(tx, slot)
    return slot, platform


def view(tx: Transaction, by: str, slot: Slot, platform: Platform) -> SlotView:
    (found,) = _views(tx, by, [(slot, platform)])
    return found


def _views(tx: Transaction, by: str, rows: list[tuple[Slot, Platform]]) -> list[SlotView]:
    pillars = {p.key: Choice(p.key, p.name) for p in tx.session.exec(select(Pillar))}
    moments = queries.next_moments(tx.session, tx.now)
    return [
        SlotView(
            id=slot.id or 0,
            platform_key=platform.key,
            platform=platform.name,
            pillar=pillars.get(slot.pillar_key or ""),
            title=slot.title,
            rule=slot.rule,
            time=slot.time,
            since=slot.since,
            owner=slot.owner,
            lead=slot.lead,
            skip=tuple(Skip(each) for each in slot.skip),
            next_at=moments.get(slot.id or 0),
            may_change=_may(tx, by, platform),
            state=state_of(columns_of(slot)),
        )
        for slot, platform in rows
    ]


def _platforms(tx: Transaction, by: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.key, each.name) for each in active_platforms(tx.session) if _may(tx, by, each)
    )


def _may(tx: Transaction, by: str, platform: Platform) -> bool:
    return by in (*platform.owners, *platform.deputies, *tx.desk.admins)


def choices_on(slot: Slot, day: date) -> Choices:
    """What the form shows: of ten times, those that are left on that day."""
    found = choices_of(slot.rule, slot.time, slot.since)
    return replace(found, count=left_of_count(slot.rule, slot.since, day) or found.count)


def columns_of(slot: Slot) -> dict[str, Any]:
    names = ("title", "pillar_key", "rule", "time", "since", "owner", "lead", "skip")
    return {name: getattr(slot, name) for name in names}


def readable(values: dict[str, Any]) -> dict[str, Any]:
    """For the audit trail, which is JSON."""
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in values.items()
    }


def state_of(values: dict[str, Any]) -> str:
    ordered = repr({**readable(values), "skip": sorted(values["skip"])})
    return sha256(ordered.encode()).hexdigest()[:16]


def _stopped(tx: Transaction, slot: Slot) -> NotThere:
    entry = queries.last_entry(tx.session, "slot", slot.id or 0)
    if entry is None or entry.action != "stop":
        return NotThere("This fixed moment was taken out of the strategy file.")
    return NotThere(
        "{who} stopped this fixed moment, {at}. There is nothing left to do.",
        who=Mention(entry.actor.removeprefix("slack:")),
        at=entry.at,
    )


def today(tx: Transaction) -> date:
    return wall_time(tx.now, tx.desk.zone).local.date()
