"""The log of changes: what each accepted article added and retired, in order. Caches and watches follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from index.article import ArticleId, SentenceId
from index.store import sentences as sentence_rows
from index.store.tables import articles, changes, facts, sentences


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted article, correction or removal."""

    seq: int
    article: ArticleId
    at: datetime
    added: tuple[SentenceId, ...]
    retired: tuple[SentenceId, ...]


def write(connection: sa.Connection, article: ArticleId, added: int | None, retired: int | None, now: datetime) -> None:
    """Notes that one snapshot went live and another is no longer."""
    connection.execute(changes.insert().values(article=article, added=added, retired=retired, at=now))


def seq(connection: sa.Connection) -> int:
    """The newest change's number, 0 for a library that never had one."""
    return int(connection.scalar(sa.select(sa.func.max(changes.c.seq))) or 0)


def after(connection: sa.Connection, seq: int, limit: int = 1000) -> list[Change]:
    """The changes that followed `seq`, oldest first."""
    query = sa.select(changes).where(changes.c.seq > seq).order_by(changes.c.seq).limit(limit)

    def ids(snapshot: int | None) -> tuple[SentenceId, ...]:
        return tuple(sentence_rows.ids_of_snapshot(connection, snapshot)) if snapshot is not None else ()

    return [Change(row.seq, row.article, row.at, ids(row.added), ids(row.retired)) for row in connection.execute(query)]


def added_after(seq: int, until: int) -> sa.Select[tuple[int]]:
    """Selects the ids of sentences that went live in (seq, until] and are live still."""
    return (
        sa.select(sentences.c.id)
        .join(changes, changes.c.added == sentences.c.snapshot)
        .join(articles, articles.c.snapshot == sentences.c.snapshot)
        .where(changes.c.seq > seq, changes.c.seq <= until)
        .distinct()
    )


def retired_after(seq: int, until: int) -> sa.Select[tuple[int]]:
    """Selects the ids of sentences that were retired in (seq, until]."""
    return (
        sa.select(sentences.c.id)
        .join(changes, changes.c.retired == sentences.c.snapshot)
        .where(changes.c.seq > seq, changes.c.seq <= until)
        .distinct()
    )


def live() -> sa.Select[tuple[int]]:
    """Selects the ids of every live sentence."""
    return sa.select(sentences.c.id).join(articles, articles.c.snapshot == sentences.c.snapshot)


def identity(connection: sa.Connection) -> str | None:
    """The library's own name, by which its caches know it; None before `write_identity`."""
    return connection.scalar(sa.select(facts.c.value).where(facts.c.name == "identity"))


def write_identity(connection: sa.Connection) -> str:
    """Gives the library its name, once."""
    found = identity(connection)
    if found is None:
        found = uuid4().hex
        connection.execute(facts.insert().values(name="identity", value=found))
    return found


def renew_identity(connection: sa.Connection) -> None:
    """Gives the library another name: what caches knew of it under the old one is foreign from here on."""
    connection.execute(facts.delete().where(facts.c.name == "identity"))
    write_identity(connection)
