"""One visit to a source: fetch it, see what is new, and turn that into drafts, an entry's full page included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from index.address import canonical
from index.article import Draft
from index.errors import ReadError
from index.fetch import FEED, PAGE, SITEMAP, Door, Fetched, Purpose, Refusal, Refused
from index.follow.document import Document, Item, newest_first, of_failure
from index.follow.open import opened, page_draft
from index.follow.plan import Visit
from index.readers.failure import ReadFailure
from index.source import Kind, Listed, Source

ACCEPTED: Mapping[Kind, Purpose] = {
    Kind.FEED: FEED,
    Kind.PAGE: PAGE,
    Kind.SITEMAP: SITEMAP,
    Kind.TELEGRAM: FEED,
}
ENTRIES = 1000
"""Entries taken in one visit; the rest is taken in the next ones."""
PAGES = 30
"""Pages fetched in one visit: half a minute of a host's time."""
RECHECKS = 5
"""Pages fetched again in one visit because nothing but an entry's date of change is another."""
NESTED = 10
"""Further sitemaps read in one visit."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a visit brought: drafts, oldest first; what the source lists now and was offered; how the visit went.

    `source` has its new address, title and validators, and no new times: those come from `plan.after`. `withdrawn`
    are canonical addresses of pages that were offered once and are gone now (410).
    """

    source: Source
    visit: Visit
    drafts: tuple[Draft | ReadFailure, ...] = ()
    listed: Mapping[str, Listed] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Choice:
    items: tuple[Item, ...]
    more: bool


def refresh(source: Source, known: Mapping[str, Listed], door: Door) -> Refreshed:
    """Visits a source. `known` is what of it was offered before, by key. Never raises for what the site does."""
    try:
        fetched = door.fetch(
            source.url, accept=ACCEPTED[source.kind], etag=source.etag, last_modified=source.last_modified
        )
        if fetched.not_modified:
            return Refreshed(replace(source, url=fetched.moved or source.url), Visit(asked=_asked(fetched)))
        document = whole(opened(fetched, source.kind, source.address), source.kind, source.address, door)
    except ReadError as error:
        gone = isinstance(error, Refused) and error.reason is Refusal.GONE and source.kind is Kind.PAGE
        return Refreshed(source, Visit(failure=error), withdrawn=(source.address,) if gone else ())
    return _taken(source, known, fetched, document, door)


def _taken(source: Source, known: Mapping[str, Listed], fetched: Fetched, document: Document, door: Door) -> Refreshed:
    chosen = choice(document.items, known)
    brought = _Brought(listed={item.key: known[item.key] for item in document.items if item.key in known})
    for item in chosen.items:
        brought.take(item, door, known=item.key in known)
    complete = not (chosen.more or brought.later)
    visited = replace(
        source,
        url=fetched.moved or source.url,
        title=document.title or source.title,
        # Without validators the site sends all of it again, which is where the rest is.
        etag=fetched.etag if complete else None,
        last_modified=fetched.last_modified if complete else None,
        found=source.found + sum(isinstance(draft, Draft) for draft in brought.drafts),
    )
    visit = Visit(
        published=tuple(item.published for item in document.items if item.published),
        fresh=any(item.key not in known for item in chosen.items),
        asked=max(document.asked, _asked(fetched)),
        more=chosen.more,
    )
    return Refreshed(visited, visit, tuple(brought.drafts), brought.listed, tuple(brought.withdrawn))


@dataclass(slots=True)
class _Brought:
    """What a visit has brought so far. `later`: some page may be had later."""

    listed: dict[str, Listed]
    drafts: list[Draft | ReadFailure] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    later: bool = False

    def take(self, item: Item, door: Door, *, known: bool) -> None:
        try:
            self.drafts.append(drafted(item, door, known=known))
        except Refused as refused:
            page = item.page or item.key
            self.drafts.append(ReadFailure(page, str(refused)))
            if refused.transient:
                # Not noted as offered: the next visit tries again.
                self.later = True
                return
            if known and refused.reason is Refusal.GONE:
                self.withdrawn.append(canonical(page))
        self.listed[item.key] = item.listed


def choice(items: Sequence[Item], known: Mapping[str, Listed]) -> _Choice:
    """The items to take in this visit, oldest first: the newest of those that are new or changed, as many as one visit
    takes; after them a few whose date of change alone is another."""
    new = [item for item in items if item.key not in known or item.listed.fingerprint != known[item.key].fingerprint]
    dated = [
        item
        for item in items
        if item.key in known
        and item.listed.fingerprint == known[item.key].fingerprint
        and item.listed.updated != known[item.key].updated
    ]
    taken: list[Item] = []
    pages = 0
    for item in newest_first(new):
        pages += item.page is not None
        if len(taken) == ENTRIES or pages > PAGES:
            break
        taken.append(item)
    again = newest_first(dated)[:RECHECKS] if len(taken) == len(new) else []
    return _Choice(tuple(reversed(taken)) + tuple(reversed(again)), more=len(taken) < len(new))


def drafted(item: Item, door: Door, *, known: bool = False) -> Draft | ReadFailure:
    """An item's article. Where its page can't be had, what the source says of it; raises Refused where that is nothing,
    and where the page may be had later. For an article that is `known`, a summary does not take the page's place."""
    if item.failure is not None:
        return item.failure
    if item.page is None:
        return item.draft or ReadFailure(item.key, "The entry says nothing.")
    try:
        page = _page(item.page, door)
    except ReadError as error:
        summary = None if known else item.draft
        if isinstance(error, Refused) and (error.transient or summary is None):
            raise
        return summary or ReadFailure(item.page, str(error))
    return _joined(page, item.draft)


def _page(url: str, door: Door) -> Draft:
    """The article at an address. Many sites send whoever asks for an article that is no more to their front page."""
    fetched = door.fetch(url, accept=PAGE)
    asked, found = (urlsplit(canonical(address)) for address in (url, fetched.final_url))
    if found.path == "/" and asked.path != "/" and found.netloc == asked.netloc:
        raise Refused(Refusal.NOT_FOUND, url, detail="it leads to the site's front page")
    return page_draft(fetched)


def _joined(page: Draft, entry: Draft | None) -> Draft:
    """The page's words, with what the entry knows better: title, date, author, and of its own site also its name."""
    if entry is None:
        return page
    own = entry.id is None
    return replace(
        page,
        title=entry.title or page.title,
        published=entry.published or page.published,
        author=entry.author or page.author,
        source=(entry.source or page.source) if own else (page.source or entry.source),
        lang=page.lang or entry.lang,
    )


def whole(document: Document, kind: Kind, address: str, door: Door) -> Document:
    """A sitemap with the sitemaps that it names, one level deep: those first that were changed last. Everything else is
    whole as it is."""
    return replace(document, items=document.items + tuple(_nested(document.nested[:NESTED], kind, address, door)))


def _nested(urls: Sequence[str], kind: Kind, address: str, door: Door) -> Iterator[Item]:
    for url in urls:
        try:
            yield from opened(door.fetch(url, accept=SITEMAP), kind, address).items
        except ReadError as error:
            yield of_failure(ReadFailure(url, str(error)))


def _asked(fetched: Fetched) -> timedelta:
    return fetched.fresh_for or timedelta(0)
