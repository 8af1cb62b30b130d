"""Copying a database while others write to it, and putting a copy in the place of another.

    database ──online copy──> one closed file ──checked──> put in place ──> a library of a new name

SQLite alone: a PostgreSQL is backed up by its own tools. Sources: https://www.sqlite.org/backup.html and, for who holds
what while a database in WAL mode is open, https://www.sqlite.org/wal.html.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.caches import sync_folder
from index.errors import LibraryError, LibraryLocked
from index.library import MIGRATIONS, Library
from index.settings import LibrarySettings
from index.store import changes
from index.store.engine import BUSY_SECONDS, connect, explained, writing
from index.store.migrate import upgrade, version_table

FILE = "library.db"
SIDES = ("-wal", "-shm", "-journal")
PATIENCE = 2.0
"""Seconds that a restore waits for another process to close a database."""


def copy(database: Path, to: Path) -> None:
    """Writes one consistent state of a database into `to`, a single closed file, whatever is written meanwhile.

    Raises LibraryError where the database is damaged: a backup of it would only look like one.
    """
    with _told(database), closing(_opened(database, BUSY_SECONDS)) as source, closing(_opened(to)) as target:
        # All pages in one step: in WAL mode that is one read transaction, and writers go on beside it.
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")
        said = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise LibraryError(f"{database} is damaged ({said}). Nothing was written; restore an older backup.")
    _sync(to)


def schema(database: Path, migrations: Path) -> str | None:
    """The schema's number in a closed database file, None where it never had one."""
    with _told(database), closing(_opened(database)) as opened:
        table = version_table(migrations)
        if opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
            return None
        return str(opened.execute(f"SELECT version_num FROM {table}").fetchone()[0])  # noqa: S608 - our own name


def adopt(folder: Path, settings: LibrarySettings) -> int:
    """Makes the library in `folder` ready to be put in another's place: brought up to this program's schema, every
    sentence checked, and given a name of its own, so that caches made for another state of it are rebuilt.

    Returns its sentences. Raises LibraryTooNew, or LibraryError where what is stored is not what it says it is.
    """
    engine = connect(folder / FILE)
    upgrade(engine, MIGRATIONS)
    with Library(settings.model_copy(update={"data": folder, "database_url": None}), engine) as library:
        flaws = list(library.verify())
        if flaws:
            more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
            raise LibraryError(f"The backup's library is not sound: {flaws[0].what}: {flaws[0].reason}{more}")
        with writing(engine) as connection:
            changes.renew_identity(connection)
        count = library.count()
    close(folder / FILE)
    return count


def close(database: Path) -> None:
    """Folds what SQLite keeps beside a database into it, and syncs it. Raises LibraryLocked where another process has
    it open: SQLite gives the last lock of a WAL only to whoever is alone."""
    with _told(database), closing(_opened(database, PATIENCE)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    _sync(database)


def clear_the_way(database: Path) -> None:
    """Before a database is replaced: nobody uses it, and nothing stays beside it that would be read into another.
    One that is too damaged to be opened is in nobody's use."""
    try:
        if database.exists():
            close(database)
    except LibraryLocked as error:
        raise LibraryLocked(f"{database} is in use. Stop the bot (and any other pullquote) first.") from error
    except LibraryError:
        pass
    for side in SIDES:
        database.with_name(database.name + side).unlink(missing_ok=True)
    sync_folder(database.parent)


def _opened(database: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=patience, isolation_level=None)


@contextmanager
def _told(database: Path) -> Iterator[None]:
    """What sqlite3 itself says, as the engine's errors say it."""
    import sqlalchemy as sa

    with explained(database):
        try:
            yield
        except sqlite3.Error as error:
            raise sa.exc.DBAPIError(None, None, error) from error


def _sync(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
