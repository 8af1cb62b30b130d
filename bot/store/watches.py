"""Standing questions, and when each chat may be disturbed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.store import alerts
from bot.store.base import insert_once, metadata
from bot.watches.alert import AddWatch, ChangeWatch, Dislike, RemoveWatch, SetRhythm, WatchEffect
from bot.watches.watch import Every, Filters, Rhythm, Watch

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("ref", sa.String(12), primary_key=True),
    sa.Column("chat", sa.BigInteger, nullable=False, index=True),
    sa.Column("topic", sa.BigInteger, nullable=False, comment="0 outside of forum topics."),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("lang", sa.String, nullable=False, comment="Of the words around its alerts."),
    sa.Column("owner", sa.BigInteger, nullable=False, index=True, comment="0: a channel, an anonymous administrator."),
    sa.Column("since", sa.BigInteger, nullable=False, comment="The library's version when it was left."),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("filters", sa.Text, nullable=False, comment="JSON."),
    sa.Column("false_answers", sa.Float, nullable=False),
    sa.Column("digest", sa.Boolean, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("title", sa.Text, comment="Of the chat, where the watch was left from elsewhere."),
)

rhythms = sa.Table(
    "rhythms",
    metadata,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("zone", sa.String, nullable=False),
    sa.Column("every", sa.String(5), nullable=False),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("weekday", sa.Integer, nullable=False),
    sa.Column("quiet_from", sa.Integer),
    sa.Column("quiet_until", sa.Integer),
    sa.Column("per_hour", sa.Integer, nullable=False),
)


def _watch(row: Any) -> Watch:
    values = row._asdict()
    filters = {name: tuple(value) for name, value in json.loads(values.pop("filters")).items()}
    return Watch(**values, filters=Filters(**filters))


def add(connection: sa.Connection, watch: Watch) -> None:
    """Stores a watch; one whose ref is known stays as it is."""
    values = {**asdict(watch), "filters": json.dumps(asdict(watch.filters), ensure_ascii=False)}
    connection.execute(insert_once(connection, watches), [values])


def change(connection: sa.Connection, ref: str, **values: Any) -> bool:
    """Sets columns of a watch; False where it is gone."""
    return connection.execute(sa.update(watches).where(watches.c.ref == ref).values(values)).rowcount == 1


def remove(connection: sa.Connection, ref: str) -> bool:
    """Deletes a watch; False where it is gone already."""
    return connection.execute(sa.delete(watches).where(watches.c.ref == ref)).rowcount == 1


def get(connection: sa.Connection, ref: str) -> Watch | None:
    row = connection.execute(sa.select(watches).where(watches.c.ref == ref)).first()
    return None if row is None else _watch(row)


def every(connection: sa.Connection) -> list[Watch]:
    """All watches, the oldest first."""
    return [_watch(row) for row in connection.execute(sa.select(watches).order_by(watches.c.created_at, watches.c.ref))]


def of_chat(connection: sa.Connection, chat: int) -> list[Watch]:
    """The watches whose alerts come to a chat, and those that its person left elsewhere; the oldest first."""
    query = sa.select(watches).where(sa.or_(watches.c.chat == chat, _left_elsewhere(chat)))
    return [_watch(row) for row in connection.execute(query.order_by(watches.c.created_at, watches.c.ref))]


def _left_elsewhere(chat: int) -> sa.ColumnElement[bool]:
    # A private chat has the id of its person.
    return sa.and_(watches.c.owner == chat, watches.c.title.is_not(None)) if chat > 0 else sa.false()


def running(connection: sa.Connection) -> list[Watch]:
    """The watches that are not paused, the oldest first."""
    query = sa.select(watches).where(~watches.c.paused).order_by(watches.c.created_at, watches.c.ref)
    return [_watch(row) for row in connection.execute(query)]


def count(connection: sa.Connection, chat: int | None = None) -> int:
    """How many watches there are, in a chat or in all."""
    query = sa.select(sa.func.count()).select_from(watches)
    return connection.scalar(query if chat is None else query.where(watches.c.chat == chat)) or 0


def rhythm(connection: sa.Connection, chat: int) -> Rhythm:
    """A chat's rhythm; the usual one where it has chosen none."""
    return rhythms_of(connection, [chat])[chat]


def rhythms_of(connection: sa.Connection, chats: Iterable[int]) -> dict[int, Rhythm]:
    """The rhythms of these chats."""
    wanted = list(chats)
    found = {chat: Rhythm() for chat in wanted}
    for at in range(0, len(wanted), 500):
        for row in connection.execute(sa.select(rhythms).where(rhythms.c.chat.in_(wanted[at : at + 500]))):
            quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
            found[row.chat] = Rhythm(row.zone, Every(row.every), row.minute, row.weekday, quiet, row.per_hour)
    return found


def set_rhythm(connection: sa.Connection, chat: int, chosen: Rhythm) -> None:
    """Stores a chat's rhythm in place of the one before."""
    start, end = chosen.quiet or (None, None)
    values = asdict(chosen) | {"quiet_from": start, "quiet_until": end}
    del values["quiet"]
    connection.execute(sa.delete(rhythms).where(rhythms.c.chat == chat))
    connection.execute(sa.insert(rhythms).values(chat=chat, **values))


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup: its watches go with it."""
    connection.execute(sa.update(watches).where(watches.c.chat == old).values(chat=new))
    if connection.scalar(sa.select(rhythms.c.chat).where(rhythms.c.chat == new)) is None:
        connection.execute(sa.update(rhythms).where(rhythms.c.chat == old).values(chat=new))
    connection.execute(sa.delete(rhythms).where(rhythms.c.chat == old))


def forget(connection: sa.Connection, chat: int) -> None:
    """Deletes a chat's watches, its rhythm, and what its person left elsewhere."""
    connection.execute(sa.delete(watches).where(sa.or_(watches.c.chat == chat, _left_elsewhere(chat))))
    connection.execute(sa.delete(rhythms).where(rhythms.c.chat == chat))


def carry_out(connection: sa.Connection, effect: WatchEffect) -> None:
    """Stores what a chat asked for."""
    match effect:
        case AddWatch(watch):
            add(connection, watch)
        case ChangeWatch(ref, setting, value):
            change(connection, ref, **{setting: value})
            if setting == "paused" and value:
                alerts.drop_held(connection, ref)
        case RemoveWatch(ref):
            remove(connection, ref)
            alerts.drop_held(connection, ref)
        case SetRhythm(chat, chosen):
            set_rhythm(connection, chat, chosen)
        case Dislike(ref, sentence, false_answers):
            change(connection, ref, false_answers=false_answers)
            alerts.change(connection, ref, sentence, disliked=True)
