"""Takedowns: what is taken away again, and the messages of a post in the Telegram channel"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0040"
down_revision = "0020"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column(
        "placements", sa.Column("messages", sa.JSON(), nullable=False, server_default="[]")
    )
    op.create_table(
        "takedowns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("done_by", Text(), nullable=True),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"]),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("placement_id"),
    )
    op.create_index("ix_takedowns_story_id", "takedowns", ["story_id"])


def downgrade() -> None:
    op.drop_index("ix_takedowns_story_id", "takedowns")
    op.drop_table("takedowns")
    op.drop_column("placements", "messages")
