"""Figures: what platforms count of a placement, and which of them a platform has"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "measurements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("metric", Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("measured_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("by", Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"]),
    )
    op.create_index("measurements_of_placement", "measurements", ["placement_id", "metric"])
    op.add_column(
        "platforms", sa.Column("metrics", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("placements", sa.Column("no_figures_since", sqlmodel.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("placements", "no_figures_since")
    op.drop_column("platforms", "metrics")
    op.drop_index("measurements_of_placement", "measurements")
    op.drop_table("measurements")
