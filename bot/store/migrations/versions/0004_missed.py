"""Texts that were taken back before watches were matched with them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "alert_missed",
        sa.Column("article", sa.String, nullable=False),
        sa.Column("text", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("article", "text", name="pk_alert_missed"),
    )
