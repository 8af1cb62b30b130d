"""Fetched bytes to what they hold, through the readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from index.address import canonical, without_tracking
from index.article import Draft
from index.fetch import PAGE, Fetched, Refusal, Refused
from index.follow.document import Document, Entry, Item, of_addresses, of_draft, of_entries, of_failure, own_address
from index.readers.failure import ReadFailure
from index.readers.feed import read_feed
from index.readers.html import read_html
from index.readers.plain import read_plain
from index.readers.sitemap import read_sitemap
from index.source import Kind

MAX_LOCATIONS = 50_000
"""Addresses in one sitemap, by the protocol."""
MAX_TAGS = 100_000
"""In a page. Finding the article costs about 0.1 ms a tag; the longest pages of Wikipedia have some 60,000."""
LONG_SUMMARY = 1500
"""Characters from which a summary that does not break off is the article: many feeds put it all in `description`."""
_BROKEN_OFF = ("…", "...", "[…]", "[...]", "]")


def opened(fetched: Fetched, kind: Kind, address: str) -> Document:
    """The document of a source whose canonical address is `address`; raises ReadError where it is of another kind."""
    if kind is Kind.FEED:
        return _feed(fetched, address)
    if kind is Kind.SITEMAP:
        return _sitemap(fetched)
    if kind is Kind.TELEGRAM:
        return Document(None, tuple(_posts(fetched, address)))
    page = page_draft(fetched)
    return Document(page.title, (of_draft(page),))


def page_draft(fetched: Fetched) -> Draft:
    """The article of a page; raises ReadError where it has none. Its address is the one that answered."""
    if len(fetched.body) > PAGE.most or fetched.body.count(b"<") > MAX_TAGS:
        raise Refused(Refusal.TOO_LARGE, fetched.final_url)
    address = canonical(fetched.final_url)
    name = address.rpartition("/")[2] or address
    if fetched.content_type in ("text/plain", "text/markdown"):
        draft = read_plain(fetched.body, name, address)
    else:
        draft = read_html(fetched.body, name, address, fetched.charset, fetched.final_url)
    return replace(draft, id=None, address=address, url=without_tracking(own_address(draft.url, fetched.final_url)))


def _feed(fetched: Fetched, address: str) -> Document:
    feed = read_feed(fetched.body, fetched.final_url, fetched.charset)
    entries = (
        Entry(entry.draft, not entry.is_summary or _is_long(entry.draft.text), entry.published, entry.updated)
        for entry in feed.entries
    )
    return Document(feed.title, of_entries(address, entries), feed.ttl or timedelta(0))


def _is_long(summary: str) -> bool:
    return len(summary) >= LONG_SUMMARY and not summary.rstrip().endswith(_BROKEN_OFF)


def _sitemap(fetched: Fetched) -> Document:
    sitemap = read_sitemap(fetched.body, MAX_LOCATIONS, fetched.charset)
    newest = sorted(sitemap.sitemaps, key=lambda at: at.modified.timestamp() if at.modified else 0.0, reverse=True)
    pages = of_addresses((page.url, page.modified) for page in sitemap.pages)
    return Document(None, pages, nested=tuple(location.url for location in newest))


def _posts(fetched: Fetched, address: str) -> Iterator[Item]:
    """An export lists its oldest post first; a document its newest."""
    from index.readers.telegram_export import read_telegram

    for post in reversed(list(read_telegram(fetched.body, address))):
        yield of_failure(post) if isinstance(post, ReadFailure) else of_draft(post)
