"""Special days: holidays of a country, yearly days and periods, and the posts made for them"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column(
        "organisations", sa.Column("country", Text(), nullable=False, server_default="NL")
    )
    op.create_table(
        "special_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("rule", Text(), nullable=True),
        sa.Column("yearly", sa.Date(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("prepare", sa.Integer(), nullable=False),
        sa.Column("ideas", sa.JSON(), nullable=False),
        sa.Column("target_group_key", Text(), nullable=True),
        sa.Column("pillar_key", Text(), nullable=True),
        sa.Column("uid", Text(), nullable=True),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["target_group_key"], ["target_groups.key"]),
        sa.ForeignKeyConstraint(["pillar_key"], ["pillars.key"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_special_days_uid", "special_days", ["uid"])
    # Added in place: other tables refer to posts, so they cannot be made anew.
    op.execute("ALTER TABLE posts ADD COLUMN special_day_key VARCHAR REFERENCES special_days (key)")
    op.create_index("ix_posts_special_day_key", "posts", ["special_day_key"])


def downgrade() -> None:
    op.drop_index("ix_posts_special_day_key", "posts")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_column("special_day_key")
    op.drop_table("special_days")
    op.drop_column("organisations", "country")
