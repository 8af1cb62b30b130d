"""What several bots on one database need of PostgreSQL, each thing in one place.

A file of SQLite is served by one bot, whose memory knows all that is going on: there these functions do nothing, and
cost nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
import structlog

from index.store.dialect import is_postgresql

log = structlog.get_logger()

OUTBOX, INBOX = "pullquote_outbox", "pullquote_inbox"
"""What other processes are woken for: a message to be sent, an update that one of them has to process."""
HUNG_SECONDS = 20
"""A process that hangs in the middle of a transaction loses it after so long, and with it the writers' turn."""
LISTEN_SECONDS, AGAIN_SECONDS = 1.0, 5.0
"""How often a listener looks up, and how long it waits before it connects again."""


def shared(of: sa.Engine | sa.Connection) -> bool:
    """Whether several bots may serve this database at the same time."""
    return is_postgresql(of)


def wake(connection: sa.Connection, channel: str) -> None:
    """Wakes the processes that listen, at the commit of this transaction; within it, saying so twice is saying it once.

    Source: PostgreSQL 18, NOTIFY.
    """
    if is_postgresql(connection):
        connection.execute(sa.select(sa.func.pg_notify(channel, "")))


def bound(connection: sa.Connection) -> None:
    """This transaction ends where its process says nothing for HUNG_SECONDS."""
    if is_postgresql(connection):
        limit = sa.func.set_config("idle_in_transaction_session_timeout", f"{HUNG_SECONDS}s", True)
        connection.execute(sa.select(limit))


def listen(engine: sa.Engine, channels: Sequence[str], heard: Callable[[str], None], stop: threading.Event) -> None:
    """Blocks until `stop`, on a connection of its own; calls `heard` with a channel that was woken, and with each of
    them whenever it has connected, since nobody knows what was missed. Where a pooler swallows notifications nothing
    is heard, and whoever waits must look by itself."""
    if not is_postgresql(engine):
        return
    import psycopg

    while not stop.is_set():
        try:
            _listen_once(engine, channels, heard, stop)
        except (psycopg.Error, sa.exc.SQLAlchemyError) as error:
            log.warning("not woken by other processes for now", error=" ".join(str(error).split()))
            stop.wait(AGAIN_SECONDS)


def _listen_once(
    engine: sa.Engine, channels: Sequence[str], heard: Callable[[str], None], stop: threading.Event
) -> None:
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.detach()
    try:
        driver.rollback()
        driver.autocommit = True
        for channel in channels:
            driver.execute(f"LISTEN {channel}")
        for channel in channels:
            heard(channel)
        while not stop.is_set():
            for said in driver.notifies(timeout=LISTEN_SECONDS):
                heard(said.channel)
                if stop.is_set():
                    return
    finally:
        driver.close()
