"""Writes a generation: the old one's live vectors and the store's newer ones, put into lists, and a manifest for them.

Memory stays flat: newer vectors go to a spill file first, and the lists are gathered from the two mapped files.
Nothing is written through a mapping, because a full disk would then kill the process instead of raising OSError.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import numpy as np

from index import caches
from index.vectors import engine
from index.vectors.base import FORMAT, GATHER_ROWS, PIECE, Base, Manifest, checksums
from index.vectors.source import Codes, Floats, Ids, VectorSource

MANIFEST = "manifest.json"
LET_GO = 1 << 26
"""After so many bytes written, what was read for them need not stay in memory."""


class Stopped(Exception):
    """The work was given up because the cache is being closed."""


@dataclass(frozen=True, slots=True)
class Lists:
    """How vectors are put into lists: by the nearest of `centroids` (n, dim), trained on `trained_on` vectors."""

    centroids: Floats
    trained_on: int

    @classmethod
    def one(cls, dim: int) -> Lists:
        """A single list: exact search."""
        return cls(np.zeros((1, dim), dtype=np.float32), 0)

    @classmethod
    def of(cls, base: Base) -> Lists:
        """The lists of a generation."""
        return cls(base.centroids, base.manifest.trained_on)

    def assign(self, codes: Codes) -> Ids:
        """The list of each vector, (n,) int64."""
        if len(self.centroids) == 1:
            return np.zeros(len(codes), dtype=np.int64)
        return engine.nearest(self.centroids, codes)


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors in two files, the old generation's live rows first, then the spilled ones."""

    base: Base | None
    kept: Ids
    spilled: Codes
    ids: Ids

    def codes(self, rows: Ids) -> Codes:
        """The vectors (n, dim) float16 of these rows."""
        codes = np.empty((len(rows), self.spilled.shape[1]), dtype=np.float16)
        old = rows < len(self.kept)
        if self.base is not None and old.any():
            codes[old] = self.base.codes(self.kept[rows[old]])
        codes[~old] = self.spilled[rows[~old] - len(self.kept)]
        return codes


