"""Connecting to a database: SQLite in a folder, or PostgreSQL by its address."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from index.errors import LibraryError, LibraryFull, LibraryLocked, LibraryReadOnly
from index.store import dialect

BUSY_SECONDS = 30
"""How long a writer waits for another process's transaction. A transaction here is one group of articles."""
TURN = "library"
"""Whose turn to write is waited for, unless `connect` names another."""


def connect(where: str | Path, turn: str = TURN) -> sa.Engine:
    """An engine for a database address, or for a file, which is created in its folder when missing. `turn`: writers of
    one PostgreSQL take turns by this name; in SQLite there is one writer for each file. Raises LibraryError."""
    if isinstance(where, str) and "://" in where:
        from index.store.postgresql import connect as connect_postgresql

        return connect_postgresql(where, turn)
    path = Path(where)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def writing(engine: sa.Engine, alone: bool = True) -> Iterator[sa.Connection]:
    """One transaction that writes. The single writer is waited for at its start, where waiting can't fail with work
    half done; what the database says of a full disk or a lock comes out as a LibraryError.

    Without `alone`, PostgreSQL lets others write beside it: for work that is safe beside itself, row by row.
    """
    with said_of(engine), engine.execution_options(immediate=True).begin() as connection:
        if alone:
            dialect.take_turn(connection, connection.get_execution_options().get("turn", TURN))
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that reads a single state of the database, whatever is written meanwhile."""
    with said_of(engine), dialect.frozen(engine).connect() as connection:
        yield connection


@contextmanager
def said_of(engine: sa.Engine) -> Iterator[None]:
    """Turns what a database says into one line for the person who runs this."""
    if dialect.is_postgresql(engine):
        from index.store.postgresql import explained as explained_postgresql

        with explained_postgresql(engine):
            yield
    else:
        with explained(Path(engine.url.database or "")):
            yield


def _set_pragmas(connection: Any, record: object) -> None:
    # The driver's own transaction handling is switched off: _begin says BEGIN where SQLAlchemy means it.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what the disk and SQLite say into one line for the person who runs this."""
    try:
        yield
    except OSError as error:
        raise _of_the_disk(error, path) from error
    except sa.exc.DBAPIError as error:
        raise _of_the_database(str(error.orig), path) from error


def _of_the_disk(error: OSError, path: Path) -> LibraryError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LibraryFull(f"The disk that holds {path} is full. Free some space and run it again.")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return LibraryReadOnly(f"{path} can't be written. Give this user the right to, or set PULLQUOTE_DATA.")
    return LibraryError(f"{path} can't be used: {os.strerror(error.errno or 0)}.")


def _of_the_database(said: str, path: Path) -> LibraryError:
    if "locked" in said or "busy" in said:
        return LibraryLocked(
            f"{path} is locked by another process that did not finish in {BUSY_SECONDS} seconds. Try again later."
        )
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return LibraryReadOnly(f"{path} can't be written. Give this user the right to, or set PULLQUOTE_DATA.")
    if "full" in said:
        return LibraryFull(f"The disk that holds {path} is full. Free some space and run it again.")
    if "malformed" in said or "not a database" in said:
        return LibraryError(
            f"{path} is damaged ({said}). Restore a backup, or move it away and add the articles again."
        )
    return LibraryError(f"{path}: {said}.")
