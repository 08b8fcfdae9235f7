"""Colleagues: Slack users, as far as the bot needs to know them."""

from datetime import date, datetime, time

from sqlalchemy import Index, text
from sqlmodel import JSON, Field, SQLModel

from bot.rules.working_hours import BEGIN, END, MONDAY_TO_FRIDAY


class Colleague(SQLModel, table=True):
    """What Slack says of a user, kept so that a message can be written in their language."""

    __tablename__ = "colleagues"
    slack_id: str = Field(primary_key=True)
    name: str
    language: str
    chosen_language: str | None = None  # Slack itself speaks no Dutch
    timezone: str
    seen_at: datetime
    working_days: list[int] = Field(default_factory=lambda: sorted(MONDAY_TO_FRIDAY), sa_type=JSON)
    begins: time = BEGIN  # on their own wall; outside of it nothing reminds them
    ends: time = END
    morning_note: bool = False


class Absence(SQLModel, table=True):
    """The days on which an owner is away, and their deputies decide. Days are those on the wall."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("one_absence_each", "slack_id", unique=True, sqlite_where=text("ended_at IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    slack_id: str
    first_day: date
    last_day: date
    named_at: datetime
    begun_at: datetime | None = None  # when what follows from it was done
    ended_at: datetime | None = None  # over, taken back, or named anew
