"""Polls in depth: several answers, quizzes, hidden results, what a poll serves, and turnout"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString

NUMBERS = ("private_people", "channel_people")
REFERENCES = (("target_group_key", "target_groups"), ("goal_key", "goals"))


def upgrade() -> None:
    for name, at_first in (("several", "0"), ("hidden", "0"), ("anonymous", "1")):
        column = sa.Column(name, sa.Boolean(), nullable=False, server_default=at_first)
        op.add_column("polls", column)
    for name in NUMBERS:
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("polls", column)
    op.add_column("polls", sa.Column("explanation", Text(), nullable=False, server_default=""))
    for name in ("right_position", "followers", "members"):
        op.add_column("polls", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("polls", sa.Column("counted_at", sqlmodel.UTCDateTime(), nullable=True))
    # Added in place: other tables refer to polls, so they cannot be made anew.
    for name, table in REFERENCES:
        op.execute(f"ALTER TABLE polls ADD COLUMN {name} VARCHAR REFERENCES {table} (key)")
    op.execute("ALTER TABLE polls ADD COLUMN post_id INTEGER REFERENCES posts (id)")
    op.execute("UPDATE polls SET counted_at = closed_at WHERE status = 'closed'")
    op.execute(
        "UPDATE polls SET "
        "private_people = (SELECT coalesce(sum(private_votes), 0) FROM poll_options "
        "WHERE poll_id = polls.id), "
        "channel_people = (SELECT coalesce(sum(channel_votes), 0) FROM poll_options "
        "WHERE poll_id = polls.id)"
    )
    _make_votes("votes_anew", has_place=True)
    op.execute(
        "INSERT INTO votes_anew (poll_id, follower_id, place, option_id, changed_at) "
        "SELECT poll_id, follower_id, 0, option_id, changed_at FROM votes"
    )
    op.drop_table("votes")
    op.rename_table("votes_anew", "votes")


def downgrade() -> None:
    _make_votes("votes_before", has_place=False)
    op.execute(
        "INSERT INTO votes_before (poll_id, follower_id, option_id, changed_at) "
        "SELECT poll_id, follower_id, max(option_id), max(changed_at) FROM votes "
        "GROUP BY poll_id, follower_id"
    )
    op.drop_table("votes")
    op.rename_table("votes_before", "votes")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        for name in (
            "post_id", "goal_key", "target_group_key", "counted_at", "members", "followers",
            "right_position", "explanation", *NUMBERS, "anonymous", "hidden", "several",
        ):  # fmt: skip
            batch_op.drop_column(name)


def _make_votes(name: str, *, has_place: bool) -> None:
    place = [sa.Column("place", sa.Integer(), nullable=False)] if has_place else []
    op.create_table(
        name,
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        *place,
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["follower_id"], ["followers.id"]),
        sa.ForeignKeyConstraint(["option_id"], ["poll_options.id"]),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"]),
        sa.PrimaryKeyConstraint("poll_id", "follower_id", *[column.name for column in place]),
    )
