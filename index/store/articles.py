"""Articles, their addresses and snapshots: what is asked of these three tables, and what is written to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.article import Article, ArticleId, Draft, Snapshot, SnapshotHash
from index.store.tables import addresses, articles, snapshots

LIVE = articles.c.snapshot.is_not(None)
COLUMNS = (
    articles.c.id,
    articles.c.title,
    articles.c.source,
    articles.c.url,
    articles.c.published,
    articles.c.lang,
    articles.c.author,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands now: `snapshot` is its current snapshot's row, None when the article was removed."""

    article: Article
    snapshot: int | None
    hash: SnapshotHash | None
    snapshot_title: str | None


def of_row(row: Sequence[Any]) -> Article:
    """An article of a row that begins with COLUMNS."""
    return Article(*row[: len(COLUMNS)])


def all_live(connection: sa.Connection) -> list[Article]:
    """Live articles, newest first, those without a date last."""
    order = (articles.c.published.is_(None), articles.c.published.desc(), articles.c.title, articles.c.id)
    return [of_row(row) for row in connection.execute(sa.select(*COLUMNS).where(LIVE).order_by(*order))]


def standing(connection: sa.Connection, id: ArticleId) -> Standing | None:
    """The article of this id, removed or not."""
    query = (
        sa.select(*COLUMNS, articles.c.snapshot, snapshots.c.hash, snapshots.c.title.label("snapshot_title"))
        .outerjoin(snapshots, snapshots.c.id == articles.c.snapshot)
        .where(articles.c.id == id)
    )
    row = connection.execute(query).first()
    return Standing(of_row(row), row[-3], row[-2], row[-1]) if row else None


def at_address(connection: sa.Connection, address: str) -> ArticleId | None:
    """The article that was found at this address before."""
    return connection.scalar(sa.select(addresses.c.article).where(addresses.c.address == address))


def addresses_of(connection: sa.Connection, id: ArticleId) -> list[str]:
    """Every address of an article, in alphabetical order."""
    query = sa.select(addresses.c.address).where(addresses.c.article == id).order_by(addresses.c.address)
    return list(connection.scalars(query))


def with_text(connection: sa.Connection, hash: SnapshotHash, title: str) -> ArticleId | None:
    """A live article with exactly this title and text."""
    query = (
        sa.select(articles.c.id)
        .join(snapshots, snapshots.c.id == articles.c.snapshot)
        .where(snapshots.c.hash == hash, articles.c.title == title)
        .order_by(articles.c.id)
    )
    return connection.scalar(query)


def write(connection: sa.Connection, article: Article, now: datetime) -> None:
    """Inserts the article, or brings what is said of it up to date."""
    said = {
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "lang": article.lang,
        "author": article.author,
        "removed_at": None,
    }
    done = connection.execute(articles.update().where(articles.c.id == article.id).values(said))
    if done.rowcount == 0:
        connection.execute(articles.insert().values(id=article.id, added_at=now, **said))


def write_address(connection: sa.Connection, address: str, id: ArticleId) -> None:
    """Notes where an article was found; an address belongs to the article that it last showed."""
    done = connection.execute(addresses.update().where(addresses.c.address == address).values(article=id))
    if done.rowcount == 0:
        connection.execute(addresses.insert().values(address=address, article=id))


def write_snapshot(connection: sa.Connection, id: ArticleId, hash: SnapshotHash, draft: Draft, now: datetime) -> int:
    """Stores a draft's text as the article's current snapshot; returns the snapshot's row."""
    new = snapshots.insert().values(
        article=id, hash=hash, title=draft.title, text=draft.text, address=draft.address, taken_at=now
    )
    snapshot = int(connection.execute(new.returning(snapshots.c.id)).scalar_one())
    connection.execute(articles.update().where(articles.c.id == id).values(snapshot=snapshot))
    return snapshot


def withdraw(connection: sa.Connection, id: ArticleId, now: datetime) -> None:
    """The article has no current snapshot any more; its snapshots stay."""
    connection.execute(articles.update().where(articles.c.id == id).values(snapshot=None, removed_at=now))


def last_snapshot(connection: sa.Connection, id: ArticleId) -> sa.Row[Any, Any] | None:
    """Row and title of an article's newest snapshot, current or not: (id, title)."""
    query = sa.select(snapshots.c.id, snapshots.c.title).where(snapshots.c.article == id)
    return connection.execute(query.order_by(snapshots.c.id.desc()).limit(1)).first()


def title_of_snapshot(connection: sa.Connection, snapshot: int) -> str:
    """The title that a snapshot's sentences stand under."""
    return str(connection.execute(sa.select(snapshots.c.title).where(snapshots.c.id == snapshot)).scalar_one())


def snapshot_of_hash(connection: sa.Connection, hash: SnapshotHash) -> Snapshot | None:
    """The newest snapshot with this hash."""
    query = sa.select(snapshots).where(snapshots.c.hash == hash).order_by(snapshots.c.id.desc())
    row = connection.execute(query).first()
    return Snapshot(row.hash, row.article, row.text, row.taken_at, row.address) if row else None


def history(connection: sa.Connection, id: ArticleId) -> list[Snapshot]:
    """Every snapshot of an article, oldest first."""
    query = sa.select(snapshots).where(snapshots.c.article == id).order_by(snapshots.c.id)
    return [Snapshot(row.hash, row.article, row.text, row.taken_at, row.address) for row in connection.execute(query)]


def texts(connection: sa.Connection) -> Iterator[tuple[int, SnapshotHash, str]]:
    """Every snapshot ever taken: its row, its hash as stored, its text."""
    query = sa.select(snapshots.c.id, snapshots.c.hash, snapshots.c.text).order_by(snapshots.c.id)
    for row in connection.execution_options(yield_per=200).execute(query):
        yield row.id, row.hash, row.text


def languages(connection: sa.Connection) -> Sequence[str]:
    """The languages of live articles, the commonest first."""
    query = (
        sa.select(articles.c.lang)
        .where(LIVE, articles.c.lang.is_not(None))
        .group_by(articles.c.lang)
        .order_by(sa.func.count().desc())
    )
    return [str(lang) for lang in connection.scalars(query)]
