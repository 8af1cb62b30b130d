"""Feeds: RSS and Atom by feedparser, JSON Feed by itself. Bytes in, entries out; nothing is fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from index.article import ArticleId, Draft
from index.errors import ReadError
from index.readers.dates import parse_date, parse_time
from index.readers.html import fragment_text
from index.readers.jsonl import parse
from index.readers.plain import decode, language_code, normalise

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_LONGEST_TITLE = 100
_POST = ("The post", "Der Beitrag", "Запись", "Сообщение", "Запис", "Повідомлення", "L’article", "La entrada")
"""What WordPress calls an entry in the line that it signs it with."""
# What feedparser's own parsers raise on markup that they did not foresee.
_PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `link` is absolute; `is_summary`: its text is not the article but what the feed says of it."""

    draft: Draft
    is_summary: bool
    link: str | None
    id: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it stands. `ttl` is the pace that it asks for; entries in its own order, each id and link once."""

    title: str | None
    ttl: timedelta | None
    entries: tuple[Entry, ...]


def is_json_feed(value: Any) -> bool:
    """Whether parsed JSON is a JSON Feed."""
    if not isinstance(value, Mapping) or not isinstance(value.get("items"), list):
        return False
    return "jsonfeed.org" in str(value.get("version", ""))


def read_feed(data: bytes, address: str, charset: str | None = None) -> Feed:
    """The feed in `data`, which was read at `address` (a path or a URL, against which links are resolved).

    A draft's address is `address` + "#" + the entry's id. Raises ReadError for what is no feed, and for a document that
    declares entities of its own.
    """
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _json_feed(parse(decode(data, charset)), address)
    if _ENTITY.search(data.replace(b"\x00", b"")):
        raise ReadError("The feed declares entities of its own, which are not read: its publisher has to remove them.")
    return _xml_feed(data, address, charset)


def _xml_feed(data: bytes, address: str, charset: str | None) -> Feed:
    import feedparser

    headers = {"content-location": address if "://" in address else ""}
    if charset:
        headers["content-type"] = f"application/xml; charset={charset}"
    try:
        parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except _PARSER_ERRORS as error:
        raise ReadError(f"The feed is too broken to be read ({type(error).__name__}).") from None
    if not parsed.get("version") and not parsed.entries:
        raise ReadError("It is no feed: RSS, Atom and JSON Feed are read.")
    title = _plain(parsed.feed.get("title"))
    lang = language_code(parsed.feed.get("language"))
    entries = (_xml_entry(entry, title, lang, address) for entry in parsed.entries)
    return Feed(title, _ttl(parsed.feed), _each_once(entries))


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    minutes = str(feed.get("ttl") or "").strip()
    if minutes.isascii() and minutes.isdecimal() and len(minutes) < 7:
        return timedelta(minutes=int(minutes)) or None
    hours = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if hours is None:
        return None
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()
    times = int(frequency) if frequency.isascii() and frequency.isdecimal() and len(frequency) < 5 else 1
    return timedelta(hours=hours) / max(times, 1)


def _xml_entry(entry: Mapping[str, Any], source: str | None, lang: str | None, address: str) -> Entry | None:
    contents = [content for content in entry.get("content", ()) if str(content.get("value") or "").strip()]
    body = max((_text_of(content) for content in contents), key=len, default="")
    summary = _text_of(entry.get("summary_detail") or {"value": entry.get("summary"), "type": "text/html"})
    own = next((language_code(content.get("language")) for content in contents if content.get("language")), None)
    found = _Found(
        id=entry.get("id"),
        link=entry.get("link"),
        title=_plain(entry.get("title")),
        text=body or summary,
        is_summary=not body,
        published=entry.get("published"),
        updated=entry.get("updated") if "updated" in entry else None,
        author=_plain(entry.get("author")),
        source=_plain((entry.get("source") or {}).get("title")) or source,
        lang=own or lang,
    )
    return _entry(found, address)


def _text_of(content: Mapping[str, Any]) -> str:
    value = str(content.get("value") or "")
    if content.get("type") == "text/plain" and not re.search(r"</[a-z]+>|<br\b", value, re.IGNORECASE):
        return normalise(value).strip("\n")
    return fragment_text(value)


def _plain(value: Any) -> str | None:
    return " ".join(fragment_text(str(value)).split()) or None if value else None


def _json_feed(value: Any, address: str) -> Feed:
    if not is_json_feed(value):
        raise ReadError("It is no feed: RSS, Atom and JSON Feed are read.")
    title, lang = _string(value, "title"), language_code(_string(value, "language"))
    items = (item for item in value["items"] if isinstance(item, Mapping))
    return Feed(title, None, _each_once(_json_entry(item, title, lang, address) for item in items))


def _string(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _json_entry(item: Mapping[str, Any], source: str | None, lang: str | None, address: str) -> Entry | None:
    markup, text, summary = (_string(item, name) for name in ("content_html", "content_text", "summary"))
    body = fragment_text(markup) if markup else normalise(text or "").strip("\n")
    listed = item.get("authors")
    authors = [item.get("author"), *(listed if isinstance(listed, list) else [])]
    names = [_string(author, "name") for author in authors if isinstance(author, Mapping)]
    given = item.get("id")
    found = _Found(
        id=str(given) if isinstance(given, (str, int)) and given != "" else None,
        link=_string(item, "url") or _string(item, "external_url"),
        title=_plain(_string(item, "title")),
        text=body or normalise(summary or "").strip("\n"),
        is_summary=not body,
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        author=", ".join(dict.fromkeys(name for name in names if name)) or None,
        source=source,
        lang=language_code(_string(item, "language")) or lang,
    )
    return _entry(found, address)


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry's fields as its feed writes them, but for the text."""

    id: str | None
    link: str | None
    title: str | None
    text: str
    is_summary: bool
    published: str | None
    updated: str | None
    author: str | None
    source: str | None
    lang: str | None


