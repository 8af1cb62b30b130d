"""The saved part: one file of inverted lists, mapped into memory, never changed once its manifest names it.

A generation is a folder of three files:

    lists.bin   list after list: its vectors (float16), then its ids (int64). One list is an exact index, many are IVF
    rows.bin    int32 by sentence id: 1 + the row of that id, 0 where it is not here
    parts.npz   where the lists start, their centroids, and a CRC-32 of each piece of the other two

FAISS searches `lists.bin` in place through `OnDiskInvertedLists`; opening reads none of the vectors.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from mmap import ACCESS_READ, MADV_DONTNEED, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.caches import CacheBroken
from index.vectors import engine, scan
from index.vectors.source import Codes, Floats, Ids, Mask

FORMAT = 1
PIECE = 1 << 18
"""Bytes under one checksum."""
COLD_ROWS = 20_000
"""Scanning as many rows with numpy (20 ms) costs less than loading FAISS (100 ms), in a process that asks once."""
GATHER_ROWS = 8192
"""Rows taken out of the lists together."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file `manifest.json` says of the generation that it names."""

    format: int
    identity: str
    fingerprint: str
    dim: int
    seq: int
    generation: str
    count: int
    size: int
    trained_on: int = 0
    probes: int = 1
    recall: float | None = None

    def encode(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Raises CacheBroken where there is none, or none that this version can read."""
        try:
            manifest = cls(**json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise CacheBroken(str(error)) from error
        if manifest.format != FORMAT:
            raise CacheBroken(f"format {manifest.format}")
        return manifest


def checksums(content: memoryview | bytes) -> NDArray[np.uint32]:
    """CRC-32 of each piece."""
    return np.array([zlib.crc32(content[at : at + PIECE]) for at in range(0, len(content), PIECE)], dtype=np.uint32)


class Base:
    """A generation, open for search. Immutable; safe for many threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._cold_rows = COLD_ROWS
        self._path = folder / manifest.generation
        try:
            with np.load(self._path / "parts.npz", allow_pickle=False) as parts:
                self.starts: Ids = parts["starts"]
                self.centroids: Floats = parts["centroids"]
                self._sums: NDArray[np.uint32] = parts["sums"]
                row_sums = parts["row_sums"]
            with (self._path / "lists.bin").open("rb") as file:
                self._map = mmap(file.fileno(), 0, access=ACCESS_READ)
            self._words: NDArray[np.uint16] = np.frombuffer(self._map, dtype=np.uint16)
            self._rows = np.memmap(self._path / "rows.bin", dtype=np.int32, mode="r")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
            raise CacheBroken(str(error)) from error
        whole = self._words.nbytes == manifest.size == manifest.count * (2 * manifest.dim + 8)
        if not whole or int(self.starts[-1]) != manifest.count or not self._spot_check():
            raise CacheBroken("lists.bin is torn")
        if not np.array_equal(checksums(self._rows.data.cast("B")), row_sums):
            raise CacheBroken("rows.bin is torn")

    def __len__(self) -> int:
        return self.manifest.count

    @property
    def lists(self) -> int:
        return len(self.starts) - 1

    @property
    def span(self) -> int:
        """One more than the greatest id."""
        return len(self._rows)

    def _intact(self, pieces: Iterator[int] | list[int]) -> bool:
        content = self._words.data.cast("B")
        return all(zlib.crc32(content[at * PIECE : (at + 1) * PIECE]) == self._sums[at] for at in pieces)

    def _spot_check(self) -> bool:
        """The first, the middle and the last piece: a torn write shows at an end."""
        last = len(self._sums) - 1
        return self._intact([0, last // 2, last])

    def intact(self) -> bool:
        """Every piece of the file against its checksum. Reads all of it."""
        return self._intact(iter(range(len(self._sums))))

    def ids(self) -> Ids:
        """The id of every row, (count,) int64."""
        dim = self.manifest.dim
        ids = np.empty(len(self), dtype=np.int64)
        for start, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            at = end * dim + start * 4
            ids[start:end] = self._words[at : at + (end - start) * 4].view(np.int64)
        return ids

    def rows(self, ids: Ids) -> Ids:
        """The row of each id, -1 where it is not here."""
        inside = (ids >= 0) & (ids < self.span)
        rows = np.full(len(ids), -1, dtype=np.int64)
        rows[inside] = self._rows[ids[inside]] - 1
        return rows

    def codes(self, rows: Ids) -> Codes:
        """The vectors (n, dim) float16 of these rows."""
        dim = self.manifest.dim
        lists = np.searchsorted(self.starts, rows, side="right") - 1
        windows = np.lib.stride_tricks.sliding_window_view(self._words, dim)
        return np.asarray(windows[rows * dim + self.starts[lists] * 4]).view(np.float16)

    @cached_property
    def index(self) -> Any:
        """The lists as a FAISS index, mapped; from now on rows are read in that mapping, as two would count twice."""
        index, content = engine.mapped_lists(self._path / "lists.bin", self.starts, self.centroids)
        self._words = content
        return index

    def let_go(self) -> None:
        """Takes the pages read so far out of this process's memory; they stay in the system's cache."""
        self._map.madvise(MADV_DONTNEED)

    def search(self, queries: Floats, k: int, probes: int, keep: Mask | None = None) -> scan.Found:
        """The best `k`, reading `probes` lists (all of them is exact); `keep` is indexed by id."""
        self._cold_rows -= len(queries) * len(self)
        if self.lists == 1 and not engine.loaded() and self._cold_rows >= 0:
            return self.exact(queries, k, keep)
        return engine.search_lists(self.index, queries, k, min(probes, self.lists), keep)

    def exact(self, queries: Floats, k: int, keep: Mask | None = None) -> scan.Found:
        """The same as probing every list, without FAISS."""
        found, every = scan.nothing(len(queries), k), self.ids()
        for start in range(0, len(self), GATHER_ROWS):
            ids = every[start : start + GATHER_ROWS]
            rows = np.arange(start, start + len(ids), dtype=np.int64)
            if keep is not None:
                rows, ids = rows[keep[ids]], ids[keep[ids]]
            found = scan.merge((found, scan.scan(queries, ids, self.codes(rows), k)), k)
        return found
