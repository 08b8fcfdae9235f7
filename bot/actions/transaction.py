"""What an action works with, and how it becomes a transaction."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.clock import Clock
from bot.rules.calendar import wall_time
from bot.rules.delivery import Priority
from bot.rules.refusals import SamenspraakError
from storage.database import Database, Unavailable
from storage.forgotten import ForgottenFile
from storage.models import FORGOTTEN, AuditEntry, HandledUpdate
from storage.queries.desk import away_on
from storage.queries.notices import add_notice

__all__ = ["AlreadyHandled", "Desk", "Transaction", "Unavailable", "action", "query"]

P = ParamSpec("P")
T = TypeVar("T")


class AlreadyHandled(SamenspraakError):
    """This update's effects are committed: it was delivered again."""


@dataclass(frozen=True)
class Desk:
    """The editorial desk: what every action has at hand."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    language: str
    media_dir: Path
    review_channel: str
    telegram_channel: str
    admins: tuple[str, ...]
    wake: Callable[[], None]  # tells the outbox that a notice was committed
    update_id: int | None = None  # the Telegram update that is being handled
    public_url: str = ""  # before the way to a feed
    forgotten_file: Path | None = None  # None: beside media_dir
    album: str | None = None  # that it belongs to: ten pictures are one message for who sent them

    @property
    def forgotten(self) -> ForgottenFile:
        return ForgottenFile(self.forgotten_file or self.media_dir.parent / "forgotten.txt")

    def handling(self, update_id: int) -> "Desk":
        """This desk, for one update: its one action commits the update's id with its effects."""
        return replace(self, update_id=update_id)


class Transaction:
    """One transaction, open: the session, the moment, and what goes out with the commit."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self.session = session
        self.desk = desk
        self.now: datetime = desk.clock()
        self.has_notices = False
        self._away: frozenset[str] | None = None
        self._at_end: dict[Hashable, Callable[[], None]] = {}

    @property
    def away(self) -> frozenset[str]:
        """The Slack ids of who is away today; looked up once."""
        if self._away is None:
            self._away = away_on(self.session, wall_time(self.now, self.desk.zone).local.date())
        return self._away

    def absences_changed(self) -> None:
        self._away = None

    def at_end(self, key: Hashable, work: Callable[[], None]) -> None:
        """What follows once everything is changed, in the same transaction; each key once."""
        self._at_end.setdefault(key, work)

    def finish(self) -> None:
        while self._at_end:
            self._at_end.pop(next(iter(self._at_end)))()

    def notify_slack(
        self,
        recipient: str,
        kind: str,
        key: str,
        *,
        priority: Priority = Priority.NORMAL,
        **payload: Any,
    ) -> None:
        """A message to a Slack user or channel. The same key is written once."""
        self._notify("slack", recipient, kind, key, priority, payload)

    def notify_telegram(
        self,
        recipient: int | str,
        kind: str,
        key: str,
        *,
        priority: Priority = Priority.NORMAL,
        **payload: Any,
    ) -> None:
        """A message to a follower or the channel. The same key is written once."""
        if recipient == FORGOTTEN:
            return  # nobody is there to read it
        self._notify("telegram", str(recipient), kind, key, priority, payload)

    def audit(
        self, actor: str, action: str, entity: str, entity_id: int, **details: Any
    ) -> AuditEntry:
        """actor: slack:U…, telegram:… or "the time"."""
        entry = AuditEntry(
            at=self.now,
            actor=actor,
            action=action,
            entity=entity,
            entity_id=entity_id,
            details=details,
        )
        self.session.add(entry)
        return entry

    def _notify(
        self,
        platform: str,
        recipient: str,
        kind: str,
        key: str,
        priority: Priority,
        payload: dict[str, Any],
    ) -> None:
        add_notice(
            self.session,
            platform=platform,
            recipient=recipient,
            kind=kind,
            key=key,
            priority=priority,
            payload=payload,
            now=self.now,
        )
        self.has_notices = True


def action(
    function: Callable[Concatenate[Transaction, P], T],
) -> Callable[Concatenate[Desk, P], Awaitable[T]]:
    """A function of a transaction becomes a use case of a desk, committed when it returns."""

    @wraps(function)
    async def in_transaction(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> T:
        written = False

        def run(session: Session) -> T:
            nonlocal written
            transaction = Transaction(session, desk)
            _remember_update(transaction)
            result = function(transaction, *args, **kwargs)
            transaction.finish()
            written = transaction.has_notices
            return result

        result = await desk.database.write(run)
        if written:
            desk.wake()
        return result

    return in_transaction


PORTION = 5
"""So much of what is due shares a transaction, which takes some 20 milliseconds."""


def in_portions(
    function: Callable[[Transaction, int], tuple[int, int]],
) -> Callable[[Desk], Awaitable[int]]:
    """A function that settles at most so much of what is due becomes a use case that settles all
    of it, in as many transactions as it takes: a press that comes meanwhile comes in between.

    function: how much it found, all of which is not due any more; and how much of that it did.
    The use case says how much was done.
    """
    settle = action(function)

    @wraps(function)
    async def settle_all(desk: Desk, /) -> int:
        found, all_done = PORTION, 0
        while found == PORTION:
            found, done = await settle(desk, PORTION)
            all_done += done
        return all_done

    return settle_all


def query(
    function: Callable[Concatenate[Transaction, P], T],
) -> Callable[Concatenate[Desk, P], Awaitable[T]]:
    """A function that only reads; it runs beside the writer."""

    @wraps(function)
    async def in_snapshot(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await desk.database.read(
            lambda session: function(Transaction(session, desk), *args, **kwargs)
        )

    return in_snapshot


def _remember_update(tx: Transaction) -> None:
    update_id = tx.desk.update_id
    if update_id is None:
        return
    if tx.session.get(HandledUpdate, update_id) is not None:
        raise AlreadyHandled(str(update_id))
    tx.session.add(HandledUpdate(update_id=update_id, handled_at=tx.now))
