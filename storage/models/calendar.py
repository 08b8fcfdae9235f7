"""Slots, their occurrences, and reminders."""

from datetime import date, datetime, time

from pydantic import NaiveDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


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
    since: date
    active: bool = True


class Occurrence(SQLModel, table=True):
    """One date of a slot."""

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("slot_id", "starts_local"),)
    id: int | None = Field(default=None, primary_key=True)
    slot_id: int = Field(foreign_key="slots.id")
    starts_at: datetime = Field(index=True)
    starts_local: NaiveDatetime  # the wall time that people meant
    zone: str


class Reminder(SQLModel, table=True):
    """Something due at a time, for somebody."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "recipient", "due_at"),
        Index("due_reminders", "due_at", sqlite_where=text("done_at IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_id: int  # of an occurrence or a placement: the kind says which
    recipient: str  # Slack user id
    due_at: datetime
    done_at: datetime | None = None
    outcome: str | None = None  # sent, or why it was not needed
