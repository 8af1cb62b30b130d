"""What is remembered of a chat: the conversation's state as JSON, and whether it can be reached."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.base import metadata

chats = sa.Table(
    "chats",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False, comment="The conversation's own JSON: settings, last question, …"),
    sa.Column("updated_at", sa.Float, nullable=False),
)

WHOLE_CHAT = 0
"""The topic that stands for all of a chat."""

unreachable = sa.Table(
    "unreachable",
    metadata,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("topic", sa.BigInteger, primary_key=True, autoincrement=False, comment="0: the whole chat."),
    sa.Column("reason", sa.Text, nullable=False, comment="What Telegram said."),
    sa.Column("since", sa.Float, nullable=False),
)


# Made once: to build such a statement anew takes SQLAlchemy longer than to run it, and each update needs all three.
_STATE = sa.select(chats.c.state).where(chats.c.id == sa.bindparam("chat"))
_SAVE = (
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(state=sa.bindparam("text"), updated_at=sa.bindparam("now"))
)
_REACHED = sa.delete(unreachable).where(
    unreachable.c.chat == sa.bindparam("in_chat"),
    sa.or_(unreachable.c.topic == sa.bindparam("in_topic"), unreachable.c.topic == WHOLE_CHAT),
)


def state(connection: sa.Connection, chat: int) -> str | None:
    """The stored state of a chat as JSON, or None for one never heard of."""
    return connection.scalar(_STATE, {"chat": chat})


def save(connection: sa.Connection, chat: int, state: str, now: float) -> None:
    """Stores a chat's state (JSON) in place of the one before."""
    if connection.execute(_SAVE, {"chat": chat, "text": state, "now": now}).rowcount == 0:
        connection.execute(sa.insert(chats).values(id=chat, state=state, updated_at=now))


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes a chat's state."""
    connection.execute(sa.delete(chats).where(chats.c.id == chat))


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup: its state goes with it, unless the new one has a state of its own already."""
    if connection.scalar(sa.select(chats.c.id).where(chats.c.id == new)) is not None:
        forget(connection, old)
    connection.execute(sa.update(chats).where(chats.c.id == old).values(id=new))
    connection.execute(sa.delete(unreachable).where(unreachable.c.chat.in_([old, new])))


def cannot_reach(connection: sa.Connection, chat: int, topic: int, reason: str, now: float) -> None:
    """Records that messages to this chat (or topic) are refused."""
    can_reach(connection, chat, topic)
    connection.execute(sa.insert(unreachable).values(chat=chat, topic=topic, reason=reason, since=now))


def can_reach(connection: sa.Connection, chat: int, topic: int = WHOLE_CHAT) -> None:
    """It spoke, or took a message: whatever was recorded against it is over."""
    connection.execute(_REACHED, {"in_chat": chat, "in_topic": topic})


def why_unreachable(connection: sa.Connection, chat: int, topic: int = WHOLE_CHAT) -> str | None:
    """What Telegram said when it refused, or None where messages get through."""
    query = sa.select(unreachable.c.reason).where(
        unreachable.c.chat == chat, unreachable.c.topic.in_({WHOLE_CHAT, topic})
    )
    return connection.scalar(query.limit(1))
