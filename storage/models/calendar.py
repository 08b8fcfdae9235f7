"""Slots, their occurrences, and reminders."""

from datetime import date, datetime, time

from pydantic import NaiveDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from bot.rules.calendar import LEAD


class Slot(SQLModel, table=True):
    """A recurring place in the content calendar."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("platform_key", "title"),)
    id: int | None = Field(default=None, primary_key=True)
    platform_key: str = Field(foreign_key="platforms.key")
    pillar_key: str | None = Field(default=None, foreign_key="pillars.key")
    title: str
    rule: str  # RFC 5545
    time: time
    since: date  # the first possible day
    owner: str | None = None  # Slack user id; None: every owner of the platform
    lead: int = LEAD  # days before an occurrence at which its owner is reminded
    skip: list[str] = Field(default_factory=list, sa_type=JSON)  # rules.calendar.Skip
    active: bool = True


class Occurrence(SQLModel, table=True):
    """One date of a slot."""

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("slot_id", "starts_local"),)
    id: int | None = Field(default=None, primary_key=True)
    slot_id: int = Field(foreign_key="slots.id")
    starts_at: datetime = Field(index=True)  # another moment than starts_local: it was moved
    starts_local: NaiveDatetime  # the wall time that the slot means, whatever became of it
    zone: str
    skipped_at: datetime | None = None
    skipped_by: str | None = None
    owner: str | None = None  # Slack user id; None: the slot's


class Reminder(SQLModel, table=True):
    """Something due at a time, for somebody."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "recipient", "due_at"),
        Index("due_reminders", "due_at", sqlite_where=text("done_at IS NULL")),
        Index("reminders_told", "message_id", sqlite_where=text("message_id IS NOT NULL")),
        Index("reminders_open", "kind", "subject_id", sqlite_where=text("outcome = 'sent'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_id: int  # of an occurrence, a placement, a special day: the kind says which
    recipient: str  # Slack user id
    stage: str = ""  # rules.reminding.Stage: as what they are reminded
    due_at: datetime
    about_at: datetime | None = None  # the moment that it counts from; another one: it was moved
    done_at: datetime | None = None
    outcome: str | None = None  # sent, and what became of it then; or why it was not needed
    message_id: int | None = None  # the ReminderMessage in which they were told
    again_at: datetime | None = None  # put off until then
    given_to: str | None = None  # Slack user id: to whom it was handed over
    given_by: str | None = None  # by whom
    words: str = ""  # what it was about, where that is not there any more


class ReminderMessage(SQLModel, table=True):
    """What somebody is reminded of at once: one message, edited as that changes."""

    __tablename__ = "reminder_messages"
    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(index=True)  # Slack user id
    made_at: datetime
