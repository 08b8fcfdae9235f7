"""The editorial desk: approvals, absences, sensitive topics"""

import re
import unicodedata

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _deciding()
    _seeing()


def downgrade() -> None:
    _undo_seeing()
    _undo_deciding()


def _deciding() -> None:
    # Added in place: many tables refer to this one, so it cannot be made anew.
    op.add_column(
        "platforms", sa.Column("approvals", sa.JSON(), nullable=False, server_default="1")
    )
    op.create_table(
        "topics",
        sa.Column("key", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("owner", Text(), nullable=False),
        sa.Column("deputies", sa.JSON(), nullable=False),
        sa.Column("statement", Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "post_topics",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("topic_key", Text(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("word", Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"]),
        sa.ForeignKeyConstraint(["topic_key"], ["topics.key"]),
        sa.PrimaryKeyConstraint("post_id", "topic_key"),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label", Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("topic_key", Text(), nullable=True))
        batch_op.create_foreign_key("decision_about_topic", "topics", ["topic_key"], ["key"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("named_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("begun_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(
            "one_absence_each",
            ["slack_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
        )


def _undo_deciding() -> None:
    op.drop_table("absences")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_constraint("decision_about_topic", type_="foreignkey")
        batch_op.drop_column("topic_key")
        batch_op.drop_column("label")
    op.drop_table("post_topics")
    op.drop_table("topics")
    op.drop_column("platforms", "approvals")


def _seeing() -> None:
    op.add_column(
        "organisations",
        sa.Column("weekly_note", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "statements",
        sa.Column("key", Text(), nullable=False),
        sa.Column("title", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("maintainer", Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.add_column("revisions", sa.Column("folded", Text(), nullable=False, server_default=""))
    _fold_what_is_there()


def _fold_what_is_there() -> None:
    """So that posts of before are found, too. As bot.rules.topics.words_of did at the time."""
    connection = op.get_bind()
    for id, text in connection.execute(sa.text("SELECT id, text FROM revisions")).all():
        connection.execute(
            sa.text("UPDATE revisions SET folded = :folded WHERE id = :id"),
            {"id": id, "folded": " ".join(_words_of(text))},
        )


def _words_of(text: str) -> list[str]:
    seen = "".join(
        character
        for character in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(character) not in ("Mn", "Cf")
    )
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", seen))


def _undo_seeing() -> None:
    op.drop_column("revisions", "folded")
    op.drop_table("statements")
    op.drop_column("organisations", "weekly_note")
