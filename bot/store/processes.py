"""The bots that serve this database, and who of them does what only one should do.

A process says that it is alive by a number that grows. Whoever sees the same number for long enough takes it off the
list, and from that moment on what it had taken belongs to nobody: `gone` finds it. A process that only hung comes back
under the same name and finds its work taken; every commit of its own asks whether the work is still its.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

NAME = sa.String(32)

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("name", NAME, primary_key=True),
    sa.Column("beat", sa.BigInteger, nullable=False, comment="Grows for as long as the process lives."),
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("role", sa.String(16), primary_key=True),
    sa.Column("owner", NAME, nullable=False),
)


def gone(owner: sa.ColumnElement[str | None], but: str) -> sa.ColumnElement[bool]:
    """Whether a row belongs to nobody who lives. `but` is who asks: it lives, on the list or not."""
    dead = sa.and_(owner != but, owner.not_in(sa.select(processes.c.name)))
    return sa.or_(owner.is_(None), dead)


def beat(connection: sa.Connection, name: str) -> dict[str, int]:
    """This process lives; returns the numbers of the others. Safe beside itself."""
    connection.execute(insert_once(connection, processes), [{"name": name, "beat": 0}])
    connection.execute(sa.update(processes).where(processes.c.name == name).values(beat=processes.c.beat + 1))
    others = sa.select(processes.c.name, processes.c.beat).where(processes.c.name != name)
    return {row.name: row.beat for row in connection.execute(others)}


def bury(connection: sa.Connection, name: str, beat: int) -> bool:
    """Takes a process off the list, unless it has said something since its number was seen."""
    mine = (processes.c.name == name, processes.c.beat == beat)
    return connection.execute(sa.delete(processes).where(*mine)).rowcount == 1


def leave(connection: sa.Connection, name: str) -> None:
    """This process ends: others need not wait for its silence."""
    connection.execute(sa.delete(processes).where(processes.c.name == name))


def leave_none(connection: sa.Connection) -> None:
    """Nobody lives: a database of one process knows others only where it is the copy of one that had several."""
    connection.execute(sa.delete(processes))


def hold(connection: sa.Connection, name: str, wanted: Iterable[str]) -> frozenset[str]:
    """Takes the roles that nobody who lives has; returns those that are this process's now. Safe beside itself."""
    connection.execute(insert_once(connection, roles), [{"role": role, "owner": name} for role in wanted])
    connection.execute(sa.update(roles).where(gone(roles.c.owner, name)).values(owner=name))
    return frozenset(connection.scalars(sa.select(roles.c.role).where(roles.c.owner == name)))


def count(connection: sa.Connection) -> int:
    """How many processes there are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(processes)) or 0
