"""Who did what, when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One decision, change or refusal. Never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("audit_of", "entity", "entity_id"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str  # slack:U…, telegram:…, or "the time"
    action: str
    entity: str
    entity_id: int
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
