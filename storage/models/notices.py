"""Notices: durable outgoing messages; cards: where an entity's message stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel


class Notice(SQLModel, table=True):
    """A message to be sent, written in the transaction of the change that it tells of."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "waiting_notices",
            "platform",
            "priority",
            "id",
            sqlite_where=text("status IN ('pending', 'sending')"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # its natural key: the same notice is written once
    platform: str  # slack, telegram
    recipient: str  # a Slack channel or user, a Telegram chat
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    priority: int
    status: str = "pending"
    attempts: int = 0
    doubtful: bool = False  # an earlier attempt may have arrived
    due_at: datetime
    leased_until: datetime | None = None
    first_tried_at: datetime | None = None
    sent_at: datetime | None = None
    receipt: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    error: str | None = None
    created_at: datetime


class Card(SQLModel, table=True):
    """The message that shows an entity to a recipient, so that every change edits it."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("kind", "entity_id", "recipient"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    entity_id: int
    recipient: str
    channel: str  # Slack's, or Telegram's chat
    ts: str  # Slack's timestamp, or Telegram's message id
