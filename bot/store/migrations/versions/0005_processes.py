"""Several bots on one database: who lives, who has taken what, and what is spent of Telegram's limits.

Only adds, and every new column may be empty: a process of the version before goes on working beside those of this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("updates", "outbox", "jobs"):
        op.add_column(table, sa.Column("owner", sa.String(32)))
    owned = sa.text("owner IS NOT NULL")
    op.create_index("ix_outbox_owner", "outbox", ["owner"], postgresql_where=owned, sqlite_where=owned)
    op.create_table(
        "processes",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_processes"),
    )
    op.create_table(
        "roles",
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_roles"),
    )
    op.create_table(
        "paces",
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("bucket", sa.String(8), nullable=False),
        sa.Column("tokens", sa.Float, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("held_until", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("chat", "bucket", name="pk_paces"),
    )
