"""Watches, the rhythms of chats, alerts, and how far the library was read for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("lang", sa.String, nullable=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("false_answers", sa.Float, nullable=False),
        sa.Column("digest", sa.Boolean, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text),
        sa.PrimaryKeyConstraint("ref", name="pk_watches"),
    )
    op.create_index("ix_watches_chat", "watches", ["chat"])
    op.create_index("ix_watches_owner", "watches", ["owner"])
    op.create_table(
        "rhythms",
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("every", sa.String(5), nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_until", sa.Integer),
        sa.Column("per_hour", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_rhythms"),
    )
    _create_alerts()


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("watch", sa.String(12), nullable=False),
        sa.Column("sentence", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("article", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang", sa.String),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("also", sa.Text, nullable=False),
        sa.Column("found_at", sa.Float, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("held", sa.String(11)),
        sa.Column("held_at", sa.Float),
        sa.Column("key", sa.String),
        sa.Column("sent_at", sa.Float),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("edits", sa.Integer, nullable=False),
        sa.Column("edited_at", sa.Float, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("disliked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("watch", "sentence", name="pk_alerts"),
    )
    op.create_index("ix_alerts_watch_found_at", "alerts", ["watch", "found_at"])
    op.create_index("ix_alerts_chat_sent_at", "alerts", ["chat", "sent_at"])
    op.create_index("ix_alerts_held", "alerts", ["held"])
    op.create_index("ix_alerts_key", "alerts", ["key"])
    op.create_index("ix_alerts_stale", "alerts", ["stale"])
    op.create_table(
        "alert_progress",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.Column("away_since", sa.Float, nullable=False),
        sa.Column("away_until", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_progress"),
    )
