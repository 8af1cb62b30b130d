"""The tables of the library (SQLAlchemy Core). One metadata, from which the migrations are checked.

articles 1─n addresses        where an article was found
articles 1─n snapshots 1─n sentences 1─n embeddings (one per model)
changes                       what each accepted transaction added and retired, in order
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from index.store.dialect import Exact, Moment, Vector

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a growing key that is never reused to INTEGER PRIMARY KEY AUTOINCREMENT alone.
Key = BigInteger().with_variant(Integer, "sqlite")

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What is true of the whole library: its identity.",
)

articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", Exact, nullable=False),
    Column("source", Text, index=True),
    Column("url", Text),
    Column("published", Date, index=True),
    Column("lang", String),
    Column("author", Text),
    Column("snapshot", Key, comment="The current one; null once the article is removed."),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)

addresses = Table(
    "addresses",
    metadata,
    Column("address", Exact, primary_key=True),
    Column("article", ForeignKey("articles.id"), nullable=False, index=True),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("article", ForeignKey("articles.id"), nullable=False),
    Column("hash", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False, comment="As it stood then: the sentences were embedded with it."),
    Column("text", Text, nullable=False),
    Column("address", Text),
    Column("taken_at", Moment, nullable=False),
    Index("ix_snapshots_article_hash", "article", "hash"),
    sqlite_autoincrement=True,
)

sentences = Table(
    "sentences",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_autoincrement=True,
)

models = Table(
    "models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("dim", Integer, nullable=False),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("model", ForeignKey("models.id"), primary_key=True),
    Column("sentence", ForeignKey("sentences.id"), primary_key=True, autoincrement=False),
    Column("vector", Vector, nullable=False, comment="dim float16, unit length."),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    Column("article", ForeignKey("articles.id"), nullable=False),
    Column("added", Key, comment="The snapshot whose sentences went live."),
    Column("retired", Key, comment="The snapshot whose sentences are no longer live."),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

__all__ = [
    "addresses",
    "articles",
    "changes",
    "embeddings",
    "facts",
    "metadata",
    "models",
    "sentences",
    "snapshots",
]
