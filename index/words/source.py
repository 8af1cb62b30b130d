"""What the word cache needs of the store, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]
Row = tuple[int, str, str, str | None]
"""(sentence id, title of its article, its text, its language as ISO 639-1 or None)."""

Analyse = Callable[[str, Collection[str]], Sequence[str]]
"""(text, languages) -> terms without white space; as `index.terms.terms`."""


class WordSource(Protocol):
    """The store's sentences as a log of changes. Called from any thread. Ids are never reused."""

    @property
    def identity(self) -> str:
        """The store's own identity (a UUID). A store restored from a backup needs a new one."""

    def seq(self) -> int:
        """The number of the last change; 0 for an empty store."""

    def added(self, after: int, until: int) -> Iterator[Sequence[Row]]:
        """Blocks of rows of the changes with after < seq <= until; what was retired since may be left out."""

    def retired(self, after: int, until: int) -> Ids:
        """Ids (n,) int64 that the changes with after < seq <= until took back, in any order."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A sentence as both the index and the tail take it in."""

    id: int
    title: Sequence[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class WordLimits:
    """Where one way of working takes over from another, in sentences unless it says otherwise."""

    tail: int = 2_000
    """More than this waiting is committed; so a folder of ten thousand files does not spend its time in commits."""
    tail_at_open: int = 128
    """The same when the cache is opened: a process that asks once should not analyse more than this each time."""
    in_memory: int = 10_000
    """One catching up holds no more than this in memory where it can be committed instead."""
    changes: int = 2_000
    """Changes in one commit while a library is indexed: what kill -9 can cost."""
    overfetch: int = 10_000
    """Hits read to be filtered afterwards; beyond, the ids are listed in the query."""
    runs: int = 400
    """Up to here a filter is ranges of consecutive ids, as the sentences of an article have them (0.005 ms each)."""


@dataclass(frozen=True, slots=True)
class WordState:
    """What `doctor` shows."""

    count: int
    tail: int
    retired: int
    bytes: int
    segments: int
    seq: int
    trouble: str | None
    """Why the cache could not be saved the last time, as one line; answering goes on from memory."""
