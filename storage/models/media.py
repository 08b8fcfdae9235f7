"""Media: pictures and voices, each kept once."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Media(SQLModel, table=True):
    """A file in MEDIA_DIR, named after its content."""

    __tablename__ = "media"
    sha256: str = Field(primary_key=True)
    content_type: str
    size: int  # bytes
    name: str
    slack_file_id: str | None = None  # where it was uploaded to Slack already
    created_at: datetime
