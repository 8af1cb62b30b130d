"""Sentences that are new to the library, in the order in which they came: what watches are matched with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.article import ArticleId, SentenceId
from index.store import sentences as sentence_rows
from index.store.tables import articles, changes, sentences, snapshots

EARLIER = 20
"""Earlier snapshots of an article in which a sentence is looked for: it is new when it stood in none of them."""
CHANGES = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sentence that can be quoted, and the change by which its text first stood in its article."""

    sentence: SentenceId
    article: ArticleId
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came after one version and by another, `until`."""

    until: int
    sentences: tuple[Arrival, ...]


def after(connection: sa.Connection, seq: int, most: int) -> Arrivals:
    """Arrivals of the changes that followed `seq`, oldest first; whole changes, no more than it takes for `most`.

    A sentence that an earlier snapshot of its article had, in whatever split, is not new. One that was already
    edited away again is left out; one that was kept by the edit is given as it stands now, so that whoever asks for one
    stretch of changes after another is given each text once. One that was taken back and came again is not given, even
    where nobody asked while it first stood: from one version alone that can't be told.
    """
    query = sa.select(changes, articles.c.snapshot.label("live")).join(articles, articles.c.id == changes.c.article)
    rows = connection.execute(query.where(changes.c.seq > seq).order_by(changes.c.seq).limit(CHANGES)).all()
    found: list[Arrival] = []
    until = seq
    for row in rows:
        if len(found) >= most:
            break
        until = row.seq
        if row.added is not None and row.live is not None:
            found += [Arrival(id, row.article, row.seq, row.at) for id in _new(connection, row)]
    return Arrivals(until, tuple(found))


def before(connection: sa.Connection, moment: datetime) -> int:
    """The newest version of that time, 0 where the library is younger."""
    return int(connection.scalar(sa.select(sa.func.max(changes.c.seq)).where(changes.c.at <= moment)) or 0)


def _new(connection: sa.Connection, row: sa.Row[tuple[int, str, int, int, datetime, int]]) -> Iterator[SentenceId]:
    earlier = _earlier(connection, row.article, row.added)
    live = _texts(connection, row.live)
    ids = live if row.added == row.live else _texts(connection, row.added)
    for text in ids:
        if text in live and not any(text in before for before in earlier):
            yield live[text]


def _earlier(connection: sa.Connection, article: str, snapshot: int) -> list[str]:
    """The texts of the snapshots that an article had before one, the last first."""
    query = (
        sa.select(snapshots.c.text)
        .where(snapshots.c.article == article, snapshots.c.id < snapshot)
        .order_by(snapshots.c.id.desc())
        .limit(EARLIER)
    )
    return list(connection.scalars(query))


def _texts(connection: sa.Connection, snapshot: int) -> dict[str, SentenceId]:
    """A snapshot's sentences by their text, in its order; of those that say the same the first."""
    query = (
        sa.select(sentences.c.id, sentence_rows.TEXT)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .where(sentences.c.snapshot == snapshot)
        .order_by(sentences.c.ordinal.desc())
    )
    rows = connection.execute(query).all()
    return dict(reversed({row[1]: SentenceId(row[0]) for row in rows}.items()))
