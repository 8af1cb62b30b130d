"""How much, how long and how often: the numbers of the network door, and what each purpose accepts."""

from __future__ import annotations

from dataclasses import dataclass

MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    wire_bytes: int = 10 * 2**20
    """Everything that is read from the connection, headers included."""
    body_bytes: int = 30 * 2**20
    """The body once it is decompressed."""
    connect: float = 10.0
    read: float = 15.0
    """The longest silence."""
    total: float = 60.0
    """The whole fetch, redirects included; a slow trickle ends here."""
    delay: float = 1.0
    """Between the starts of two fetches from one host."""
    at_once: int = 2
    """Fetches from one host at a time."""


HTML = frozenset({"text/html", "application/xhtml+xml"})
TEXT = frozenset({"text/plain", "text/markdown"})
XML = frozenset({"application/xml", "text/xml", "application/rdf+xml"})
FEEDS = XML | {"application/rss+xml", "application/atom+xml", "application/x-rss+xml"}
JSON = frozenset({"application/feed+json", "application/json", "text/json"})
OUTLINES = frozenset({"text/x-opml", "text/x-opml+xml", "application/opml+xml", "application/x-opml+xml"})
GZIPPED = frozenset({"application/gzip", "application/x-gzip"})
UNLABELLED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""No type, or the type of "I don't know": taken where the first bytes look like what was asked for."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a fetch is for: the content types that it takes and whether robots.txt has a say."""

    name: str
    types: frozenset[str] | None
    """None takes any text."""
    robots: bool = False
    most: int = 30 * 2**20
    """Bytes of the decompressed body that make sense for it, below `Limits.body_bytes`."""

    @property
    def accept(self) -> str:
        """The Accept header: what is wanted, and the rest as a last resort, which some servers insist on."""
        return ", ".join([*sorted((self.types or TEXT) - GZIPPED), "*/*;q=0.1"])


_PAGES = HTML | TEXT
_FEEDS = FEEDS | JSON | HTML | TEXT
_SITEMAPS = XML | TEXT | HTML | GZIPPED
_OUTLINES = OUTLINES | XML | TEXT | HTML
PAGE = Purpose("page", _PAGES, robots=True, most=3 * 2**20)
FEED = Purpose("feed", _FEEDS)
"""Feeds are made for programs, so robots.txt has no say; many are served as text/html or text/plain."""
SITEMAP = Purpose("sitemap", _SITEMAPS)
OUTLINE = Purpose("OPML", _OUTLINES)
ANY = Purpose("page, feed, sitemap or OPML", _PAGES | _FEEDS | _SITEMAPS | _OUTLINES)
ROBOTS_TXT = Purpose("robots.txt", None, most=2 * 2**20)
