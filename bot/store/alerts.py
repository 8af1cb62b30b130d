"""What watches have found: each fact once for a watch, sent, waiting for a digest, or told in one.

found ──> sent (key of its message)
   └────> held (why) ──> sent in a digest (key of the digest)
             ^────────────── a message that a closed chat refused
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from bot.store.base import insert_once, metadata
from bot.store.chats import unreachable
from bot.store.outbox import outbox
from bot.watches.alert import Alert
from bot.watches.facts import Fact
from bot.watches.noise import Away, Held
from index.article import ArticleId, SentenceId
from index.store.arrivals import Missed

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("watch", sa.String(12), primary_key=True),
    sa.Column("sentence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("topic", sa.BigInteger, nullable=False),
    sa.Column("article", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False, comment="For comparisons; what is shown comes from the library."),
    sa.Column("lang", sa.String),
    sa.Column("vector", sa.LargeBinary, comment="float16, little-endian."),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("also", sa.Text, nullable=False, comment="JSON: sentences of other articles that say the same."),
    sa.Column("found_at", sa.Float, nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False, comment="Grows in the order of publication."),
    sa.Column("held", sa.String(11), index=True, comment="Why it waits for a digest; null once it is sent."),
    sa.Column("held_at", sa.Float),
    sa.Column("key", sa.String, index=True, comment="The outbox key of its message."),
    sa.Column("sent_at", sa.Float),
    sa.Column("round", sa.Integer, nullable=False, comment="How often it was put into a digest."),
    sa.Column("edits", sa.Integer, nullable=False),
    sa.Column("edited_at", sa.Float, nullable=False),
    sa.Column("stale", sa.Boolean, nullable=False, index=True, comment="Its message does not show all of `also`."),
    sa.Column("disliked", sa.Boolean, nullable=False, comment="It has tightened its watch."),
    sa.Index("ix_alerts_watch_found_at", "watch", "found_at"),
    sa.Index("ix_alerts_chat_sent_at", "chat", "sent_at"),
)

progress = sa.Table(
    "alert_progress",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False, comment="The library's version up to which watches were matched."),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("away_since", sa.Float, nullable=False),
    sa.Column("away_until", sa.Float, nullable=False),
)

alert_missed = sa.Table(
    "alert_missed",
    metadata,
    sa.Column("article", sa.String, primary_key=True),
    sa.Column("text", sa.String(64), primary_key=True, comment="sha256 of a text that nobody was told of."),
    sa.Column("at", sa.Float, nullable=False),
)

_COLUMNS = [column for column in alerts.c if column.name not in ("text", "lang", "vector")]


KEEP_HELD = 30 * 86400.0
"""How long alerts are remembered, and wait for a chat that can't be reached; and how long what was missed is."""
COMPARED = 500
"""What a watch has told is compared with what is new: the newest of it, so many at most."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the library was read, the last place given out, when the bot was last here, and its last absence."""

    seq: int
    place: int
    seen_at: float
    away: Away


def read_progress(connection: sa.Connection) -> Progress | None:
    """None before the first time."""
    row = connection.execute(sa.select(progress)).first()
    if row is None:
        return None
    return Progress(row.seq, row.place, row.seen_at, Away(row.away_since, row.away_until))


def write_progress(connection: sa.Connection, reached: Progress) -> None:
    values = {
        "seq": reached.seq,
        "place": reached.place,
        "seen_at": reached.seen_at,
        "away_since": reached.away.since,
        "away_until": reached.away.until,
    }
    if connection.execute(sa.update(progress).values(values)).rowcount == 0:
        connection.execute(sa.insert(progress).values(id=1, **values))


def missed(connection: sa.Connection) -> frozenset[Missed]:
    """What was taken back before the library was read that far: it is new when it comes again."""
    query = sa.select(alert_missed.c.article, alert_missed.c.text)
    return frozenset(Missed(ArticleId(row.article), row.text) for row in connection.execute(query))


def write_missed(connection: sa.Connection, all: frozenset[Missed], now: float) -> None:
    """Stores what has been missed by now, in place of what was before."""
    before = missed(connection)
    for one in before - all:
        mine = (alert_missed.c.article == one.article, alert_missed.c.text == one.text)
        connection.execute(sa.delete(alert_missed).where(*mine))
    if new := sorted(all - before):
        connection.execute(sa.insert(alert_missed), [{**one._asdict(), "at": now} for one in new])


def add(connection: sa.Connection, alert: Alert, fact: Fact) -> None:
    """Stores an alert; one that the watch has for this sentence already stays as it is."""
    vector = None if fact.vector is None else fact.vector.astype("<f2").tobytes()
    values = {name: getattr(alert, name) for name in Alert.__slots__} | {"also": json.dumps(alert.also)}
    row = values | {"text": fact.text, "lang": fact.lang, "vector": vector}
    connection.execute(insert_once(connection, alerts), [row])


def change(connection: sa.Connection, watch: str, sentence: int, **values: Any) -> None:
    """Sets columns of one alert."""
    mine = (alerts.c.watch == watch, alerts.c.sentence == sentence)
    connection.execute(sa.update(alerts).where(*mine).values(values))


def _alert(values: dict[str, Any]) -> Alert:
    held = Held(values["held"]) if values["held"] else None
    return Alert(**{**values, "held": held, "also": tuple(json.loads(values["also"]))})


