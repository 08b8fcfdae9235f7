"""People and their rights: being forgotten, how long things are kept, blocking, daily counts"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0020"
down_revision = "0011"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString
KEPT = (
    "drafts",
    "waiting",
    "declined",
    "withdrawn",
    "published",
    "votes",
    "messages",
    "parked",
    "unreachable",
    "warn",
)
ADDED = (
    ("followers", sa.Column("unreachable_since", sqlmodel.UTCDateTime(), nullable=True)),
    ("followers", sa.Column("forget_token", Text(), nullable=True)),
    ("followers", sa.Column("blocked_at", sqlmodel.UTCDateTime(), nullable=True)),
    ("followers", sa.Column("blocked_told", sa.Boolean(), nullable=False, server_default="0")),
    ("poll_options", sa.Column("anonymous_votes", sa.Integer(), nullable=False, server_default="0")),
    ("stories", sa.Column("held", sa.Boolean(), nullable=False, server_default="0")),
    ("stories", sa.Column("told_to_decide_at", sqlmodel.UTCDateTime(), nullable=True)),
    ("stories", sa.Column("emptied_at", sqlmodel.UTCDateTime(), nullable=True)),
    ("story_parts", sa.Column("unique_id", Text(), nullable=True)),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    op.execute("UPDATE followers SET unreachable_since = CURRENT_TIMESTAMP WHERE NOT reachable")
    op.create_table(
        "erasures",
        sa.Column("digest", Text(), nullable=False),
        sa.Column("erased_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "erased_at"),
    )
    op.create_table(
        "audience_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subscribers", sa.Integer(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.Column("channel_members", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "retentions",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in KEPT),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    for table in ("retentions", "audience_counts", "erasures"):
        op.drop_table(table)
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)
