"""New sentences that are not committed yet, in memory, under the same BM25 as the committed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from index.words.source import Analysed, Floats, Ids

K1, B = 1.2, 0.75
"""tantivy's constants (its `bm25.rs`)."""
TITLE_WEIGHT = 0.8
FIELDS = ("title", "body")
WEIGHTS = {"title": TITLE_WEIGHT, "body": 1.0}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the committed sentences: how many, their mean length in terms by field, and in how many a term is."""

    count: int
    lengths: Mapping[str, float]
    frequency: Callable[[str, str], int]
    """(field, term) -> sentences."""


NOTHING = Statistics(0, dict.fromkeys(FIELDS, 0.0), lambda _field, _term: 0)
Postings = dict[str, tuple[Ids, Floats]]
"""term -> (rows that hold it, how often each does)."""


@dataclass(frozen=True)
class Tail:
    """A value: adding gives a new tail and leaves this one to its readers."""

    rows: tuple[Analysed, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def plus(self, rows: Iterable[Analysed]) -> Tail:
        return Tail((*self.rows, *rows))

    def without(self, ids: Ids) -> Tail:
        gone = set(ids.tolist())
        return Tail(tuple(row for row in self.rows if row.id not in gone)) if gone else self

    @cached_property
    def ids(self) -> Ids:
        return np.fromiter((row.id for row in self.rows), dtype=np.int64, count=len(self))

    @cached_property
    def _lengths(self) -> dict[str, Floats]:
        return {
            name: np.fromiter((len(getattr(row, name)) for row in self.rows), dtype=np.float32, count=len(self))
            for name in FIELDS
        }

    @cached_property
    def _postings(self) -> dict[str, Postings]:
        return {name: _postings([getattr(row, name) for row in self.rows]) for name in FIELDS}

    def search(self, terms: Sequence[str], committed: Statistics) -> Floats:
        """BM25 of each row, (len(self),) float32, 0 where no term matches.

        Robertson and Zaragoza 2009, with the idf of tantivy and Lucene: ln(1 + (N - n + 0.5) / (n + 0.5)).
        """
        scores = np.zeros(len(self), dtype=np.float32)
        total = len(self) + committed.count
        for name in FIELDS:
            lengths, postings = self._lengths[name], self._postings[name]
            terms_in_all = float(lengths.sum()) + committed.lengths[name] * committed.count
            norms = K1 * (1 - B + B * lengths * total / max(1.0, terms_in_all))
            for term in terms:
                if term in postings:
                    rows, times = postings[term]
                    # The index still counts what was retired until it merges: no term stands in more than there are.
                    holding = min(total, len(rows) + committed.frequency(name, term))
                    rarity = log(1 + (total - holding + 0.5) / (holding + 0.5))
                    scores[rows] += WEIGHTS[name] * rarity * (K1 + 1) * times / (times + norms[rows])
        return scores


def _postings(fields: Sequence[Sequence[str]]) -> Postings:
    found: dict[str, Counter[int]] = {}
    for row, terms in enumerate(fields):
        for term in terms:
            found.setdefault(term, Counter())[row] += 1
    return {
        term: (np.array(list(rows), dtype=np.int64), np.array(list(rows.values()), dtype=np.float32))
        for term, rows in found.items()
    }
