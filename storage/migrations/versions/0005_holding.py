"""What is held is found at its moment"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "held_placements",
        "placements",
        ["held_until"],
        sqlite_where=sa.text("status = 'proposed' AND held_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("held_placements", table_name="placements")
