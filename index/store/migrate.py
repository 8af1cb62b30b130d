"""Bringing a database to the newest schema, by Alembic; a database of a newer program is refused."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa

from index.errors import LibraryError, LibraryTooNew
from index.store.engine import reading, writing

MOVING = "moving"
"""Stands before the version of a database that is being filled by a move: nothing else may use it."""
REVISION = re.compile(r"^(\d{4})_\w+\.py$")


def newest(folder: Path) -> str:
    """The newest revision in a folder of migrations; they are numbered: `0001_first.py`."""
    return max(match[1] for path in (folder / "versions").iterdir() if (match := REVISION.match(path.name)))


def upgrade(engine: sa.Engine, folder: Path) -> None:
    """Runs what is missing. Reads the version first, so that an up-to-date database costs one query and no import.

    Raises LibraryTooNew when the database's version is not among the migrations of this program.
    """
    wanted = newest(folder)
    table = version_table(folder)
    found = _version(engine, table)
    if found == wanted:
        return
    if found is not None and found.startswith(MOVING):
        raise LibraryError(
            "A move into this database was broken off. Run the same `pullquote move` again: it goes on from there."
        )
    if found is not None and found > wanted:
        raise LibraryTooNew(
            f"The data folder was made by a newer Pullquote (schema {found}, this one knows {wanted}). "
            "Install that version, or set PULLQUOTE_DATA to another folder."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table"] = table
        command.upgrade(config, "head")


def set_aside(engine: sa.Engine, folder: Path) -> bool:
    """Marks an up-to-date database as being filled by a move; False where an earlier move did so. Raises LibraryError
    where that was a move of another version of the program."""
    found, wanted = _version(engine, version_table(folder)), newest(folder)
    if found == f"{MOVING} {wanted}":
        return False
    upgrade(engine, folder)
    _write_version(engine, folder, f"{MOVING} {wanted}")
    return True


def open_up(engine: sa.Engine, folder: Path) -> None:
    """Ends what `set_aside` began: the database is one like any other."""
    _write_version(engine, folder, newest(folder))


def _write_version(engine: sa.Engine, folder: Path, version: str) -> None:
    table = sa.table(version_table(folder), sa.column("version_num"))
    with writing(engine) as connection:
        connection.execute(table.update().values(version_num=version))


def version_table(folder: Path) -> str:
    """Each package has migrations, and a version, of its own: `alembic_version_index`, `alembic_version_bot`."""
    return f"alembic_version_{folder.parents[1].name}"


def _version(engine: sa.Engine, table: str) -> str | None:
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table(table):
            return None
        version: str | None = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(table)))
    return version
