"""Sentences that are new to the library, in the order in which they came: what watches are matched with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

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


class Missed(NamedTuple):
    """A text that had been taken back before its reader came by: the article, and the text's sha256 in hex."""

    article: ArticleId
    text: str


NONE_MISSED: frozenset[Missed] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came after one version and by another, `until`. `missed`: what the reader has to bring along when it asks
    for the next stretch."""

    until: int
    sentences: tuple[Arrival, ...]
    missed: frozenset[Missed] = NONE_MISSED


def after(connection: sa.Connection, seq: int, most: int, missed: frozenset[Missed] = NONE_MISSED) -> Arrivals:
    """Arrivals of the changes that followed `seq`, oldest first; whole changes, no more than it takes for `most`.

    A sentence that an earlier snapshot of its article had, in whatever split, is not new. One that was already edited
    away again is left out, and given when it comes back; one that was kept by the edit is given as it stands now. So
    whoever asks for one stretch of changes after another, with what the stretches before have `missed`, is given each
    text once, and every text that stands in the end.
    """
    query = sa.select(changes, articles.c.snapshot.label("live")).join(articles, articles.c.id == changes.c.article)
    rows = connection.execute(query.where(changes.c.seq > seq).order_by(changes.c.seq).limit(CHANGES)).all()
    found: list[Arrival] = []
    until, owed = seq, set(missed)
    for row in rows:
        if len(found) >= most:
            break
        until = row.seq
        if row.added is not None:
            found += [Arrival(id, row.article, row.seq, row.at) for id in _new(connection, row, owed)]
    return Arrivals(until, tuple(found), frozenset(owed))


def before(connection: sa.Connection, moment: datetime) -> int:
    """The newest version of that time, 0 where the library is younger."""
    return int(connection.scalar(sa.select(sa.func.max(changes.c.seq)).where(changes.c.at <= moment)) or 0)


def _new(
    connection: sa.Connection, row: sa.Row[tuple[int, str, int, int, datetime, int]], owed: set[Missed]
) -> list[SentenceId]:
    """The sentences of a change that are new and stand; what is new and does not is `owed` from then on."""
    earlier = _earlier(connection, row.article, row.added)
    live = {} if row.live is None else _texts(connection, row.live)
    given: list[SentenceId] = []
    for text in live if row.added == row.live else _texts(connection, row.added):
        name = Missed(row.article, sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        if name not in owed and _stood(text, earlier):
            continue
        if text in live:
            owed.discard(name)
            given.append(live[text])
        else:
            owed.add(name)
    return given


def _stood(text: str, earlier: Iterable[str]) -> bool:
    return any(text in before for before in earlier)


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
