"""When an exact scan is too slow: a sketch of the base, and the fewest rows read by it that keep the recall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from index.vectors import engine
from index.vectors.base import BLOCK_ROWS, Base
from index.vectors.source import Floats, Ids

TRAINED_ON = 20_000
"""Vectors that the codebooks are fitted to: 16 centroids each."""
LEAST_READ, MOST_READ = 400, 6400
RECALL = 0.998
SAMPLE = 256
MIXED = 4
TOGETHER = 16
"""Queries whose rows are read at once: 10 MB of 400 each."""
ENOUGH = 100
"""Real questions, to go by them alone."""


class Stopped(Exception):
    """The work was given up because the cache is being closed."""


def due(base: Base, exact: int) -> bool:
    """Whether the base should get a sketch or a new one, or lose the one it has: it crossed the limit, doubled since
    the codebooks were fitted, or its sketch is torn."""
    mark = base.manifest.sketch
    if mark is None:
        return len(base) > exact
    return len(base) < exact // 2 or len(base) > 2 * mark.trained_on or base.sketch is None


def codebooks(base: Base) -> Any:
    """An empty sketch, fitted to a sample of the base."""
    rows = np.random.default_rng(0).choice(len(base), size=min(len(base), TRAINED_ON), replace=False)
    return engine.new_sketch(base.codes(np.sort(rows).astype(np.int64)).astype(np.float32))


def fill(index: Any, base: Base, stopped: Callable[[], bool]) -> None:
    """Puts every row of the base into an empty sketch. Raises Stopped."""
    for start in range(0, len(base), BLOCK_ROWS):
        if stopped():
            raise Stopped
        base.let_go()
        index.add(base.block(slice(start, start + BLOCK_ROWS)).astype(np.float32))


def recall(base: Base, queries: Floats, k: int = 10) -> float:
    """The share of the exact best `k` that a search finds, by score: ties count as found."""
    return _found(base.exact(queries, k)[0], base.search(queries, k)[0])


def _found(exact: Floats, scores: Floats) -> float:
    valid = np.isfinite(exact)
    worst = np.where(valid, exact, np.inf).min(axis=1, keepdims=True)
    hits = np.minimum((scores >= worst - 1e-6).sum(axis=1), valid.sum(axis=1))
    return float(hits.sum() / max(1, valid.sum()))


def choose_reread(base: Base, asked: Floats) -> tuple[int, float | None]:
    """The fewest rows read that keep recall@10 >= RECALL, and that recall, on questions lately asked, else on their
    likeness: the means of a few vectors, since questions lie between sentences."""
    sketch = base.sketch
    if sketch is None:
        return 0, None
    queries = asked if len(asked) >= ENOUGH else _between(base)
    exact = base.exact(queries, 10)[0]
    reread = LEAST_READ
    while True:
        read = min(reread, len(base))
        found = _found(exact, _scores(base, queries, sketch.nearest(queries, read)))
        if found >= RECALL or 2 * reread > min(MOST_READ, len(base)):
            return read, found
        reread *= 2


def _scores(base: Base, queries: Floats, rows: Ids) -> Floats:
    """The exact scores (n, m) of each query's own rows (n, m)."""
    parts = []
    for start in range(0, len(queries), TOGETHER):
        some, asked = rows[start : start + TOGETHER], queries[start : start + TOGETHER]
        codes = base.codes(some.ravel()).reshape(*some.shape, -1).astype(np.float32)
        parts.append((codes @ asked[:, :, None])[:, :, 0])
    return np.concatenate(parts)


def _between(base: Base) -> Floats:
    """(SAMPLE, dim) float32, unit length: means of MIXED stored vectors each."""
    rows = np.random.default_rng(1).integers(len(base), size=SAMPLE * MIXED)
    mixed = base.codes(rows).astype(np.float32).reshape(SAMPLE, MIXED, -1).sum(axis=1)
    unit: Floats = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit
