"""Exact search in numpy: the twin of every fast path, and the way to search before FAISS is loaded."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from index.vectors.source import Codes, Floats, Ids, Mask

ROWS_AT_ONCE = 1024
"""Rows decoded together: 1.5 MB as float32 at 384 dimensions, which stays in a core's cache."""

Found = tuple[Floats, Ids]
"""Scores (n, k) float32, descending, and ids (n, k) int64; where there are fewer, -inf and -1."""


def best(scores: Floats, ids: Ids, k: int) -> Found:
    """The `k` best of each row of `scores` (n, m) with `ids` (n, m): by score, then by the smaller id."""
    wanted = min(k, scores.shape[1])
    if 0 < wanted < scores.shape[1]:
        kept = np.argpartition(-scores, wanted - 1, axis=1)[:, :wanted]
        scores, ids = np.take_along_axis(scores, kept, 1), np.take_along_axis(ids, kept, 1)
    order = np.lexsort((ids, -scores), axis=1)[:, :wanted]
    top = np.full((len(scores), k), -np.inf, dtype=np.float32)
    top_ids = np.full((len(scores), k), -1, dtype=np.int64)
    top[:, :wanted] = np.take_along_axis(scores, order, 1)
    top_ids[:, :wanted] = np.take_along_axis(ids, order, 1)
    top_ids[np.isneginf(top)] = -1
    return top, top_ids


def merge(found: Iterable[Found], k: int) -> Found:
    """One answer of several over disjoint ids."""
    parts = list(found)
    scores = np.concatenate([part[0] for part in parts], axis=1)
    return best(scores, np.concatenate([part[1] for part in parts], axis=1), k)


def nothing(queries: int, k: int) -> Found:
    """The answer where there is nothing to find."""
    return np.full((queries, k), -np.inf, dtype=np.float32), np.full((queries, k), -1, dtype=np.int64)


def scan(queries: Floats, ids: Ids, codes: Codes, k: int, keep: Mask | None = None) -> Found:
    """Inner products of `queries` (n, dim) with every row of `codes` (m, dim), best `k`.

    `keep` (m,) says which rows count; None counts all.
    """
    found = nothing(len(queries), k)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block, block_ids = codes[rows], ids[rows]
        if keep is not None:
            block, block_ids = block[keep[rows]], block_ids[keep[rows]]
        scores = queries @ block.astype(np.float32).T
        found = merge((found, best(scores, np.broadcast_to(block_ids, scores.shape), k)), k)
    return found
