"""The outbox table: every call that the bot makes to Telegram, stored before it is made.

waiting ──claim──> sending ──> sent       with Telegram's message id
   ^                  │ └────> refused    Telegram won't have it, and why
   └── again, later ──┘ └────> expired    its time has passed (answers to button presses and inline queries)
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.base import Key, insert_once, metadata
from bot.store.dialect import OUTBOX, wake
from bot.store.processes import NAME, gone

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String, nullable=False, unique=True, comment="Stored once, whatever is run again."),
    sa.Column("chat", sa.BigInteger, comment="Where its order and pace are kept; null for answers to queries."),
    sa.Column("topic", sa.BigInteger, nullable=False, comment="0 outside of forum topics."),
    sa.Column("priority", sa.Integer, nullable=False, comment="0 query answers, 1 answers, 2 alerts"),
    sa.Column("method", sa.String, nullable=False),
    sa.Column("params", sa.Text, nullable=False, comment="JSON; emptied once the row is closed."),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_try", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float),
    sa.Column("message_id", sa.BigInteger, comment="Of the message that came of it."),
    sa.Column("error", sa.Text),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
    sa.Column("owner", NAME, comment="The process that sends it, while it waits or is being sent."),
    sa.Index("ix_outbox_state_id", "state", "id"),
    sa.Index("ix_outbox_chat_message_id", "chat", "message_id"),
    sa.Index(
        "ix_outbox_owner",
        "owner",
        postgresql_where=sa.text("owner IS NOT NULL"),
        sqlite_where=sa.text("owner IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)


# Made once: to build such a statement anew takes SQLAlchemy longer than to run it, and each message needs all three.
_WAITING = (
    sa.select(outbox.c.id, outbox.c.chat, outbox.c.priority, outbox.c.next_try, outbox.c.expires_at)
    .where(outbox.c.state == "waiting", outbox.c.id > sa.bindparam("after"))
    .order_by(outbox.c.id)
)
_CLAIM = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        sa.or_(
            sa.and_(outbox.c.state == "waiting", outbox.c.owner.is_(None)),
            # Its own again: a commit of which nobody knows whether it came to pass is repeated.
            sa.and_(outbox.c.state.in_(["waiting", "sending"]), outbox.c.owner == sa.bindparam("mine")),
        ),
    )
    .values(state="sending", attempts=outbox.c.attempts + 1, owner=sa.bindparam("mine"))
    .returning(outbox)
)
_SENT = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"))
    .values(
        state="sent",
        message_id=sa.bindparam("message"),
        error=sa.null(),
        params="{}",
        closed_at=sa.bindparam("now"),
        owner=sa.null(),
    )
)


ALERT = 2
"""The priority of what nobody waits for."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to be stored. `params`: the Bot API's JSON; {"message_id": {"$sent": key}} is filled in at sending."""

    key: str
    method: str
    params: dict[str, Any]
    chat: int | None
    topic: int
    priority: int
    created_at: float
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the queue in memory needs to know of a row."""

    id: int
    chat: int | None
    priority: int
    next_try: float
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is being sent: everything that the call and its outcome need."""

    id: int
    key: str
    chat: int | None
    topic: int
    method: str
    params: dict[str, Any]
    attempts: int
    created_at: float
    expires_at: float | None


def add(connection: sa.Connection, calls: Sequence[Outgoing]) -> None:
    """Stores calls; one whose key is known is left as it stands."""
    if calls:
        connection.execute(insert_once(connection, outbox), [_row(call) for call in calls])
        wake(connection, OUTBOX)


