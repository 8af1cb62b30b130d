"""The store: one schema, one set of migrations, and one line for whatever the disk says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from index.errors import LibraryError, LibraryFull, LibraryLocked, LibraryReadOnly, LibraryTooNew
from index.library import MIGRATIONS
from index.store import engine as engines
from index.store import tables
from index.store.engine import connect, writing
from index.store.migrate import upgrade, version_table


@pytest.fixture
def engine(tmp_path: Path):
    made = connect(tmp_path / "library.db")
    upgrade(made, MIGRATIONS)
    yield made
    made.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    import index.store.sources  # noqa: F401 - its tables are part of the schema

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version_table(MIGRATIONS)})
        assert compare_metadata(context, tables.metadata) == []


def test_an_up_to_date_database_is_opened_without_importing_alembic(tmp_path, engine):
    import subprocess
    import sys

    code = """if True:
        import sys
        from pathlib import Path
        from index.library import MIGRATIONS
        from index.store.engine import connect
        from index.store.migrate import upgrade
        upgrade(connect(Path(sys.argv[1])), MIGRATIONS)
        assert "alembic" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "library.db")], check=True)


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version_index SET version_num = '9999'"))
    with pytest.raises(LibraryTooNew, match="newer Pullquote"):
        upgrade(engine, MIGRATIONS)


def fill(engine, pragma: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(pragma)
        for n in range(1000):
            connection.execute(tables.facts.insert().values(name=f"large {n}", value="x" * 10_000))


def test_a_full_disk_is_one_line_and_nothing_is_half_written(engine):
    with pytest.raises(LibraryFull, match="full"):
        fill(engine, "PRAGMA max_page_count = 40")
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.facts)) == 0


def test_a_locked_database_is_one_line(tmp_path, engine, monkeypatch):
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    other = connect(tmp_path / "library.db")
    with writing(engine), pytest.raises(LibraryLocked, match="another process"), writing(other):
        raise AssertionError("two writers at once")


def test_a_read_only_database_is_one_line(engine):
    with pytest.raises(LibraryReadOnly, match="can't be written"):
        fill(engine, "PRAGMA query_only = ON")


def test_a_data_folder_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(LibraryError, match="data"):
        connect(tmp_path / "data" / "library.db")


def test_a_file_that_is_no_database_is_one_line(tmp_path):
    (tmp_path / "library.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(LibraryError, match="damaged"):
        upgrade(connect(tmp_path / "library.db"), MIGRATIONS)
