"""The lists of definitions of a page: each term with what it is, before its text is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LONGEST = 200
"""Characters of a term and its definition in one line, at most."""
_BLOCKS = ("p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_MORE = re.compile(r"[.!?…]\s+[^\W\d_a-z]")
"""Where a definition goes on with a second sentence."""

_Element = Any


def spell_out_definitions(page: _Element) -> None:
    """Changes the lists of definitions of a parsed page in place: a term and its definition are one paragraph, or where
    that is longer or the term asks, the term stands above it. A list that has another in it stays as it is."""
    for definitions in list(page.iter("dl")):
        if not any(each.getparent().tag in ("dt", "dd") for each in definitions.iterdescendants("dl", "dt", "dd")):
            lines = [line for terms, meanings in _entries(definitions) for line in _lines(terms, meanings)]
            definitions.tag = "div"
            definitions.text = None
            definitions[:] = lines


def _lines(terms: list[_Element], meanings: list[_Element]) -> list[_Element]:
    term = ", ".join(filter(None, (_text(each).rstrip(": ") for each in terms)))
    meaning = "; ".join(filter(None, map(_text, meanings)))
    blocks = any(next(each.iterdescendants(*_BLOCKS), None) is not None for each in meanings)
    for each in (*terms, *meanings):
        each.tag = "div" if blocks and each in meanings else "p"
        each.tail = None
    if not term or not meaning or blocks or _stands_above(term, meaning):
        return [*terms, *meanings]
    for each in meanings:
        each.clear()
    line = terms[0]
    line.clear()
    line.tag, line.text = "p", f"{term}: {meaning}"
    return [line]


def _stands_above(term: str, meaning: str) -> bool:
    return term.endswith(("?", "？", "؟")) or len(term) + len(meaning) > _LONGEST or bool(_MORE.search(meaning))


def _entries(definitions: _Element) -> Iterator[tuple[list[_Element], list[_Element]]]:
    """Terms that follow each other, with the definitions that follow them."""
    terms: list[_Element] = []
    meanings: list[_Element] = []
    for each in list(definitions.iter("dt", "dd")):
        if each.tag == "dt" and meanings:
            yield terms, meanings
            terms, meanings = [], []
        (terms if each.tag == "dt" else meanings).append(each)
    yield terms, meanings


def _text(element: _Element) -> str:
    return " ".join(element.text_content().split())
