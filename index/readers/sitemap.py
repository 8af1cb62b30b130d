"""Sitemaps: the pages of a site, and the sitemaps that an index of them names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from index.errors import ReadError
from index.readers.dates import parse_time
from index.readers.xml import local_name, parse_xml


@dataclass(frozen=True, slots=True)
class Location:
    """An address and when what is there was last changed, as the site says."""

    url: str
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`pages` of a sitemap, or `sitemaps` of an index; `more`: how many were over the limit."""

    pages: tuple[Location, ...]
    sitemaps: tuple[Location, ...]
    more: int


def read_sitemap(data: bytes, limit: int, charset: str | None = None) -> Sitemap:
    """The first `limit` addresses of a sitemap, each once, in its order. Raises ReadError where it is none."""
    root = parse_xml(data, charset)
    kind = local_name(root)
    if kind not in ("urlset", "sitemapindex"):
        raise ReadError("It is no sitemap.")
    found: dict[str, Location] = {}
    for element in root:
        given = {local_name(child): (child.text or "").strip() for child in element}
        url = given.get("loc", "")
        if re.match(r"https?://\S+$", url, re.IGNORECASE):
            found.setdefault(url, Location(url, parse_time(given.get("lastmod", ""))))
    kept = tuple(found.values())[: max(limit, 0)]
    pages, sitemaps = (kept, ()) if kind == "urlset" else ((), kept)
    return Sitemap(pages, sitemaps, len(found) - len(kept))
