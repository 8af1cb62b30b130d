"""The plain design at any size: the same texts and vectors in a flat float32 FAISS index and an SQLite FTS5 table."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.settings import LibrarySettings
from index.store.engine import connect
from index.store.log import VectorLog, WordLog

DEPTH = 50

Floats = npt.NDArray[np.float32]


class Plain:
    """Both indices of a library's live sentences, and how long each took to build."""

    def __init__(self, settings: LibrarySettings, fingerprint: str, dim: int, folder: Path) -> None:
        engine = connect(settings.data / "library.db")
        vectors, words = VectorLog(engine, fingerprint, dim), WordLog(engine)
        began = time.perf_counter()
        self.flat = faiss.IndexFlatIP(dim)
        for _, codes in vectors.added(0, vectors.seq()):
            self.flat.add(codes.astype(np.float32))
        self.flat_seconds = time.perf_counter() - began
        began = time.perf_counter()
        self._file = folder / "plain.db"
        self._file.unlink(missing_ok=True)
        self._words = sqlite3.connect(self._file)
        self._words.execute("PRAGMA journal_mode=OFF")
        self._words.execute("CREATE VIRTUAL TABLE words USING fts5(title, text)")
        for block in words.added(0, words.seq()):
            rows = [(id, title, text) for id, title, text, _ in block]
            self._words.executemany("INSERT INTO words(rowid, title, text) VALUES (?, ?, ?)", rows)
        self._words.commit()
        self.words_seconds = time.perf_counter() - began

    @property
    def bytes(self) -> tuple[int, int]:
        """Of the flat index and of the table."""
        return self.flat.ntotal * self.flat.d * 4, self._file.stat().st_size

    def nearest(self, vector: Floats) -> object:
        """The DEPTH nearest rows to (dim,)."""
        return self.flat.search(vector.reshape(1, -1), DEPTH)

    def worded(self, question: str) -> list[int]:
        """The DEPTH best sentences that hold any of its words."""
        said = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        found = self._words.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?", (said, DEPTH)
        )
        return [row[0] for row in found]

    def save(self, folder: Path) -> None:
        """As `benchmarks.plain ask` reads it."""
        faiss.write_index(self.flat, str(folder / "plain.faiss"))
        texts = [row[0] for row in self._words.execute("SELECT text FROM words ORDER BY rowid")]
        (folder / "plain.json").write_text(json.dumps(texts), encoding="utf-8")
