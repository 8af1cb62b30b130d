"""Secrets that are made once and stay with the chats, such as the one behind the addresses of pages."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from bot.store.base import insert_once, metadata

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)


def kept(connection: sa.Connection, name: str, random: Callable[[int], bytes]) -> bytes:
    """The secret of this name, 32 bytes; made at the first time, the same for every process ever after."""
    connection.execute(insert_once(connection, secrets), [{"name": name, "value": random(32)}])
    return bytes(connection.execute(sa.select(secrets.c.value).where(secrets.c.name == name)).scalar_one())
