"""What an address turned out to be, by what it holds and not by what it is called; and the feeds that a page names."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from urllib.parse import urljoin

from index.fetch import Fetched

ALTERNATES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
MAX_ALTERNATES = 20
_HEAD = 8192
# Atomic groups: whatever a page holds, nothing here is tried twice.
_BEFORE_ROOT = r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*+"
_ROOT = re.compile(_BEFORE_ROOT + r"<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-z-])([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


class Shape(StrEnum):
    """What a document is."""

    FEED = "feed"
    SITEMAP = "sitemap"
    OUTLINE = "outline"
    TELEGRAM = "telegram"
    PAGE = "page"


_SHAPES = {"rss": Shape.FEED, "rdf": Shape.FEED, "feed": Shape.FEED, "opml": Shape.OUTLINE}
_SHAPES |= {"urlset": Shape.SITEMAP, "sitemapindex": Shape.SITEMAP}


def shape(fetched: Fetched) -> Shape:
    """What a fetched document is. Plain text and everything unknown is a page."""
    start = text_of(fetched.body[:_HEAD], fetched.charset).lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return _of_json(fetched.body)
    found = _ROOT.match(start)
    return _SHAPES.get(found[1].lower(), Shape.PAGE) if found else Shape.PAGE


def _of_json(body: bytes) -> Shape:
    try:
        held = json.loads(body)
    except (ValueError, RecursionError):
        return Shape.PAGE
    if isinstance(held.get("messages"), list):
        return Shape.TELEGRAM
    return Shape.FEED if isinstance(held.get("items"), list) else Shape.PAGE


def alternates(fetched: Fetched) -> tuple[str, ...]:
    """The feeds that a page names in its head (`<link rel="alternate">`), absolute; those of comments last."""
    page = text_of(fetched.body, fetched.charset)
    found: dict[str, bool] = {}
    for link in _LINK.findall(page):
        given = {name.lower(): next(filter(None, values), "") for name, *values in _ATTRIBUTE.findall(link)}
        if "alternate" not in given.get("rel", "").lower().split():
            continue
        if given.get("type", "").partition(";")[0].strip().lower() in ALTERNATES and given.get("href"):
            about_comments = "comment" in (given.get("title", "") + given["href"]).lower()
            found.setdefault(urljoin(fetched.final_url, _unescaped(given["href"]).strip()), about_comments)
    return tuple(sorted(found, key=lambda url: found[url]))[:MAX_ALTERNATES]


def _unescaped(attribute: str) -> str:
    from html import unescape

    return unescape(attribute)


def text_of(body: bytes, charset: str | None) -> str:
    """Enough of the text to see its markup by: the byte order mark, the declared character set, or Latin-1."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:
        return body.decode("latin-1")
