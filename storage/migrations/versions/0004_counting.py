"""Lengths as each platform counts them"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: many tables refer to this one, so it cannot be made anew.
    op.add_column(
        "platforms",
        sa.Column(
            "count",
            sqlmodel.sql.sqltypes.AutoString(),
            nullable=False,
            server_default="characters",
        ),
    )


def downgrade() -> None:
    op.drop_column("platforms", "count")
