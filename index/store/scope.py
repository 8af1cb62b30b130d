"""Which sentences may answer a question: those of one article, of one source, or published since a day."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.article import ArticleId, Question
from index.store import sentences
from index.store.engine import reading


class Scope:
    """A choice among the live sentences. A search beside the store asks for the ids, one within it for the query."""

    def __init__(
        self, engine: sa.Engine, article: ArticleId | None = None, source: str | None = None, since: date | None = None
    ) -> None:
        self._engine = engine
        self.article = article
        self._source = source
        self._since = since

    @classmethod
    def of(cls, engine: sa.Engine, question: Question) -> Scope | None:
        """What a question is limited to; None where every sentence may answer it."""
        if question.article is None and question.source is None and question.since is None:
            return None
        return cls(engine, question.article, question.source, question.since)

    @property
    def query(self) -> sa.Select[tuple[int]]:
        """Selects the ids."""
        return sentences.where(self.article, self._source, self._since)

    @cached_property
    def ids(self) -> npt.NDArray[np.int64]:
        """The ids, ascending, (n,) int64; read once."""
        with reading(self._engine) as connection:
            return np.fromiter(connection.scalars(self.query.order_by(self.query.selected_columns[0])), dtype=np.int64)
