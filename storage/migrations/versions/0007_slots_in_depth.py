"""Slots in depth: an owner, a lead time, days that are skipped; what became of one occurrence"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column("slots", sa.Column("owner", Text(), nullable=True))
    op.add_column("slots", sa.Column("lead", sa.Integer(), nullable=False, server_default="2"))
    op.add_column("slots", sa.Column("skip", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("occurrences", sa.Column("skipped_at", sqlmodel.UTCDateTime(), nullable=True))
    op.add_column("occurrences", sa.Column("skipped_by", Text(), nullable=True))
    op.add_column("occurrences", sa.Column("owner", Text(), nullable=True))


def downgrade() -> None:
    for name in ("owner", "skipped_by", "skipped_at"):
        op.drop_column("occurrences", name)
    for name in ("skip", "lead", "owner"):
        op.drop_column("slots", name)
