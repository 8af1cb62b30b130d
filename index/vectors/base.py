"""The saved part: one file of vectors, mapped into memory, never changed once its manifest names it.

A generation is a folder of these files:

    vectors.bin    the vectors (float16), then their ids (int64), both by ascending id
    rows.bin       int32 by sentence id: 1 + the row of that id, 0 where it is not here
    sums.npz       a CRC-32 of each piece of the other two
    sketch-*       above `Limits.exact` vectors: see `sketch.py`

Opening reads none of the vectors. A sketch that is missing or torn is trained again; until then search is exact.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.caches import CacheBroken
from index.vectors import engine, mapping, scan
from index.vectors.sketch import Sketch, SketchMark
from index.vectors.source import Codes, Floats, Ids, Mask

FORMAT = 2
PIECE = 1 << 18
"""Bytes under one checksum."""
COLD_ROWS = 20_000
"""Scanning as many rows with numpy (20 ms) costs less than loading FAISS (100 ms), in a process that asks once."""
BLOCK_ROWS = 8192
"""Rows taken out of the file together."""
HELD = 1 << 28
"""Bytes of the file (256 MB) up to which it may stay mapped whole into this process's memory."""
PER_RESULT = 8
"""Rows read for each result asked for, at the least: more results lie in a wider neighbourhood."""
MANY = 16
"""Queries from which on multiplying blocks (5 ns a vector and query) is faster than scanning for each (35 ns)."""
MOST_NAMED = 16_384
"""Rows that the sketch is asked for (1 ms more than for 200); under a filter that needs more, search is exact."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file `manifest.json` says of the generation that it names.

    `reread`: rows that the sketch names for each query; `recall`: recall@10 against exact search, measured with it.
    """

    format: int
    identity: str
    fingerprint: str
    dim: int
    seq: int
    generation: str
    count: int
    sketch: SketchMark | None = None
    reread: int = 0
    recall: float | None = None

    def encode(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Raises CacheBroken where there is none, or none that this version can read."""
        try:
            said = json.loads(path.read_bytes())
            if said["format"] != FORMAT:
                raise CacheBroken(f"format {said['format']}")
            mark = said.pop("sketch")
            return cls(**said, sketch=SketchMark(**mark) if mark else None)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CacheBroken(str(error)) from error


def checksums(content: memoryview | bytes) -> NDArray[np.uint32]:
    """CRC-32 of each piece."""
    return np.array([zlib.crc32(content[at : at + PIECE]) for at in range(0, len(content), PIECE)], dtype=np.uint32)


class Base:
    """A generation, open for search. Immutable; safe for many threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.home = folder / manifest.generation
        self._cold_rows = COLD_ROWS
        try:
            with np.load(self.home / "sums.npz", allow_pickle=False) as sums:
                self._sums: NDArray[np.uint32] = sums["vectors"]
                row_sums = sums["rows"]
            self._file = (self.home / "vectors.bin").open("rb")
            content = mmap(self._file.fileno(), 0, access=ACCESS_READ)
            self._content: NDArray[np.uint16] = np.frombuffer(content, np.uint16)
            self._rows = np.memmap(self.home / "rows.bin", dtype=np.int32, mode="r")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
            raise CacheBroken(str(error)) from error
        if self._content.nbytes != manifest.count * (2 * manifest.dim + 8) or not self._spot_check():
            raise CacheBroken("vectors.bin is torn")
        if not np.array_equal(checksums(self._rows.data.cast("B")), row_sums):
            raise CacheBroken("rows.bin is torn")
        if engine.loaded():
            _ = self.sketch  # now, not under the first question

    def __len__(self) -> int:
        return self.manifest.count

    @property
    def span(self) -> int:
        """One more than the greatest id."""
        return len(self._rows)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.home.iterdir())

    def _intact(self, pieces: Iterator[int] | list[int]) -> bool:
        content = self._content.data.cast("B")
        return all(zlib.crc32(content[at * PIECE : (at + 1) * PIECE]) == self._sums[at] for at in pieces)

    def _spot_check(self) -> bool:
        """The first, the middle and the last piece: a torn write shows at an end."""
        last = len(self._sums) - 1
        return self._intact([0, last // 2, last])

    def intact(self) -> bool:
        """Every piece of the file against its checksum. Reads all of it."""
        return self._intact(iter(range(len(self._sums)))) and (self.manifest.sketch is None or self.sketch is not None)

    @property
    def ids(self) -> Ids:
        """The id of every row, (count,) int64, ascending."""
        ids: Ids = self._content[len(self) * self.manifest.dim :].view(np.int64)
        return ids

    def rows(self, ids: Ids) -> Ids:
        """The row of each id, -1 where it is not here."""
        inside = (ids >= 0) & (ids < self.span)
        rows = np.full(len(ids), -1, dtype=np.int64)
        rows[inside] = self._rows[ids[inside]] - 1
        return rows

    def codes(self, rows: Ids) -> Codes:
        """The vectors (n, dim) float16 of these rows, copied. Raises OSError."""
        if self._is_large:
            return mapping.read_rows(self._file.fileno(), rows, self.manifest.dim)
        codes: Codes = self._every[rows]
        return codes

    def block(self, rows: slice | Ids) -> Codes:
        """The vectors (n, dim) float16 of rows that lie close together, out of the mapping; `let_go` ends that."""
        codes: Codes = self._every[rows]
        return codes

    @property
    def _every(self) -> Codes:
        dim = self.manifest.dim
        return self._content[: len(self) * dim].reshape(-1, dim).view(np.float16)

    @property
    def _is_large(self) -> bool:
        return self._content.nbytes > HELD

    @cached_property
    def sketch(self) -> Sketch | None:
        """None where there is none, or none that is whole."""
        mark = self.manifest.sketch
        if mark is None:
            return None
        try:
            return Sketch(self.home / mark.file, mark, len(self))
        except CacheBroken:
            return None

    @cached_property
    def _index(self) -> Any:
        """The vectors as a FAISS index, mapped; from now on rows are read in that mapping, as two would count twice."""
        index, content = engine.mapped(self.home / "vectors.bin", self.manifest.dim, len(self))
        self.let_go()
        self._content = content
        return index

    def let_go(self) -> None:
        """Takes what was read of a large file out of this process's memory."""
        if self._is_large:
            mapping.let_go(self._content)

    def search(self, queries: Floats, k: int, keep: Mask | None = None) -> scan.Found:
        """The best `k`; `keep` is indexed by id. Exact without a sketch, and nearly so with one.

        A query for which the sketch names too few of the rows that `keep` allows is searched exactly.
        """
        named = self._named(k, keep)
        if named is None or (sketch := self.sketch) is None:
            return self.exact(queries, k, keep)
        enough = min(self._read_for(k), named)
        rows = sketch.nearest(queries, named)
        found = [self._reread(query, some, k, keep, enough) for query, some in zip(queries, rows, strict=True)]
        scores, ids = scan.nothing(len(queries), k)
        few = [n for n, one in enumerate(found) if one is None]
        if few:
            scores[few], ids[few] = _wide(self.exact(queries[few], k, keep), k)
        for n, one in enumerate(found):
            if one is not None:
                scores[n], ids[n] = one[0][0], one[1][0]
        return scores, ids

    def _read_for(self, k: int) -> int:
        return max(self.manifest.reread, PER_RESULT * k)

    def _named(self, k: int, keep: Mask | None) -> int | None:
        """How many rows the sketch should name so that enough are allowed; None where an exact scan costs less."""
        if self.manifest.sketch is None:
            return None
        allowed = len(self) if keep is None else min(len(self), int(np.count_nonzero(keep)))
        if not allowed:
            return None
        named = self._read_for(k) if keep is None else round(1.25 * self._read_for(k) * len(self) / allowed)
        return named if named <= min(MOST_NAMED, len(self) - 1) else None

    def _reread(self, query: Floats, rows: Ids, k: int, keep: Mask | None, enough: int) -> scan.Found | None:
        """The exact best `k` of these rows; None where fewer than `enough` are allowed."""
        rows = rows[rows >= 0]
        ids = self.ids[rows]
        if keep is not None:
            allowed = keep[ids]
            rows, ids = rows[allowed][:enough], ids[allowed][:enough]
            if len(rows) < enough:
                return None
        scores = self.codes(rows).astype(np.float32) @ query
        return scan.best(scores.reshape(1, -1), ids.reshape(1, -1), k)

    def exact(self, queries: Floats, k: int, keep: Mask | None = None) -> scan.Found:
        """The best `k` of all, by FAISS; a process that asks once scans a small base without it."""
        self._cold_rows -= len(queries) * len(self)
        if not engine.loaded() and self._cold_rows >= 0:
            return self.scanned(queries, k, keep)
        if len(queries) >= MANY and keep is None:
            return self._multiplied(queries, k)
        found = engine.search_mapped(self._index, queries, k, keep)
        self.let_go()
        return found

    def _multiplied(self, queries: Floats, k: int) -> scan.Found:
        """The same for many queries: one matrix product for each block."""
        found = scan.nothing(len(queries), k)
        for start in range(0, len(self), BLOCK_ROWS):
            scores, rows = engine.search_block(self.block(slice(start, start + BLOCK_ROWS)), queries, k)
            found = scan.merge((found, (scores, self.ids[start:][rows])), k)
            self.let_go()
        return found

    def scanned(self, queries: Floats, k: int, keep: Mask | None = None) -> scan.Found:
        """The same by numpy, block by block: the twin of every other way."""
        found = scan.nothing(len(queries), k)
        for start in range(0, len(self), BLOCK_ROWS):
            some = slice(start, start + BLOCK_ROWS)
            ids = self.ids[some]
            rows = None if keep is None else keep[ids]
            found = scan.merge((found, scan.scan(queries, ids, self.block(some), k, rows)), k)
        return found


def _wide(found: scan.Found, k: int) -> scan.Found:
    """The same with `k` columns."""
    return scan.merge((scan.nothing(len(found[0]), k), found), k)
