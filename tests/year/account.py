"""The account of the year: which reminders were due, what became of them, and what is wrong.

What should have been told is worked out here from what happened, as the messages and the audit
trail have it, and not from the bot's rows of reminders.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.actions import hours
from bot.rules.calendar import ReminderKind
from bot.rules.reminding import HEARD, Outcome, Stage
from bot.rules.working_hours import Hours, next_moment
from storage.models import AuditEntry, Placement, Post, Reminder, ReminderMessage
from tests.year.life import OUTAGES, Year

LATE = timedelta(minutes=5)
DAYS = timedelta(days=5)
"""So long before, there were working hours enough for every step, holidays and all."""

HELPERS = {f"{ReminderKind.DECIDE} {stage}" for stage in (Stage.DEPUTY, Stage.ADMIN)}


@dataclass(frozen=True)
class Line:
    """Of one kind: how many reminders were due, and what became of them."""

    kind: str
    due: int
    sent: int
    withdrawn: int
    escalated: int  # of those that were sent: to a deputy or an admin
    late: int  # of those that were sent: after an outage
    needless: int  # not sent, because nothing was missing any more


@dataclass(frozen=True)
class Account:
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    at_night: tuple[str, ...]  # outside of the working hours of whoever got it
    unsettled: tuple[str, ...]  # due, and nothing became of it


async def account_of(year: Year) -> Account:
    """Everything up to the last moment of the year."""
    found: tuple[list[Reminder], dict[int, ReminderMessage]] = await year.desk.database.read(_read)
    reminders, messages = found
    due = [r for r in reminders if r.due_at <= year.clock.now]
    told = [(r, messages[r.message_id]) for r in due if r.message_id]
    people = {r.recipient for r in reminders if r.recipient.startswith("U")}
    works = {person: await hours.show(year.desk, person) for person in people}
    return Account(
        lines=tuple(_lines(due, told)),
        missing=(*await year.desk.database.read(_missing), *_unheard(told, year)),
        twice=tuple(_twice(told)),
        at_night=tuple(_at_night(year, works)),
        unsettled=tuple(f"{r.kind} {r.subject_id} {r.due_at}" for r in due if r.outcome is None),
    )


def table(account: Account) -> str:
    """For a person to read."""
    heads = ("kind", "due", "sent", "withdrawn", "escalated", "late", "needless")
    rows = [heads, *(tuple(str(getattr(line, head)) for head in heads) for line in account.lines)]
    lines = ["".join(f"{cell:>13}" for cell in row) for row in rows]
    for name in ("missing", "twice", "at_night", "unsettled"):
        wrong: tuple[str, ...] = getattr(account, name)
        lines.append(f"{name.replace('_', ' ')}: {len(wrong)}")
        lines += [f"  {each}" for each in wrong[:10]]
    return "\n".join(lines)


def is_right(account: Account) -> bool:
    wrong = (*account.missing, *account.twice, *account.at_night, *account.unsettled)
    return not wrong and all(line.sent for line in account.lines if line.due > 100)


def _read(session: Session) -> tuple[list[Reminder], dict[int, ReminderMessage]]:
    messages = {message.id or 0: message for message in session.exec(select(ReminderMessage))}
    return list(session.exec(select(Reminder).order_by(col(Reminder.id)))), messages


def _lines(
    due: Sequence[Reminder], told: Sequence[tuple[Reminder, ReminderMessage]]
) -> Iterator[Line]:
    for kind in ReminderKind:
        theirs = [r for r in due if r.kind == kind]
        sent = [(r, message) for r, message in told if r.kind == kind]
        if theirs:
            yield Line(
                kind=kind.value,
                due=len(theirs),
                sent=sum(bool(r.message_id) or r.outcome == Outcome.SENT for r in theirs),
                withdrawn=sum(r.outcome == Outcome.WITHDRAWN for r, _ in sent),
                escalated=sum(r.stage in (Stage.DEPUTY, Stage.ADMIN) for r, _ in sent),
                late=sum(message.made_at > r.due_at + LATE for r, message in sent),
                needless=sum(r.message_id is None and r.outcome not in HEARD for r in theirs),
            )


def _twice(told: Sequence[tuple[Reminder, ReminderMessage]]) -> Iterator[str]:
    """The same thing for the same moment, to the same person at one stage, at the same time."""
    times = Counter(
        (r.kind, r.subject_id, r.recipient, r.stage, r.about_at, r.due_at) for r, _ in told
    )
    yield from (f"{n} times: {what}" for what, n in times.items() if n > 1)
    in_one = Counter((r.message_id, r.kind, r.subject_id) for r, _ in told)
    yield from (f"{n} times in one message: {what}" for what, n in in_one.items() if n > 1)


def _at_night(year: Year, works: dict[str, Hours]) -> Iterator[str]:
    """By when the message left, whatever the bot's rows say. (Edited ones make no sound.)"""
    seen: set[int | None] = set()
    for sent in year.sent:
        message_id = sent.notice.payload.get("reminder_message_id")
        if sent.notice.kind != "reminder_message.card" or message_id in seen:
            continue
        seen.add(message_id)
        if next_moment(sent.at, works[sent.notice.recipient]) != sent.at:
            yield f"{sent.at} to {sent.notice.recipient}"


def _unheard(told: Sequence[tuple[Reminder, ReminderMessage]], year: Year) -> Iterator[str]:
    """A row that says that it was told, and whose message never left."""
    left = {
        sent.notice.payload.get("reminder_message_id")
        for sent in year.sent
        if sent.notice.kind == "reminder_message.card"
    }
    yield from (f"row {r.id} was not told" for r, message in told if message.id not in left)


def _missing(session: Session) -> list[str]:
    """Posts that expired though they were known for days, and of which not everybody who was to
    hear did: whoever decides, and then those who help; or who had to make the changes. Where the
    bot was down shortly before, nobody could."""
    told: dict[int, set[str]] = defaultdict(set)
    for reminder in session.exec(select(Reminder).where(col(Reminder.message_id).is_not(None))):
        if reminder.kind in (ReminderKind.DECIDE, ReminderKind.CHANGES):
            told[reminder.subject_id].add(f"{reminder.kind} {reminder.stage}")
    rows = session.exec(
        select(Placement, Post, AuditEntry)
        .join(Post)
        .where(
            AuditEntry.entity == "placement",
            AuditEntry.entity_id == Placement.id,
            AuditEntry.action == "expire",
        )
    )
    return [
        f"placement {placement.id}, expired at {entry.at}: told were {sorted(there)}"
        for placement, post, entry in rows
        for there in [told[placement.id or 0]]
        if entry.at - post.changed_at > DAYS
        and not _was_down(entry.at)
        and not (there & HELPERS or f"{ReminderKind.CHANGES} {Stage.PROPOSER}" in there)
    ]


def _was_down(at: datetime) -> bool:
    return any(begin - DAYS < at < end + DAYS for begin, end in OUTAGES)
