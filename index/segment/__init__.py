"""Text into sentences, by exact offsets.

What finds them is imported when a text is first segmented, so that asking does not wait for its patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.article import Span

__all__ = ["LONGEST", "boilerplate", "language", "segment"]

LONGEST = 1_000
"""Characters in the longest sentence; what runs on without a full stop is cut at a clause, else at a space."""

_CLAUSE = re.compile(r"[;:,—–，；：、](?=\s|[^\x00-\u2fff])|\n")


def segment(text: str, lang: str | None = None) -> tuple[Span, ...]:
    """The sentences of a normalised text: trimmed, ascending, disjoint, none longer than `LONGEST` characters.

    Every character lies in one of them, but for white space, `boilerplate` and the bullets of lists. `lang` is an
    ISO 639-1 code.
    """
    from index.segment.lines import layout

    prose, _ = layout(text)
    return tuple(sentence for block in prose for sentence in _sentences(text, block, lang))


def boilerplate(text: str) -> tuple[Span, ...]:
    """The lines that `segment` leaves out: bylines, credits, "read more", sharing and subscribing."""
    from index.segment.lines import layout

    return layout(text)[1]


def language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None for a text without enough letters to tell."""
    from index.segment.languages import language_of

    return language_of(text)


def _sentences(text: str, block: Span, lang: str | None) -> Iterator[Span]:
    for start, end in _pieces(text[block.start : block.end], lang):
        yield from _bounded(text, block.start + start, block.start + end)


def _pieces(block: str, lang: str | None) -> list[tuple[int, int]]:
    """The block cut at its borders; a piece without a letter or a figure stays with the one before it."""
    from index.segment.borders import borders

    pieces: list[tuple[int, int]] = []
    start = 0
    for end in (*borders(block, lang), len(block)):
        if pieces and not any(map(str.isalnum, block[start:end])):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
        start = end
    return pieces


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = _trim(text, start, end)
    while end - start > LONGEST:
        cut = _cut(text, start)
        yield Span(*_trim(text, start, cut))
        start, end = _trim(text, cut, end)
    if start < end:
        yield Span(start, end)


def _cut(text: str, start: int) -> int:
    """The best place to cut after `start`: the last clause, else the last space, else before a whole character."""
    window = text[start : start + LONGEST]
    clauses = [found.end() for found in _CLAUSE.finditer(window, LONGEST // 4)]
    if clauses:
        return start + clauses[-1]
    space = max(window.rfind(" "), window.rfind("\t"))
    if space > LONGEST // 4:
        return start + space
    cut = start + LONGEST
    return next((place for place in range(cut, cut - 32, -1) if not unicodedata.combining(text[place])), cut)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
