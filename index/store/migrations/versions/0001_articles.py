"""Articles, snapshots, sentences, embeddings and the log of changes."""

import sqlalchemy as sa
from alembic import op

from index.store.dialect import HalfVec

revision = "0001"
down_revision = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Exact = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ExactText = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
Vector = sa.LargeBinary().with_variant(HalfVec(), "postgresql")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS vector")
        _create_words()
    op.create_table(
        "facts",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
    op.create_table(
        "articles",
        sa.Column("id", Exact, nullable=False),
        sa.Column("title", ExactText, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("lang", sa.String),
        sa.Column("author", sa.Text),
        sa.Column("snapshot", Key),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_source", "articles", ["source"])
    op.create_index("ix_articles_published", "articles", ["published"])
    op.create_table(
        "addresses",
        sa.Column("address", ExactText, nullable=False),
        sa.Column("article", Exact, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_addresses"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_addresses_article"),
    )
    op.create_index("ix_addresses_article", "addresses", ["article"])
    op.create_table(
        "snapshots",
        sa.Column("id", Key, nullable=False, autoincrement=True),
        sa.Column("article", Exact, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_snapshots_article"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_snapshots_hash", "snapshots", ["hash"])
    op.create_index("ix_snapshots_article_hash", "snapshots", ["article", "hash"])
    op.create_table(
        "sentences",
        sa.Column("id", Key, nullable=False, autoincrement=True),
        sa.Column("snapshot", Key, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sentences"),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name="fk_sentences_snapshot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sentences_snapshot", "sentences", ["snapshot"])
    op.create_table(
        "models",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("dim", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_models"),
        sa.UniqueConstraint("fingerprint", name="uq_models_fingerprint"),
    )
    op.create_table(
        "embeddings",
        sa.Column("model", sa.Integer, nullable=False),
        sa.Column("sentence", Key, nullable=False),
        sa.Column("vector", Vector, nullable=False),
        sa.PrimaryKeyConstraint("model", "sentence", name="pk_embeddings"),
        sa.ForeignKeyConstraint(["model"], ["models.id"], name="fk_embeddings_model"),
        sa.ForeignKeyConstraint(["sentence"], ["sentences.id"], name="fk_embeddings_sentence"),
    )
    op.create_table(
        "changes",
        sa.Column("seq", Key, nullable=False, autoincrement=True),
        sa.Column("article", Exact, nullable=False),
        sa.Column("added", Key),
        sa.Column("retired", Key),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_changes_article"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sources",
        sa.Column("id", Key, nullable=False, autoincrement=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_success", sa.DateTime(timezone=True)),
        sa.Column("next_try", sa.DateTime(timezone=True)),
        sa.Column("pace", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("address", name="uq_sources_address"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sources_next_try", "sources", ["next_try"])
    op.create_table(
        "source_entries",
        sa.Column("source", Key, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("updated", sa.String, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name="pk_source_entries"),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_source_entries_source", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )


def _create_words() -> None:
    """SQLite's words are in files of their own."""
    from sqlalchemy.dialects.postgresql import TSVECTOR

    op.create_table(
        "analyses",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("sentences", sa.BigInteger, nullable=False),
        sa.Column("title_terms", sa.BigInteger, nullable=False),
        sa.Column("body_terms", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.UniqueConstraint("code", name="uq_analyses_code"),
    )
    op.create_table(
        "word_rows",
        sa.Column("analysis", sa.Integer, nullable=False),
        sa.Column("sentence", sa.BigInteger, nullable=False),
        sa.Column("terms", TSVECTOR, nullable=False),
        sa.Column("title_length", sa.SmallInteger, nullable=False),
        sa.Column("body_length", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("analysis", "sentence", name="pk_word_rows"),
    )
    op.create_index(
        "ix_word_rows_terms", "word_rows", ["terms"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    op.create_table(
        "word_counts",
        sa.Column("analysis", sa.Integer, nullable=False),
        sa.Column("term", Exact, nullable=False),
        sa.Column("titles", sa.Integer, nullable=False),
        sa.Column("bodies", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("analysis", "term", name="pk_word_counts"),
    )
