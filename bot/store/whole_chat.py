"""What concerns every table that knows a chat: a group that became a supergroup, a chat that wants to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store import chats, judgements, outbox, updates


def move(connection: sa.Connection, old: int, new: int) -> None:
    """The group `old` lives on as the supergroup `new`."""
    for table in (chats, outbox, judgements):
        table.move(connection, old, new)


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes everything stored of a chat but for what still waits to be answered or sent."""
    chats.forget(connection, chat)
    judgements.forget(connection, chat)
    outbox.forget(connection, [chat])
    updates.forget(connection, [chat])
