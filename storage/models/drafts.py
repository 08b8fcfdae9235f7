"""Drafts: what a colleague has typed and not yet proposed."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class Draft(SQLModel, table=True):
    """A form that was kept. It goes when it is proposed, or when its owner throws it away."""

    __tablename__ = "drafts"
    # Drafts are deleted, and their buttons stay on a screen: no id may come again.
    __table_args__ = {"sqlite_autoincrement": True}
    id: int | None = Field(default=None, primary_key=True)
    form_key: str = Field(unique=True)  # the window it was typed in
    owner: str = Field(index=True)  # Slack user id
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    changed_at: datetime
