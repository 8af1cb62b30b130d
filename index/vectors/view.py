"""What one search sees: a saved base, a tail in memory, and the ids that were taken back since the base was saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from index.vectors import engine, scan
from index.vectors.base import Base
from index.vectors.source import Floats, Ids, Mask
from index.vectors.tail import Tail

ROWS_AT_ONCE = 512


def no_ids() -> Ids:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class View:
    """A value: changes make another one, and running searches keep theirs."""

    base: Base | None = None
    tail: Tail = field(default_factory=Tail)
    dead: Ids = field(default_factory=no_ids)
    seq: int = 0

    @cached_property
    def span(self) -> int:
        return max(self.tail.span, self.base.span if self.base else 0)

    @cached_property
    def alive(self) -> Mask | None:
        """By id; None where nothing was taken back."""
        dead = self.dead[self.dead < self.span]
        if not len(dead):
            return None
        alive = np.ones(self.span, dtype=np.bool_)
        alive[dead] = False
        return alive

    @cached_property
    def count(self) -> int:
        """How many can be found."""
        held = len(self.tail) + (len(self.base) if self.base else 0)
        return held - int(self.has(self.dead).sum())

    def has(self, ids: Ids) -> Mask:
        """Which ids are held, taken back or not."""
        here = self.tail.has(ids)
        return here | (self.base.rows(ids) >= 0) if self.base else here

    def keep(self, allowed: Ids | None) -> Mask | None:
        """Which ids count, by id; None where all do."""
        if allowed is None:
            return self.alive
        keep = np.zeros(self.span, dtype=np.bool_)
        keep[allowed[(allowed >= 0) & (allowed < self.span)]] = True
        return keep if self.alive is None else keep & self.alive

    def search(self, queries: Floats, k: int, allowed: Ids | None, gather: int) -> scan.Found:
        """The best `k`; up to `gather` allowed ids are scored row by row."""
        if allowed is not None and len(allowed) <= self._gathered(gather):
            scores = self.scores(queries, allowed)
            return scan.best(scores, np.broadcast_to(allowed, scores.shape), k)
        keep = self.keep(allowed)
        parts = [block.search(queries, k, keep) for block in self.tail.blocks]
        if self.base is not None:
            parts.append(self.base.search(queries, k, keep))
        return scan.merge((scan.nothing(len(queries), k), *parts), k)

    def _gathered(self, limit: int) -> int:
        """How many rows are scored one by one (1 us each) as fast as FAISS passes over the others (5 ns each)."""
        return min(limit, max(64, self.count // 200)) if engine.loaded() else limit

    def scores(self, queries: Floats, ids: Ids) -> Floats:
        """(n, m) float32; -inf for an id that is not here or was taken back."""
        dim = queries.shape[1]
        scores = np.full((len(queries), len(ids)), -np.inf, dtype=np.float32)
        for start in range(0, len(ids), ROWS_AT_ONCE):
            part = ids[start : start + ROWS_AT_ONCE]
            codes = np.zeros((len(part), dim), dtype=np.float16)
            here = self.tail.fill(part, codes)
            if self.base is not None:
                rows = self.base.rows(part)
                codes[rows >= 0] = self.base.codes(rows[rows >= 0])
                here |= rows >= 0
            here &= ~np.isin(part, self.dead)
            found = queries @ codes.astype(np.float32).T
            scores[:, start : start + len(part)] = np.where(here, found, -np.inf)
        return scores
