"""Polls, options, votes."""

from datetime import datetime

from pydantic import NaiveDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Poll(SQLModel, table=True):
    __tablename__ = "polls"
    __table_args__ = (Index("open_polls", "closes_at", sqlite_where=text("status = 'open'")),)
    id: int | None = Field(default=None, primary_key=True)
    request_key: str = Field(unique=True)
    status: str
    question: str
    place: str
    proposer: str  # Slack user id
    closes_at: datetime
    closes_local: NaiveDatetime
    closes_zone: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    native_id: str | None = Field(default=None, unique=True)  # Telegram's id of the channel's poll
    native_message_id: int | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None  # None: on time
    created_at: datetime


class PollOption(SQLModel, table=True):
    """One answer, with its two tallies: ours and the channel's."""

    __tablename__ = "poll_options"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id")
    position: int
    text: str
    native_id: str | None = None  # Telegram's persistent id of the option
    private_votes: int = 0  # kept with every vote, so that a tally costs nothing
    anonymous_votes: int = 0  # of these: whose voter is not known any more
    channel_votes: int = 0


class Vote(SQLModel, table=True):
    """A follower's present choice; a vote taken back keeps its row."""

    __tablename__ = "votes"
    poll_id: int = Field(foreign_key="polls.id", primary_key=True)
    follower_id: int = Field(foreign_key="followers.id", primary_key=True)
    option_id: int | None = Field(default=None, foreign_key="poll_options.id")
    changed_at: datetime


class Press(SQLModel, table=True):
    """A vote's callback query that was handled: it can come again, with a new update id."""

    __tablename__ = "presses"
    callback_id: str = Field(primary_key=True)
    pressed_at: datetime = Field(index=True)
