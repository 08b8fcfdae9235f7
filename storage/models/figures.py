"""What platforms count of a placement."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Measurement(SQLModel, table=True):
    """One figure, as somebody or a file gave it. The newest of its metric holds; a correction is
    a newer row, and no row is ever changed or taken away."""

    __tablename__ = "measurements"
    __table_args__ = (Index("measurements_of_placement", "placement_id", "metric"),)
    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id")
    metric: str  # rules.figures.Metric
    value: int
    measured_at: datetime
    source: str  # "typed", or "file:" and the beginning of the file's digest
    by: str | None = None  # Slack user id; None: the command line
