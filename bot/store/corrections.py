"""How far the library was read for corrections."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

correction_progress = sa.Table(
    "correction_progress",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False, comment="1: there is one."),
    sa.Column("seq", sa.BigInteger, nullable=False, comment="The library's change up to which all was told."),
)


def read(connection: sa.Connection) -> int | None:
    """The change up to which all was told; None before the first time."""
    return connection.scalar(sa.select(correction_progress.c.seq))


def write(connection: sa.Connection, seq: int) -> None:
    """Notes that all was told up to a change; it never goes back."""
    connection.execute(insert_once(connection, correction_progress), [{"id": 1, "seq": seq}])
    connection.execute(sa.update(correction_progress).where(correction_progress.c.seq < seq).values(seq=seq))
