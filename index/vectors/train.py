"""When an exact scan is too slow: lists for IVF by spherical k-means, and the fewest probes that keep the recall."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.vectors import engine
from index.vectors.base import Base
from index.vectors.source import Floats
from index.vectors.write import Lists, Stopped

ROWS_PER_LIST = 32
ROUNDS = 6
RECALL = 0.995
SAMPLE = 256
MIXED = 4
ENOUGH = 100
"""Real questions, to go by them alone."""


def due(base: Base, exact: int) -> bool:
    """Whether the base should be put into other lists: it crossed the limit, or doubled since it was trained."""
    if base.lists == 1:
        return len(base) > exact
    return len(base) < exact // 2 or len(base) > 2 * base.manifest.trained_on


def train(base: Base, exact: int, threads: int, stopped: Callable[[], bool]) -> Lists:
    """Lists for this base; a single one up to `exact` vectors. Raises Stopped between two rounds.

    The number of lists is 4 sqrt(n), FAISS's own guideline (its wiki, "Guidelines to choose an index").
    """
    if len(base) <= exact:
        return Lists.one(base.manifest.dim)
    engine.use_threads(threads)
    count = round(4 * len(base) ** 0.5)
    sample = _sample(base, min(len(base), ROWS_PER_LIST * count))
    centroids = _sample(base, count)
    for _ in range(ROUNDS):  # one at a time, so that closing does not wait for all of them
        if stopped():
            raise Stopped
        centroids = engine.kmeans_round(sample, centroids)
    return Lists(np.ascontiguousarray(centroids), len(base))


def _sample(base: Base, count: int) -> Floats:
    rows = np.random.default_rng(0).choice(len(base), size=count, replace=False)
    return base.codes(np.sort(rows).astype(np.int64)).astype(np.float32)


def recall(base: Base, queries: Floats, probes: int, k: int = 10) -> float:
    """The share of the exact best `k` that a search with `probes` finds, by score: ties count as found."""
    exact = base.search(queries, k, base.lists)[0]
    return _found(exact, base.search(queries, k, probes)[0])


def _found(exact: Floats, scores: Floats) -> float:
    valid = np.isfinite(exact)
    worst = np.where(valid, exact, np.inf).min(axis=1, keepdims=True)
    hits = np.minimum((scores >= worst - 1e-6).sum(axis=1), valid.sum(axis=1))
    return float(hits.sum() / max(1, valid.sum()))


def choose_probes(base: Base, asked: Floats) -> tuple[int, float | None]:
    """The fewest probes with recall@10 >= 0.995, and that recall, on questions lately asked, else on their likeness.

    Stored vectors would promise too much: each has itself in the first list. Questions lie between sentences, and the
    mean of a few drawn at random needs about as many probes as real ones do: on SelQA with multilingual-e5-small,
    14,145 sentences in 476 lists, 163 with four, where its 1,590 questions need 174 and stored vectors 38.
    """
    if base.lists == 1:
        return 1, None
    queries = asked if len(asked) >= ENOUGH else _between(base)
    exact = base.search(queries, 10, base.lists)[0]
    probes = 8
    while True:
        found = _found(exact, base.search(queries, 10, probes)[0])
        if found >= RECALL or probes >= base.lists:
            return min(probes, base.lists), found
        probes = probes * 5 // 4


def _between(base: Base) -> Floats:
    """(SAMPLE, dim) float32, unit length: means of MIXED stored vectors each."""
    rows = np.random.default_rng(1).integers(len(base), size=SAMPLE * MIXED)
    mixed = base.codes(rows).astype(np.float32).reshape(SAMPLE, MIXED, -1).sum(axis=1)
    unit: Floats = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit
