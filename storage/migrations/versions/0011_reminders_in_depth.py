"""Reminders of every missing step, told together in messages that change with what they tell"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "reminder_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", Text(), nullable=False),
        sa.Column("made_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reminder_messages_recipient", "reminder_messages", ["recipient"])
    for column in (
        sa.Column("stage", Text(), nullable=False, server_default="owner"),
        sa.Column("about_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("again_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("given_to", Text(), nullable=True),
        sa.Column("given_by", Text(), nullable=True),
        sa.Column("words", Text(), nullable=False, server_default=""),
    ):
        op.add_column("reminders", column)
    op.create_index(
        "reminders_told",
        "reminders",
        ["message_id"],
        sqlite_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "reminders_open",
        "reminders",
        ["kind", "subject_id"],
        sqlite_where=sa.text("outcome = 'sent'"),
    )
    op.execute("UPDATE reminders SET outcome = 'told' WHERE outcome = 'sent'")  # for good
    op.execute("UPDATE reminders SET kind = 'decide', stage = 'deputy' WHERE kind = 'deputy'")
    op.execute("UPDATE reminders SET stage = 'again' WHERE kind = 'by_hand'")
    op.execute(
        "UPDATE reminders SET about_at = (SELECT planned_at FROM placements"
        " WHERE placements.id = subject_id) WHERE kind IN ('decide', 'placement', 'by_hand')"
    )
    op.execute(
        "UPDATE reminders SET about_at = (SELECT starts_at FROM occurrences"
        " WHERE occurrences.id = subject_id) WHERE kind = 'occurrence'"
    )
    op.add_column(
        "platforms",
        sa.Column("needs_image", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("platforms", "needs_image")
    op.execute("UPDATE reminders SET kind = 'deputy' WHERE kind = 'decide' AND stage = 'deputy'")
    op.execute("UPDATE reminders SET outcome = 'sent' WHERE outcome = 'told'")
    op.drop_index("reminders_open", "reminders")
    op.drop_index("reminders_told", "reminders")
    for name in ("words", "given_by", "given_to", "again_at", "message_id", "about_at", "stage"):
        op.drop_column("reminders", name)
    op.drop_index("ix_reminder_messages_recipient", "reminder_messages")
    op.drop_table("reminder_messages")
