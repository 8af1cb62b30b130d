"""Copying tables from one database into another, of either engine, so that it can be stopped and taken up again.

    kept       rows that others refer to, and that may change: stored, or brought up to date
    growing    rows that never change: those after the last that is there already
    replaced   all others, whole, at the end, in one transaction

What is read is one state of the source, whatever is written to it meanwhile; `differences` compares with the same one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from index.store.dialect import go_on_from, in_order, insert_over, newest_number
from index.store.engine import reading, writing

TOGETHER = 2_000
"""Rows of one transaction: what a kill can cost."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables of a database by how they are copied; in each group those that are referred to come first."""

    kept: Sequence[sa.Table] = ()
    growing: Sequence[sa.Table] = ()
    replaced: Sequence[sa.Table] = ()
    marks: Sequence[sa.Table] = ()
    """What a database notes of itself when it is first used; replaced as well."""

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        return (*self.kept, *self.growing, *self.replaced, *self.marks)


@dataclass(frozen=True, slots=True)
class Copied:
    """So many rows of a table are there, beside those that were."""

    table: str
    rows: int


def copy(source: sa.Connection, target: sa.Engine, plan: Plan) -> Iterator[Copied]:
    """Copies what is missing; each step is durable. `source` is one reading transaction."""
    for table in plan.kept:
        for rows in _blocks(source, _ordered(source, table)):
            with writing(target) as connection:
                connection.execute(insert_over(connection, table), rows)
            yield Copied(table.name, len(rows))
    for table in plan.growing:
        with reading(target) as there:
            last, known = _last(there, table), count(there, [table])
        yield Copied(table.name, known)
        for rows in _blocks(source, _after(table, last)):
            with writing(target) as connection:
                connection.execute(table.insert(), rows)
            yield Copied(table.name, len(rows))
    yield from _replaced(source, target, (*plan.replaced, *plan.marks))
    with writing(target) as connection:
        for column in _growing_keys(plan.tables):
            highest = int(source.scalar(sa.select(sa.func.max(column))) or 0)
            go_on_from(connection, column, max(highest, newest_number(source, column)))


def count(connection: sa.Connection, tables: Sequence[sa.Table]) -> int:
    """Rows of all these tables."""
    return sum(int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0) for table in tables)


def differences(source: sa.Connection, target: sa.Connection, plan: Plan) -> Iterator[str]:
    """Compares every row of every table; says of each table that differs where it first does."""
    for table in plan.tables:
        ours, theirs = _blocks(source, _ordered(source, table)), _blocks(target, _ordered(target, table))
        with closing(ours), closing(theirs):
            pairs = zip_longest(ours, theirs, fillvalue=list[dict[str, Any]]())
            wrong = next(((mine, other) for mine, other in pairs if mine != other), None)
        if wrong is not None:
            yield f"{table.name}, at {_first(*wrong, table)}"


def _first(mine: Rows, other: Rows, table: sa.Table) -> str:
    row = next((a or b for a, b in zip_longest(mine, other) if a != b), {})
    return ", ".join(str(row[column.name]) for column in table.primary_key)


def _replaced(source: sa.Connection, target: sa.Engine, tables: Sequence[sa.Table]) -> Iterator[Copied]:
    with writing(target) as connection:
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            for rows in _blocks(source, _ordered(source, table)):
                connection.execute(table.insert(), rows)
                yield Copied(table.name, len(rows))


def _ordered(connection: sa.Connection, table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*in_order(connection, table.primary_key))


def _blocks(connection: sa.Connection, query: sa.Select[Any]) -> Generator[Rows]:
    result = connection.execution_options(yield_per=TOGETHER).execute(query)
    with closing(result):
        for block in result.mappings().partitions(TOGETHER):
            yield [dict(row) for row in block]


def _last(connection: sa.Connection, table: sa.Table) -> tuple[Any, ...] | None:
    """The last key that is there."""
    descending = (column.desc() for column in table.primary_key)
    row = connection.execute(sa.select(*table.primary_key).order_by(*descending).limit(1)).first()
    return tuple(row) if row else None


def _after(table: sa.Table, last: tuple[Any, ...] | None) -> sa.Select[Any]:
    query = sa.select(table).order_by(*table.primary_key)
    if last is None:
        return query
    return query.where(sa.tuple_(*table.primary_key) > sa.tuple_(*map(sa.literal, last)))


def _growing_keys(tables: Sequence[sa.Table]) -> Iterator[sa.Column[int]]:
    for table in tables:
        if table.autoincrement_column is not None:
            yield table.autoincrement_column
