"""Work that a chat asked for and that outlives a restart: adding and removing articles."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("key", sa.String, primary_key=True, comment="The event that asked for it."),
    sa.Column("body", sa.Text, nullable=False, comment="The effect as JSON."),
    sa.Column("created_at", sa.Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredJob:
    key: str
    body: str


def add(connection: sa.Connection, job: StoredJob, now: float) -> None:
    """Stores a job; one that is known already stays as it is."""
    connection.execute(insert_once(connection, jobs), [{"key": job.key, "body": job.body, "created_at": now}])


def waiting(connection: sa.Connection) -> list[StoredJob]:
    """Jobs that were not finished, the oldest first."""
    return [StoredJob(row.key, row.body) for row in connection.execute(sa.select(jobs).order_by(jobs.c.created_at))]


def finish(connection: sa.Connection, key: str) -> None:
    """The job is done, or failed for good."""
    connection.execute(sa.delete(jobs).where(jobs.c.key == key))
