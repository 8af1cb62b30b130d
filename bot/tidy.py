"""Forgetting what is old, and erasing from the disk what was deleted."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from bot.settings import BotSettings
from bot.store import outbox, paces, shown, updates
from bot.store.base import empty_log
from bot.store.writer import Writer
from index.errors import LibraryError

log = structlog.get_logger()

DAY = 86400.0
PRUNE_SECONDS = 3600.0
ERASE_SECONDS = 30.0
"""How long what /forget deleted stays in SQLite's log at most, unless a long read stands in the way."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long rows are kept, in seconds; None is for ever."""

    updates: float
    sent: float
    shown: float | None

    @classmethod
    def of(cls, settings: BotSettings) -> Retention:
        shown_days = settings.keep_shown
        return cls(settings.keep_updates * DAY, settings.keep_sent * DAY, shown_days and shown_days * DAY)


def prune(connection: sa.Connection, kept: Retention, now: float) -> int:
    """Drops rows that are older than they are kept for; returns how many."""
    dropped = updates.prune(connection, now - kept.updates) + outbox.prune(connection, now - kept.sent)
    dropped += paces.prune(connection, now)
    return dropped if kept.shown is None else dropped + shown.prune(connection, now - kept.shown)


async def tidy(engine: sa.Engine, writer: Writer, kept: Retention) -> None:
    """Prunes every hour and empties the log twice a minute, until it is cancelled."""
    pruned = float("-inf")
    while True:
        try:
            if time.monotonic() - pruned >= PRUNE_SECONDS:
                dropped = await writer.write(lambda connection: prune(connection, kept, time.time()))
                log.debug("forgot what is old", rows=dropped)
                pruned = time.monotonic()
            await asyncio.to_thread(empty_log, engine)
        except LibraryError as error:
            log.warning("what is old could not be forgotten", error=str(error))
        await asyncio.sleep(ERASE_SECONDS)
