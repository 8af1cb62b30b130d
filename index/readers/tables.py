"""The tables of a page: each row gets a cell for each of its columns, before its text is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from index.article import EMPTY, UNREAD

_WIDEST, _DEEPEST = 30, 1_000
"""Columns and rows that a cell spans, at most."""
_MOST = 1_000_000
"""Characters in a page's tables, each cell counted wherever it spans; tables behind so many stay as they are."""
_LONGEST_CELL = 500
"""Characters in a cell of a table, at most; what has a longer one is a page laid out as a table."""
_SHOWS = ("img", "svg", "i", "span", "input")
"""What a cell without text may show something with."""

_Element = Any


class _Cell(NamedTuple):
    """What a cell shows, and whether it is a head's; `number` tells it from others that show the same."""

    text: str
    tag: str
    number: int


_NOTHING = _Cell(EMPTY, "td", -1)


def fill_tables(page: _Element) -> None:
    """Changes the tables of a parsed page in place: a cell is repeated in the rows and columns that it spans, and those
    that are empty say so. Columns that are empty in every row go."""
    left = _MOST
    for table in list(page.iter("table")):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        rows = list(table.iter("tr"))
        grid: list[list[_Cell]] = []
        for cells in _grid(rows):
            left -= sum(len(cell.text) for cell in cells)
            if left < 0:
                return
            grid.append(cells if _is_row(cells) else [])
        _fill(rows, grid)


def _fill(rows: Sequence[_Element], grid: Sequence[Sequence[_Cell]]) -> None:
    columns = range(max(map(len, grid), default=0))
    used = [n for n in columns if any(n < len(cells) and cells[n].text != EMPTY for cells in grid)]
    if len(used) < 2 or any(len(cell.text) > _LONGEST_CELL for cells in grid for cell in cells):
        return
    for row, cells in zip(rows, grid, strict=True):
        if cells:
            row[:] = [_element(row, cells[n] if n < len(cells) else _NOTHING) for n in used]


def _is_row(cells: Sequence[_Cell]) -> bool:
    """Whether cells are a row of columns, not one cell across all of them, nor nothing."""
    return len(set(cells)) > 1 and any(cell.text != EMPTY for cell in cells)


def _grid(rows: Iterable[_Element]) -> Iterator[list[_Cell]]:
    """The cells of each row by column: one that spans several stands in each of them."""
    hanging: dict[int, tuple[_Cell, int]] = {}
    numbers = count()
    for row in rows:
        cells: list[_Cell] = []
        for own in (*row.iterchildren("td", "th"), None):
            while len(cells) in hanging:
                cells.append(hanging[len(cells)][0])
            if own is None:
                break
            cell = _Cell(_shown(own), own.tag, next(numbers))
            for _ in range(min(_span(own, "colspan"), _WIDEST)):
                hanging[len(cells)] = (cell, _span(own, "rowspan"))
                cells.append(cell)
        hanging = {column: (cell, left - 1) for column, (cell, left) in hanging.items() if left > 1}
        yield cells


def _span(cell: _Element, of: str) -> int:
    number = cell.get(of, "").strip()
    return min(max(int(number[:5]), 1), _DEEPEST) if number.isdecimal() else 1


def _element(row: _Element, cell: _Cell) -> _Element:
    element = row.makeelement(cell.tag)
    element.text = cell.text
    return element


def _shown(cell: _Element) -> str:
    """The text of a cell; of one that only shows something, what the page says that it shows."""
    text = " ".join(cell.text_content().split())
    if text or next(cell.iterdescendants(*_SHOWS), None) is None:
        return text or EMPTY
    named = (" ".join(image.get("alt", "").split()) for image in cell.iter("img"))
    return next(filter(None, named), UNREAD)
