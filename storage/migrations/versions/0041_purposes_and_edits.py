"""One yes for each purpose, a new one after a change; when a part was changed; a photo described"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BEFORE = "status IN ('collecting','naming','age','consent','preview')"
NOW = "status IN ('collecting','describing','naming','age','consent','preview')"


def upgrade() -> None:
    op.add_column(
        "story_parts", sa.Column("edited_at", sqlmodel.UTCDateTime(), nullable=True)
    )
    op.add_column(
        "story_parts", sa.Column("alt", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    )
    _one_draft(NOW)
    names = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    with op.batch_alter_table("consents", naming_convention=names) as batch:
        batch.drop_constraint("uq_consents_story_id", type_="unique")
    op.create_index(
        "one_yes_for_each_purpose",
        "consents",
        ["story_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    # The text that was shown until now spoke of the people in the pictures, too.
    op.execute(
        "INSERT INTO consents"
        " (story_id, follower_id, purpose, version, language, text, agreed_at, withdrawn_at)"
        " SELECT story_id, follower_id, 'people', version, language, text, agreed_at, withdrawn_at"
        " FROM consents WHERE purpose = 'publish'"
    )


def downgrade() -> None:
    op.execute("DELETE FROM consents WHERE purpose = 'people' OR withdrawn_at IS NOT NULL")
    op.drop_index("one_yes_for_each_purpose", "consents")
    with op.batch_alter_table("consents") as batch:
        batch.create_unique_constraint("uq_consents_story_id", ["story_id", "purpose"])
    _one_draft(BEFORE)
    op.drop_column("story_parts", "alt")
    op.drop_column("story_parts", "edited_at")


def _one_draft(where: str) -> None:
    op.drop_index("one_draft_a_follower", "stories")
    op.create_index(
        "one_draft_a_follower",
        "stories",
        ["follower_id"],
        unique=True,
        sqlite_where=sa.text(where),
    )
