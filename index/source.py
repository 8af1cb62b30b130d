"""What is followed: a feed, a page, a sitemap or a channel's export, and how its visits have gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

SourceId = NewType("SourceId", int)
FIRST_PACE = timedelta(hours=1)


class Kind(StrEnum):
    """What an address turned out to be, of the things that can be followed."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Source:
    """A followed source. `address` is its identity (canonical), `url` where it is fetched; times are aware, UTC.

    `pace` is the time between visits that was learned from the source itself. `found` counts the entries that were
    offered to the library, `added` and `changed` what became of them. `next_try` is None once the site said 410.
    """

    id: SourceId
    address: str
    url: str
    kind: Kind
    added_at: datetime
    next_try: datetime | None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_success: datetime | None = None
    pace: timedelta = FIRST_PACE
    error: str | None = None
    failures: int = 0
    found: int = 0
    added: int = 0
    changed: int = 0
    gone_at: datetime | None = None

    @property
    def gone(self) -> bool:
        return self.gone_at is not None


@dataclass(frozen=True, slots=True)
class Listed:
    """What was already offered of a source's entry: `fingerprint` of what it said, `updated` of the date it bore."""

    fingerprint: str
    updated: str = ""
