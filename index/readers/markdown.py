"""Markdown: what a reader of the page would see, without the markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.article import CELLS, EMPTY, UNREAD, Draft
from index.errors import ReadError
from index.readers.lists import BULLET, numbered
from index.readers.plain import FIELDS, draft_of, normalise, split_header

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"([^\W\d][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*")
_NAMES = FIELDS | {"site": "source", "publisher": "source", "canonical_url": "url"}
_TAG = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|template)\b.*?(?:</\1\s*>|$)|</?[a-zA-Z][^<>]*>", re.DOTALL | re.IGNORECASE
)
_UNREAD = re.compile(r"<(/?)(?:script|style|template)\b", re.IGNORECASE)
_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_NOTE = re.compile(rf"\A{_MARK.pattern}:[ \t]*")
"""The mark of a footnote in a sentence, and what the note itself begins with."""
_NOTE_LINK = re.compile(r"\^[^\]\s]{1,40}")
"""The same where the note is only an address, so that its mark is a link."""
_LISTS, _LIST_ENDS = ("bullet_list_open", "ordered_list_open"), ("bullet_list_close", "ordered_list_close")
_BREAKS = ("hardbreak", "softbreak")
_NESTING = 100
"""Levels of quotes, lists and brackets that are read; the parser drops what lies deeper."""


def read_markdown(data: bytes, name: str, address: str) -> Draft:
    """An article from a Markdown file, with front matter or the header lines of a text file; raises ReadError.

    The title is the header's, else the first heading of level one where the text begins with it, else `name`.
    """
    header, body = _split(normalise(data))
    heading, text = _readable(body)
    if not text.strip() and heading:
        raise ReadError("It has no text below its heading.")
    if not text.strip() and body.strip():
        raise ReadError("Its markup leaves no text to read: only images or markers, or quotes in quotes too deep.")
    if "title" not in header and heading:
        header = {**header, "title": heading}
    elif heading and heading != header.get("title"):
        text = f"{heading}\n\n{text}"
    return draft_of(normalise(text), header, name, address)


def _split(text: str) -> tuple[dict[str, str], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        return split_header(text)
    fields: dict[str, str] = {}
    for line in found.group(1).split("\n"):
        field = _FIELD.fullmatch(line)
        if field and field.group(1).lower() in _NAMES:
            fields.setdefault(_NAMES[field.group(1).lower()], field.group(2).strip("\"'"))
    return fields, text[found.end() :]


def _readable(text: str) -> tuple[str | None, str]:
    """The first heading, where it is of level one and nothing but links and images stands above it, and the rest as
    text."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable("table").enable("strikethrough").parse(text)
    at = next((n for n, token in enumerate(tokens) if token.type == "heading_open"), None)
    if at is None or tokens[at].tag != "h1" or not all(map(_is_frame, tokens[:at])):
        return None, _blocks(tokens)
    heading = _inline(tokens[at + 1]).replace("\n", " ").strip() or None
    return heading, _blocks([*tokens[:at], *tokens[at + 3 :]] if heading else tokens)


def _is_frame(token: Token) -> bool:
    """Whether a block above an article's heading is none of its text: links and images alone, or what is not shown."""
    inside = 0
    for child in token.children or ():
        inside += child.nesting if child.type in ("link_open", "link_close") else 0
        if not inside and child.type in ("text", "code_inline") and child.content.strip():
            return False
    return token.type == "inline" or not _written(token).strip()


def _blocks(tokens: list[Token]) -> str:
    """Paragraphs, headings, items and rows of tables, each a block with a blank line below it; the items of a list
    directly below each other."""
    parts: list[str] = []
    row: list[str] = []
    done = 0
    for n, (before, token) in enumerate(zip([None, *tokens], tokens, strict=False)):
        if n < done:
            continue
        written = _written(token).strip("\n")
        if before and before.type in ("td_open", "th_open"):
            row.append(written.strip() or (UNREAD if token.children else EMPTY))
        elif token.type == "tr_close":
            parts.append(CELLS.join(row) if any(cell not in (EMPTY, UNREAD) for cell in row) else "")
            row = []
        elif token.type in _LISTS and (items := _items(tokens[n : (end := _end(tokens, n))])):
            parts.append("\n".join(items))
            done = end
        else:
            parts.append(written)
    return "\n\n".join(part for part in parts if part.strip()).strip("\n")


def _end(tokens: list[Token], at: int) -> int:
    """Where the block ends that a token opens."""
    return next(
        (n + 1 for n in range(at, len(tokens)) if tokens[n].nesting < 0 and tokens[n].level == tokens[at].level), at + 1
    )


def _items(tokens: list[Token]) -> list[str]:
    """The items of a list, each a line with its mark; none where it holds anything but paragraphs, which end as
    sentences do where others follow, and lists of such, or has no more than one item."""
    items: list[str] = []
    marks: list[tuple[str, int]] = []
    mark = ""
    for token in tokens:
        if token.type in _LISTS:
            marks.append((token.type, int(token.attrs.get("start", 1))))
        elif token.type in _LIST_ENDS:
            marks.pop()
        elif token.type == "list_item_open":
            kind, place = marks[-1]
            mark = numbered(place) if kind == _LISTS[1] else BULLET
            marks[-1] = kind, place + 1
        elif token.type == "inline":
            text = " ".join(_inline(token).split())
            if not mark and text:
                if not items or items[-1][-1].isalnum():
                    return []
                items[-1] += f" {text}"
                continue
            items += [f"{'  ' * (len(marks) - 1)}{mark}{text}"] if text else []
            mark = ""
        elif token.type not in ("paragraph_open", "paragraph_close", "list_item_close"):
            return []
    return items if len(items) > 1 else []


def _written(token: Token) -> str:
    if token.type == "inline":
        return _inline(token)
    if token.type in ("fence", "code_block"):
        return token.content
    return _TAG.sub("", token.content) if token.type == "html_block" else ""


def _inline(token: Token) -> str:
    pieces: list[str] = []
    unread = linked = False
    for child in token.children or ():
        if child.type == "html_inline" and (tag := _UNREAD.match(child.content)):
            unread = not tag[1]
        elif not unread and not (linked and _NOTE_LINK.fullmatch(child.content)):
            pieces.append(_shown(child, begins_a_line=pieces[-1:] in ([], ["\n"])))
        linked = child.type == "link_open"
    return "".join(pieces)


def _shown(child: Token, begins_a_line: bool) -> str:
    if child.type == "text":
        return _MARK.sub("", _NOTE.sub("", child.content) if begins_a_line else child.content)
    if child.type == "code_inline":
        return child.content
    return "\n" if child.type in _BREAKS else ""
