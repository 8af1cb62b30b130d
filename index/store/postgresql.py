"""PostgreSQL as the engine: how it is connected to, and what it says, in one line. Imported only where it is used.

An address is libpq's: `postgresql://user:password@host:5432/database?sslmode=verify-full`; several hosts, of which the
one that can be written is taken, are `?host=a:5432&host=b:5432&target_session_attrs=read-write`.
Source of the codes: PostgreSQL 18, Appendix A.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from select import POLLIN, poll
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from index.errors import (
    LibraryError,
    LibraryFull,
    LibraryLocked,
    LibraryReadOnly,
    LibraryUnreachable,
    SettingsError,
)

CONNECT_SECONDS = 10
LOCK_SECONDS = 30
"""How long a writer waits for another's transaction."""
STATEMENT_SECONDS = 60
IDLE_SECONDS = 300
"""A transaction that says nothing for so long is ended, so that a hung process does not hold the writers' turn."""
CONNECTIONS, MORE_CONNECTIONS = 8, 8
"""Kept open by a process, and opened beyond these when all are in use."""
SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    # Of the server's side: without it a machine that lost its power would keep its locks for two hours.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
OLDEST_PGVECTOR = "0.8"
"""The first that goes on searching while a filter lets too few through."""
LOST = ("57P01", "57P02", "57P03", "53300")
"""The server stops, has crashed, is starting, has no connection to spare."""


def connect(address: str, turn: str) -> sa.Engine:
    """An engine; nothing is connected yet. Raises SettingsError for an address that is none."""
    url = _url(address)
    try:
        engine = sa.create_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=MORE_CONNECTIONS,
            pool_timeout=LOCK_SECONDS,
            connect_args=_arguments(url),
            execution_options={"turn": turn},
        )
    except ImportError as error:
        raise LibraryError(
            "PULLQUOTE_DATABASE_URL needs the package psycopg. Install it: pip install 'pullquote[postgresql]'."
        ) from error
    sa.event.listen(engine, "checkout", _refuse_ended)
    return engine


def _refuse_ended(connection: Any, record: object, proxy: object) -> None:
    """A connection that waited for its next use has nothing to read, unless the server ended it: then another takes its
    place. That is found without asking the server, which a ping at each use would."""
    look = poll()
    look.register(connection.pgconn.socket, POLLIN)
    if look.poll(0):
        raise sa.exc.DisconnectionError


def _url(address: str) -> URL:
    wrong = SettingsError(
        "PULLQUOTE_DATABASE_URL can't be used: it must be postgresql://user:password@host/database; special characters "
        "in the password are written as %XX."
    )
    try:
        url = make_url(address)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise wrong from error
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise wrong
    return url.set(drivername="postgresql+psycopg")


def _arguments(url: URL) -> dict[str, Any]:
    """What the address does not say itself. Statements are not prepared on the server: poolers such as PgBouncer
    could not share them, and a plan made for every model would not use the index of one."""
    given = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "pullquote",
        "options": " ".join(f"-c {name}={value}" for name, value in SETTINGS.items()),
        "prepare_threshold": None,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    return {name: value for name, value in given.items() if name not in url.query}


@contextmanager
def explained(engine: sa.Engine) -> Iterator[None]:
    """Turns what the database says into one line for the person who runs this."""
    where = engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise LibraryLocked(f"All connections to {where} are in use. Try again later.") from error
    except sa.exc.DBAPIError as error:
        raise told(error, where) from error


def told(error: sa.exc.DBAPIError, where: str) -> LibraryError:
    """The one line for an error of the database at `where`."""
    code = getattr(error.orig, "sqlstate", None) or ""
    said = " ".join(str(error.orig).split()).removesuffix(".")
    if _is_of_the_address(code, said):
        return LibraryError(f"{where} can't be used: {said}. Correct PULLQUOTE_DATABASE_URL.")
    if error.connection_invalidated or not code or code[:2] == "08" or code in LOST:
        return LibraryUnreachable(f"{where} can't be reached: {said}. Start it, or correct PULLQUOTE_DATABASE_URL.")
    if code in ("55P03", "40001", "40P01"):
        return LibraryLocked(f"{where} is locked by another process that did not finish in time. Try again later.")
    if code in ("57014", "25P03"):
        return LibraryLocked(f"{where} did not finish in time ({said}). Try again later.")
    if code in ("53100", "53200"):
        return LibraryFull(f"The server of {where} has no room left ({said}). Free some space and run it again.")
    if '"vector"' in said:
        return LibraryError(
            f"{where} has no pgvector. Install it on the server, and run there as a superuser: CREATE EXTENSION vector;"
        )
    if code in ("25006", "42501"):
        return LibraryReadOnly(
            f"{where} can't be written ({said}). Give the role the right to, or name the server that takes writes."
        )
    return LibraryError(f"{where}: {said}.")


def _is_of_the_address(code: str, said: str) -> bool:
    """A wrong password, role, database or certificate. What fails before there is a session comes without a code."""
    signs = (
        "authentication failed",
        "does not exist",
        "no pg_hba.conf entry",
        "certificate",
        "invalid connection option",
    )
    return code[:2] in ("28", "3D") or (not code and any(sign in said for sign in signs))


@dataclass(frozen=True, slots=True)
class About:
    """What a server says of itself: its version, pgvector's (None where there is none), whether the way to it is
    encrypted or stays on this machine, and whether this role may change the schema."""

    version: str
    pgvector: str | None
    private: bool
    owner: bool


def about(engine: sa.Engine) -> About:
    """Asks the server. Raises LibraryError."""
    extensions = sa.table("pg_extension", sa.column("extname"), sa.column("extversion"))
    sessions = sa.table("pg_stat_ssl", sa.column("pid"), sa.column("ssl"))
    with explained(engine), engine.connect() as connection:
        version = str(connection.scalar(sa.select(sa.func.current_setting("server_version"))))
        vector = connection.scalar(sa.select(extensions.c.extversion).where(extensions.c.extname == "vector"))
        encrypted = connection.scalar(sa.select(sessions.c.ssl).where(sessions.c.pid == sa.func.pg_backend_pid()))
        local = connection.scalar(sa.select(sa.func.inet_server_addr().op("=")(sa.func.inet_client_addr())))
        schema = sa.func.has_schema_privilege(sa.func.current_schema(), "CREATE")
        # On a Unix socket there are no addresses.
        return About(
            version.split()[0],
            vector,
            bool(encrypted) or local is not False,
            bool(connection.scalar(sa.select(schema))),
        )