class _Summed:
    """A file that keeps the CRC-32 of each piece as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sums: list[int] = []
        self.size = 0

    def write(self, content: bytes) -> None:
        self._file.write(content)
        view = memoryview(content)
        while view:
            free = PIECE - self.size % PIECE
            if free == PIECE:
                self._sums.append(0)
            self._sums[-1] = zlib.crc32(view[:free], self._sums[-1])
            self.size += len(view[:free])
            view = view[free:]

    @property
    def sums(self) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        return np.array(self._sums, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes generations of `folder` from `source`. The caller has the writers' turn. Raises OSError, Stopped."""

    folder: Path
    source: VectorSource
    stopped: Callable[[], bool]

    def write(self, old: Base | None, until: int, lists: Lists) -> Base | None:
        """A generation of everything live at change `until`, synced but not yet published; None where nothing is."""
        self._sweep(old)
        home = self.folder / f"{until}-{token_hex(4)}"
        home.mkdir()
        if old is not None:
            old = Base(self.folder, old.manifest)  # a mapping of its own, which ends with the work
        try:
            return self._fill(home, old, until, lists)
        except (OSError, Stopped):
            shutil.rmtree(home, ignore_errors=True)  # a full disk gets its room back at once
            raise

    def _fill(self, home: Path, old: Base | None, until: int, lists: Lists) -> Base | None:
        rows = self._collect(home, old, until)
        if not len(rows.ids):
            return None
        same = old is not None and np.array_equal(old.centroids, lists.centroids)
        assigned = self._assign(rows, lists, old if same else None)
        order = np.lexsort((rows.ids, assigned)).astype(np.int64)
        starts = np.searchsorted(assigned[order], np.arange(len(lists.centroids) + 1)).astype(np.int64)
        with (home / "lists.bin").open("wb") as file:
            summed = self._write_lists(file, rows, order, starts)
        self._write_parts(home, rows.ids[order], starts, lists, summed)
        (home / "spill").unlink()
        caches.sync_folder(home)
        manifest = Manifest(
            FORMAT, self.source.identity, self.source.fingerprint, self.source.dim, until, home.name,
            len(rows.ids), summed.size, lists.trained_on,
        )  # fmt: skip
        return Base(self.folder, manifest)

    def publish(self, base: Base | None, probes: int = 1, recall: float | None = None) -> Base | None:
        """Names the generation in the manifest, which makes it the one that is opened; drops the others."""
        if base is None:
            (self.folder / MANIFEST).unlink(missing_ok=True)
        else:
            manifest = replace(base.manifest, probes=probes, recall=recall)
            caches.replace(self.folder / MANIFEST, manifest.encode())
            base = Base(self.folder, manifest)  # opened afresh: measuring has read all of it into memory
        self._sweep(base)
        return base

    def _sweep(self, keep: Base | None) -> None:
        """Drops what killed writers left, and old generations; a reader that mapped one keeps it."""
        for path in self.folder.iterdir():
            if path.is_dir() and (keep is None or path.name != keep.manifest.generation):
                shutil.rmtree(path, ignore_errors=True)

    def _collect(self, home: Path, old: Base | None, until: int) -> Rows:
        after = 0 if old is None else old.manifest.seq
        retired = self.source.retired(after, until)
        kept = np.empty(0, dtype=np.int64)
        old_ids = kept
        if old is not None:
            every = old.ids()
            kept = np.flatnonzero(~np.isin(every, retired)).astype(np.int64)
            old_ids = every[kept]
        new_ids = [np.empty(0, dtype=np.int64)]
        with (home / "spill").open("wb") as spill:
            for ids, codes in self.source.added(after, until):
                self._check()
                fresh = ~np.isin(ids, retired)
                if old is not None:
                    fresh &= old.rows(ids) < 0
                spill.write(np.ascontiguousarray(codes[fresh]).tobytes())
                new_ids.append(ids[fresh])
        ids = np.concatenate((old_ids, *new_ids))
        spilled = np.empty((0, self.source.dim), dtype=np.float16)
        if len(ids) > len(old_ids):
            spilled = np.memmap(home / "spill", dtype=np.float16, mode="r").reshape(-1, self.source.dim)
        return Rows(old, kept, spilled, ids)

    def _assign(self, rows: Rows, lists: Lists, same: Base | None) -> Ids:
        """The list of every row; the old generation's rows keep theirs where the lists are the same."""
        assigned = np.empty(len(rows.ids), dtype=np.int64)
        start = 0
        if same is not None:
            start = len(rows.kept)
            assigned[:start] = np.searchsorted(same.starts, rows.kept, side="right") - 1
        for at in range(start, len(rows.ids), GATHER_ROWS):
            self._check()
            some = np.arange(at, min(at + GATHER_ROWS, len(rows.ids)), dtype=np.int64)
            assigned[some] = lists.assign(rows.codes(some))
        return assigned

    def _write_lists(self, file: BinaryIO, rows: Rows, order: Ids, starts: Ids) -> _Summed:
        summed, written = _Summed(file), 0
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            self._check()
            for at in range(start, end, GATHER_ROWS):
                summed.write(rows.codes(order[at : min(at + GATHER_ROWS, end)]).tobytes())
            summed.write(rows.ids[order[start:end]].tobytes())
            if rows.base is not None and summed.size // LET_GO != written:
                written = summed.size // LET_GO
                rows.base.let_go()
        file.flush()
        os.fsync(file.fileno())
        return summed

    def _write_parts(self, home: Path, ids: Ids, starts: Ids, lists: Lists, summed: _Summed) -> None:
        table = np.zeros(int(ids.max()) + 1, dtype=np.int32)
        table[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
        parts = BytesIO()
        np.savez(
            parts, starts=starts, centroids=lists.centroids, sums=summed.sums,
            row_sums=checksums(table.data.cast("B")),
        )  # fmt: skip
        for name, content in (("rows.bin", table.tobytes()), ("parts.npz", parts.getvalue())):
            with (home / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def _check(self) -> None:
        if self.stopped():
            raise Stopped
