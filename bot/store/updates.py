"""The inbox table: every update from Telegram, stored before it is acknowledged, once per update id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

updates = sa.Table(
    "updates",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, comment="Telegram's update_id."),
    sa.Column("lane", sa.BigInteger, nullable=False, comment="The chat (or user) whose order is kept."),
    sa.Column("body", sa.Text, comment="The update as JSON; emptied once it is done."),
    sa.Column("state", sa.String(8), nullable=False, comment="waiting, done or failed"),
    sa.Column("error", sa.Text),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("done_at", sa.Float),
    sa.Index("ix_updates_state_id", "state", "id"),
    sa.Index("ix_updates_done_at", "done_at"),
)


@dataclass(frozen=True, slots=True)
class Update:
    """One stored update: `body` is Telegram's JSON object, `received_at` seconds since 1970."""

    id: int
    lane: int
    body: dict[str, Any]
    received_at: float

    @property
    def key(self) -> str:
        """How everything that comes of it is named in the outbox, and in the log."""
        return f"u{self.id}"


def accept(connection: sa.Connection, arrived: Sequence[Update]) -> list[Update]:
    """Stores what is new and returns it, in order; an update id seen before is left out."""
    if not arrived:
        return []
    ids = [update.id for update in arrived]
    known = set(connection.scalars(sa.select(updates.c.id).where(updates.c.id.in_(ids))))
    new = {update.id: update for update in arrived if update.id not in known}
    if new:
        connection.execute(insert_once(connection, updates), [_row(update) for update in new.values()])
    return sorted(new.values(), key=lambda update: update.id)


def _row(update: Update) -> dict[str, Any]:
    return {
        "id": update.id,
        "lane": update.lane,
        "body": json.dumps(update.body, ensure_ascii=False, separators=(",", ":")),
        "state": "waiting",
        "received_at": update.received_at,
    }


def waiting(connection: sa.Connection) -> list[Update]:
    """What was accepted and not finished, in the order of arrival."""
    query = sa.select(updates).where(updates.c.state == "waiting").order_by(updates.c.id)
    return [Update(row.id, row.lane, json.loads(row.body), row.received_at) for row in connection.execute(query)]


def finish(connection: sa.Connection, id: int, now: float) -> bool:
    """Marks an update as done and forgets its text. False when it was done before: then nothing may follow from it."""
    return _close(connection, id, "done", None, now)


def fail(connection: sa.Connection, id: int, error: str, now: float) -> bool:
    """Puts an update aside that can't be processed; its body stays for whoever looks into it."""
    return _close(connection, id, "failed", error, now)


def _close(connection: sa.Connection, id: int, state: str, error: str | None, now: float) -> bool:
    values: dict[str, Any] = {"state": state, "error": error, "done_at": now}
    if state == "done":
        values["body"] = None
    changed = connection.execute(
        sa.update(updates).where(updates.c.id == id, updates.c.state == "waiting").values(values)
    )
    return changed.rowcount == 1


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many updates are in each state."""
    rows = connection.execute(sa.select(updates.c.state, sa.func.count()).group_by(updates.c.state))
    return {row[0]: row[1] for row in rows}


def forget(connection: sa.Connection, lane: int) -> None:
    """Removes what a chat said, but for what still waits; the ids stay, lest an update be processed twice."""
    connection.execute(
        sa.update(updates)
        .where(updates.c.lane == lane, updates.c.state != "waiting")
        .values(lane=0, body=None, error=None)
    )


def prune(connection: sa.Connection, before: float) -> int:
    """Drops rows that ended before then. Telegram repeats an update for a day at most, so a week is plenty."""
    return connection.execute(sa.delete(updates).where(updates.c.done_at < before)).rowcount
