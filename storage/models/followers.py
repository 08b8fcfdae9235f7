"""Followers: Telegram users who talk to the bot."""

from datetime import datetime

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
    created_at: datetime
