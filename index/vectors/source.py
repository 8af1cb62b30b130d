"""What the vector cache needs of the store, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Codes = NDArray[np.float16]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


class VectorSource(Protocol):
    """The store's vectors of one model, as a log of changes. Called from any thread.

    Ids are integers from 0 up, dense enough for a table indexed by id, and never reused: an id, once retired, stays so.
    """

    @property
    def identity(self) -> str:
        """The store's own identity (a UUID). A store restored from a backup needs a new one."""

    @property
    def fingerprint(self) -> str:
        """The model's fingerprint: weights, precision and prompts."""

    @property
    def dim(self) -> int:
        """The number of dimensions of a vector."""

    def seq(self) -> int:
        """The number of the last change; 0 for an empty store."""

    def added(self, after: int, until: int) -> Iterator[tuple[Ids, Codes]]:
        """Blocks of (ids (n,) int64, unit vectors (n, dim) float16) of the changes with after < seq <= until.

        In the log's order. What was retired by `until` may be left out.
        """

    def retired(self, after: int, until: int) -> Ids:
        """Ids (n,) int64 that the changes with after < seq <= until took back, in any order."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where one way of searching takes over from another, in vectors; measured by `benchmarks/scale.py`."""

    exact: int = 50_000
    """Up to here no sketch: an exact scan of as many vectors of 384 dimensions takes 2 ms."""
    tail: int = 5_000
    tail_share: float = 0.1
    """The base is rewritten when more than both of these are new or retired, or more than `in_memory`."""
    in_memory: int = 65_536
    """No more than this is held in memory (50 MB at 384 dimensions) where it can be saved instead."""
    gather: int = 4_096
    """Up to here an allowed set is scored row by row; beyond, by the sketch or under a selector."""
    retry: int = 1_000
    """After a failed save, the next one is tried when so many more wait."""


@dataclass(frozen=True, slots=True)
class VectorState:
    """What `doctor` shows. `reread`: rows that the sketch names for each question; `recall`: recall@10 against exact
    search, measured with it at the last switch, None for an exact cache."""

    kind: str
    count: int
    tail: int
    retired: int
    bytes: int
    reread: int
    recall: float | None
    seq: int
    trouble: str | None
    """Why the cache could not be saved the last time, as one line; answering goes on from memory."""
