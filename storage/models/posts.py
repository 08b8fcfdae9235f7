"""Posts, their revisions, placements and decisions."""

from datetime import datetime

from pydantic import NaiveDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel


class Post(SQLModel, table=True):
    """One piece of content."""

    __tablename__ = "posts"
    id: int | None = Field(default=None, primary_key=True)
    request_key: str = Field(unique=True)  # the form it came from: a second submission is the same
    status: str = Field(index=True)
    proposer: str = Field(index=True)  # Slack user id
    pillar_key: str | None = Field(default=None, foreign_key="pillars.key")
    target_group_key: str | None = Field(default=None, foreign_key="target_groups.key")
    goal_key: str | None = Field(default=None, foreign_key="goals.key")
    special_day_key: str | None = Field(default=None, foreign_key="special_days.key", index=True)
    why: str = ""
    source_link: str | None = None  # the message that it was proposed from
    story_id: int | None = Field(default=None, foreign_key="stories.id", index=True)
    credit: str | None = None  # how the follower is named
    revision_number: int = 1  # the present one
    agreed_revision: int | None = None  # the revision that the follower said yes to
    created_at: datetime
    changed_at: datetime


class Revision(SQLModel, table=True):
    """One version of a post's text and pictures."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="posts.id")
    number: int
    text: str
    folded: str = ""  # its words without case and accents, for whoever searches
    author: str  # Slack user id
    house_rules: list[str] = Field(default_factory=list, sa_type=JSON)  # that the author confirmed
    created_at: datetime


class RevisionText(SQLModel, table=True):
    """What a revision says on one platform, where that is not its usual text."""

    __tablename__ = "revision_texts"
    revision_id: int = Field(foreign_key="revisions.id", primary_key=True)
    platform_key: str = Field(foreign_key="platforms.key", primary_key=True)
    text: str


class RevisionMedia(SQLModel, table=True):
    """A picture of a revision."""

    __tablename__ = "revision_media"
    revision_id: int = Field(foreign_key="revisions.id", primary_key=True)
    position: int = Field(primary_key=True)
    media_sha256: str = Field(foreign_key="media.sha256")
    alt: str = ""  # what can be seen in it, for whoever does not see it


class Placement(SQLModel, table=True):
    """A post on one platform at one time."""

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("post_id", "platform_key"),
        Index("due_placements", "planned_at", sqlite_where=text("status = 'approved'")),
        Index(
            "undecided_placements",
            "planned_at",
            sqlite_where=text("status IN ('proposed', 'changes_requested')"),
        ),
        Index(
            "held_placements",
            "held_until",
            sqlite_where=text("status = 'proposed' AND held_until IS NOT NULL"),
        ),
        Index("placements_in_time", "planned_at"),
        Index("handed_placements", "planned_at", sqlite_where=text("status = 'handed'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="posts.id")
    platform_key: str = Field(foreign_key="platforms.key")
    status: str
    planned_at: datetime | None = None  # None: no date yet, it waits in the backlog
    planned_local: NaiveDatetime | None = None  # the wall time that people meant
    planned_zone: str | None = None
    held_until: datetime | None = None  # whoever decides wants to wait until then
    escalated_at: datetime | None = None  # since then the deputies decide, too
    published_at: datetime | None = None
    link: str | None = None
    messages: list[int] = Field(default_factory=list, sa_type=JSON)  # Telegram's ids of them
    no_figures_since: datetime | None = None  # nobody is asked for any more


class PostTopic(SQLModel, table=True):
    """A sensitive topic of which a revision of the post had a word. It stays with the post."""

    __tablename__ = "post_topics"
    post_id: int = Field(foreign_key="posts.id", primary_key=True)
    topic_key: str = Field(foreign_key="topics.key", primary_key=True)
    revision_number: int  # the first
    word: str


class Decision(SQLModel, table=True):
    """What an owner decided about one revision, for one platform or for a topic of it."""

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_of_post", "post_id"),)
    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="posts.id")
    placement_id: int = Field(foreign_key="placements.id")
    revision_number: int
    verdict: str  # approve, request_changes, reject, hold; agree: the follower's yes
    decided_by: str | None  # Slack user id; None: the follower
    reason: str = ""
    label: str = ""  # what a request for changes is about
    topic_key: str | None = Field(default=None, foreign_key="topics.key")
    decided_at: datetime
