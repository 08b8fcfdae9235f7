"""The clock's tick in a calendar of a million entries, against one of a thousand; and how long a
press waits while ten thousand things are due at once, against one on a quiet day.

Both calendars have the same weeks ahead; what else is in them lies in the twenty years before.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypedDict

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from bot.actions import decisions
from bot.actions.transaction import Desk
from bot.rules.calendar import ReminderKind
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.reminding import Stage
from handlers.jobs import JOBS, TICK, Job
from storage.models import Colleague, Decision, Placement, Reminder
from tests.benchmarks.desks import desk_in, now
from tests.benchmarks.figures import Figure, figure
from tests.factories import OWNER, PROPOSER

FEW, MANY = 1_000, 1_000_000
DUE = 10_000
TO_COME = 100

AGO = timedelta(days=20 * 365)
AN_HOUR = 3600  # seconds: so long before a publication its owner is reminded
BETWEEN_PRESSES = 0.05  # seconds

EVERY_TICK = [job for every, job in JOBS.values() if every == TICK]
NOW_AND_THEN = [job for every, job in JOBS.values() if every != TICK]


class When(TypedDict):
    """Moments: the first, and how far each is from the one before."""

    start: datetime
    step: timedelta


_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT :many)"
_AT = "strftime('%Y-%m-%d %H:%M:%S', :start + n * :step, 'unixepoch') || '.000000'"
_DUE = "strftime('%Y-%m-%d %H:%M:%S', :start + n * :step - :before, 'unixepoch') || '.000000'"
_POSTS = (
    "INSERT INTO posts "
    "(id, request_key, status, proposer, why, revision_number, created_at, changed_at) "
    f"{_NUMBERS} SELECT :first + n, 'post ' || (:first + n), :status, '{PROPOSER}', '', 1, "
    f"{_AT}, {_AT} FROM numbers",
    "INSERT INTO revisions (post_id, number, text, folded, author, house_rules, created_at) "
    f"{_NUMBERS} SELECT :first + n, 1, 'Post ' || n, 'post ' || n, '{PROPOSER}', '[]', {_AT} "
    "FROM numbers",
    "INSERT INTO placements "
    "(id, post_id, platform_key, status, planned_at, planned_local, planned_zone) "
    f"{_NUMBERS} SELECT :first + n, :first + n, CASE n % 2 WHEN 0 THEN 'telegram' "
    f"ELSE 'instagram' END, :status, {_AT}, {_AT}, 'UTC' FROM numbers",
)
_OCCURRENCES = (
    "INSERT INTO occurrences (id, slot_id, starts_at, starts_local, zone) "
    f"{_NUMBERS} SELECT :first + n, 1, {_AT}, {_AT}, 'UTC' FROM numbers",
)
_REMINDERS = (
    "INSERT INTO reminders "
    "(kind, stage, subject_id, recipient, about_at, due_at, done_at, outcome, words) "
    f"{_NUMBERS} SELECT '{{kind}}', '{Stage.OWNER}', :first + n, '{OWNER}', {_AT}, {_DUE}, "
    "{done_at}, {outcome}, '' FROM numbers"
)


async def measure(entries: int, due: int, runs: int) -> list[Figure]:
    """entries: of the large calendar; due: at once; runs: ticks of each kind."""
    return [*await _ticks(entries, runs), *await _presses(due)]


async def _ticks(entries: int, runs: int) -> list[Figure]:
    figures = []
    async with _desk_with(min(FEW, entries // 2)) as small, _desk_with(entries) as large:
        for name, jobs in (("A tick", EVERY_TICK), ("A look a minute", NOW_AND_THEN)):
            few, many = [], []
            await _spent(small, jobs), await _spent(large, jobs)  # what is done once
            for _ in range(runs):
                few.append(await _spent(small, jobs))
                many.append(await _spent(large, jobs))
            base = figure(f"{name}, {FEW:,} entries, nothing due", "ms", few)
            figures += [
                base,
                figure(f"{name}, {entries:,} entries, nothing due", "ms", many, base),
            ]
    return figures


async def _presses(due: int) -> list[Figure]:
    """The slowest of them: nobody shall wait longer."""
    async with _desk_with(FEW, due) as desk:
        quiet = await _pressed(desk, 0, asyncio.create_task(asyncio.sleep(2)))
        began = perf_counter()
        busy = await _pressed(desk, len(quiet), asyncio.create_task(_work_off(desk)))
        spent = perf_counter() - began
        approved = select(func.count()).select_from(Decision)
        decided = await desk.database.read(lambda session: session.exec(approved).one())
        left = await desk.database.read(_still_due)
    assert decided == len(quiet) + len(busy)
    assert left == 0
    base = figure("Approve, nothing due: the slowest press", "ms", [max(quiet)])
    return [
        base,
        figure(f"Approve, {due:,} due at once: the slowest press", "ms", [max(busy)], base),
        figure(f"Approve, {due:,} due at once: a press", "ms", busy),
        figure(f"{due:,} due at once: worked off", "seconds", [spent]),
    ]


@asynccontextmanager
async def _desk_with(entries: int, due: int = 0) -> AsyncIterator[Desk]:
    with TemporaryDirectory() as name:
        async with desk_in(Path(name)) as desk:
            await desk.database.write(lambda session: _fill(session, now(), entries, due))
            yield desk


def _fill(session: Session, today: datetime, entries: int, due: int) -> None:
    """Half of the entries have a post; half of what is due is to be published."""
    session.add(
        Colleague(
            slack_id=OWNER,
            name="Owner",
            language="nl",
            timezone="UTC",
            seen_at=today,
            working_days=list(range(7)),
            begins=time.min,
            ends=time.max,
        )
    )
    half = entries // 2
    first = 1_000_000
    past: When = {"start": today - AGO, "step": AGO / half * 0.99}
    _add(session, _POSTS, first, half, past, status="published")
    _add(session, _OCCURRENCES, first, half, past)
    for kind in (ReminderKind.PLACEMENT, ReminderKind.OCCURRENCE):
        _remind(session, kind, first, half, past, done=True)
    coming: When = {"start": today + timedelta(days=1), "step": timedelta(hours=6)}
    _add(session, _POSTS, 2 * first, TO_COME, coming, status="approved")
    _remind(session, ReminderKind.PLACEMENT, 2 * first, TO_COME, coming)
    if due:
        gone: When = {"start": today - timedelta(hours=9), "step": timedelta(seconds=5)}
        _add(session, _POSTS, 3 * first, due // 2, gone, status="approved")
        near: When = {"start": today + timedelta(minutes=40), "step": timedelta(0)}
        _add(session, _POSTS, 4 * first, due // 2, near, status="approved")
        _remind(session, ReminderKind.PLACEMENT, 4 * first, due // 2, near)
        pressed: When = {"start": today + timedelta(days=30), "step": timedelta(minutes=1)}
        _add(session, _POSTS, 1, 10_000, pressed, status="proposed")


def _add(
    session: Session,
    statements: Sequence[str],
    first: int,
    many: int,
    when: When,
    **values: Any,
) -> None:
    for statement in statements:
        session.execute(
            text(statement),
            {
                "first": first,
                "many": many,
                "start": int(when["start"].timestamp()),
                "step": when["step"].total_seconds(),
                **{key: value for key, value in values.items() if f":{key}" in statement},
            },
        )


def _remind(
    session: Session, kind: ReminderKind, first: int, many: int, when: When, *, done: bool = False
) -> None:
    outcome, done_at = ("'sent'", _DUE) if done else ("NULL", "NULL")
    statement = _REMINDERS.format(kind=kind.value, done_at=done_at, outcome=outcome)
    _add(session, [statement], first, many, when, before=AN_HOUR)


async def _spent(desk: Desk, jobs: Sequence[Job]) -> float:
    """Milliseconds for one look of each."""
    gc.collect()
    began = perf_counter()
    for job in jobs:
        await job(desk)
    return (perf_counter() - began) * 1000


async def _work_off(desk: Desk) -> None:
    for job in EVERY_TICK:
        await job(desk)


async def _pressed(desk: Desk, first: int, until: "asyncio.Task[None]") -> list[float]:
    """Milliseconds of each press, one after the other, until the task is done."""
    spent: list[float] = []
    while not until.done():
        began = perf_counter()
        post_id = 1 + 2 * (first + len(spent))  # those for Telegram
        await decisions.decide(desk, OWNER, post_id, 1, PostAction.APPROVE)
        spent.append((perf_counter() - began) * 1000)
        await asyncio.sleep(BETWEEN_PRESSES)
    await until
    return spent


def _still_due(session: Session) -> int:
    placements = select(func.count()).where(
        col(Placement.planned_at) <= now(), col(Placement.status) == PlacementStatus.APPROVED
    )
    reminders = select(func.count()).where(
        col(Reminder.due_at) <= now(), col(Reminder.done_at).is_(None)
    )
    return session.exec(placements).one() + session.exec(reminders).one()
