"""The database of the bot: `<data>/chats.db`, or the PostgreSQL that the settings name."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from index.store.dialect import insert_once as insert_once
from index.store.dialect import is_postgresql
from index.store.engine import BUSY_SECONDS, connect, explained
from index.store.migrate import upgrade

MIGRATIONS = Path(__file__).parent / "migrations"
FILE = "chats.db"
TURN = "chats"
"""The name under which writers of one PostgreSQL take turns, apart from those of the library."""

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
    engine = connect(database_url or data / FILE, TURN)
    if not is_postgresql(engine):
        sa.event.listen(engine, "connect", _erase)
    upgrade(engine, MIGRATIONS)
    return engine


def _erase(connection: Any, record: object) -> None:
    """What is deleted is overwritten, so that what a chat said is gone from the file too."""
    connection.execute("PRAGMA secure_delete=ON")


def empty_log(engine: sa.Engine) -> bool:
    """Moves what SQLite's log holds into the database and empties it: until then it still has what was deleted since.
    False where someone reads from the log just now; nobody is waited for."""
    if is_postgresql(engine):
        return True
    with explained(Path(engine.url.database or "")), closing(engine.raw_connection()) as connection:
        said = connection.cursor()
        said.execute("PRAGMA busy_timeout=0")
        try:
            return not said.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            said.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
