"""What the intake of updates remembers."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class HandledUpdate(SQLModel, table=True):
    """An update whose effects are committed, in the same commit."""

    __tablename__ = "handled_updates"
    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    handled_at: datetime = Field(index=True)


class ParkedUpdate(SQLModel, table=True):
    """An update that could not be handled, with its error, for a person to look at."""

    __tablename__ = "parked_updates"
    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    raw: str
    error: str
    parked_at: datetime
