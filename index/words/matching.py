"""Which search of words a library has: tantivy in its folder, or full-text search in its database. Nobody else knows
which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from index.store.dialect import is_postgresql
from index.store.log import WordLog
from index.store.scope import Scope
from index.words.source import Floats, Ids

Found = tuple[Floats, Ids]


class Matching(Protocol):
    """Live sentences by BM25 over their title and text. Any thread may search."""

    @property
    def state(self) -> Any:
        """For `doctor`, as one line."""

    def catch_up(self) -> bool:
        """Takes in what changed in the store; says whether anything did. Cheap where nothing did."""

    def search(self, terms: Sequence[str], k: int, scope: Scope | None = None) -> Found:
        """The `k` best sentences that hold any of `terms`: scores (n,) float32, descending, and ids (n,) int64."""

    def maintain(self) -> bool:
        """Does what is due; says whether nothing is due now."""

    def close(self) -> None:
        """Gives up background work at its next step."""


def open_matching(engine: sa.Engine, folder: Path, serving: bool) -> Matching:
    """The search of words. `folder`: where tantivy keeps its files. `serving`: this process stays."""
    if is_postgresql(engine):
        from index.words.stored import StoredWords

        return StoredWords.open(engine, serving=serving)
    from index.words.live import Words

    return _Beside(Words.open(folder, WordLog(engine), serving=serving))


class _Beside:
    """tantivy beside the store: it is told the ids that a question is limited to."""

    def __init__(self, words: Any) -> None:
        self._words = words
        self.catch_up = words.catch_up
        self.maintain = words.maintain
        self.close = words.close

    @property
    def state(self) -> Any:
        return self._words.state

    def search(self, terms: Sequence[str], k: int, scope: Scope | None = None) -> Found:
        found: Found = self._words.search(terms, k, None if scope is None else scope.ids)
        return found
