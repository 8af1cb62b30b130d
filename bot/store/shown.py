"""Every quote that was ever shown, by the outbox key of its message: what `verify` and corrections go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

NOTICE = "correction."
"""How the outbox keys of corrections begin."""

shown = sa.Table(
    "shown",
    metadata,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String, primary_key=True, comment="The outbox key of the message, or m<message id>."),
    sa.Column("sentence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("snapshot", sa.String(64), nullable=False, comment="The snapshot's hash."),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_shown_sentence", "sentence"),
    sa.Index("ix_shown_snapshot", "snapshot"),
)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A sentence in a message."""

    chat: int
    key: str
    sentence: int
    snapshot: str
    at: float


def add(connection: sa.Connection, quotes: Sequence[ShownQuote]) -> None:
    """Records quotes; one that the same message showed before stays as it is."""
    if quotes:
        rows = [
            {"chat": q.chat, "key": q.key, "sentence": q.sentence, "snapshot": q.snapshot, "at": q.at} for q in quotes
        ]
        connection.execute(insert_once(connection, shown), rows)


def of_sentences(connection: sa.Connection, sentences: Sequence[int]) -> list[ShownQuote]:
    """Where these sentences were shown, the earliest first."""
    query = sa.select(shown).where(shown.c.sentence.in_(list(sentences))).order_by(shown.c.at)
    return [ShownQuote(row.chat, row.key, row.sentence, row.snapshot, row.at) for row in connection.execute(query)]


def of_snapshots(connection: sa.Connection, hashes: Sequence[str], since: float) -> list[ShownQuote]:
    """What was shown of these snapshots since then, the earliest first."""
    query = sa.select(shown).where(shown.c.snapshot.in_(list(hashes)), shown.c.at >= since).order_by(shown.c.at)
    return [ShownQuote(row.chat, row.key, row.sentence, row.snapshot, row.at) for row in connection.execute(query)]


def in_notices(connection: sa.Connection, chat: int, sentence: int) -> list[str]:
    """The keys of the corrections that told a chat of this sentence, the earliest first."""
    mine = (shown.c.sentence == sentence, shown.c.chat == chat)
    notice = (shown.c.key >= NOTICE, shown.c.key < NOTICE + "\U0010ffff")
    return list(connection.scalars(sa.select(shown.c.key).where(*mine, *notice).order_by(shown.c.at)))


def of_message(connection: sa.Connection, chat: int, keys: Sequence[str]) -> list[int]:
    """The sentences that a message showed, by any of its keys, the latest first."""
    query = sa.select(shown.c.sentence).where(shown.c.chat == chat, shown.c.key.in_(list(keys)))
    return list(connection.scalars(query.order_by(shown.c.at.desc(), shown.c.sentence)))


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup."""
    connection.execute(sa.update(shown).where(shown.c.chat == old).values(chat=new))


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes what was shown in a chat."""
    connection.execute(sa.delete(shown).where(shown.c.chat == chat))


def prune(connection: sa.Connection, before: float) -> int:
    """Drops what was shown before then."""
    return connection.execute(sa.delete(shown).where(shown.c.at < before)).rowcount
