"""What a person's address is, and what to do with it: read it now, or follow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from index.address import canonical
from index.article import Draft
from index.errors import ReadError
from index.fetch import ANY, FEED, Door, Fetched, Refused
from index.follow.detect import Shape, alternates, shape
from index.follow.document import Item
from index.follow.open import opened
from index.follow.visit import drafted, whole
from index.readers.failure import ReadFailure
from index.readers.opml import read_opml
from index.source import Kind, Source, SourceId

ADDED = 200
"""Articles that one `add` of a feed or a sitemap takes, newest first, unless told otherwise."""
MAX_SUBSCRIPTIONS = 2000
"""Feeds taken from one OPML document."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an address holds. `feeds` are the feeds that an OPML lists or a page names: (address, title or None)."""

    shape: Shape
    fetched: Fetched
    feeds: tuple[tuple[str, str | None], ...] = ()

    @property
    def url(self) -> str:
        """Where it lives: the address given, or the one to which it moved for good."""
        return self.fetched.moved or self.fetched.url

    @property
    def is_site(self) -> bool:
        """Whether it is the front page of a site."""
        return self.shape is Shape.PAGE and urlsplit(canonical(self.fetched.final_url)).path == "/"


def resolve(url: str, door: Door) -> Found:
    """Fetches an address that a person gave and says what it is. Raises Refused, and ReadError for an OPML that can't
    be read. robots.txt has no say in this one fetch, which a person asked for; a page is used only where it allows."""
    fetched = door.fetch(url, accept=ANY)
    kind = shape(fetched)
    if kind is Shape.OUTLINE:
        subscriptions = islice(read_opml(fetched.body, fetched.charset), MAX_SUBSCRIPTIONS)
        return Found(kind, fetched, tuple((feed.url, feed.title) for feed in subscriptions))
    feeds = alternates(fetched) if kind is Shape.PAGE else ()
    return Found(kind, fetched, tuple((feed, None) for feed in feeds))


def add_url(url: str, door: Door, limit: int = ADDED) -> Iterator[Draft | ReadFailure]:
    """The articles at an address, for `Library.add`: a page; the entries of a feed, or of the feed that a site's front
    page names; a sitemap's pages; a channel's export; and for an OPML, the entries of each of its feeds.

    `limit` is for each feed or sitemap. What can't be had is a ReadFailure; raises nothing for what a site does.
    """
    try:
        found = resolve(url, door)
        yield from _articles(found, door, limit)
    except ReadError as error:
        yield ReadFailure(url, str(error))


def _articles(found: Found, door: Door, limit: int) -> Iterator[Draft | ReadFailure]:
    if found.shape is Shape.OUTLINE:
        for feed, _ in found.feeds:
            yield from _fed(feed, door, limit)
    elif found.is_site and found.feeds:
        yield from _fed(found.feeds[0][0], door, limit)
    else:
        if found.shape is Shape.PAGE:
            door.check_robots(found.fetched.final_url)
        yield from _items(found.fetched, Kind(found.shape), door, limit)


def _fed(feed: str, door: Door, limit: int) -> Iterator[Draft | ReadFailure]:
    try:
        yield from _items(door.fetch(feed, accept=FEED), Kind.FEED, door, limit)
    except ReadError as error:
        yield ReadFailure(feed, str(error))


def _items(fetched: Fetched, kind: Kind, door: Door, limit: int) -> Iterator[Draft | ReadFailure]:
    address = canonical(fetched.final_url)
    document = whole(opened(fetched, kind, address), kind, address, door)
    for item in document.newest(limit):
        yield _one(item, door)


def _one(item: Item, door: Door) -> Draft | ReadFailure:
    try:
        return drafted(item, door)
    except Refused as refused:
        return ReadFailure(item.page or item.key, str(refused))


def to_follow(url: str, door: Door, now: datetime, *, page: bool = False) -> list[Source]:
    """The sources that an address stands for: a feed, the feed that a page names, every feed of an OPML, a sitemap, a
    channel's export, or, where a page names no feed or `page` says so, the page itself. Raises Refused, ReadError.

    The sources have no id yet and are due at once; `index.store.sources.add` stores them.
    """
    found = resolve(url, door)
    if found.feeds and not page:
        return [_source(feed, Kind.FEED, now, title) for feed, title in _followed(found)]
    if found.shape is Shape.OUTLINE:
        raise ReadError(f"{url} lists no feeds; export the subscriptions again.")
    if found.shape is Shape.PAGE:
        door.check_robots(found.fetched.final_url)
    return [_source(found.url, Kind(found.shape), now, None)]


def _followed(found: Found) -> tuple[tuple[str, str | None], ...]:
    # A page names its feed first, and after it those of its sections and comments.
    return found.feeds if found.shape is Shape.OUTLINE else found.feeds[:1]


def _source(url: str, kind: Kind, now: datetime, title: str | None) -> Source:
    return Source(SourceId(0), canonical(url), url, kind, added_at=now, next_try=now, title=title)
