"""Calls, stories, their parts, takedowns, and the consent ledger."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Call(SQLModel, table=True):
    """A call for stories."""

    __tablename__ = "calls"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    question: str
    explanation: str = ""
    closes_at: datetime | None = None
    active: bool = True


class Story(SQLModel, table=True):
    """What a follower sends in. While it is a draft, this row is the conversation's state."""

    __tablename__ = "stories"
    __table_args__ = (
        Index(
            "one_draft_a_follower",
            "follower_id",
            unique=True,
            sqlite_where=text(
                "status IN ('collecting','describing','naming','age','consent','preview')"
            ),
        ),
        # Drafts are deleted, and their buttons stay in a chat: no id may come again.
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    follower_id: int = Field(foreign_key="followers.id", index=True)
    call_id: int | None = Field(default=None, foreign_key="calls.id")
    status: str = Field(index=True)
    named_as: str | None = None
    credit: str | None = None
    receipt: str | None = Field(default=None, unique=True)
    wish_for_revision: int | None = None  # the follower is typing what should be changed in it
    handled_by: str | None = None  # Slack user id
    decline_reason: str | None = None
    held: bool = False  # it has links, and its teller is new: a colleague looks at them first
    told_to_decide_at: datetime | None = None  # the team heard that it will be forgotten soon
    emptied_at: datetime | None = None  # its words and files were kept long enough
    created_at: datetime
    submitted_at: datetime | None = None
    handled_at: datetime | None = None


class StoryPart(SQLModel, table=True):
    """One message of a story. Media are fetched afterwards: `media_sha256` says that they are."""

    __tablename__ = "story_parts"
    __table_args__ = (
        UniqueConstraint("story_id", "message_id"),
        Index(
            "parts_to_fetch",
            "id",
            sqlite_where=text(
                "file_id IS NOT NULL AND media_sha256 IS NULL AND fetch_error IS NULL"
            ),
        ),
        {"sqlite_autoincrement": True},  # a file may be under way when its part is deleted
    )
    id: int | None = Field(default=None, primary_key=True)
    story_id: int = Field(foreign_key="stories.id")
    message_id: int  # Telegram's, in the follower's chat
    kind: str  # text, photo, video, voice
    text: str = ""
    file_id: str | None = None  # Telegram's
    unique_id: str | None = None  # Telegram's, the same for the same file
    content_type: str | None = None
    media_sha256: str | None = Field(default=None, foreign_key="media.sha256")
    fetch_error: str | None = None
    edited_at: datetime | None = None  # after the story was sent in
    alt: str | None = None  # what can be seen in the photo; empty: they rather did not say


class Takedown(SQLModel, table=True):
    """A placement of a withdrawn story that is to be taken away."""

    __tablename__ = "takedowns"
    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id", unique=True)
    story_id: int = Field(foreign_key="stories.id", index=True)
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None  # Slack user id; None: the bot


class Consent(SQLModel, table=True):
    """One row of the consent ledger. Never changed but for its withdrawal."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "one_yes_for_each_purpose",
            "story_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    story_id: int = Field(foreign_key="stories.id")
    follower_id: int
    purpose: str  # publish, people, or revision:<post>:<number>
    version: str
    language: str
    text: str  # exactly as it was shown
    agreed_at: datetime
    withdrawn_at: datetime | None = None
