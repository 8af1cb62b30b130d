"""What the two engines do differently, each thing in one place; all else is said once for both.

SQLite has one writer, and takes it as it comes. PostgreSQL has vectors, full-text search, and locks that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, UserDefinedType

Exact = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
"""A text that is ordered and compared code point by code point, as SQLite does of itself."""

_HALF = np.dtype("<f2")
_SENT_HEADER = 4
"""Bytes that `halfvec_send` puts before the numbers: how many these are (int16), and two that are not used."""


def is_postgresql(of: sa.Engine | sa.Connection) -> bool:
    """Whether this is PostgreSQL; it is SQLite otherwise."""
    return of.dialect.name == "postgresql"


class Moment(TypeDecorator[datetime]):
    """A time with its zone, UTC. SQLite keeps none: what it gives back is UTC, as it was stored."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None and value.tzinfo is not None else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class HalfVec(UserDefinedType[Any]):
    """pgvector's vector of float16. It is written as text (`[0.5,-1]`) and read in binary form, which is the quicker
    way to numpy. Without `dim` it takes any width."""

    cache_ok = True

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def get_col_spec(self, **_: Any) -> str:
        return "halfvec" if self.dim is None else f"halfvec({self.dim})"


class Vector(TypeDecorator[bytes]):
    """A vector of float16, little-endian bytes in Python. SQLite keeps those, PostgreSQL a `halfvec`."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(HalfVec() if dialect.name == "postgresql" else sa.LargeBinary())

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.func.halfvec_send(column, type_=Vector()) if isinstance(self.impl_instance, HalfVec) else column

    def process_bind_param(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        return value if value is None or dialect.name != "postgresql" else _written(np.frombuffer(value, _HALF))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        if value is None or dialect.name != "postgresql":
            return None if value is None else bytes(value)
        return np.frombuffer(value, ">f2", offset=_SENT_HEADER).astype(_HALF).tobytes()


def _written(vector: npt.NDArray[np.float16]) -> str:
    return "[" + ",".join(map(_said().__getitem__, vector.view(np.uint16).tolist())) + "]"


@cache
def _said() -> list[str]:
    """Every float16 by its bits, in as few digits as tell it from its neighbours."""
    return [str(number) for number in np.arange(1 << 16, dtype=np.uint16).view(np.float16)]


def insert_once(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """An INSERT that leaves a row with the same key as it is; both engines spell it the same way."""
    once: sa.Insert = _insert(connection, table).on_conflict_do_nothing()
    return once


def insert_over(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """An INSERT that puts a row in the place of one with the same key."""
    new = _insert(connection, table)
    values = {column.name: new.excluded[column.name] for column in table.c if not column.primary_key}
    over: sa.Insert = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)
    return over


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    if is_postgresql(connection):
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)


def in_order(connection: sa.Connection, columns: Iterable[sa.Column[Any]]) -> list[sa.ColumnElement[Any]]:
    """Columns to order by, so that both engines give rows in the same order: text code point by code point."""
    if not is_postgresql(connection):
        return list(columns)
    return [column.collate("C") if isinstance(column.type, sa.String) else column for column in columns]


def holding(connection: sa.Connection, column: sa.ColumnElement[str], needle: str) -> sa.ColumnElement[bool]:
    """Whether a text contains another, whatever the case of its ASCII letters; PostgreSQL ignores that of all."""
    contains = column.icontains if is_postgresql(connection) else column.contains
    return contains(needle, autoescape=True)


def frozen(engine: sa.Engine) -> sa.Engine:
    """The engine for transactions that read one state of the database, as SQLite's do of themselves."""
    if is_postgresql(engine):
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def take_turn(connection: sa.Connection, name: str) -> None:
    """Waits until no other transaction holds the turn of this name; it is given back when this one ends.

    SQLite's one writer is taken by BEGIN IMMEDIATE already. Source: PostgreSQL 18, 13.3.5, Advisory Locks.
    """
    if is_postgresql(connection):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_number(name))))


def take_turn_if_free(connection: sa.Connection, name: str) -> bool:
    """The same without waiting: False where another transaction holds it."""
    if not is_postgresql(connection):
        return True
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(lock_number(name)))))


def lock_number(name: str) -> int:
    """The 64-bit number by which PostgreSQL knows a turn."""
    return int.from_bytes(sha256(f"pullquote {name}".encode()).digest()[:8], signed=True)


def newest_number(connection: sa.Connection, column: sa.Column[int]) -> int:
    """The highest number that a growing key ever gave out, also to rows that are gone."""
    if is_postgresql(connection):
        given = connection.scalar(sa.select(sa.func.pg_sequence_last_value(_sequence(column))))
    else:
        given = connection.scalar(sa.select(_COUNTERS.c.seq).where(_COUNTERS.c.name == column.table.name))
    return int(given or 0)


def go_on_from(connection: sa.Connection, column: sa.Column[int], number: int) -> None:
    """The growing key gives out nothing up to `number` from here on."""
    if number <= newest_number(connection, column):
        return
    if is_postgresql(connection):
        connection.execute(sa.select(sa.func.setval(_sequence(column), number)))
        return
    here = _COUNTERS.c.name == column.table.name
    if connection.execute(_COUNTERS.update().where(here).values(seq=number)).rowcount == 0:
        connection.execute(_COUNTERS.insert().values(name=column.table.name, seq=number))


_COUNTERS = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))


def _sequence(column: sa.Column[int]) -> sa.ColumnElement[Any]:
    from sqlalchemy.dialects.postgresql import REGCLASS

    return sa.cast(sa.func.pg_get_serial_sequence(column.table.name, column.name), REGCLASS)
