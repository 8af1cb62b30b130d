"""The database of the bot: `<data>/chats.db`, or the PostgreSQL that the settings name."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from index.store.engine import connect
from index.store.migrate import upgrade

MIGRATIONS = Path(__file__).parent / "migrations"
FILE = "chats.db"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite gives a growing key that is never reused to INTEGER PRIMARY KEY AUTOINCREMENT alone."""


def open_store(data: Path, database_url: str | None = None) -> sa.Engine:
    """Connects and brings the schema up to date. Raises LibraryError in one line for its reader."""
    engine = connect(database_url or data / FILE)
    upgrade(engine, MIGRATIONS)
    return engine


def insert_once(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """An INSERT that leaves a row with the same key as it is; both engines spell it the same way."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table).on_conflict_do_nothing()
