"""What the strategy file says."""

from datetime import date

from sqlmodel import JSON, Field, SQLModel


class Organisation(SQLModel, table=True):
    """One row: whose social media this is."""

    __tablename__ = "organisations"
    id: int = Field(default=1, primary_key=True)
    name: str
    weekly_note: bool = False  # to the review channel, on Monday mornings
    country: str = "NL"  # whose public holidays count; "": no country's


class Retention(SQLModel, table=True):
    """One row, where the strategy file says it: for how many days followers' data are kept."""

    __tablename__ = "retentions"
    id: int = Field(default=1, primary_key=True)
    drafts: int
    waiting: int
    declined: int
    withdrawn: int
    published: int
    votes: int
    messages: int
    parked: int
    unreachable: int
    warn: int


class Platform(SQLModel, table=True):
    """A place where the organisation is active."""

    __tablename__ = "platforms"
    key: str = Field(primary_key=True)
    name: str
    position: int = 0
    publish: str  # "telegram": the bot posts; "by hand": handed to the owner
    purpose: str = ""
    cadence: float = 0  # posts a week that are promised
    max_length: int
    max_images: int
    needs_image: bool = False  # whoever proposes a post without a picture is reminded
    owners: list[str] = Field(default_factory=list, sa_type=JSON)  # Slack user ids
    deputies: list[str] = Field(default_factory=list, sa_type=JSON)
    own_proposals: bool = False
    count: str = "characters"  # what max_length counts
    approvals: int | str = Field(default=1, sa_type=JSON)  # how many approve; "all": the owners
    metrics: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: the usual ones
    active: bool = True  # False: gone from the strategy file, kept for its history


class TargetGroup(SQLModel, table=True):
    __tablename__ = "target_groups"
    key: str = Field(primary_key=True)
    name: str
    position: int = 0
    active: bool = True


class Pillar(SQLModel, table=True):
    __tablename__ = "pillars"
    key: str = Field(primary_key=True)
    name: str
    share: float  # of all posts, 0 to 1
    position: int = 0
    active: bool = True


class Goal(SQLModel, table=True):
    __tablename__ = "goals"
    key: str = Field(primary_key=True)
    name: str
    platform_key: str | None = Field(default=None, foreign_key="platforms.key")
    metric: str
    baseline: float
    target: float
    deadline: date
    active: bool = True


class Topic(SQLModel, table=True):
    """A sensitive topic, and who decides on posts about it."""

    __tablename__ = "topics"
    key: str = Field(primary_key=True)
    name: str
    words: list[str] = Field(default_factory=list, sa_type=JSON)
    owner: str  # Slack user id
    deputies: list[str] = Field(default_factory=list, sa_type=JSON)
    statement: str = ""
    position: int = 0
    active: bool = True


class HouseRule(SQLModel, table=True):
    __tablename__ = "house_rules"
    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(unique=True)
    position: int = 0
    active: bool = True


class Statement(SQLModel, table=True):
    """A prepared statement, to look up and copy."""

    __tablename__ = "statements"
    key: str = Field(primary_key=True)
    title: str
    text: str
    maintainer: str  # Slack user id
    valid_until: date | None = None  # the last day on which it holds
    position: int = 0
    active: bool = True
