"""APScheduler's few ticking jobs. What is due stands in the database; these only look."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.actions import (
    absences,
    calendar,
    growth,
    holding,
    intake,
    media,
    morning,
    polls,
    preparations,
    publishing,
    reminders,
    retention,
    weekly,
)
from bot.actions.transaction import Desk

log = logging.getLogger(__name__)

Job = Callable[[Desk], Awaitable[object]]

TICK = timedelta(seconds=1)
EVERY_NOW_AND_THEN = timedelta(minutes=1)
EVERY_HOUR = timedelta(hours=1)
UPDATES_LIVE = timedelta(hours=48)
"""Twice as long as Telegram keeps an update."""


async def _forget_old_updates(desk: Desk) -> None:
    await intake.forget_handled(desk, desk.clock() - UPDATES_LIVE)


JOBS: dict[str, tuple[timedelta, Job]] = {
    "publish": (TICK, publishing.publish_due),
    "expire": (TICK, publishing.expire_due),
    "end holds": (TICK, holding.end_due),
    "remind": (TICK, reminders.send_due),
    "close polls": (TICK, polls.close_due),
    "refresh poll cards": (TICK, polls.refresh_cards),
    "turn absences": (EVERY_NOW_AND_THEN, absences.turn_due),
    "plan the weekly note": (EVERY_NOW_AND_THEN, weekly.plan_note),
    "plan the morning notes": (EVERY_NOW_AND_THEN, morning.plan_notes),
    "plan preparations": (EVERY_NOW_AND_THEN, preparations.plan_preparations),
    "withdraw needless reminders": (EVERY_NOW_AND_THEN, reminders.withdraw_needless),
    "make occurrences": (EVERY_NOW_AND_THEN, calendar.make_occurrences),
    "forget old updates": (EVERY_NOW_AND_THEN, _forget_old_updates),
    "drop unused media": (EVERY_NOW_AND_THEN, media.drop_unused),
    "count the audience": (EVERY_NOW_AND_THEN, growth.count_audience),
    "tell of waiting stories": (EVERY_HOUR, retention.tell_of_waiting),
    "forget what was kept long enough": (EVERY_HOUR, retention.forget_due),
}
"""Order matters within a tick: what is approved is published before the rest expires."""


def build_scheduler(desk: Desk) -> AsyncIOScheduler:
    """Missed ticks are made up for by one: the next look sees all that is due."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, (every, job) in JOBS.items():
        scheduler.add_job(
            _run, "interval", seconds=every.total_seconds(), args=(name, job, desk), id=name
        )
    return scheduler


async def run_all(desk: Desk) -> None:
    """One look of every job, now."""
    for name, (_, job) in JOBS.items():
        await _run(name, job, desk)


async def _run(name: str, job: Job, desk: Desk) -> None:
    try:
        await job(desk)
    except Exception:  # the next tick tries again; the other jobs go on
        log.exception("The job %r failed", name)
