"""What a source holds: a document of items, each with an identity of its own that outlives new ids, dates and links."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from index.address import canonical, without_tracking
from index.article import ArticleId, Draft
from index.readers.failure import ReadFailure
from index.source import Listed

_REGISTRY = 3
"""Letters in the longest name under which a registry hands out names: co, com, org, gov."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a source.

    `draft` is what the source itself says of it (None where it only has an address), `page` where the whole of it is
    read (None where the source has it all). `key` is its identity, sha256 in hex.
    """

    key: str
    listed: Listed
    draft: Draft | None = None
    page: str | None = None
    published: datetime | None = None
    failure: ReadFailure | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it stands: its items, and the addresses of further documents of the same kind (`nested`)."""

    title: str | None
    items: tuple[Item, ...]
    asked: timedelta = timedelta(0)
    """How long it asks to be left alone (a feed's TTL)."""
    nested: tuple[str, ...] = ()

    def newest(self, limit: int) -> list[Item]:
        """The newest items, at most `limit`, oldest first."""
        return newest_first(self.items)[: max(limit, 0)][::-1]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a feed has it: `full` where the draft's text is the whole article and not a summary."""

    draft: Draft
    full: bool
    published: datetime | None = None
    updated: datetime | None = None


def newest_first(items: Sequence[Item]) -> list[Item]:
    """By date; where a date is missing, in the order of the source, which is newest first by custom."""
    if any(item.published is None for item in items):
        return list(items)
    return sorted(items, key=lambda item: item.published.timestamp() if item.published else 0.0, reverse=True)


def digest(*parts: str) -> str:
    """sha256 in hex of the parts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def of_entries(source: str, entries: Iterable[Entry]) -> tuple[Item, ...]:
    """The items of a feed, whose canonical address is `source`.

    An entry is its link. Entries without a link, and those that share one with others (a changelog whose entries all
    lead to one page), are told apart by their titles; what is listed twice is taken once, the newer one. A feed only
    speaks for its own site: what it says of a page elsewhere is not taken for that page, which is read itself.
    """
    kept: dict[tuple[str, str], Entry] = {}
    for given in entries:
        url = without_tracking(given.draft.url) if given.draft.url else None
        entry = replace(given, draft=replace(given.draft, url=url))
        link = canonical(url) if url else ""
        same = link, " ".join(entry.draft.title.casefold().split())
        if same not in kept or _when(entry) > _when(kept[same]):
            kept[same] = entry
    shared = Counter(link for link, _ in kept)
    return tuple(
        _linked(source, link, title, entry) if link and shared[link] == 1 else _named(source, title, entry)
        for (link, title), entry in kept.items()
    )


def _when(entry: Entry) -> float:
    when = entry.updated or entry.published
    return when.timestamp() if when else 0.0


def _linked(source: str, link: str, title: str, entry: Entry) -> Item:
    if not same_site(source, link):
        return replace(_named(source, title, entry), key=digest(link), page=entry.draft.url)
    draft = replace(entry.draft, address=link, id=None)
    page = None if entry.full else entry.draft.url
    return Item(digest(link), _listed(entry), draft, page, entry.published)


def _named(source: str, title: str, entry: Entry) -> Item:
    key = digest(source, title or entry.draft.text)
    draft = replace(entry.draft, id=ArticleId(key[:16]), address=f"{source}#{key[:16]}")
    return Item(key, _listed(entry), draft, None, entry.published)


def _listed(entry: Entry) -> Listed:
    # Ids and dates are left out: feeds change them without changing a word.
    updated = entry.updated.isoformat() if entry.updated and not entry.full else ""
    return Listed(digest(entry.draft.title, entry.draft.text), updated)


def of_addresses(listed: Iterable[tuple[str, datetime | None]]) -> tuple[Item, ...]:
    """The items of a sitemap: (address, last change); a page is read again when its date of change is another."""
    items: dict[str, Item] = {}
    for url, changed in listed:
        key = digest(canonical(url))
        fingerprint = digest(changed.isoformat() if changed else "")
        items.setdefault(key, Item(key, Listed(fingerprint), None, url, changed))
    return tuple(items.values())


def of_draft(draft: Draft, published: datetime | None = None) -> Item:
    """An article that is whole already: a page, a channel's post."""
    name = draft.id or draft.address or draft.url or draft.title
    return Item(digest(name), Listed(digest(draft.title, draft.text)), draft, None, published)


def of_failure(failure: ReadFailure) -> Item:
    return Item(digest(failure.address), Listed(digest(failure.reason)), failure=failure)


def same_site(one: str, other: str) -> bool:
    """Whether two canonical addresses are of one site: the same host, one below the other, or both below one name.

    Where that name is short (co.uk, com.au) it may be a registry's, so it does not count.
    """
    first, second = (urlsplit(url).netloc for url in (one, other))
    if first == second or first.endswith(f".{second}") or second.endswith(f".{first}"):
        return "." in min(first, second, key=len)
    ends = [host.split(".")[-2:] for host in (first, second)]
    return ends[0] == ends[1] and len(ends[0]) == 2 and len(ends[0][0]) > _REGISTRY


def own_address(claimed: str | None, fetched: str) -> str:
    """The address that a page gives as its own, where it can be believed.

    A page may not claim to be a page of another host: it would put its words under that page's name. And many sites
    name their home page in the head of every page.
    """
    if not claimed:
        return fetched
    ours, theirs = urlsplit(canonical(fetched)), urlsplit(canonical(claimed))
    believed = ours.netloc == theirs.netloc and (theirs.path != "/" or ours.path == "/")
    return claimed if believed else fetched
