"""Vectors searched where they are stored: in PostgreSQL. There is nothing to catch up with: the search sees a sentence
from the transaction on that accepted it, in every process."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

import numpy as np
import sqlalchemy as sa

from index.article import SentenceId
from index.errors import LibraryError
from index.store import embeddings, neighbours
from index.store.engine import reading, said_of
from index.store.scope import Scope
from index.vectors.nearest import Found, nothing, padded
from index.vectors.source import Floats, Ids

EXACT = 30_000
"""Up to so many vectors all are compared (docs/scale.md); beyond, a graph is worth the time that it takes to make."""
GATHER = 5_000
"""Up to so many sentences of a scope are all compared, beside a graph as well."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """What `doctor` shows: `graph` is the HNSW index's size in bytes, None where all vectors are compared."""

    kind: str
    graph: int | None
    trouble: str | None


class StoredVectors:
    """Nearest sentences of one model's vectors, by pgvector."""

    def __init__(self, engine: sa.Engine, fingerprint: str, dim: int, serving: bool = False) -> None:
        self._engine = engine
        self._fingerprint = fingerprint
        self._dim = dim
        self._serving = serving
        self._exact = EXACT
        self._trouble: str | None = None
        self._worker: Thread | None = None
        self._known_model: int | None = None
        self._has_graph = False

    def catch_up(self) -> bool:
        """Nothing is kept beside the store."""
        return False

    def close(self) -> None:
        """A graph that is being made is finished by the server, or made anew by the next process."""

    def search(self, queries: Floats, k: int, scope: Scope | None = None) -> Found:
        """The `k` best of `queries` (n, dim) float32: scores (n, k) float32, descending, and ids (n, k) int64."""
        queries = self._checked(queries)
        with reading(self._engine) as connection:
            model = self._model(connection)
            if model is None:
                return nothing(len(queries), k)
            find = neighbours.nearest if self._uses_graph(connection, model, scope) else neighbours.nearest_of_all
            return padded([find(connection, model, query, k, scope) for query in queries], k)

    def _model(self, connection: sa.Connection) -> int | None:
        """The model's row, which stays once it is there."""
        if self._known_model is None:
            self._known_model = embeddings.model_row(connection, self._fingerprint)
        return self._known_model

    def _uses_graph(self, connection: sa.Connection, model: int, scope: Scope | None) -> bool:
        if not self._has_graph:
            graph = neighbours.graph(connection, model)
            self._has_graph = graph is not None and graph.whole
        if not self._has_graph:
            return False
        return scope is None or neighbours.are_more_than(connection, GATHER, scope.query)

    def scores(self, query: Floats, ids: Ids) -> Floats:
        """The exact score of each id for one query (dim,): (n,) float32, -inf where it has no vector."""
        scores = np.full(len(ids), -np.inf, dtype=np.float32)
        wanted = [SentenceId(id) for id in ids.tolist()]
        with reading(self._engine) as connection:
            model = self._model(connection)
            if model is None or not wanted:
                return scores
            known, vectors = embeddings.of_ids(connection, model, wanted, self._dim)
        places = {id: n for n, id in enumerate(wanted)}
        scores[[places[id] for id in known]] = vectors.astype(np.float32) @ query
        return scores

    def recall(self, queries: Floats, k: int = 10) -> float:
        """The share of the exact best `k` that `search` finds for these queries (n, dim)."""
        with reading(self._engine) as connection:
            model = self._model(connection)
            if model is None:
                return 1.0
            true = [neighbours.nearest_of_all(connection, model, query, k, None) for query in queries]
        found = self.search(queries, k)[1]
        hits = sum(len({row[0] for row in rows} & set(ids.tolist())) for rows, ids in zip(true, found, strict=True))
        return hits / max(1, sum(len(rows) for rows in true))

    @property
    def state(self) -> StoredState:
        """For `doctor`."""
        with reading(self._engine) as connection:
            model = self._model(connection)
            graph = None if model is None else neighbours.graph(connection, model)
        whole = graph is not None and graph.whole
        return StoredState("hnsw" if whole else "exact", graph.bytes if graph else None, self._trouble)

    def maintain(self) -> bool:
        """Makes the graph where there are enough vectors for one: at once, or beside the answering in a process that
        stays. Says whether nothing is due now."""
        with reading(self._engine) as connection:
            model = self._model(connection)
            if model is None or not neighbours.are_more_than(connection, self._exact, neighbours.of_model(model)):
                return True
            graph = neighbours.graph(connection, model)
        if graph is not None and graph.whole:
            return True
        if not self._serving:
            return self._build(model)
        if self._worker is None or not self._worker.is_alive():
            self._worker = Thread(target=self._build, args=(model,), name="graph", daemon=True)
            self._worker.start()
        return False

    def _build(self, model: int) -> bool:
        """A role that may not make an index leaves that to its owner; answering goes on without."""
        try:
            with said_of(self._engine):
                made = neighbours.build(self._engine, model)
        except LibraryError as error:
            self._trouble = f"The graph of the vectors can't be made: {error}"
            return False
        self._trouble = None
        return made

    def _checked(self, queries: Floats) -> Floats:
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self._dim:
            raise ValueError(f"queries have the shape {queries.shape}, not (n, {self._dim})")
        return queries
