"""The store as the search caches follow it: what was added and what was retired, change by change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.store import changes, embeddings
from index.store import sentences as sentence_rows
from index.store.engine import reading, writing
from index.store.tables import articles, facts, sentences, snapshots

Ids = npt.NDArray[np.int64]
BLOCK = 4096
"""Sentences whose text is handed on at once."""


class _Log:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with reading(engine) as connection:
            identity = changes.identity(connection)
        if identity is None:
            with writing(engine) as connection:
                identity = changes.write_identity(connection)
        self._identity = identity

    @property
    def identity(self) -> str:
        """The library's own name."""
        return self._identity

    def seq(self) -> int:
        """The newest change's number."""
        with reading(self._engine) as connection:
            return changes.seq(connection)

    def retired(self, after: int, until: int) -> Ids:
        """Ids (n,) int64 that the changes in (after, until] took back."""
        with reading(self._engine) as connection:
            return np.fromiter(connection.scalars(changes.retired_after(after, until)), dtype=np.int64)


class VectorLog(_Log):
    """Vectors of one model. Re-embedding starts a new generation, which makes a cache of the one before foreign."""

    def __init__(self, engine: sa.Engine, fingerprint: str, dim: int) -> None:
        super().__init__(engine)
        self.fingerprint = fingerprint
        self.dim = dim
        with reading(engine) as connection:
            generation = connection.scalar(sa.select(facts.c.value).where(facts.c.name == _generation(fingerprint)))
        self._identity = f"{self._identity}.{generation or 0}"

    def added(self, after: int, until: int) -> Iterator[tuple[Ids, npt.NDArray[np.float16]]]:
        """Blocks of ids (n,) int64 and unit vectors (n, dim) float16 that went live in (after, until], ascending."""
        with reading(self._engine) as connection:
            model = embeddings.model_row(connection, self.fingerprint)
            if model is not None:
                yield from embeddings.blocks(connection, model, self.dim, changes.added_after(after, until))


class WordLog(_Log):
    """Titles and texts of sentences."""

    def added(self, after: int, until: int) -> Iterator[list[tuple[int, str, str, str | None]]]:
        """Blocks of (id, title, text, language) that went live in (after, until], ascending."""
        chosen = changes.added_after(after, until).subquery()
        query = (
            sa.select(sentences.c.id, articles.c.title, sentence_rows.TEXT, articles.c.lang)
            .join(chosen, chosen.c.id == sentences.c.id)
            .join(snapshots, snapshots.c.id == sentences.c.snapshot)
            .join(articles, articles.c.id == snapshots.c.article)
            .order_by(sentences.c.id)
        )
        with reading(self._engine) as connection:
            result = connection.execution_options(yield_per=BLOCK).execute(query)
            for block in result.partitions(BLOCK):
                yield [(row[0], row[1], row[2], row[3]) for row in block]


def embedded_until(connection: sa.Connection, fingerprint: str) -> int:
    """The change up to which every sentence has a vector of this model, as `start_generation` noted it."""
    said = connection.scalar(sa.select(facts.c.value).where(facts.c.name == _generation(fingerprint)))
    return int(said or 0)


def start_generation(connection: sa.Connection, fingerprint: str) -> None:
    """Notes that vectors of this model were made for sentences that were there before: its cache is foreign now."""
    name, value = _generation(fingerprint), str(changes.seq(connection))
    done = connection.execute(facts.update().where(facts.c.name == name).values(value=value))
    if done.rowcount == 0:
        connection.execute(facts.insert().values(name=name, value=value))


def _generation(fingerprint: str) -> str:
    return f"embedded until, {fingerprint}"
