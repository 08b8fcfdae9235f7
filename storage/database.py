"""The engine, the transaction, and the writer that groups commits.

All writing goes through one thread. It takes what waits, runs each piece of work in a savepoint
of its own, and commits once for all of them. Whoever wrote goes on only when that commit is on
disk. So every acknowledgement is durable (synchronous=FULL), and still costs a fraction of a
commit when many come at once.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from bot.rules.refusals import SamenspraakError

T = TypeVar("T")

LARGEST_GROUP = 500
"""So many pieces of work share a commit at most: a bound on what one failed commit refuses."""

READERS = 4

MAY_PASS = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""What SQLite says when it is not the work that is wrong: the file is locked, the disk full."""


class Unavailable(SamenspraakError):
    """The database takes nothing at this moment; nothing was kept. Later it may."""


@dataclass
class _Work:
    """A function that waits for its turn, and the promise of its outcome."""

    run: Callable[[Session], Any]
    promise: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: Exception | None = None


class Database:
    """SQLite, with one writing thread and a few reading ones.

    url: an SQLAlchemy address of an SQLite file.
    """

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_on, name="writer", daemon=True)
        self._writer.start()

    async def write(self, run: Callable[[Session], T]) -> T:
        """Runs `run` in a savepoint; returns its result when the commit is on disk.

        Raises what `run` raised (its savepoint is undone, its neighbours' are not), Unavailable,
        or what else the commit raised (then nothing of the group is kept).
        """
        work = _Work(run)
        self._queue.put(work)
        result: T = await asyncio.wrap_future(work.promise)
        return result

    async def read(self, run: Callable[[Session], T]) -> T:
        """Runs `run` on the state of this moment. Nothing that it changes is kept."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, run)

    async def fold(self) -> None:
        """Folds the write-ahead log into the file, so that it holds no earlier words any more.

        While somebody reads or writes it may do less; the next time does it.
        """
        await asyncio.get_running_loop().run_in_executor(self._readers, self._fold)

    def _fold(self) -> None:
        connection = self.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        """Finishes what waits, then lets go of the file."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, run: Callable[[Session], T]) -> T:
        engine = self.engine.execution_options(read_only=True)
        with Session(engine, expire_on_commit=False) as session:
            return run(session)

    def _write_on(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            stop = self._take_what_waits(group)
            self._commit(group)
            if stop:
                return

    def _take_what_waits(self, group: list[_Work]) -> bool:
        """Fills the group; true when the end was among what waits."""
        while len(group) < LARGEST_GROUP:
            try:
                work = self._queue.get_nowait()
            except queue.Empty:
                return False
            if work is None:
                return True
            group.append(work)
        return False

    def _commit(self, group: list[_Work]) -> None:
        # What is begun can no longer be cancelled; whose caller left before that is left undone.
        group = [work for work in group if work.promise.set_running_or_notify_cancel()]
        try:
            with self.engine.begin() as connection:
                for work in group:
                    _run_in_savepoint(connection, work)
        except Exception as error:  # the commit failed, for whatever reason: nobody may go on
            for work in group:
                work.promise.set_exception(_named(work.error or error))
            return
        for work in group:
            if work.error is None:
                work.promise.set_result(work.result)
            else:
                work.promise.set_exception(_named(work.error))


def _run_in_savepoint(connection: Connection, work: _Work) -> None:
    try:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            work.result = work.run(session)
            session.commit()  # releases the savepoint; the group's commit comes later
    except Exception as error:  # whatever it is belongs to whoever waits for this work
        if not _is_open(connection):
            raise Unavailable("SQLite gave up the transaction") from error
        work.error = error


def _is_open(connection: Connection) -> bool:
    """A full disk can make SQLite undo all of a transaction, and COMMIT says nothing of that:
    then nobody of the group may go on."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


def _named(error: Exception) -> Exception:
    """Unavailable, where the error is the database's and may pass."""
    original = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF  # the rest of it is details
    if code not in MAY_PASS:
        return error
    unavailable = Unavailable(str(original))
    unavailable.__cause__ = error
    return unavailable


def open_engine(url: str) -> Engine:
    """An engine with SQLite set up so that nothing acknowledged can be lost.

    The driver sends no BEGIN before a SELECT, which loses updates silently; so we say it, and
    IMMEDIATE for writing. WAL lets readers go on meanwhile.
    Source: SQLAlchemy, "Dialects: SQLite", on transactions of the sqlite3 driver.
    """
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # an error's text goes into the log; what people wrote does not
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver starts no transaction by itself
    for setting in (
        "busy_timeout=5000",  # milliseconds; first, so that the others wait for a busy file
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is gone from the file as well
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
