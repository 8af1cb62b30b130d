"""Which search of vectors a library has: FAISS in its folder, or pgvector in its database. Nobody else knows which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from index.store.dialect import is_postgresql
from index.store.log import VectorLog
from index.store.scope import Scope
from index.vectors.source import Floats, Ids

Found = tuple[Floats, Ids]


class Nearest(Protocol):
    """Live sentences by the inner product of their vectors with a question's. Any thread may search."""

    @property
    def state(self) -> Any:
        """For `doctor`, as one line."""

    def catch_up(self) -> bool:
        """Takes in what changed in the store; says whether anything did. Cheap where nothing did."""

    def search(self, queries: Floats, k: int, scope: Scope | None = None) -> Found:
        """The `k` best of `queries` (n, dim) float32: scores (n, k) float32, descending, and ids (n, k) int64.
        Missing places are -inf and -1."""

    def scores(self, query: Floats, ids: Ids) -> Floats:
        """The exact score of each id for one query (dim,): (n,) float32, -inf where it has no vector."""

    def recall(self, queries: Floats, k: int = 10) -> float:
        """The share of the exact best `k` that `search` finds for these queries (n, dim)."""

    def maintain(self) -> bool:
        """Does what is due; says whether nothing is due now."""

    def close(self) -> None:
        """Gives up background work at its next step."""


def open_nearest(engine: sa.Engine, folder: Path, fingerprint: str, dim: int, serving: bool) -> Nearest:
    """The search of one model's vectors. `folder`: where FAISS keeps its files. `serving`: this process stays."""
    if is_postgresql(engine):
        from index.vectors.stored import StoredVectors

        return StoredVectors(engine, fingerprint, dim, serving)
    from index.vectors.live import Vectors

    return _Beside(Vectors.open(folder, VectorLog(engine, fingerprint, dim), serving=serving))


class _Beside:
    """FAISS beside the store: it is told the ids that a question is limited to."""

    def __init__(self, vectors: Any) -> None:
        self._vectors = vectors
        self.catch_up = vectors.catch_up
        self.scores = vectors.scores
        self.recall = vectors.recall
        self.maintain = vectors.maintain
        self.close = vectors.close

    @property
    def state(self) -> Any:
        return self._vectors.state

    def search(self, queries: Floats, k: int, scope: Scope | None = None) -> Found:
        found: Found = self._vectors.search(queries, k, None if scope is None else scope.ids)
        return found


def nothing(queries: int, k: int) -> Found:
    """What a search without a result gives."""
    import numpy as np

    return np.full((queries, k), -np.inf, np.float32), np.full((queries, k), -1, np.int64)


def padded(rows: Sequence[Sequence[tuple[int, float]]], k: int) -> Found:
    """Scores and ids (n, k) of the (id, score) that each query found."""
    scores, ids = nothing(len(rows), k)
    for n, found in enumerate(rows):
        for m, (id, score) in enumerate(found):
            ids[n, m], scores[n, m] = id, score
    return scores, ids