def _entry(found: _Found, address: str) -> Entry | None:
    """None for an entry without any text. One without a body has its title for its text, as a summary."""
    text = _without_signature(found) if found.text.strip() else found.title or ""
    if not text.strip():
        return None
    link = urljoin(address, found.link) if found.link and "://" in address else found.link
    link = link if link and re.match(r"https?://", link, re.IGNORECASE) else None
    id = normalise(found.id).strip() or None if found.id else None
    stamp = found.published or found.updated or ""
    draft = Draft(
        title=found.title or _first_line(text),
        text=text,
        source=found.source,
        url=link,
        published=parse_date(stamp),
        lang=found.lang,
        author=found.author,
        id=ArticleId(f"{address}#{id}") if id and not link else None,
        address=f"{address}#{id or link or _first_line(text)}",
    )
    return Entry(draft, found.is_summary, link, id, parse_time(stamp), parse_time(found.updated or ""))


def _without_signature(found: _Found) -> str:
    """The text without a last line that only names the entry and its feed: "The post … appeared first on …"."""
    body, _, last = found.text.rpartition("\n")
    opens = tuple(f"{word} {found.title} " for word in _POST)
    signs = (
        bool(found.title and found.source) and last.startswith(opens) and last.rstrip(".").endswith(f" {found.source}")
    )
    return body.rstrip("\n") if signs and body.strip() else found.text


def _first_line(text: str) -> str:
    line = text.strip().split("\n", 1)[0].strip()
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def _each_once(entries: Iterator[Entry | None]) -> tuple[Entry, ...]:
    """Entries without those that repeat an id and link before them."""
    seen: dict[tuple[str | None, str | None, str], Entry] = {}
    for entry in entries:
        if entry is not None:
            text = "" if entry.id or entry.link else entry.draft.text
            seen.setdefault((entry.id, entry.link, text), entry)
    return tuple(seen.values())
