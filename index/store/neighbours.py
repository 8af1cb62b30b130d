"""The nearest sentences by the inner product of their vectors, found by PostgreSQL itself (pgvector).

Without an index every live vector is compared. The index is an HNSW graph over the vectors of one model; it is made
when comparing all of them takes too long. What was retired stays in the graph and is passed over.
Source: pgvector 0.8, README, "HNSW" and "Iterative Index Scans".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.store.dialect import HalfVec, Vector, lock_number
from index.store.scope import Scope
from index.store.tables import articles, embeddings, models, sentences

Floats = npt.NDArray[np.float32]

LINKS, CARE = 16, 64
"""HNSW's `m` and `ef_construction`: pgvector's own, measured in docs/scale.md."""
LOOKED_AT = 400
"""`ef_search`: of 384-wide vectors of sentences it finds 99 % of the true ten among 100,000, 86 % among a million
(docs/scale.md)."""
PASSED_OVER = 100_000
"""Vectors that one search may pass over while a filter lets too few through."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The index of one model: its name, whether it is whole, its bytes."""

    name: str
    whole: bool
    bytes: int


def nearest(
    connection: sa.Connection, model: int, query: Floats, count: int, scope: Scope | None
) -> list[tuple[int, float]]:
    """(id, inner product) of about the best `count`, the best first, by the model's graph.

    What was retired, or is not in the scope, is passed over until enough are found.
    """
    _set(connection, ef_search=max(LOOKED_AT, count), iterative_scan="strict_order", max_scan_tuples=PASSED_OVER)
    distance = _distance(sa.cast(embeddings.c.vector, HalfVec(len(query))), query)
    found = sa.select(embeddings.c.sentence, (-distance).label("likeness"))
    found = found.where(_of(model), Scope.admits(embeddings.c.sentence, scope))
    return _rows(connection, found.order_by(distance).limit(count))


def nearest_of_all(
    connection: sa.Connection, model: int, query: Floats, count: int, scope: Scope | None
) -> list[tuple[int, float]]:
    """The best `count` by comparing every live vector, of a scope where there is one."""
    distance = _distance(embeddings.c.vector, query)
    found = (
        sa.select(embeddings.c.sentence, (-distance).label("likeness"))
        .join(sentences, sentences.c.id == embeddings.c.sentence)
        .join(articles, articles.c.snapshot == sentences.c.snapshot)
        .where(_of(model), *(scope.conditions if scope else ()))
    )
    return _rows(connection, found.order_by(distance).limit(count))


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[tuple[int, float]]:
    return [(row[0], row[1]) for row in connection.execute(query)]


def are_more_than(connection: sa.Connection, limit: int, of: sa.Select[tuple[int]]) -> bool:
    """Whether a query has more rows than that, without counting the others."""
    some = of.limit(limit + 1).subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > limit


def of_model(model: int) -> sa.Select[tuple[int]]:
    """Selects every sentence that has a vector of this model, live or not."""
    return sa.select(embeddings.c.sentence).where(embeddings.c.model == model)


def graph(connection: sa.Connection, model: int) -> Graph | None:
    """The model's graph, None where there is none."""
    catalog = sa.table("pg_index", sa.column("indexrelid"), sa.column("indisvalid"))
    named = sa.func.to_regclass(_name(model))
    size = sa.func.pg_relation_size(named)
    row = connection.execute(sa.select(catalog.c.indisvalid, size).where(catalog.c.indexrelid == named)).first()
    return Graph(_name(model), row[0], row[1]) if row else None


def build(engine: sa.Engine, model: int) -> bool:
    """Makes the model's graph while others read and write; minutes for a million vectors. False where another process
    is making it. One that was broken off is made anew."""
    # Neither in a transaction nor within the time that other statements have.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(lock_number("graph")))):
            return False
        try:
            connection.execute(sa.select(sa.func.set_config("statement_timeout", "0", False)))
            dim = connection.execute(sa.select(models.c.dim).where(models.c.id == model)).scalar_one()
            index = _index(model, dim)
            standing = graph(connection, model)
            if standing is not None and not standing.whole:
                index.drop(connection)
            if standing is None or not standing.whole:
                index.create(connection)
        finally:
            # The session's lock and setting must not go back into the pool.
            connection.invalidate()
    return True


def _index(model: int, dim: int) -> sa.Index:
    # Of a table of its own: an index belongs to the table that it is made of, and this one is not of every database.
    table = sa.Table("embeddings", sa.MetaData(), sa.Column("model", sa.Integer), sa.Column("vector", Vector))
    return sa.Index(
        _name(model),
        sa.cast(table.c.vector, HalfVec(dim)).label("vector"),
        postgresql_using="hnsw",
        postgresql_ops={"vector": "halfvec_ip_ops"},
        postgresql_with={"m": LINKS, "ef_construction": CARE},
        postgresql_where=table.c.model == model,
        postgresql_concurrently=True,
    )


def _name(model: int) -> str:
    return f"graph_embeddings_{model}"


def _of(model: int) -> sa.ColumnElement[bool]:
    """Said in the statement itself, because the index of one model is used only where the planner sees which it is."""
    return embeddings.c.model == sa.literal(model, sa.Integer, literal_execute=True)


def _distance(vector: sa.ColumnElement[bytes], query: Floats) -> sa.ColumnElement[float]:
    """The negative inner product, by which pgvector sorts."""
    asked = sa.literal(query.astype("<f2").tobytes(), Vector())
    return vector.op("<#>", return_type=sa.Float())(sa.cast(asked, HalfVec(len(query))))


def _set(connection: sa.Connection, **settings: object) -> None:
    """Settings of pgvector's search, for this transaction."""
    each = (sa.func.set_config(f"hnsw.{name}", str(value), True) for name, value in settings.items())
    connection.execute(sa.select(*each))
