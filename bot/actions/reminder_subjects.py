"""What a reminder is about: whether it is still missing, who can do it, and who stands in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlmodel import col, select

from bot.actions import occurrences, preparations
from bot.actions.approvals import Say, people_of, says_of
from bot.actions.post_views import post_rows
from bot.actions.transaction import Transaction
from bot.rules.calendar import GIVEN_UP, ReminderKind
from bot.rules.people import PlatformPeople
from bot.rules.posts import PlacementStatus, is_held
from bot.rules.reminding import BEFORE, Outcome, Stage
from storage.models import Occurrence, Placement, Platform, Reminder, Slot, SpecialDay
from storage.queries import calendar as queries
from storage.queries.posts import PostRows, load_posts

_K, _S = ReminderKind, PlacementStatus

WHILE_IN: Mapping[ReminderKind, frozenset[PlacementStatus]] = {
    _K.NOBODY: frozenset({_S.PROPOSED}),
    _K.DECIDE: frozenset({_S.PROPOSED}),
    _K.CHANGES: frozenset({_S.CHANGES_REQUESTED}),
    _K.IMAGE: frozenset({_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED}),
    _K.PLACEMENT: frozenset({_S.APPROVED}),
    _K.BY_HAND: frozenset({_S.HANDED}),
    _K.LINK: frozenset({_S.PUBLISHED}),
}
"""Where a placement stands as long as this can be missing."""


class Subject(Protocol):
    def why_not(self, reminder: Reminder) -> str | None:
        """None: it is still missing, and theirs to do; else the outcome of the reminder."""

    def who_can(self, kind: ReminderKind) -> tuple[str, ...]:
        """Who can do it now, and so can be handed the reminder."""

    def in_place_of(self, person: str) -> tuple[str, ...]:
        """Who gets what is meant for this owner."""


class OfPlacement:
    """A post on one platform."""

    def __init__(self, tx: Transaction, rows: PostRows, says: Iterable[Say], id: int) -> None:
        self.tx, self.rows = tx, rows
        self.placement, self.platform = next(p for p in rows.placements if p[0].id == id)
        self.says = [say for say in says if say.placement.id == id]

    def why_not(self, reminder: Reminder) -> str | None:
        kind = _K(reminder.kind)
        if why_not := self._why_not_asked(reminder):
            return why_not
        if not self.is_missing(kind):
            return Outcome.NOT_MISSING
        theirs = _able(self, self.tx, reminder)
        return None if reminder.recipient in theirs else Outcome.NO_LONGER_THEIRS

    def is_asking(self, reminder: Reminder) -> bool:
        """Whether it waits at this moment, whoever it is that can do it."""
        return self._why_not_asked(reminder) is None

    def _why_not_asked(self, reminder: Reminder) -> str | None:
        kind, placement, now = _K(reminder.kind), self.placement, self.tx.now
        if placement.status not in WHILE_IN[kind]:
            return placement.status
        if kind in BEFORE:
            if placement.planned_at is None or placement.planned_at != reminder.about_at:
                return Outcome.PLANNED_ANEW
            if placement.planned_at <= now:
                return Outcome.OVER
            if is_held(placement, now):
                return Outcome.HELD
        return None

    def is_missing(self, kind: ReminderKind) -> bool:
        match kind:
            case _K.NOBODY:
                return any(say.standing.missing and not say.standing.awaited for say in self.open)
            case _K.DECIDE:
                return bool(self.awaited)
            case _K.IMAGE:
                return self.platform.needs_image and not self.rows.media
            case _K.LINK:
                return not self.placement.link
        return True

    def in_place_of(self, person: str) -> tuple[str, ...]:
        voices = [say.people for say in self.says if person in say.people.owners]
        return _each_once(*(people.in_place_of(person) for people in voices))

    @property
    def open(self) -> list[Say]:
        return [say for say in self.says if say.is_open]

    @property
    def awaited(self) -> tuple[str, ...]:
        return _each_once(*(say.standing.awaited for say in self.open))

    @property
    def people(self) -> PlatformPeople:
        return people_of(self.tx, self.platform)

    def who_can(self, kind: ReminderKind) -> tuple[str, ...]:
        match kind:
            case _K.NOBODY:
                return self.tx.desk.admins
            case _K.DECIDE:
                return self.awaited
            case _K.CHANGES | _K.IMAGE:
                platforms = [platform for _, platform in self.rows.placements]
                theirs = (person for p in platforms for person in (*p.owners, *p.deputies))
                return _each_once([self.rows.post.proposer], list(theirs))
            case _K.PLACEMENT:
                return _each_once(*([*s.people.owners, *s.people.deputies] for s in self.says))
        return _each_once(self.platform.owners, self.platform.deputies)


class OfMoment:
    """One date of a slot."""

    def __init__(self, tx: Transaction, occurrence: Occurrence) -> None:
        self.tx, self.occurrence = tx, occurrence
        self.slot = tx.session.get_one(Slot, occurrence.slot_id)
        self.platform = tx.session.get_one(Platform, self.slot.platform_key)

    def why_not(self, reminder: Reminder) -> str | None:
        occurrence = self.occurrence
        if occurrence.starts_at <= self.tx.now:
            return Outcome.OVER
        if occurrence.skipped_at:
            return Outcome.SKIPPED
        if occurrence.starts_at != reminder.about_at:
            return Outcome.PLANNED_ANEW
        if not self.slot.active or reminder.recipient not in self._theirs(reminder):
            return Outcome.NO_LONGER_THEIRS
        if self._is_overtaken(reminder):
            return Outcome.PLANNED_ANEW
        return Outcome.HAS_A_POST if self.has_a_post else None

    @property
    def has_a_post(self) -> bool:
        """One that waits for a decision counts: that is what is missing then, and not a post."""
        day = occurrences.day_of(self.occurrence)
        at = self.occurrence.starts_at
        return bool(queries.statuses_on(self.tx.session, self.platform.key, at, day) - GIVEN_UP)

    def who_can(self, kind: ReminderKind) -> tuple[str, ...]:
        return _each_once(self.platform.owners, self.platform.deputies)

    def in_place_of(self, person: str) -> tuple[str, ...]:
        return people_of(self.tx, self.platform).in_place_of(person)

    def _theirs(self, reminder: Reminder) -> tuple[str, ...]:
        if reminder.stage == Stage.OWNER:
            return occurrences.answerable_for(self.occurrence, self.slot, self.platform)
        return _able(self, self.tx, reminder)

    def _is_overtaken(self, reminder: Reminder) -> bool:
        """Its slot or its people ask for another moment by now; what was told stays told."""
        if reminder.stage == Stage.AGAIN or reminder.message_id is not None:
            return False
        dues = occurrences.dues_of(self.tx, self.occurrence, self.slot, self.platform)
        planned = {(due.stage, due.person, due.at) for due in dues}
        return (reminder.stage, reminder.recipient, reminder.due_at) not in planned


class OfSpecialDay:
    """A special day whose preparation begins."""

    def __init__(self, tx: Transaction, row: SpecialDay) -> None:
        self.tx, self.row = tx, row

    def why_not(self, reminder: Reminder) -> str | None:
        return preparations.why_not(self.tx, self.row, reminder)

    @property
    def first(self) -> date | None:
        return preparations.next_first(self.tx, self.row)

    def who_can(self, kind: ReminderKind) -> tuple[str, ...]:
        people = preparations.platforms(self.tx)
        return _each_once(*([*p.owners, *p.deputies] for p in people))

    def in_place_of(self, person: str) -> tuple[str, ...]:
        people = [p for p in preparations.platforms(self.tx) if person in p.owners]
        return _each_once(*(p.in_place_of(person) for p in people))


class Subjects:
    """Each looked up once, as long as nothing changes about it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._posts: dict[int, tuple[PostRows, list[Say]]] = {}

    def of(self, reminder: Reminder) -> Subject:
        kind, session = _K(reminder.kind), self._tx.session
        if kind is _K.OCCURRENCE:
            return OfMoment(self._tx, session.get_one(Occurrence, reminder.subject_id))
        if kind is _K.SPECIAL_DAY:
            return OfSpecialDay(self._tx, session.get_one(SpecialDay, reminder.subject_id))
        return self.of_placement(reminder.subject_id)

    def of_placement(self, placement_id: int) -> OfPlacement:
        post_id = self._tx.session.get_one(Placement, placement_id).post_id
        if post_id not in self._posts:
            rows = post_rows(self._tx, post_id)
            self._posts[post_id] = rows, says_of(self._tx, rows)
        return OfPlacement(self._tx, *self._posts[post_id], placement_id)

    def look_up(self, placement_ids: Sequence[int]) -> None:
        """Those of many reminders at once: as many looks as for one."""
        found = self._tx.session.exec(
            select(Placement.post_id).where(col(Placement.id).in_(placement_ids)).distinct()
        )
        for rows in load_posts(self._tx.session, list(found)):
            self._posts[rows.post.id or 0] = rows, says_of(self._tx, rows)

    def forget(self) -> None:
        """Something changed."""
        self._posts.clear()


def _able(subject: Subject, tx: Transaction, reminder: Reminder) -> tuple[str, ...]:
    """Whose reminder it can be: who can do it; and an admin, who can see to it that they do."""
    theirs = subject.who_can(_K(reminder.kind))
    is_admins = reminder.stage in (Stage.ADMIN, Stage.AGAIN)
    return (*theirs, *tx.desk.admins) if is_admins else theirs


def _each_once(*people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for group in people for person in group))
