"""The marks of a list's items: which lines have one, and which are left out of their sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.article import Span

ITEM = re.compile(
    r"(?:(?P<bullet>[•◦▪‣●○■□·*+–—-])|(?P<place>\d{1,3})(?P<stop>[.)])|\(?[a-zа-яіїє]\))[^\S\n]+(?=\S)", re.IGNORECASE
)
"""What the line of an item begins with, white space before it aside."""
_LEFT_OUT = frozenset("•◦▪‣●○■□·*-")
"""Bullets that say nothing. A dash may open what somebody says, a "+" is a sign, and "1. Preis" is the first prize."""
_FEWEST = 2
"""Lines of a text that the same bullet opens, from which on it is one: "- 5 °C" alone is a figure. Of "1)" and its like
one with the next number is enough."""
_MARK = re.compile(r"\s*(?:[•◦▪‣●○■□·*-]|\d{1,3}\))[^\S\n]+")


def without_marks(text: str, blocks: Sequence[Span]) -> list[Span]:
    """Blocks of a text, those that are a list's items without their bullet or "1)"."""
    marks = [ITEM.match(text, block.start, block.end) for block in blocks]
    bullets = Counter(mark["bullet"] for mark in marks if mark and mark["bullet"])
    places = {int(mark["place"]) for mark in marks if mark and mark["stop"] == ")"}

    def is_left_out(mark: re.Match[str]) -> bool:
        if mark["bullet"]:
            return mark["bullet"] in _LEFT_OUT and bullets[mark["bullet"]] >= _FEWEST
        return mark["stop"] == ")" and not places.isdisjoint((int(mark["place"]) - 1, int(mark["place"]) + 1))

    return [
        Span(mark.end(), block.end) if mark and is_left_out(mark) else block
        for block, mark in zip(blocks, marks, strict=True)
    ]


def unmarked(line: str) -> str:
    """A line without the bullet or "1)" that it may begin with."""
    mark = ITEM.match(line)
    return line[mark.end() :] if mark and (mark["bullet"] in _LEFT_OUT or mark["stop"] == ")") else line


def with_mark(above: str, sentence: str) -> tuple[str, str]:
    """The text before a sentence and the sentence, which has its mark again where that was left out of it."""
    line = above[above.rfind("\n") + 1 :]
    if not _MARK.fullmatch(line):
        return above, sentence
    mark = line.lstrip()
    return above[: len(above) - len(mark)], mark + sentence
