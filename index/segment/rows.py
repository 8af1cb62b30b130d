"""A row of a table as it reads under its head."""

from __future__ import annotations

from index.article import CELLS, EMPTY

NO_CELL = frozenset({"", EMPTY, "—", "-"})
"""What a cell has that says nothing: of no ticket, no price."""


def read_row(head: str, row: str) -> str:
    """A row, each cell behind the name of its column, without those that say nothing."""
    columns = zip(map(str.strip, head.split(CELLS)), map(str.strip, row.split(CELLS)), strict=False)
    named = (f"{column}: {cell}" if column not in NO_CELL else cell for column, cell in columns if cell not in NO_CELL)
    return ", ".join(named) or row
