"""Embeddings: float16 rows, one for each sentence and model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.article import SentenceId
from index.store import sentences as sentence_rows
from index.store.tables import articles, changes, embeddings, models, sentences, snapshots

Vectors = npt.NDArray[np.float16]
BLOCK = 8192
"""Rows handed on at once: 6 MB of a 384-wide model."""


def model_row(connection: sa.Connection, fingerprint: str) -> int | None:
    """The model's row, None when this library has not met it."""
    return connection.scalar(sa.select(models.c.id).where(models.c.fingerprint == fingerprint))


def write_model(connection: sa.Connection, fingerprint: str, dim: int) -> int:
    """The model's row, made when missing."""
    found = model_row(connection, fingerprint)
    if found is not None:
        return found
    new = models.insert().values(fingerprint=fingerprint, dim=dim).returning(models.c.id)
    return int(connection.execute(new).scalar_one())


def write(connection: sa.Connection, model: int, ids: Sequence[SentenceId], vectors: Vectors) -> None:
    """Stores one row for each id; `vectors` is (n, dim) float16, unit length."""
    little = vectors.astype("<f2", copy=False)
    rows = [{"model": model, "sentence": id, "vector": row.tobytes()} for id, row in zip(ids, little, strict=True)]
    if rows:
        connection.execute(embeddings.insert(), rows)


def of_snapshot(connection: sa.Connection, model: int, snapshot: int) -> dict[str, bytes]:
    """Vectors of a snapshot by the sentence's text, so that the next snapshot embeds only what is new."""
    query = (
        sa.select(sentence_rows.TEXT, embeddings.c.vector)
        .select_from(sentences)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .join(embeddings, sa.and_(embeddings.c.sentence == sentences.c.id, embeddings.c.model == model))
        .where(snapshots.c.id == snapshot)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def is_alone(connection: sa.Connection, model: int | None) -> bool:
    """Whether no other model ever embedded here: then nothing can be missing."""
    others = sa.select(models.c.id).where(models.c.id != (model if model is not None else -1))
    return connection.scalar(others.limit(1)) is None


def snapshots_without(connection: sa.Connection, model: int | None, after: int) -> list[int]:
    """Current snapshots that went live after a change and have a sentence without a vector of this model, the newest
    first."""
    have = sa.select(embeddings.c.sentence).where(embeddings.c.model == (model if model is not None else -1))
    query = (
        sa.select(sentences.c.snapshot)
        .join(articles, articles.c.snapshot == sentences.c.snapshot)
        .join(changes, changes.c.added == sentences.c.snapshot)
        .where(changes.c.seq > after, sentences.c.id.not_in(have))
        .distinct()
        .order_by(sentences.c.snapshot.desc())
    )
    return list(connection.scalars(query))


def blocks(
    connection: sa.Connection, model: int, dim: int, query: sa.Select[tuple[int]]
) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
    """Vectors of the sentences that `query` selects (a column of ids), ascending by id, in blocks:
    ids (n,) int64 and vectors (n, dim) float16."""
    chosen = query.subquery()
    rows = (
        sa.select(embeddings.c.sentence, embeddings.c.vector)
        .join(chosen, chosen.c[0] == embeddings.c.sentence)
        .where(embeddings.c.model == model)
        .order_by(embeddings.c.sentence)
    )
    result = connection.execution_options(yield_per=BLOCK).execute(rows)
    for block in result.partitions(BLOCK):
        ids = np.fromiter((row[0] for row in block), dtype=np.int64, count=len(block))
        yield ids, np.frombuffer(b"".join(row[1] for row in block), dtype="<f2").reshape(len(block), dim)


def of_ids(
    connection: sa.Connection, model: int, ids: Sequence[SentenceId], dim: int
) -> tuple[list[SentenceId], Vectors]:
    """The ids that have a vector of this model, ascending, and their vectors (n, dim) float16."""
    found: dict[SentenceId, bytes] = {}
    for some in sentence_rows.slices(ids):
        query = sa.select(embeddings.c.sentence, embeddings.c.vector).where(
            embeddings.c.model == model, embeddings.c.sentence.in_(some)
        )
        found.update((row[0], row[1]) for row in connection.execute(query).all())
    order = sorted(found)
    return order, np.frombuffer(b"".join(found[id] for id in order), dtype="<f2").reshape(len(order), dim)
