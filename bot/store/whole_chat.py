"""What concerns every table that knows a chat: a group that became a supergroup, a chat that wants to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store import alerts, chats, judgements, outbox, shown, updates, watches


def move(connection: sa.Connection, old: int, new: int) -> None:
    """The group `old` lives on as the supergroup `new`."""
    for table in (chats, outbox, judgements, shown, watches, alerts):
        table.move(connection, old, new)


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes everything stored of a chat but for what still waits to be answered or sent."""
    for table in (chats, outbox, judgements, shown, watches, alerts, updates):
        table.forget(connection, chat)
