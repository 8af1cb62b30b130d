"""Work that a chat asked for and that outlives a restart: adding and removing articles."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.store.base import insert_once, metadata
from bot.store.processes import NAME, gone

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("key", sa.String, primary_key=True, comment="The event that asked for it."),
    sa.Column("body", sa.Text, nullable=False, comment="The effect as JSON."),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("owner", NAME, comment="The process that carries it out."),
)


@dataclass(frozen=True, slots=True)
class StoredJob:
    key: str
    body: str


def add(connection: sa.Connection, job: StoredJob, now: float, owner: str = "") -> None:
    """Stores a job, to be carried out by a process; one that is known already stays as it is."""
    row = {"key": job.key, "body": job.body, "created_at": now, "owner": owner}
    connection.execute(insert_once(connection, jobs), [row])


def orphaned(connection: sa.Connection, owner: str) -> bool:
    """Whether there are jobs whose process is gone."""
    return connection.scalar(sa.select(jobs.c.key).where(gone(jobs.c.owner, owner)).limit(1)) is not None


def adopt(connection: sa.Connection, owner: str) -> int:
    """Takes over the jobs whose process is gone; returns how many."""
    return connection.execute(sa.update(jobs).where(gone(jobs.c.owner, owner)).values(owner=owner)).rowcount


def waiting(connection: sa.Connection, owner: str = "") -> list[StoredJob]:
    """A process's jobs that were not finished, the oldest first."""
    query = sa.select(jobs).where(jobs.c.owner == owner).order_by(jobs.c.created_at)
    return [StoredJob(row.key, row.body) for row in connection.execute(query)]


def stands(connection: sa.Connection, key: str) -> bool:
    """Whether a job is still to be done."""
    return connection.scalar(sa.select(jobs.c.key).where(jobs.c.key == key)) is not None


def finish(connection: sa.Connection, key: str) -> None:
    """The job is done, or failed for good."""
    connection.execute(sa.delete(jobs).where(jobs.c.key == key))
