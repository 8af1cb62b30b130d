"""HTML pages: the article without its frame, by trafilatura, with fallbacks of ours where that finds nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from index.article import CELLS, Draft
from index.errors import ReadError
from index.readers.dates import parse_date
from index.readers.definitions import spell_out_definitions
from index.readers.lists import BULLET, blocks, number_items
from index.readers.plain import decode, language_code, normalise
from index.readers.tables import fill_tables

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_UNREAD = re.compile(
    r"<(script|style|noscript|template|svg|head|title|nav|footer|form)\b.*?(?:</\1\s*>|$)",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.S)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|d[ltd]|h[1-6]|tr|table|section|article|blockquote|main|header)\b[^<>]*>", re.I
)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.I | re.S)
_LANG = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})\b", re.I)
_ITEM = re.compile(r"<li\b[^<>]*>(?:\s*<p\b[^<>]*>)?\s*", re.I)
_ROW = re.compile(r"\|(.*)\|")
_TEXT = re.compile(r"[^\s:-]")
"""What the cells of the rule under a table's head have none of."""
_SPACES = re.compile(r"[ \t\u00a0]+")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_SHORTEST = 80
_HEAD = 100_000


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None


def read_html(data: bytes, name: str, address: str, charset: str | None = None, url: str | None = None) -> Draft:
    """An article from a page. `charset` is the one of its transport, `url` the address it was fetched from.

    Raises ReadError for a page without text.
    """
    markup = normalise(decode(data, charset or _declared(data)))
    page = _extracted(markup, url) or _Page("")
    text = page.text if len(page.text) >= _SHORTEST else max(page.text, fragment_text(markup), key=len)
    text = normalise(text).strip("\n")
    if not text.strip():
        raise ReadError("The page has no text; a page that is drawn by scripts has to be saved from a browser first.")
    return Draft(
        title=_one_line(page.title) or _one_line(_found(_TITLE, markup)) or name,
        text=text,
        source=_one_line(page.source),
        url=page.url or url,
        published=parse_date(page.published or ""),
        lang=language_code(_found(_LANG, markup)),
        author=_one_line(page.author),
        address=address,
    )


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    found = _META_CHARSET.search(head) or _XML_CHARSET.match(head.lstrip())
    return found.group(1).decode("ascii") if found else None


def _found(pattern: re.Pattern[str], markup: str) -> str | None:
    found = pattern.search(markup, 0, _HEAD)
    return html.unescape(found.group(1)) if found else None


def _one_line(text: str | None) -> str | None:
    return " ".join(normalise(text).split()) or None if text else None


def _extracted(markup: str, url: str | None) -> _Page | None:
    """What trafilatura finds; None where it finds no text."""
    from trafilatura import bare_extraction, load_html

    parsed: Any = load_html(markup)
    if parsed is None:
        return None
    fill_tables(parsed)
    spell_out_definitions(parsed)
    number_items(parsed)
    try:
        document: Any = bare_extraction(
            parsed, url=url, include_comments=False, include_tables=True, with_metadata=True, favor_precision=False
        )
    except AssertionError:  # of htmldate, where the root is no page's: `<svg>`
        return None
    if document is None or not document.text:
        return None
    return _Page(
        text=blocks(line for line in map(_as_text, document.text.split("\n")) if line.strip()),
        title=document.title,
        source=document.sitename,
        url=document.url,
        published=document.date,
        author=document.author,
    )


def _as_text(line: str) -> str:
    """A line as it is read: a row of a table, which comes in Markdown, as its cells, and none for the rule under its
    head."""
    row = _ROW.fullmatch(line.strip())
    if row is None:
        return line
    cells = [cell.strip() for cell in row.group(1).split("|")]
    return CELLS.join(filter(None, cells)) if any(map(_TEXT.search, cells)) else ""


def fragment_text(markup: str) -> str:
    """The words of a page or a part of one, normalised: blocks set off by blank lines, items of lists below each other,
    no scripts, no navigation."""
    body = _ITEM.sub(f"<li>{BULLET}", _UNREAD.sub("\n\n", _COMMENT.sub("", markup)))
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n\n", _BLANK_LINES.sub("\n", body).replace("\n", " "))))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return normalise(blocks(line for line in lines if line and line != BULLET.strip()))