def _row(call: Outgoing) -> dict[str, Any]:
    return {
        "key": call.key,
        "chat": call.chat,
        "topic": call.topic,
        "priority": call.priority,
        "method": call.method,
        "params": _json(call.params),
        "state": "waiting",
        "attempts": 0,
        "next_try": call.created_at,
        "expires_at": call.expires_at,
        "created_at": call.created_at,
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def waiting(connection: sa.Connection, after: int = 0) -> list[Waiting]:
    """Rows to be sent whose id is greater than `after`, in order."""
    return [Waiting(*row) for row in connection.execute(_WAITING, {"after": after})]


def requeue_interrupted(connection: sa.Connection, owner: str = "") -> int:
    """After a crash of this process, or of others that are gone: what was being sent may have arrived or not, and is
    sent again. What they had taken is anybody's. Returns how many were being sent."""
    its = sa.or_(outbox.c.owner == owner, gone(outbox.c.owner, owner))
    interrupted = sa.update(outbox).where(outbox.c.state == "sending", its)
    requeued = connection.execute(interrupted.values(state="waiting", next_try=0.0, owner=None)).rowcount
    taken = sa.update(outbox).where(outbox.c.state == "waiting", outbox.c.owner.is_not(None), its)
    connection.execute(taken.values(owner=None))
    return requeued


def any_free(connection: sa.Connection, owner: str) -> bool:
    """Whether there is anything that `take` could take."""
    free = (outbox.c.state.in_(["waiting", "sending"]), gone(outbox.c.owner, owner))
    return connection.scalar(sa.select(outbox.c.id).where(*free).limit(1)) is not None


def take(connection: sa.Connection, owner: str, alerts: int, known: Container[int]) -> list[Waiting]:
    """Takes rows for a process where there are others: all answers, and so many alerts at most; of a chat only where no
    other process has taken any, so that its order is kept. What processes that are gone had is free. Returns, in order,
    what the process has and does not know. To be called by one transaction at a time.
    """
    orphans = sa.update(outbox).where(outbox.c.owner.is_not(None), gone(outbox.c.owner, owner))
    at_once = sa.case((outbox.c.state == "sending", 0.0), else_=outbox.c.next_try)
    connection.execute(orphans.values(state="waiting", next_try=at_once, owner=None))
    for wanted, most in ((outbox.c.priority < ALERT, None), (outbox.c.priority >= ALERT, max(0, alerts))):
        # Rows that somebody else is changing just now are left for the next time.
        query = _free(owner).where(wanted).limit(most).with_for_update(skip_locked=True)
        if ids := connection.scalars(query).all():
            connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(owner=owner))
    mine = connection.execute(_WAITING.where(outbox.c.owner == owner), {"after": 0})
    return [Waiting(*row) for row in mine if row.id not in known]


def _free(owner: str) -> sa.Select[tuple[int]]:
    elsewhere = sa.select(outbox.c.chat).where(outbox.c.owner != owner, outbox.c.chat.is_not(None))
    allowed = sa.or_(outbox.c.chat.is_(None), outbox.c.chat.not_in(elsewhere))
    free = sa.select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.owner.is_(None), allowed)
    return free.order_by(outbox.c.id)


def claim(connection: sa.Connection, id: int, owner: str = "") -> Claimed | None:
    """Marks a row as being sent by a process and returns it; None when it is no longer waiting, or another's."""
    row = connection.execute(_CLAIM, {"row": id, "mine": owner}).first()
    if row is None:
        return None
    return Claimed(
        row.id, row.key, row.chat, row.topic, row.method, json.loads(row.params), row.attempts, row.created_at,
        row.expires_at,
    )  # fmt: skip


def sent(connection: sa.Connection, id: int, message_id: int | None, now: float) -> None:
    """Telegram took it."""
    connection.execute(_SENT, {"row": id, "message": message_id, "now": now})


def refuse(connection: sa.Connection, ids: Sequence[int], error: str, now: float) -> None:
    """Telegram won't take it, now or later."""
    _set(connection, ids, state="refused", error=error, params="{}", closed_at=now, owner=None)


def expire(connection: sa.Connection, id: int, now: float) -> None:
    """Nobody waits for it any longer."""
    _set(connection, [id], state="expired", params="{}", closed_at=now, owner=None)


def again(
    connection: sa.Connection, id: int, error: str, next_try: float, params: dict[str, Any] | None = None
) -> None:
    """It waits for another attempt, with other parameters where these were rejected."""
    values: dict[str, Any] = {"state": "waiting", "error": error, "next_try": next_try}
    if params is not None:
        values["params"] = _json(params)
    _set(connection, [id], **values)


