"""Followers: Telegram users who talk to the bot."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class Follower(SQLModel, table=True):
    __tablename__ = "followers"
    __table_args__ = (Index("subscribers", "id", sqlite_where=text("subscribed AND reachable")),)
    id: int = Field(primary_key=True, sa_type=BigInteger)  # Telegram's; also the private chat's
    first_name: str
    last_name: str | None = None
    language: str
    language_chosen: bool = False  # by /language: Telegram's own setting counts no more
    subscribed: bool = False
    reachable: bool = True  # False: the follower blocked the bot
    unreachable_since: datetime | None = None
    forget_token: str | None = None  # of the question whether to erase everything
    blocked_at: datetime | None = None  # by a colleague: nothing of theirs is kept any more
    blocked_told: bool = False
    created_at: datetime


FORGOTTEN = 0
"""The follower that a story belongs to whose teller asked to be forgotten. Telegram gives no
account this number, and nothing is ever sent to it."""


class Erasure(SQLModel, table=True):
    """A line of the file of who was forgotten that this database has carried out."""

    __tablename__ = "erasures"
    digest: str = Field(primary_key=True)
    erased_at: datetime = Field(primary_key=True)


class AudienceCount(SQLModel, table=True):
    """How many there are who read us on Telegram, on one day. Counts only, no names."""

    __tablename__ = "audience_counts"
    day: date = Field(primary_key=True)  # on the wall
    subscribers: int  # who hear of new polls
    followers: int  # who talk to the bot, and can be reached
    channel_members: int | None = None  # None: Telegram has not said it
