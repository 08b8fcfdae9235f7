"""Addresses under which somebody sees the calendar in their own program."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Feed(SQLModel, table=True):
    """The address itself is not kept, only what it can be recognised by."""

    __tablename__ = "feeds"
    __table_args__ = (
        Index(
            "one_feed_each", "owner", "scope", unique=True, sqlite_where=text("revoked_at IS NULL")
        ),
        {"sqlite_autoincrement": True},  # an address of old never opens a feed of today
    )
    id: int | None = Field(default=None, primary_key=True)
    owner: str  # Slack user id
    scope: str  # a platform's key; "": the whole team
    digest: str
    created_at: datetime
    revoked_at: datetime | None = None
