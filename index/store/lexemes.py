"""Words in PostgreSQL: the terms of each sentence as a `tsvector`, and in how many sentences each term is.

Terms are made by `index.terms`, not by a configuration of PostgreSQL. A lexeme's weight says where it stands: A in the
title; in the sentence itself B once, C twice, D more often. Whoever analyses in another way has rows of its own, so
that an old and a new version can run side by side.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

from index.store.dialect import Exact, Moment
from index.store.tables import metadata as shared

metadata = MetaData(naming_convention=shared.naming_convention)

analyses = Table(
    "analyses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True, comment="A hash of the code that makes terms."),
    Column("seq", BigInteger, nullable=False, comment="The change up to which its rows are complete."),
    Column("sentences", BigInteger, nullable=False),
    Column("title_terms", BigInteger, nullable=False, comment="In all titles together."),
    Column("body_terms", BigInteger, nullable=False),
    Column("used_at", Moment, nullable=False),
)

word_rows = Table(
    "word_rows",
    metadata,
    Column("analysis", Integer, primary_key=True, autoincrement=False),
    Column("sentence", BigInteger, primary_key=True, autoincrement=False),
    Column("terms", TSVECTOR, nullable=False),
    Column("title_length", SmallInteger, nullable=False, comment="In terms."),
    Column("body_length", SmallInteger, nullable=False),
    # Without a list of what is yet to be indexed, which every search would have to read.
    Index("ix_word_rows_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

word_counts = Table(
    "word_counts",
    metadata,
    Column("analysis", Integer, primary_key=True, autoincrement=False),
    Column("term", Exact, primary_key=True),
    Column("titles", Integer, nullable=False, comment="Live sentences under a title that has it."),
    Column("bodies", Integer, nullable=False),
)
