"""Followed sources and what was already offered of each: two tables and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from index.source import Kind, Listed, Source, SourceId
from index.store.dialect import Moment
from index.store.tables import Key, metadata

sources = Table(
    "sources",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("address", Text, nullable=False, unique=True, comment="Canonical: the identity."),
    Column("url", Text, nullable=False, comment="Where it is fetched; moves with permanent redirects."),
    Column("kind", String, nullable=False),
    Column("title", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("added_at", Moment, nullable=False),
    Column("last_success", Moment),
    Column("next_try", Moment, index=True, comment="Null once the source is gone."),
    Column("pace", Integer, nullable=False, comment="Seconds between visits, learned."),
    Column("error", Text),
    Column("failures", Integer, nullable=False, comment="In a row."),
    Column("found", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("gone_at", Moment),
    sqlite_autoincrement=True,
)

source_entries = Table(
    "source_entries",
    metadata,
    Column("source", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", String(64), primary_key=True, comment="sha256 of the entry's identity."),
    Column("fingerprint", String(64), nullable=False, comment="sha256 of what it says."),
    Column("updated", String, nullable=False, comment="The date of change that it bore."),
    Column("seen_at", Moment, nullable=False, comment="When the source last listed it."),
    sqlite_with_rowid=False,
)


def every(connection: sa.Connection) -> list[Source]:
    """All sources, in the order in which they were followed."""
    return [_of_row(row) for row in connection.execute(sa.select(sources).order_by(sources.c.id))]


def at_address(connection: sa.Connection, address: str) -> Source | None:
    """The source of this canonical address."""
    row = connection.execute(sa.select(sources).where(sources.c.address == address)).first()
    return _of_row(row) if row else None


def add(connection: sa.Connection, source: Source) -> Source:
    """Stores a new source and gives it its id; one that is followed already is given back as it stands, and one that
    was gone is tried again."""
    known = at_address(connection, source.address)
    if known is None:
        values = _values(source)
        id = connection.execute(sources.insert().values(values).returning(sources.c.id)).scalar_one()
        return replace(source, id=SourceId(id))
    if not known.gone:
        return known
    again = replace(source, id=known.id, found=known.found, added=known.added, changed=known.changed)
    update(connection, again)
    return again


def update(connection: sa.Connection, source: Source) -> bool:
    """Stores how a source stands now; False when it is no longer followed."""
    done = connection.execute(sources.update().where(sources.c.id == source.id).values(_values(source)))
    return done.rowcount > 0


def remove(connection: sa.Connection, id: SourceId) -> None:
    """Forgets a source; the articles that came from it stay."""
    connection.execute(source_entries.delete().where(source_entries.c.source == id))
    connection.execute(sources.delete().where(sources.c.id == id))


def listed(connection: sa.Connection, id: SourceId) -> dict[str, Listed]:
    """What was already offered of a source, by key."""
    columns = (source_entries.c.key, source_entries.c.fingerprint, source_entries.c.updated)
    query = sa.select(*columns).where(source_entries.c.source == id)
    return {row.key: Listed(row.fingerprint, row.updated) for row in connection.execute(query)}


def write_listed(connection: sa.Connection, id: SourceId, entries: Mapping[str, Listed], now: datetime) -> None:
    """Notes what a source lists now."""
    if not entries:
        return
    known = listed(connection, id)
    rows = [
        {"entry": key, "fingerprint": entry.fingerprint, "updated": entry.updated, "seen_at": now}
        for key, entry in entries.items()
    ]
    old = [row for row in rows if row["entry"] in known]
    new = [{"key": row.pop("entry"), "source": id, **row} for row in rows if row["entry"] not in known]
    if old:
        here = (source_entries.c.source == id) & (source_entries.c.key == sa.bindparam("entry"))
        connection.execute(source_entries.update().where(here), old)
    if new:
        connection.execute(source_entries.insert(), new)


def forget_listed(connection: sa.Connection, id: SourceId, before: datetime) -> int:
    """Forgets entries that the source has not listed since; returns how many."""
    old = (source_entries.c.source == id) & (source_entries.c.seen_at < before)
    return connection.execute(source_entries.delete().where(old)).rowcount


def _values(source: Source) -> dict[str, object]:
    values = asdict(source) | {"pace": int(source.pace.total_seconds()), "kind": str(source.kind)}
    del values["id"]
    return values


def _of_row(row: sa.Row[tuple[object, ...]]) -> Source:
    values = dict(row._mapping)
    values |= {"pace": timedelta(seconds=values["pace"]), "kind": Kind(values["kind"]), "id": SourceId(values["id"])}
    return Source(**values)
