"""The store: one schema, one set of migrations, and one line for whatever the disk says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.article import ArticleId, Draft, Span, hash_of
from index.errors import (
    LibraryError,
    LibraryFull,
    LibraryLocked,
    LibraryReadOnly,
    LibraryTooNew,
    LibraryUnreachable,
    PullquoteError,
)
from index.library import MIGRATIONS
from index.store import articles, changes, dialect, embeddings, sentences, tables
from index.store import engine as engines
from index.store.engine import connect, reading, writing
from index.store.migrate import upgrade, version_table

NOW = datetime(2024, 3, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path):
    made = connect(tmp_path / "library.db")
    upgrade(made, MIGRATIONS)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path: Path):
    """Both engines, with this package's tables alone."""
    where = tmp_path / "library.db" if request.param == "sqlite" else request.getfixturevalue("postgresql").empty()
    made = connect(where)
    upgrade(made, MIGRATIONS)
    yield made
    made.dispose()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'halfvec'")
def test_the_migrations_make_exactly_the_tables_of_the_code(either):
    import index.store.sources  # noqa: F401 - its tables are part of the schema
    from index.store import lexemes

    wanted = [tables.metadata, lexemes.metadata] if dialect.is_postgresql(either) else [tables.metadata]
    with either.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version_table(MIGRATIONS)})
        found = compare_metadata(context, wanted)
    # Comments are for readers of the code; they are not in the database.
    assert [each for each in found if "comment" not in str(each[0][0] if isinstance(each, list) else each[0])] == []


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


def test_a_database_of_a_newer_program_is_refused_and_left_alone(either):
    with either.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version_index SET version_num = '9999'"))
    with pytest.raises(LibraryTooNew, match="newer Pullquote"):
        upgrade(either, MIGRATIONS)


def test_a_program_starts_beside_others_and_the_schema_is_made_once(postgresql):
    address = postgresql.empty()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda engine: upgrade(engine, MIGRATIONS), [connect(address) for _ in range(4)]))
    [(count,)] = postgresql.run("SELECT count(*) FROM alembic_version_index", address.partition("?")[0].rsplit("/")[-1])
    assert count == 1


def test_numbers_of_changes_are_visible_in_their_order(database, tmp_path):
    """A reader that has seen change n never meets a smaller one later: the log is followed by number."""
    engine = connect(database or tmp_path / "library.db")
    upgrade(engine, MIGRATIONS)
    with writing(engine) as connection:
        connection.execute(tables.articles.insert().values(id="a", title="a", added_at=NOW))
    seen: list[int] = []

    def write(_: int) -> None:
        with writing(engine) as connection:
            changes.write(connection, ArticleId("a"), None, None, NOW)
            seen.append(changes.seq(connection))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(60)))
    engine.dispose()
    assert seen == sorted(seen)
    assert len(set(seen)) == 60


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database, tmp_path):
    engine = connect(database or tmp_path / "library.db")
    upgrade(engine, MIGRATIONS)
    count = sa.select(sa.func.count()).select_from(tables.facts)
    with reading(engine) as connection:
        before = connection.scalar(count)
        with writing(engine) as other:
            other.execute(tables.facts.insert().values(name="new", value="x"))
        assert connection.scalar(count) == before
    engine.dispose()


@settings(max_examples=30)
@given(arrays(np.float16, st.integers(1, 40), elements=st.floats(-65504, 65504, width=16)))
def test_any_vector_comes_back_bit_by_bit(kept, vector):
    with writing(kept) as connection:
        connection.execute(tables.embeddings.update().values(vector=vector.astype("<f2").tobytes()))
        assert connection.scalar(sa.select(tables.embeddings.c.vector)) == vector.astype("<f2").tobytes()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request, tmp_path_factory):
    """Both engines, with one sentence and its vector."""
    folder = tmp_path_factory.mktemp("kept")
    where = folder / "library.db" if request.param == "sqlite" else request.getfixturevalue("postgresql").empty()
    made = connect(where)
    upgrade(made, MIGRATIONS)
    with writing(made) as connection:
        connection.execute(tables.articles.insert().values(id="a", title="a", added_at=NOW))
        snapshot = articles.write_snapshot(connection, ArticleId("a"), hash_of("a"), Draft("a", "a"), NOW)
        ids = sentences.write(connection, snapshot, [Span(0, 1)])
        embeddings.write(connection, embeddings.write_model(connection, "m", 1), ids, np.ones((1, 1), np.float16))
    yield made
    made.dispose()


def test_a_growing_key_goes_on_from_a_number_and_never_back(either):
    column = tables.snapshots.c.id
    with writing(either) as connection:
        assert dialect.newest_number(connection, column) == 0
        dialect.go_on_from(connection, column, 41)
        dialect.go_on_from(connection, column, 7)
        connection.execute(tables.articles.insert().values(id="a", title="a", added_at=NOW))
        assert articles.write_snapshot(connection, ArticleId("a"), hash_of("a"), Draft("a", "a"), NOW) == 42
        assert dialect.newest_number(connection, column) == 42


def test_times_come_back_with_their_zone(either):
    with writing(either) as connection:
        connection.execute(tables.articles.insert().values(id="a", title="a", added_at=NOW))
    with reading(either) as connection:
        assert connection.scalar(sa.select(tables.articles.c.added_at)) == NOW


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://somewhere/db", "must be postgresql://"),
        ("postgresql://host:port/db", "must be postgresql://"),
        ("postgresql://nobody:secret@localhost:1/db", "can't be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_line_without_the_password(address, said):
    with pytest.raises(PullquoteError, match=said) as raised:
        upgrade(connect(address), MIGRATIONS)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_database_that_is_not_there_is_one_line(postgresql):
    with pytest.raises(LibraryError, match='database "nowhere" does not exist'):
        upgrade(connect(postgresql.uri("nowhere")), MIGRATIONS)


def test_a_server_that_went_away_is_one_line_and_its_return_is_noticed(postgresql):
    engine = connect(postgresql.empty())
    upgrade(engine, MIGRATIONS)

    def cut_off() -> None:
        with reading(engine) as connection:
            pid = connection.scalar(sa.select(sa.func.pg_backend_pid()))
            postgresql.run(f"SELECT pg_terminate_backend({pid}, 5000)")
            changes.seq(connection)

    with pytest.raises(LibraryUnreachable, match="can't be reached"):
        cut_off()
    with reading(engine) as connection:
        assert changes.seq(connection) == 0
    engine.dispose()


def test_a_connection_that_was_ended_while_nobody_used_it_is_replaced_unnoticed(postgresql):
    engine = connect(postgresql.empty())
    upgrade(engine, MIGRATIONS)
    for _ in range(3):
        with reading(engine) as connection, reading(engine) as other:
            pids = [each.scalar(sa.select(sa.func.pg_backend_pid())) for each in (connection, other)]
        for pid in pids:
            postgresql.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        with reading(engine) as connection:
            assert changes.seq(connection) == 0
    engine.dispose()


def test_a_writer_that_waits_too_long_is_told_so(postgresql):
    address = postgresql.empty()
    first = connect(address)
    second = connect(address + "&options=-c lock_timeout=20ms")
    upgrade(first, MIGRATIONS)
    with writing(first), pytest.raises(LibraryLocked, match="another process"), writing(second):
        raise AssertionError("two writers at once")
    with writing(first, alone=False), writing(second):
        pass
    first.dispose()
    second.dispose()


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
