"""Writes a generation: the old one's live vectors and the store's newer ones by ascending id, and a manifest for them.

Memory stays flat: newer vectors go to a spill file first, and the rows are gathered from the two mapped files.
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
from index.vectors import sketch, train
from index.vectors.base import BLOCK_ROWS, FORMAT, PIECE, Base, Manifest, checksums
from index.vectors.source import Codes, Floats, Ids, VectorSource
from index.vectors.train import Stopped

MANIFEST = "manifest.json"


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
            codes[old] = self.base.block(self.kept[rows[old]])
        codes[~old] = self.spilled[rows[~old] - len(self.kept)]
        return codes

    def let_go(self) -> None:
        """What was read of the old generation need not stay in memory."""
        if self.base is not None:
            self.base.let_go()


class _Summed:
    """A file that keeps the CRC-32 of each piece as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sums: list[int] = []
        self._size = 0

    def write(self, content: bytes) -> None:
        self._file.write(content)
        view = memoryview(content)
        while view:
            free = PIECE - self._size % PIECE
            if free == PIECE:
                self._sums.append(0)
            self._sums[-1] = zlib.crc32(view[:free], self._sums[-1])
            self._size += len(view[:free])
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

    def write(self, old: Base | None, until: int) -> Base | None:
        """A generation of everything live at change `until`, synced but not yet published; None where nothing is.

        Where the old one has a sketch, the new one has one of the same codebooks.
        """
        self._sweep(old)
        home = self.folder / f"{until}-{token_hex(4)}"
        home.mkdir()
        mine = Base(self.folder, old.manifest) if old is not None else None  # a mapping that ends with the work
        try:
            base = self._fill(home, mine, until)
            if base is not None and mine is not None and mine.sketch is not None:
                trained_on = mine.manifest.sketch.trained_on if mine.manifest.sketch else 0
                base = self._sketched(base, mine.sketch.empty(), trained_on)
        except (OSError, Stopped):
            shutil.rmtree(home, ignore_errors=True)  # a full disk gets its room back at once
            raise
        return base

    def train(self, base: Base, exact: int) -> Base:
        """The same generation with a sketch trained on it, or without one where it is no longer that large; synced
        but not yet published."""
        if len(base) <= exact:
            return Base(self.folder, replace(base.manifest, sketch=None))
        return self._sketched(Base(self.folder, base.manifest), train.codebooks(base), len(base))

    def _sketched(self, base: Base, empty: object, trained_on: int) -> Base:
        train.fill(empty, base, self.stopped)
        mark = sketch.write(base.home, empty, trained_on)
        return Base(self.folder, replace(base.manifest, sketch=mark))

    def _fill(self, home: Path, old: Base | None, until: int) -> Base | None:
        rows = self._collect(home, old, until)
        if not len(rows.ids):
            return None
        order = np.argsort(rows.ids, kind="stable").astype(np.int64)
        with (home / "vectors.bin").open("wb") as file:
            sums = self._write_vectors(file, rows, order)
        self._write_rows(home, rows.ids[order], sums)
        (home / "spill").unlink()
        caches.sync_folder(home)
        source, count = self.source, len(rows.ids)
        about = Manifest(FORMAT, source.identity, source.fingerprint, source.dim, until, home.name, count)
        return Base(self.folder, about)

    def publish(self, base: Base | None, asked: Floats) -> Base | None:
        """Names the generation in the manifest, which makes it the one that is opened; drops the others.

        How many rows its sketch must name is measured first, with `asked` (n, dim), questions lately asked.
        """
        if base is None:
            (self.folder / MANIFEST).unlink(missing_ok=True)
        else:
            reread, recall = train.choose_reread(base, asked)
            base.manifest = replace(base.manifest, reread=reread, recall=recall)
            caches.replace(self.folder / MANIFEST, base.manifest.encode())
        self._sweep(base)
        return base

    def _sweep(self, keep: Base | None) -> None:
        """Drops what killed writers left, and old generations and sketches; a reader that mapped one keeps it."""
        for path in self.folder.iterdir():
            if path.is_dir() and (keep is None or path != keep.home):
                shutil.rmtree(path, ignore_errors=True)
        if keep is not None:
            mark = keep.manifest.sketch
            for path in keep.home.glob(f"{sketch.PREFIX}*"):
                if mark is None or path.name != mark.file:
                    path.unlink(missing_ok=True)

    def _collect(self, home: Path, old: Base | None, until: int) -> Rows:
        after = 0 if old is None else old.manifest.seq
        retired = self.source.retired(after, until)
        kept = np.empty(0, dtype=np.int64)
        old_ids = kept
        if old is not None:
            every = old.ids
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

    def _write_vectors(self, file: BinaryIO, rows: Rows, order: Ids) -> _Summed:
        summed = _Summed(file)
        for at in range(0, len(order), BLOCK_ROWS):
            self._check()
            summed.write(rows.codes(order[at : at + BLOCK_ROWS]).tobytes())
            rows.let_go()
        summed.write(rows.ids[order].tobytes())
        file.flush()
        os.fsync(file.fileno())
        return summed

    def _write_rows(self, home: Path, ids: Ids, summed: _Summed) -> None:
        table = np.zeros(int(ids[-1]) + 1, dtype=np.int32)
        table[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
        sums = BytesIO()
        np.savez(sums, vectors=summed.sums, rows=checksums(table.data.cast("B")))
        for name, content in (("rows.bin", table.tobytes()), ("sums.npz", sums.getvalue())):
            with (home / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def _check(self) -> None:
        if self.stopped():
            raise Stopped
