"""One date of a slot: skipped, moved, handed over; its other dates stay as they are."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import occurrences
from bot.actions.approvals import people_of
from bot.actions.reminder_following import withdraw_open
from bot.actions.slot_views import SlotView, slot_of, view
from bot.actions.transaction import Transaction, action, query
from bot.rules.calendar import ReminderKind, WallTime
from bot.rules.moving import check_moment
from bot.rules.refusals import InvalidForm, Mention, NotThere, Refusal
from bot.rules.slots import check_owner
from storage.models import Occurrence, Platform, Slot
from storage.queries import calendar as queries


@dataclass(frozen=True)
class DateView:
    """One occurrence. `day`, the one that its slot means, names it."""

    slot: SlotView
    day: date
    at: datetime
    meant_at: datetime
    answerable: tuple[str, ...]  # Slack ids of who is reminded
    named_owner: str | None  # for this date alone
    is_skipped: bool
    skipped_by: str | None

    @property
    def is_moved(self) -> bool:
        return self.at != self.meant_at


@dataclass(frozen=True)
class DatesView:
    slot: SlotView
    dates: tuple[DateView, ...]


@query
def show_next(tx: Transaction, by: str, slot_id: int) -> DatesView:
    """Those of the weeks to come. Raises Refusal for who may not change them, NotThere."""
    slot, platform = slot_of(tx, by, slot_id)
    to_come = queries.occurrences_to_come(tx.session, [slot_id], tx.now)
    shown = view(tx, by, slot, platform)
    return DatesView(shown, tuple(_view(shown, each, slot, platform) for each in to_come))


@query
def show(tx: Transaction, by: str, slot_id: int, day: date) -> DateView:
    """Raises Refusal for who may not change it, NotThere."""
    return _Found(tx, by, slot_id, day).view


@action
def skip(tx: Transaction, by: str, slot_id: int, day: date) -> DateView:
    """It does not come. Raises Refusal where somebody else skipped it already."""
    found = _Found(tx, by, slot_id, day)
    occurrence = found.occurrence
    if occurrence.skipped_at is None:
        occurrence.skipped_at, occurrence.skipped_by = tx.now, by
        found.keep("skip")
    elif occurrence.skipped_by != by:
        raise Refusal(
            "{who} skipped this already, {at}. There is nothing left to do.",
            who=Mention(occurrence.skipped_by or ""),
            at=occurrence.skipped_at,
        )
    return found.view


@action
def unskip(tx: Transaction, by: str, slot_id: int, day: date) -> DateView:
    """It comes after all."""
    found = _Found(tx, by, slot_id, day)
    if found.occurrence.skipped_at is not None:
        found.occurrence.skipped_at, found.occurrence.skipped_by = None, None
        found.keep("unskip")
    return found.view


@action
def move(
    tx: Transaction, by: str, slot_id: int, day: date, seen_at: datetime, at: datetime
) -> DateView:
    """It comes at another time. seen_at: where it stood when the person looked.

    Raises InvalidForm for when, Refusal where somebody else moved it meanwhile.
    """
    found = _Found(tx, by, slot_id, day)
    found.check_it_comes()
    check_moment(at, tx.now)
    if found.occurrence.starts_at == at:
        return found.view
    if found.occurrence.starts_at != seen_at:
        raise found.changed_meanwhile()
    found.occurrence.starts_at = at
    found.keep("move", before=seen_at.isoformat(), at=at.isoformat())
    return found.view


@action
def hand_over(
    tx: Transaction, by: str, slot_id: int, day: date, seen_owner: str | None, owner: str | None
) -> DateView:
    """Somebody else is reminded of it; None: whoever is of its other dates.

    Raises InvalidForm for owner, Refusal where somebody else handed it over meanwhile.
    """
    found = _Found(tx, by, slot_id, day)
    found.check_it_comes()
    errors: dict[str, Refusal] = {}
    if owner is not None:
        check_owner(owner, people_of(tx, found.platform), errors)
    if errors:
        raise InvalidForm(errors)
    if found.occurrence.owner == owner:
        return found.view
    if found.occurrence.owner != seen_owner:
        raise found.changed_meanwhile()
    found.occurrence.owner = owner
    found.keep("hand over", before=seen_owner, owner=owner)
    _tell(tx, by, found, owner)
    return found.view


class _Found:
    """An occurrence that somebody wants to change. Raises Refusal, NotThere."""

    def __init__(self, tx: Transaction, by: str, slot_id: int, day: date) -> None:
        self.tx, self.by = tx, by
        self.slot, self.platform = slot_of(tx, by, slot_id)
        occurrence = queries.occurrence_on(tx.session, slot_id, day)
        if occurrence is None:
            raise NotThere(
                "This date is not in the calendar any more: its fixed moment comes on other days "
                "now. You see them with /social slots."
            )
        if occurrence.starts_at <= tx.now:
            raise Refusal("This is over already, so that nothing can be changed about it.")
        self.occurrence = occurrence

    @property
    def view(self) -> DateView:
        shown = view(self.tx, self.by, self.slot, self.platform)
        return _view(shown, self.occurrence, self.slot, self.platform)

    def keep(self, what: str, **details: str | None) -> None:
        """With its reminders, and a line in the audit trail."""
        self.tx.session.add(self.occurrence)
        self.tx.session.flush()
        occurrences.plan_reminders(self.tx)
        withdraw_open(self.tx, ReminderKind.OCCURRENCE)
        day = self.occurrence.starts_local.date().isoformat()
        self.tx.audit(
            f"slack:{self.by}",
            what,
            "occurrence",
            self.occurrence.id or 0,
            slot=self.slot.id,
            day=day,
            **details,
        )

    def check_it_comes(self) -> None:
        if self.occurrence.skipped_at is not None:
            raise Refusal(
                "{who} skipped this, {at}. Undo that first, with /social slots.",
                who=Mention(self.occurrence.skipped_by or ""),
                at=self.occurrence.skipped_at,
            )

    def changed_meanwhile(self) -> Refusal:
        entry = queries.last_entry(self.tx.session, "occurrence", self.occurrence.id or 0)
        if entry is None:
            return Refusal("This was changed meanwhile. Close this form, and look at it again.")
        return Refusal(
            "{who} changed this meanwhile, {at}. Close this form, and look at it again.",
            who=Mention(entry.actor.removeprefix("slack:")),
            at=entry.at,
        )


def _view(shown: SlotView, occurrence: Occurrence, slot: Slot, platform: Platform) -> DateView:
    return DateView(
        slot=shown,
        day=occurrence.starts_local.date(),
        at=occurrence.starts_at,
        meant_at=WallTime(occurrence.starts_local, occurrence.zone).at,
        answerable=occurrences.answerable_for(occurrence, slot, platform),
        named_owner=occurrence.owner,
        is_skipped=occurrence.skipped_at is not None,
        skipped_by=occurrence.skipped_by,
    )


def _is_due(tx: Transaction, found: _Found, owner: str) -> bool:
    dues = occurrences.dues_of(tx, found.occurrence, found.slot, found.platform)
    return any(due.person == owner and due.at <= tx.now for due in dues)


def _tell(tx: Transaction, by: str, found: _Found, owner: str | None) -> None:
    """Whom it is handed over to; where the reminder is due already, that is what tells them."""
    occurrence, slot = found.occurrence, found.slot
    if owner is None or owner == by or _is_due(tx, found, owner):
        return
    day = occurrence.starts_local.date().isoformat()
    tx.notify_slack(
        owner,
        "occurrence.handed",
        f"handed:{slot.id}:{day}:{owner}:{tx.now.isoformat()}",
        slot_id=slot.id,
        day=day,
        by=by,
        title=slot.title,
        platform=found.platform.name,
        at=occurrence.starts_at.isoformat(),
    )
