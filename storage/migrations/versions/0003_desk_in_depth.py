"""The editorial desk in depth: a backlog, texts per platform, alt texts, drafts, holding"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _placements()
    _revisions()
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", Text(), nullable=False),
        sa.Column("owner", Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_owner", "drafts", ["owner"])


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_table("revision_texts")
    op.drop_column("revision_media", "alt")
    op.drop_column("revisions", "house_rules")
    _undo_goal()
    _undo_placements()


def _placements() -> None:
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.alter_column("planned_at", existing_type=sqlmodel.UTCDateTime(), nullable=True)
        batch_op.alter_column("planned_local", existing_type=sa.DateTime(), nullable=True)
        batch_op.alter_column("planned_zone", existing_type=Text(), nullable=True)
        batch_op.add_column(sa.Column("held_until", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", sqlmodel.UTCDateTime(), nullable=True))


def _revisions() -> None:
    # Added in place: other tables refer to these, so they cannot be made anew.
    op.execute("ALTER TABLE posts ADD COLUMN goal_key VARCHAR REFERENCES goals (key)")
    op.add_column(
        "revisions", sa.Column("house_rules", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("revision_media", sa.Column("alt", Text(), nullable=False, server_default=""))
    op.create_table(
        "revision_texts",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("platform_key", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"]),
        sa.ForeignKeyConstraint(["platform_key"], ["platforms.key"]),
        sa.PrimaryKeyConstraint("revision_id", "platform_key"),
    )


def _undo_goal() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_column("goal_key")


def _undo_placements() -> None:
    # Without a date a placement could not be kept: what has none is given back, withdrawn.
    op.execute(
        "UPDATE placements SET status = 'withdrawn', planned_zone = 'UTC',"
        " planned_at = (SELECT created_at FROM posts WHERE posts.id = post_id),"
        " planned_local = (SELECT created_at FROM posts WHERE posts.id = post_id)"
        " WHERE planned_at IS NULL"
    )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("held_until")
        batch_op.alter_column("planned_zone", existing_type=Text(), nullable=False)
        batch_op.alter_column("planned_local", existing_type=sa.DateTime(), nullable=False)
        batch_op.alter_column("planned_at", existing_type=sqlmodel.UTCDateTime(), nullable=False)
