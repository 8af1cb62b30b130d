"""New vectors that no file holds yet: blocks in memory, searched exactly, read again from the store at open."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from index.vectors import engine, scan
from index.vectors.source import Codes, Floats, Ids, Mask

BLOCK = 2048
"""The last block is copied until it is this long, so that adding one article costs a copy of at most 1.5 MB."""


@dataclass(frozen=True)
class Block:
    """Ids (n,) int64 and their vectors (n, dim) float16."""

    ids: Ids
    codes: Codes

    @cached_property
    def index(self) -> Any:
        """The block as a FAISS index whose labels are rows."""
        return engine.flat(self.codes)

    @cached_property
    def order(self) -> Ids:
        """Rows by ascending id."""
        return np.argsort(self.ids, kind="stable").astype(np.int64)

    def search(self, queries: Floats, k: int, keep: Mask | None) -> scan.Found:
        """The best `k`; `keep` is indexed by id."""
        rows = None if keep is None else keep[self.ids]
        if rows is not None and not rows.any():
            return scan.nothing(len(queries), k)
        if not engine.loaded():
            return scan.scan(queries, self.ids, self.codes, k, rows)
        scores, labels = engine.search_flat(self.index, queries, k, rows)
        return scores, np.where(labels < 0, -1, self.ids[labels])

    def rows(self, ids: Ids) -> Ids:
        """The row of each id, -1 where it is not here."""
        place = np.searchsorted(self.ids, ids, sorter=self.order)
        rows = self.order[np.minimum(place, len(self.ids) - 1)]
        return np.where(self.ids[rows] == ids, rows, -1)


@dataclass(frozen=True)
class Tail:
    """Blocks in the order in which they came. A value: adding gives a new tail and leaves this one to its readers."""

    blocks: tuple[Block, ...] = field(default=())

    def __len__(self) -> int:
        return sum(len(block.ids) for block in self.blocks)

    @property
    def span(self) -> int:
        """One more than the greatest id."""
        return max((int(block.ids.max()) + 1 for block in self.blocks), default=0)

    def plus(self, ids: Ids, codes: Codes) -> Tail:
        """This tail and these vectors; an id that is here already stays as it is."""
        fresh = ~self.has(ids)
        ids, codes = ids[fresh], codes[fresh]
        blocks = self.blocks
        if blocks and len(blocks[-1].ids) < BLOCK:
            ids = np.concatenate((blocks[-1].ids, ids))
            codes = np.concatenate((blocks[-1].codes, codes))
            blocks = blocks[:-1]
        return Tail((*blocks, Block(ids, codes))) if len(ids) else self

    def has(self, ids: Ids) -> Mask:
        """Which of `ids` are here."""
        here = np.zeros(len(ids), dtype=np.bool_)
        for block in self.blocks:
            here |= block.rows(ids) >= 0
        return here

    def fill(self, ids: Ids, codes: Codes) -> Mask:
        """Writes the vectors of the ids that are here into their rows of `codes`; says which those are."""
        here = np.zeros(len(ids), dtype=np.bool_)
        for block in self.blocks:
            rows = block.rows(ids)
            found = rows >= 0
            codes[found] = block.codes[rows[found]]
            here |= found
        return here
