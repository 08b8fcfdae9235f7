"""What all tables share."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Kept in UTC; comes back aware of it, which SQLite's own type does not."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone, so it is no moment")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def moment(**options: Any) -> Any:
    """A required column with a moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def moment_or_none(**options: Any) -> Any:
    """A column with a moment in UTC that may not have come yet."""
    return Field(default=None, sa_type=UtcDateTime, **options)
