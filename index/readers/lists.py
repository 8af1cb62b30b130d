"""Lists as readers write them: an item a line, "- " or "1) " before it, directly below each other. A segmenter leaves
these marks out (`index.segment.marks`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

BULLET = "- "
_ITEM = re.compile(r"[ \t]*- (?=\S)")
_MARKS = re.compile(r"[ \t]*- (?:\d{1,3}\) )?(?=\S)")
_NUMBERED = re.compile(r"\A([ \t]*)- (?=\d{1,3}\) \S)")
_MOST = 999

_Element = Any


def numbered(place: int) -> str:
    """The mark of the item at a place of a list in order."""
    return f"{place}) " if 0 <= place <= _MOST else BULLET


def blocks(lines: Iterable[str]) -> str:
    """Lines as a text: each with a blank line below it, but for those that follow each other with BULLET before them,
    which are a list. One alone is none, and loses its mark."""
    found: list[str] = []
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(line)
        else:
            found += [*_list(items), line]
            items = []
    return "\n\n".join((*found, *_list(items)))


def _list(items: Sequence[str]) -> Iterable[str]:
    if len(items) > 1:
        yield "\n".join(_NUMBERED.sub(r"\1", item) for item in items)
    elif items:
        yield _MARKS.sub("", items[0], count=1)


def number_items(page: _Element) -> None:
    """Writes before each item of a parsed page's lists in order the number that a browser shows, in place."""
    for ordered in page.iter("ol"):
        items = [each for each in ordered if each.tag == "li"]
        start = ordered.get("start", "").strip()
        first = int(start[:4]) if start.isdecimal() else 1
        if len(items) > 1:
            for place, item in enumerate(items, start=first):
                item.text = f"{numbered(place).removeprefix(BULLET)}{(item.text or '').lstrip()}"
