"""Updates, messages to send, chats, what can't be reached, and what readers said of quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Exact = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("lane", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("done_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_updates"),
    )
    op.create_index("ix_updates_state_id", "updates", ["state", "id"])
    op.create_index("ix_updates_done_at", "updates", ["done_at"])
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
    )
    op.create_table(
        "unreachable",
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("topic", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("chat", "topic", name="pk_unreachable"),
    )
    _create_outbox()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Key, autoincrement=True, primary_key=True),
        sa.Column("key", Exact, nullable=False),
        sa.Column("chat", sa.BigInteger),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("method", sa.String, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("closed_at", sa.Float),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_id", "outbox", ["state", "id"])
    op.create_index("ix_outbox_chat_message_id", "outbox", ["chat", "message_id"])
    op.create_table(
        "judgements",
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("user", sa.BigInteger, nullable=False),
        sa.Column("sentence", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("chat", "user", "sentence", name="pk_judgements"),
    )
    op.create_table(
        "shown",
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("sentence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("snapshot", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("chat", "key", "sentence", name="pk_shown"),
    )
    op.create_index("ix_shown_sentence", "shown", ["sentence"])
    op.create_table(
        "jobs",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_jobs"),
    )
