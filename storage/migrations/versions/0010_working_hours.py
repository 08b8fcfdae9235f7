"""Everybody's own working days and hours, and whether they want a note in the morning"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("working_days", sa.JSON(), nullable=False, server_default="[0, 1, 2, 3, 4]"),
        sa.Column("begins", sa.Time(), nullable=False, server_default="09:00:00.000000"),
        sa.Column("ends", sa.Time(), nullable=False, server_default="17:00:00.000000"),
        sa.Column("morning_note", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("colleagues", column)


def downgrade() -> None:
    for name in ("morning_note", "ends", "begins", "working_days"):
        op.drop_column("colleagues", name)
