"""The sketch of a base: 4 bits for every two dimensions, in memory, which say which rows are worth reading.

Scanning it takes a sixth of the time of scanning the vectors, and an eighth of the bytes; the rows that it names are
then scored exactly. It lies in a file of its own beside the vectors, so that training writes nothing else.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from index.caches import CacheBroken, sync_folder
from index.vectors import engine
from index.vectors.source import Floats, Ids

PREFIX = "sketch-"
READ = 1 << 22


@dataclass(frozen=True, slots=True)
class SketchMark:
    """What the manifest says of a sketch: its file, the CRC-32 of that, and how many vectors there were at training."""

    file: str
    checksum: int
    trained_on: int


class Sketch:
    """An open sketch. Its labels are rows of the base. Immutable; safe for many threads."""

    def __init__(self, path: Path, mark: SketchMark, count: int) -> None:
        """Raises CacheBroken where the file is missing or torn."""
        try:
            whole = _checksum(path) == mark.checksum
        except OSError as error:
            raise CacheBroken(str(error)) from error
        if not whole:
            raise CacheBroken(f"{path.name} is torn")
        self._index: Any = engine.read_sketch(path)
        if self._index.ntotal != count:
            raise CacheBroken(f"{path.name} is of another base")

    def nearest(self, queries: Floats, count: int) -> Ids:
        """About the best `count` rows of each query, (n, count) int64, -1 where there are fewer."""
        rows: Ids = self._index.search(queries, count)[1]
        return rows

    def empty(self) -> Any:
        """An empty index with the same codebooks."""
        return engine.same_sketch(self._index)


def write(home: Path, index: Any, trained_on: int) -> SketchMark:
    """Writes a filled index into a new file in `home`, synced. Raises OSError."""
    path, checksum = home / f"{PREFIX}{token_hex(4)}", 0
    try:
        with path.open("wb") as file:

            def put(content: bytes) -> None:
                nonlocal checksum
                file.write(content)
                checksum = zlib.crc32(content, checksum)

            engine.write_sketch(index, put)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(home)
    except OSError:
        path.unlink(missing_ok=True)  # a full disk gets its room back at once
        raise
    return SketchMark(path.name, checksum, trained_on)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while content := file.read(READ):
            checksum = zlib.crc32(content, checksum)
    return checksum
