"""Colleagues: Slack users, as far as the bot needs to know them."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Colleague(SQLModel, table=True):
    """What Slack says of a user, kept so that a message can be written in their language."""

    __tablename__ = "colleagues"
    slack_id: str = Field(primary_key=True)
    name: str
    language: str
    chosen_language: str | None = None  # Slack itself speaks no Dutch
    timezone: str
    seen_at: datetime
