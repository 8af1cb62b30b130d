"""What one search of words sees: the committed index, the tail, and the ids that were taken back since the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.words.committed import Committed, Found
from index.words.source import Ids, WordLimits
from index.words.tail import NOTHING, Tail


def no_ids() -> Ids:
    return np.empty(0, dtype=np.int64)


def among(ids: Ids, ascending: Ids) -> NDArray[np.bool_]:
    """Which of `ids` are in `ascending`: by bisection, since the first are few and the second may be a million."""
    if not len(ascending):
        return np.zeros(len(ids), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ascending, ids), len(ascending) - 1)
    return np.equal(ascending[places], ids)


@dataclass(frozen=True)
class View:
    """A value: changes make another one, and running searches keep theirs."""

    committed: Committed | None = None
    tail: Tail = field(default_factory=Tail)
    dead: Ids = field(default_factory=no_ids)
    """Ascending."""
    seq: int = 0

    @property
    def waiting(self) -> int:
        """What the next commit takes in."""
        return len(self.tail) + len(self.dead)

    @property
    def count(self) -> int:
        return len(self.tail) + (self.committed.count if self.committed else 0)

    def search(self, terms: Sequence[str], k: int, allowed: Ids | None, limits: WordLimits) -> Found:
        """The best `k`."""
        statistics = self.committed.statistics() if self.committed else NOTHING
        tail_scores = self.tail.search(terms, statistics)
        keep = tail_scores > 0 if allowed is None else (tail_scores > 0) & among(self.tail.ids, allowed)
        scores, ids = tail_scores[keep], self.tail.ids[keep]
        if self.committed is not None and self.committed.count and (allowed is None or len(allowed)):
            found = self._in_committed(self.committed, terms, k, allowed, limits)
            scores, ids = np.concatenate((scores, found[0])), np.concatenate((ids, found[1]))
        best = np.lexsort((ids, -scores))[:k]
        return scores[best], ids[best]

    def _in_committed(
        self, committed: Committed, terms: Sequence[str], k: int, allowed: Ids | None, limits: WordLimits
    ) -> Found:
        k += len(self.dead)
        if allowed is None:
            return self._alive(committed.search(terms, k))
        if len(allowed) <= limits.overfetch:
            runs = np.split(allowed, np.flatnonzero(np.diff(allowed) != 1) + 1)
            if len(runs) <= limits.runs:
                return self._alive(committed.search(terms, k, committed.ranges(runs)))
        # As many hits as hold k allowed ones twice over, if these are spread evenly; more where they are not.
        limit = 2 * k * max(1, committed.count // len(allowed))
        while limit <= limits.overfetch:
            scores, ids = committed.search(terms, limit)
            keep = among(ids, allowed)
            if keep.sum() >= k or len(ids) < limit:
                return self._alive((scores[keep], ids[keep]))
            limit *= 8
        return self._alive(committed.search(terms, k, committed.listed(allowed)))

    def _alive(self, found: Found) -> Found:
        alive = ~among(found[1], self.dead)
        return found[0][alive], found[1][alive]
