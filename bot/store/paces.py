"""How much of Telegram's limits is spent, for all processes together: one row for each bucket of tokens.

A process that has a database to itself keeps this in memory alone (`bot.pace.Pace`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.pace import Bucket, Limits, Rate
from bot.store.base import metadata
from bot.store.dialect import shared

EVERYBODY = 0
"""No chat has this id: the bucket of the bot as a whole."""
SKEW_SECONDS = 5.0
"""Clocks that are apart by less are taken for the same; a time further ahead was a mistake."""
FORGOTTEN_SECONDS = 3600.0

paces = sa.Table(
    "paces",
    metadata,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False, comment="0: the bot as a whole."),
    sa.Column("bucket", sa.String(8), primary_key=True, comment="all, chat, or group (a minute's worth)."),
    sa.Column("tokens", sa.Float, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("held_until", sa.Float, nullable=False, comment="Telegram said so (429)."),
)


def spend(connection: sa.Connection, chat: int, now: float, limits: Limits, spare: bool = False) -> float:
    """A message goes out now, and `now` is returned; or nothing is taken, and it is returned when to ask again. With
    `spare` it leaves a token for whoever has less time: so no answer waits for the alerts of another process. To be
    called by one transaction at a time."""
    if not shared(connection):
        return now
    stored = {(row.chat, row.bucket): row for row in connection.execute(_of(EVERYBODY, chat))}
    buckets: dict[tuple[int, str], Bucket] = {}
    wait = 0.0
    for key, rate in _rates(chat, limits).items():
        row = stored.get(key)
        bucket = buckets[key] = Bucket.full(rate, now) if row is None else Bucket(rate, row.tokens, row.at)
        here = now if bucket.at - now > SKEW_SECONDS else max(now, bucket.at)
        least = 2.0 if spare and key[0] == EVERYBODY and rate.burst >= 2 else 1.0
        held = 0.0 if row is None else row.held_until - now
        wait = max(wait, bucket.ready_at(here, least) - here, held)
    if wait > 0:
        return now + wait
    for key, bucket in buckets.items():
        bucket.take(bucket.at)
        _store(connection, key, tokens=bucket.tokens, at=bucket.at)
    return now


def hold(connection: sa.Connection, chat: int | None, until: float) -> None:
    """Telegram told a chat, or without one the whole bot, to wait until then."""
    if shared(connection):
        key = (EVERYBODY, "all") if chat is None else (chat, "chat")
        _store(connection, key, held_until=until)


def prune(connection: sa.Connection, now: float) -> int:
    """Drops the buckets of chats that have long been full again."""
    old = (paces.c.at < now - FORGOTTEN_SECONDS, paces.c.held_until < now, paces.c.chat != EVERYBODY)
    return connection.execute(sa.delete(paces).where(*old)).rowcount


def _of(*chats: int) -> sa.Select[Any]:
    return sa.select(paces).where(paces.c.chat.in_(chats))


def _rates(chat: int, limits: Limits) -> dict[tuple[int, str], Rate]:
    rates = {(EVERYBODY, "all"): limits.overall, (chat, "chat"): limits.chat}
    return rates | {(chat, "group"): limits.group} if chat < 0 else rates


def _store(connection: sa.Connection, key: tuple[int, str], **values: float) -> None:
    mine = (paces.c.chat == key[0], paces.c.bucket == key[1])
    if connection.execute(sa.update(paces).where(*mine).values(values)).rowcount == 0:
        fresh = {"tokens": 0.0, "at": 0.0, "held_until": 0.0} | values
        connection.execute(sa.insert(paces).values(chat=key[0], bucket=key[1], **fresh))