def get(connection: sa.Connection, watch: str, sentence: int) -> Alert | None:
    query = sa.select(*_COLUMNS).where(alerts.c.watch == watch, alerts.c.sentence == sentence)
    row = connection.execute(query).first()
    return None if row is None else _alert(row._asdict())


def told(connection: sa.Connection, watch: str, since: float) -> list[tuple[Alert, Fact]]:
    """What a watch has found since a time, the oldest first, with what comparisons need; the newest `COMPARED`."""
    query = sa.select(alerts).where(alerts.c.watch == watch, alerts.c.found_at >= since)
    newest = query.order_by(alerts.c.place.desc()).limit(COMPARED)
    found = []
    for row in reversed(connection.execute(newest).all()):
        values = row._asdict()
        text, lang, vector = (values.pop(name) for name in ("text", "lang", "vector"))
        known = None if vector is None else np.frombuffer(vector, "<f2").astype(np.float32)
        fact = Fact(row.sentence, row.article, text, lang, known)
        found.append((_alert(values), fact))
    return found


def repeat(connection: sa.Connection, alert: Alert, sentence: SentenceId) -> Alert:
    """Another article says the same as an alert: its message, if it has one of its own, is to be edited."""
    also = (*alert.also, sentence)
    changed = replace(alert, also=also, stale=alert.key is not None and not alert.round)
    change(connection, alert.watch, alert.sentence, also=json.dumps(also), stale=changed.stale)
    return changed


def sent_in(connection: sa.Connection, chat: int, after: float, until: float) -> int:
    """How many alerts with a message of their own went to a chat in (after, until]."""
    query = sa.select(sa.func.count()).where(
        alerts.c.chat == chat, alerts.c.sent_at > after, alerts.c.sent_at <= until, alerts.c.round == 0
    )
    return connection.scalar(query) or 0


def waiting(connection: sa.Connection) -> list[Alert]:
    """Alerts that wait for a digest, in the order of publication."""
    query = sa.select(*_COLUMNS).where(alerts.c.held.is_not(None)).order_by(alerts.c.place)
    return [_alert(row._asdict()) for row in connection.execute(query)]


def stale(connection: sa.Connection, edited_before: float, now: float) -> list[Alert]:
    """Alerts whose message is to be edited and was last touched before then (or in a time to come)."""
    rested = sa.or_(alerts.c.edited_at <= edited_before, alerts.c.edited_at > now)
    query = sa.select(*_COLUMNS).where(alerts.c.stale, rested).order_by(alerts.c.place)
    return [_alert(row._asdict()) for row in connection.execute(query)]


def in_message(connection: sa.Connection, key: str) -> list[Alert]:
    """The alerts that a message told, in its order."""
    query = sa.select(*_COLUMNS).where(alerts.c.key == key).order_by(alerts.c.place)
    return [_alert(row._asdict()) for row in connection.execute(query)]


def hold_refused(connection: sa.Connection, chat: int, now: float) -> int:
    """What a chat refused because nothing gets through to it is not lost: it waits until something does. Returns how
    many alerts."""
    refused = sa.exists().where(outbox.c.key == alerts.c.key, outbox.c.state == "refused")
    query = sa.update(alerts).where(alerts.c.chat == chat, alerts.c.sent_at.is_not(None), refused)
    values = {"held": Held.UNREACHABLE.value, "held_at": now, "key": None, "sent_at": None, "stale": False}
    return connection.execute(query.values(values)).rowcount


def restamp(connection: sa.Connection, now: float) -> None:
    """A clock that was set back must not leave alerts waiting for a time that it showed by mistake."""
    connection.execute(sa.update(alerts).where(alerts.c.held_at > now + 60).values(held_at=now))


def prune(connection: sa.Connection, now: float) -> int:
    """Drops what is older than any comparison, button or waiting chat needs."""
    connection.execute(sa.delete(alert_missed).where(alert_missed.c.at < now - KEEP_HELD))
    return connection.execute(sa.delete(alerts).where(alerts.c.found_at < now - KEEP_HELD)).rowcount


def drop_held(connection: sa.Connection, watch: str) -> None:
    """A watch was deleted: what waits for it is sent no more."""
    connection.execute(sa.delete(alerts).where(alerts.c.watch == watch, alerts.c.held.is_not(None)))


def release(connection: sa.Connection, told_now: Iterable[Alert], key: str, now: float) -> None:
    """Alerts went out together, under the outbox key of their digest."""
    for alert in told_now:
        change(
            connection,
            alert.watch,
            alert.sentence,
            held=None,
            held_at=None,
            key=key,
            sent_at=now,
            round=alert.round + 1,
        )


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many alerts are sent, and how many are held for each reason."""
    state = sa.func.coalesce(alerts.c.held, "sent")
    return {row[0]: row[1] for row in connection.execute(sa.select(state, sa.func.count()).group_by(state))}


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup."""
    connection.execute(sa.update(alerts).where(alerts.c.chat == old).values(chat=new, stale=False))


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes what watches found for a chat."""
    connection.execute(sa.delete(alerts).where(alerts.c.chat == chat))


def unreachable_places(connection: sa.Connection) -> set[tuple[int, int]]:
    """(chat, topic) of every place that nothing gets through to; topic 0 is the whole chat."""
    query = sa.select(unreachable.c.chat, unreachable.c.topic)
    return {(row.chat, row.topic) for row in connection.execute(query)}
