"""The inbox table: every update from Telegram, stored before it is acknowledged, once per update id."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.base import insert_once, metadata
from bot.store.dialect import INBOX, shared, wake
from bot.store.processes import NAME, gone, processes

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
    sa.Column("owner", NAME, comment="The process that has to process it, and all that waits in its lane."),
    sa.Index("ix_updates_state_id", "state", "id"),
    sa.Index("ix_updates_done_at", "done_at"),
)


TOGETHER = 500
"""Ids in one query."""


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


# Made once: to build a statement anew takes SQLAlchemy longer than to run it.
_CLOSE = (
    sa.update(updates)
    .where(
        updates.c.id == sa.bindparam("update"),
        updates.c.state == "waiting",
        sa.or_(updates.c.owner == sa.bindparam("mine"), updates.c.owner.is_(None)),
    )
    .values(state=sa.bindparam("now_state"), error=sa.bindparam("now_error"), done_at=sa.bindparam("now"))
)
_DONE = _CLOSE.values(body=sa.null())


def accept(connection: sa.Connection, arrived: Sequence[Update], owner: str = "") -> list[Update]:
    """Stores what is new and returns it, in order; an update id seen before is left out.

    All that waits in a lane is one process's, so that its order is kept: that of `owner`, who asks, unless another has
    the lane; then that one is woken.
    """
    if not arrived:
        return []
    ids = [update.id for update in arrived]
    known = set(connection.scalars(sa.select(updates.c.id).where(updates.c.id.in_(ids))))
    new = {update.id: update for update in arrived if update.id not in known}
    if new:
        elsewhere = _elsewhere(connection, {update.lane for update in new.values()}, owner)
        rows = [_row(update) | {"owner": elsewhere.get(update.lane, owner)} for update in new.values()]
        connection.execute(insert_once(connection, updates), rows)
        if elsewhere:
            wake(connection, INBOX)
    return sorted(new.values(), key=lambda update: update.id)


def _row(update: Update) -> dict[str, Any]:
    return {
        "id": update.id,
        "lane": update.lane,
        "body": json.dumps(update.body, ensure_ascii=False, separators=(",", ":")),
        "state": "waiting",
        "received_at": update.received_at,
    }


def _elsewhere(connection: sa.Connection, lanes: Collection[int], owner: str) -> dict[int, str]:
    """Which of these lanes another process has, and who."""
    if not shared(connection):
        return {}
    held = (updates.c.state == "waiting", updates.c.lane.in_(lanes), updates.c.owner != owner)
    alive = updates.c.owner.in_(sa.select(processes.c.name))
    query = sa.select(updates.c.lane, updates.c.owner).where(*held, alive)
    return {row.lane: row.owner for row in connection.execute(query)}


def adopt(connection: sa.Connection, owner: str, lanes: Collection[int] | None = None) -> int:
    """Takes over what waits of processes that are gone (in these lanes only); returns how many updates."""
    query = sa.update(updates).where(updates.c.state == "waiting", gone(updates.c.owner, owner))
    if lanes is not None:
        query = query.where(updates.c.lane.in_(lanes))
    return connection.execute(query.values(owner=owner)).rowcount


def unknown(connection: sa.Connection, owner: str, known: Container[int]) -> bool:
    """Whether anything waits that a process has, or could take over, and that is not among the ids it knows."""
    mine = sa.or_(updates.c.owner == owner, gone(updates.c.owner, owner))
    ids = connection.scalars(sa.select(updates.c.id).where(updates.c.state == "waiting", mine))
    return any(id not in known for id in ids)


def waiting(
    connection: sa.Connection, owner: str = "", known: Container[int] = (), lanes: Collection[int] | None = None
) -> list[Update]:
    """What a process has accepted and not finished (in these lanes only), in the order of arrival, but for the ids that
    it knows."""
    query = sa.select(updates.c.id).where(updates.c.state == "waiting", updates.c.owner == owner)
    if lanes is not None:
        query = query.where(updates.c.lane.in_(lanes))
    ids = [id for id in connection.scalars(query.order_by(updates.c.id)) if id not in known]
    found: list[Update] = []
    for at in range(0, len(ids), TOGETHER):
        rows = sa.select(updates).where(updates.c.id.in_(ids[at : at + TOGETHER])).order_by(updates.c.id)
        found += [Update(row.id, row.lane, json.loads(row.body), row.received_at) for row in connection.execute(rows)]
    return found


def to_process(
    connection: sa.Connection, new: list[Update], arrived: Sequence[Update], owner: str, known: Container[int]
) -> list[Update]:
    """What a process has to do now that updates were accepted: the new ones; and where there are other processes, all
    that is its own in the same lanes and not known to it."""
    if not shared(connection):
        return new
    lanes = {update.lane for update in arrived}
    adopt(connection, owner, lanes)
    return waiting(connection, owner, known, lanes)


def finish(connection: sa.Connection, id: int, now: float, owner: str = "") -> bool:
    """Marks an update as done and forgets its text. False when it was done before, or is another process's by now: then
    nothing may follow from it."""
    return _close(connection, id, "done", None, now, owner)


def fail(connection: sa.Connection, id: int, error: str, now: float, owner: str = "") -> bool:
    """Puts an update aside that can't be processed; its body stays for whoever looks into it."""
    return _close(connection, id, "failed", error, now, owner)


def _close(connection: sa.Connection, id: int, state: str, error: str | None, now: float, owner: str) -> bool:
    statement = _DONE if state == "done" else _CLOSE
    values = {"update": id, "now_state": state, "now_error": error, "now": now, "mine": owner}
    return connection.execute(statement, values).rowcount == 1


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