def put_back(connection: sa.Connection, id: int) -> None:
    """What was claimed is not sent now, and this counts as no attempt."""
    _set(connection, [id], state="waiting", attempts=outbox.c.attempts - 1)


def _set(connection: sa.Connection, ids: Sequence[int], **values: Any) -> None:
    # What has reached its end stays there, whatever a process says that hung meanwhile.
    open = outbox.c.state.in_(["waiting", "sending"])
    connection.execute(sa.update(outbox).where(outbox.c.id.in_(list(ids)), open).values(values))


def waiting_in(connection: sa.Connection, chat: int, topic: int | None = None) -> list[int]:
    """Ids of the rows that wait for a chat, or for one of its topics."""
    query = sa.select(outbox.c.id).where(outbox.c.chat == chat, outbox.c.state == "waiting")
    if topic is not None:
        query = query.where(outbox.c.topic == topic)
    return list(connection.scalars(query.order_by(outbox.c.id)))


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row: its state, and the message's id once it was sent."""

    state: str
    message_id: int | None


def fate(connection: sa.Connection, key: str) -> Fate | None:
    """What became of the row with this key, or None where there is none."""
    row = connection.execute(sa.select(outbox.c.state, outbox.c.message_id).where(outbox.c.key == key)).first()
    return None if row is None else Fate(row.state, row.message_id)


def key_of(connection: sa.Connection, chat: int, message_id: int) -> str | None:
    """The key of the row that became this message, or None."""
    query = sa.select(outbox.c.key).where(outbox.c.chat == chat, outbox.c.message_id == message_id)
    return connection.scalar(query.order_by(outbox.c.id).limit(1))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of the bot stands, or will; `message_id` is None until it was sent."""

    key: str
    topic: int
    state: str
    message_id: int | None


def place_of(connection: sa.Connection, chat: int, key: str) -> Place | None:
    """Where the message of this key (or `m<message id>`) stands; None where that is not known any more."""
    named = outbox.c.message_id == int(key[1:]) if key[:1] == "m" and key[1:].isdigit() else outbox.c.key == key
    columns = (outbox.c.key, outbox.c.topic, outbox.c.state, outbox.c.message_id)
    row = connection.execute(sa.select(*columns).where(outbox.c.chat == chat, named).order_by(outbox.c.id)).first()
    return None if row is None else Place(*row)


def count_keys(connection: sa.Connection, prefix: str) -> int:
    """How many rows have keys that start so."""
    # A range rather than LIKE: it uses the index of the key, and `_` means itself.
    query = sa.select(sa.func.count()).where(outbox.c.key >= prefix, outbox.c.key < prefix + "\U0010ffff")
    return connection.scalar(query) or 0


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup: its rows are addressed anew. Messages of before can't be replied to or edited
    there, so what refers to them by id loses the reference."""
    rows = connection.execute(
        sa.select(outbox.c.id, outbox.c.params).where(outbox.c.chat == old, outbox.c.state.in_(["waiting", "sending"]))
    ).all()
    for row in rows:
        params = json.loads(row.params)
        params["chat_id"] = new
        params.pop("reply_parameters", None)
        _set(connection, [row.id], params=_json(params))
    connection.execute(sa.update(outbox).where(outbox.c.chat == old).values(chat=new))


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many rows are in each state."""
    rows = connection.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}


def oldest_due(connection: sa.Connection, before: float) -> float | None:
    """When the oldest row that is due since before then was created."""
    query = sa.select(sa.func.min(outbox.c.created_at)).where(outbox.c.state == "waiting", outbox.c.next_try <= before)
    oldest: float | None = connection.scalar(query)
    return oldest


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes what was sent to a chat; what is still to be sent stays."""
    connection.execute(sa.delete(outbox).where(outbox.c.chat == chat, outbox.c.state.not_in(["waiting", "sending"])))


def prune(connection: sa.Connection, before: float) -> int:
    """Drops rows that were closed before then."""
    return connection.execute(sa.delete(outbox).where(outbox.c.closed_at < before)).rowcount
