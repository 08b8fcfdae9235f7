"""Special days and periods."""

from datetime import date

from sqlmodel import JSON, Field, SQLModel


class SpecialDay(SQLModel, table=True):
    """A day for which posts are made. One of rule, yearly and first_day says when it comes."""

    __tablename__ = "special_days"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    rule: str | None = None  # RFC 5545, once a year
    yearly: date | None = None  # every year on this date, from then on
    first_day: date | None = None  # in that year only
    last_day: date | None = None
    prepare: int = 0  # so many weeks before it the owners are reminded; 0: they are not
    ideas: list[str] = Field(default_factory=list, sa_type=JSON)
    target_group_key: str | None = Field(default=None, foreign_key="target_groups.key")
    pillar_key: str | None = Field(default=None, foreign_key="pillars.key")
    uid: str | None = Field(default=None, index=True)  # what the calendar that it came from says
    from_file: bool = False  # in the strategy file: it goes when it is gone from there
    active: bool = True
