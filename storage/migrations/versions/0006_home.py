"""App Home stays quick however many posts there are"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posts_proposer", "posts", ["proposer"])
    op.create_index("placements_in_time", "placements", ["planned_at"])
    op.create_index(
        "handed_placements",
        "placements",
        ["planned_at"],
        sqlite_where=sa.text("status = 'handed'"),
    )


def downgrade() -> None:
    op.drop_index("handed_placements", "placements")
    op.drop_index("placements_in_time", "placements")
    op.drop_index("ix_posts_proposer", "posts")
