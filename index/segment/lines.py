"""The layout of a text: which lines belong together, which are a list's or a headline's, and which are no prose at all.

A *block* is a stretch of lines that may hold a sentence running over a line end; no sentence crosses a block's border.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from index.article import CELLS, Span
from index.segment.boilerplate import boilerplate_end, heads_other_articles, is_boilerplate, may_be_byline
from index.segment.marks import unmarked, without_marks

_BULLET = re.compile(r"\s*(?:[•◦▪‣●○■□–—*·+-]|\d{1,3}[.)]|\(?[a-zа-яіїє]\))\s", re.IGNORECASE)
_FINAL = re.compile(r"""[.!?…。！？｡।॥؟:;][\s"'”’»«“)\]}」』）】›*_]*$""")
_RUNS_ON = re.compile(
    r"""(?:[,،，、(\[/–—&-]|\b(?:the|an?|of|and|or|to|in|on|at|by|for|from|with|that|as|its|his|her|their|is|are|was|were
    |has|have|had|will|not|und|oder|der|die|das|den|dem|des|ein|eine|einen|einem|einer|von|mit|zu|zum|zur|im|(?<!\d\ )am
    |aus|nach|bei|für|auf|vor|über|durch|sich|ist|hat|wie|и|в|во|на|с|со|по|из|от|до|за|о|об|к|у|или|что|не|і|й|з|із|та|або|що
    |від|до|про|як))\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_WIDEST_WRAP = 160
_NARROWEST_WRAP = 30
_HEAD_LINES, _TAIL_LINES = 6, 3
MOST_TITLES, _LONGEST_TITLE = 10, 120
"""Titles in a list of other articles, and characters in one, at most."""
_FULL_STOPS = frozenset(".…。:;,।")
"""What the title of an article does not end with."""


def layout(text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The blocks of prose and the lines that are boilerplate, both trimmed, ascending and disjoint.

    Every character that is not white space, nor the mark of a list's item, lies in exactly one of them. A text that is
    boilerplate alone is kept whole.
    """
    lines = _without_ends(text, _lines(text))
    boilerplate = _boilerplate(text, lines)
    boilerplate |= _other_articles(text, lines, boilerplate)
    if len(boilerplate) == len(lines):
        boilerplate = set()
    prose: list[Span] = []
    width = _wrap_width(text, lines)
    previous: Span | None = None
    for number, line in enumerate(lines):
        if number in boilerplate:
            previous = None
            continue
        if previous is not None and _continues(text, previous, line, width):
            prose[-1] = Span(prose[-1].start, line.end)
        else:
            prose.append(line)
        previous = line
    return tuple(without_marks(text, prose)), tuple(lines[number] for number in sorted(boilerplate))


def _lines(text: str) -> list[Span]:
    """Lines with something on them, trimmed."""
    found = []
    start = 0
    for raw in text.split("\n"):
        body = raw.strip()
        if body:
            left = start + len(raw) - len(raw.lstrip())
            found.append(Span(left, left + len(body)))
        start += len(raw) + 1
    return found


def _without_ends(text: str, lines: Sequence[Span]) -> list[Span]:
    """The lines, each that ends with boilerplate as two; one that its paragraph goes on from stays whole."""
    parts: list[Span] = []
    for line, below in zip_longest(lines, lines[1:]):
        body = text[line.start : line.end]
        runs_on = below is not None and _adjacent(text, line, below) and text[below.start].islower()
        begins = len(body) if runs_on or is_boilerplate(unmarked(body)) else boilerplate_end(body)
        parts.append(Span(line.start, line.start + len(body[:begins].rstrip())))
        if begins < len(body):
            parts.append(Span(line.start + begins, line.end))
    return parts


def _boilerplate(text: str, lines: Sequence[Span]) -> set[int]:
    found = set()
    for number, line in enumerate(lines):
        body = text[line.start : line.end]
        at_an_end = number < _HEAD_LINES or number >= len(lines) - _TAIL_LINES
        if is_boilerplate(unmarked(body)) or (at_an_end and may_be_byline(body)):
            found.add(number)
    return found


def _other_articles(text: str, lines: Sequence[Span], boilerplate: set[int]) -> set[int]:
    """The titles below "Most read" and the like, down to what is no title. Where the article goes on behind them, the
    last that has no bullet may be the heading of what follows, and stays; so do all where they are too many."""
    found: set[int] = set()
    for number, line in enumerate(lines):
        if not heads_other_articles(text[line.start : line.end]):
            continue
        end = number + 1
        while end < len(lines) and end not in boilerplate and _may_be_title(text, lines[end]):
            end += 1
        goes_on = end < len(lines) and end not in boilerplate
        if goes_on and not _opens_an_item(text, lines[end - 1]):
            end -= 1
        if end - number <= MOST_TITLES + 1:
            found |= set(range(number + 1, end))
    return found


def _may_be_title(text: str, line: Span) -> bool:
    title = text[line.start : line.end]
    return len(title) <= _LONGEST_TITLE and title[-1] not in _FULL_STOPS and CELLS not in title


def _pairs(text: str, lines: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Neighbouring lines with one line end between them, the first of which does not end a sentence."""
    for above, below in pairwise(lines):
        if _adjacent(text, above, below) and not _FINAL.search(text, max(above.start, above.end - 12), above.end):
            yield above, below


def _adjacent(text: str, above: Span, below: Span) -> bool:
    return text.count("\n", above.end, below.start) == 1


def _wrap_width(text: str, lines: Sequence[Span]) -> int:
    """The width at which the text was wrapped by hand or by a mail program; 0 when there is no sign of that.

    The sign is a line end before a small letter; in a script without capitals, three lines of about one length.
    """
    widths = [
        above.end - above.start
        for above, below in _pairs(text, lines)
        if text[below.start].islower() or (_caseless(text[below.start]) and _even(text, lines, above, below))
    ]
    width = max(widths, default=0)
    return width if _NARROWEST_WRAP <= width <= _WIDEST_WRAP else 0


def _caseless(character: str) -> bool:
    return character.isalpha() and not character.isupper() and not character.islower()


def _even(text: str, lines: Sequence[Span], above: Span, below: Span) -> bool:
    first, second = above.end - above.start, below.end - below.start
    return first >= _NARROWEST_WRAP and second >= _NARROWEST_WRAP and abs(first - second) <= 8


def _opens_an_item(text: str, line: Span) -> bool:
    """Whether a line begins as a list's do: with a bullet, or with an emoji in its place."""
    return unicodedata.category(text[line.start]) == "So" or bool(_BULLET.match(text, line.start, line.end + 1))


def _continues(text: str, above: Span, below: Span, width: int) -> bool:
    """Whether a sentence may run from one line into the next."""
    if not _adjacent(text, above, below) or _opens_an_item(text, below):
        return False
    tail = text[max(above.start, above.end - 12) : above.end]
    heads = text[above.start : above.end].isupper() and not text[below.start : below.end].isupper()
    if text[below.start].islower() or (not heads and _RUNS_ON.search(tail)):
        return True
    if not width:
        return False
    first_word = text[below.start : below.end].split(None, 1)[0]
    return above.end - above.start + 1 + len(first_word) > width
