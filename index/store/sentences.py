"""Sentences: offsets into snapshots. Their text is cut out of the snapshot by the database, in code points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from index.article import Article, ArticleId, Sentence, SentenceId, SnapshotHash, Span
from index.store import articles as article_rows
from index.store.tables import articles, sentences, snapshots

Id = TypeVar("Id")
SLICE = 500
"""Rows asked for at once by id: far below the engine's limit on bound values."""

TEXT = sa.func.substr(snapshots.c.text, sentences.c.start + 1, sentences.c.end - sentences.c.start).label("sentence")
COLUMNS = (
    sentences.c.id,
    snapshots.c.article,
    snapshots.c.hash,
    sentences.c.ordinal,
    sentences.c.start,
    sentences.c.end,
    TEXT,
)


ABOVE, BELOW = 4_000, 2_000
"""Characters of the text around a sentence that are read with it."""
_BEGIN = sa.case((sentences.c.start > ABOVE, sentences.c.start - ABOVE), else_=0)
AROUND = (
    sa.func.substr(snapshots.c.text, _BEGIN + 1, sentences.c.start - _BEGIN).label("above"),
    sa.func.substr(snapshots.c.text, sentences.c.end + 1, BELOW).label("below"),
)


class Passage(NamedTuple):
    """A sentence with its article, as ranking reads it; `above` and `below`: the text around it, ABOVE and BELOW
    characters at most."""

    sentence: Sentence
    article: Article
    above: str = ""
    below: str = ""


class Place(NamedTuple):
    """A snapshot's row, and the place of a sentence in its text, from 0."""

    snapshot: int
    ordinal: int


def slices(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """Ids by the SLICE, as many as may be asked for at once."""
    return (ids[at : at + SLICE] for at in range(0, len(ids), SLICE))


def of_row(row: Sequence[Any]) -> Sentence:
    """A sentence of a row that begins with COLUMNS."""
    return Sentence(*row[: len(COLUMNS)])


def write(connection: sa.Connection, snapshot: int, spans: Sequence[Span]) -> list[SentenceId]:
    """Stores the sentences of a new snapshot; their ids ascend."""
    rows = [{"snapshot": snapshot, "ordinal": n, "start": span.start, "end": span.end} for n, span in enumerate(spans)]
    connection.execute(sentences.insert(), rows)
    return ids_of_snapshot(connection, snapshot)


def ids_of_snapshot(connection: sa.Connection, snapshot: int) -> list[SentenceId]:
    """Ids of a snapshot's sentences, in the text's order."""
    query = sa.select(sentences.c.id).where(sentences.c.snapshot == snapshot).order_by(sentences.c.ordinal)
    return [SentenceId(id) for id in connection.scalars(query)]


def of_article(connection: sa.Connection, id: ArticleId) -> list[Sentence]:
    """Sentences of the article's current snapshot, in the text's order."""
    query = (
        sa.select(*COLUMNS)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .join(articles, articles.c.snapshot == snapshots.c.id)
        .where(articles.c.id == id)
        .order_by(sentences.c.ordinal)
    )
    return [of_row(row) for row in connection.execute(query)]


def passages(connection: sa.Connection, ids: Iterable[SentenceId], live: bool = True) -> dict[SentenceId, Passage]:
    """Sentences with their articles, by id. With `live`, those that are no longer current are left out."""
    found: dict[SentenceId, Passage] = {}
    query = (
        sa.select(*COLUMNS, *AROUND, *article_rows.COLUMNS)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .join(articles, articles.c.id == snapshots.c.article)
    )
    if live:
        query = query.where(articles.c.snapshot == snapshots.c.id)
    for some in slices(list(ids)):
        for row in connection.execute(query.where(sentences.c.id.in_(some))):
            sentence = of_row(row)
            above, below, *about = row[len(COLUMNS) :]
            found[sentence.id] = Passage(sentence, Article(*about), above, below)
    return found


def places(connection: sa.Connection, ids: Iterable[SentenceId]) -> dict[SentenceId, Place]:
    """Where sentences stand, by id; those that are not there are left out."""
    found: dict[SentenceId, Place] = {}
    query = sa.select(sentences.c.id, sentences.c.snapshot, sentences.c.ordinal)
    for some in slices(list(ids)):
        for id, snapshot, ordinal in connection.execute(query.where(sentences.c.id.in_(some))):
            found[SentenceId(id)] = Place(snapshot, ordinal)
    return found


def following(connection: sa.Connection, ids: Collection[SentenceId], count: int) -> dict[SentenceId, list[SentenceId]]:
    """The ids of up to `count` sentences after each of these, in the text's order."""
    found: dict[SentenceId, list[SentenceId]] = {id: [] for id in ids}
    first = sentences.alias()
    query = (
        sa.select(first.c.id, sentences.c.id)
        .join(sentences, sentences.c.snapshot == first.c.snapshot)
        .where(sentences.c.ordinal > first.c.ordinal, sentences.c.ordinal <= first.c.ordinal + count)
        .order_by(sentences.c.ordinal)
    )
    for some in slices(list(ids)):
        for id, after in connection.execute(query.where(first.c.id.in_(some))):
            found[SentenceId(id)].append(SentenceId(after))
    return found


def around(connection: sa.Connection, hash: SnapshotHash, id: SentenceId, count: int) -> list[Sentence]:
    """The sentence of this id with up to `count` neighbours on each side, in the text's order."""
    here = sa.select(sentences.c.snapshot, sentences.c.ordinal).where(sentences.c.id == id).subquery()
    query = (
        sa.select(*COLUMNS)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .join(here, here.c.snapshot == sentences.c.snapshot)
        .where(sentences.c.ordinal.between(here.c.ordinal - count, here.c.ordinal + count))
        .order_by(sentences.c.ordinal)
    )
    return [of_row(row) for row in connection.execute(query)]


def where(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """Selects the ids of the live sentences of articles that fulfil these conditions."""
    query = sa.select(sentences.c.id).join(articles, articles.c.snapshot == sentences.c.snapshot)
    return query.where(*conditions)


def count_live(connection: sa.Connection) -> int:
    """How many sentences can be quoted now."""
    query = (
        sa.select(sa.func.count()).select_from(sentences).join(articles, articles.c.snapshot == sentences.c.snapshot)
    )
    return int(connection.scalar(query) or 0)


def offsets(connection: sa.Connection, snapshot: int) -> list[tuple[SentenceId, Span, str]]:
    """Each sentence of a snapshot: id, span, and the text that the database cuts for it."""
    query = (
        sa.select(sentences.c.id, sentences.c.start, sentences.c.end, TEXT)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .where(snapshots.c.id == snapshot)
        .order_by(sentences.c.ordinal)
    )
    return [(row[0], Span(row[1], row[2]), row[3]) for row in connection.execute(query)]
