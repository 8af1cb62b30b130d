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
from index.store.tables import articles, snapshots
from index.store.tables import sentences as rows


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
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What articles must fulfil."""
        found: list[sa.ColumnElement[bool]] = []
        if self.article is not None:
            found.append(articles.c.id == self.article)
        if self._source is not None:
            found.append(sa.func.lower(articles.c.source) == self._source.lower())
        if self._since is not None:
            found.append(articles.c.published >= self._since)
        return found

    @property
    def query(self) -> sa.Select[tuple[int]]:
        """Selects the ids."""
        return sentences.where(*self.conditions)

    @staticmethod
    def admits(id: sa.ColumnElement[int], scope: Scope | None) -> sa.ColumnElement[bool]:
        """Whether a sentence is live, and in the scope where there is one.

        As a subquery that stands for itself, asked of each row that a search gives, until enough are in. What is joined
        the planner may put first, and then the index of the search is of no use.
        """
        query = (
            sa.select(sa.and_(articles.c.snapshot == snapshots.c.id, *(scope.conditions if scope else ())))
            .select_from(rows)
            .join(snapshots, snapshots.c.id == rows.c.snapshot)
            .join(articles, articles.c.id == snapshots.c.article)
            .where(rows.c.id == id)
        )
        return query.correlate_except(rows, snapshots, articles).scalar_subquery()

    @cached_property
    def ids(self) -> npt.NDArray[np.int64]:
        """The ids, ascending, (n,) int64; read once."""
        with reading(self._engine) as connection:
            return np.fromiter(connection.scalars(self.query.order_by(self.query.selected_columns[0])), dtype=np.int64)
