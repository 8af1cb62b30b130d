"""The committed part: a tantivy index in a folder of its own.

The change up to which it is complete is a document in the index itself, so that a commit moves both or neither.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.caches import CacheBroken
from index.words.source import Analysed, Floats, Ids
from index.words.tail import FIELDS, WEIGHTS, Statistics

HEAP = 64_000_000
"""Bytes that the writer fills before it writes a segment."""
SMALL_HEAP = 15_000_000
"""tantivy's least."""
META = "meta.json"
MARK = "mark"
NO_SCORE = 0.0

Found = tuple[Floats, Ids]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the index says of itself: it is complete up to change `seq`.

    `count` sentences were ever added, with so many `terms` by field.
    """

    seq: int
    count: int
    terms: dict[str, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the log for one commit: the change up to which it goes, what it retired, and what it added."""

    until: int
    retired: Ids
    added: Iterator[Sequence[Analysed]]


def new_schema() -> tantivy.Schema:
    """Terms are analysed before: the index splits them at white space, and keeps frequencies but no positions."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(MARK, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("state", stored=True)
    return builder.build()


def verify(folder: Path, verified: frozenset[str]) -> frozenset[str]:
    """Checks each file of the index but those `verified` before; returns the names of all. Raises CacheBroken."""
    meta = json.loads((folder / META).read_bytes())
    names = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    files = [path for path in folder.iterdir() if path.name.partition(".")[0] in names]
    for path in files:
        if path.name not in verified and not _intact(path):
            raise CacheBroken(f"{path.name} is torn")
    return frozenset(path.name for path in files)


def _intact(path: Path) -> bool:
    """Against the CRC-32 in the footer, which is JSON, its length and a magic number, four bytes each."""
    content = memoryview(path.read_bytes())
    length = int.from_bytes(content[-8:-4], "little")
    footer = json.loads(bytes(content[-8 - length : -8]))
    return bool(zlib.crc32(content[: -8 - length]) == footer["crc"])


class Committed:
    """The index as of one commit. Immutable; safe for many threads."""

    def __init__(self, folder: Path, verified: frozenset[str] = frozenset()) -> None:
        try:
            self._meta = (folder / META).read_bytes()
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
            self._verified = verify(folder, verified)
            self.mark = self._read_mark()
        except (ValueError, OSError, KeyError, TypeError) as error:
            raise CacheBroken(str(error)) from error
        self.folder = folder
        self._schema = self._index.schema

    @classmethod
    def create(cls, folder: Path) -> Committed:
        """An empty index in a new folder. Raises OSError."""
        folder.mkdir()
        try:
            tantivy.Index(new_schema(), path=str(folder))
        except ValueError as error:
            raise OSError(str(error)) from error
        return cls(folder)

    @property
    def segments(self) -> int:
        return int(self._searcher.num_segments)

    def newest(self) -> Committed:
        """This one, or the index as another process committed it since. Raises CacheBroken."""
        try:
            same = (self.folder / META).read_bytes() == self._meta
        except OSError as error:
            raise CacheBroken(str(error)) from error
        return self if same else Committed(self.folder, self._verified)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.iterdir())

    @property
    def count(self) -> int:
        """Sentences in it, without the mark."""
        return max(0, int(self._searcher.num_docs) - 1)

    def has(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of `ids` were committed, taken back or not."""
        held = (self._searcher.doc_freq("id", id) > 0 for id in ids.tolist())
        return np.fromiter(held, dtype=np.bool_, count=len(ids))

    def statistics(self) -> Statistics:
        lengths = {name: terms / max(1, self.mark.count) for name, terms in self.mark.terms.items()}
        return Statistics(self.count, lengths, self._searcher.doc_freq)

    def _read_mark(self) -> Mark:
        query = tantivy.Query.term_query(self._index.schema, MARK, MARK)
        hits = self._searcher.search(query, 1, count=False).hits
        if not hits:
            return Mark(0, 0, dict.fromkeys(FIELDS, 0))
        return Mark(**json.loads(bytes(self._searcher.doc(hits[0][1])["state"][0])))

    def search(self, terms: Sequence[str], limit: int, within: tantivy.Query | None = None) -> Found:
        """The best `limit` sentences by BM25 over title and body: scores, descending, and ids, both (n,)."""
        query_types, clauses = tantivy.Query, []
        for name in FIELDS:
            for term in terms:
                query = query_types.term_query(self._schema, name, term, "freq")
                clauses.append((tantivy.Occur.Should, query_types.boost_query(query, WEIGHTS[name])))
        query = query_types.boolean_query(clauses)
        if within is not None:
            only = query_types.const_score_query(within, NO_SCORE)
            query = query_types.boolean_query([(tantivy.Occur.Must, only), (tantivy.Occur.Must, query)])
        hits = self._searcher.search(query, limit, count=False).hits
        scores = np.fromiter((score for score, _ in hits), dtype=np.float32, count=len(hits))
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return scores, np.array(ids, dtype=np.int64)

    def listed(self, ids: Ids) -> tantivy.Query:
        """Exactly these ids, one by one."""
        return tantivy.Query.term_set_query(self._schema, "id", ids.tolist())

    def ranges(self, runs: Sequence[Ids]) -> tantivy.Query:
        """Exactly the ids of these runs of consecutive ones; by the inverted index: the fast field reads all ids."""
        kind = tantivy.FieldType.Unsigned
        queries = [
            tantivy.Query.range_query(self._schema, "id", kind, int(run[0]), int(run[-1]), True, True, True)
            for run in runs
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def commit(self, windows: Iterable[Window], large: bool, stopped: Callable[[], bool]) -> Committed:
        """Commits window after window; returns the index as it is then. Raises OSError where it can't be written."""
        try:
            writer = self._index.writer(HEAP if large else SMALL_HEAP, 1)
            mark = self.mark
            for window in windows:
                mark = _write(writer, self._schema, mark, window)
                writer.commit()
                if stopped():
                    break
            writer.wait_merging_threads()
        except ValueError as error:  # tantivy's errors all arrive as this one
            raise OSError(str(error)) from error
        return Committed(self.folder, self._verified)


def _write(writer: tantivy.IndexWriter, schema: tantivy.Schema, mark: Mark, window: Window) -> Mark:
    """Puts a window's changes and the new mark before the writer; they count when it commits."""
    count, terms = mark.count, dict(mark.terms)
    for block in window.added:
        for row in block:
            writer.add_document(_document(row))
            count += 1
            for name in FIELDS:
                terms[name] += len(getattr(row, name))
    # After the additions, since a window may take back what it added; by query, since deletion by term misses numbers.
    writer.delete_documents_by_query(tantivy.Query.term_set_query(schema, "id", window.retired.tolist()))
    mark = Mark(window.until, count, terms)
    writer.delete_documents_by_query(tantivy.Query.term_query(schema, MARK, MARK))
    document = tantivy.Document()
    document.add_text(MARK, MARK)
    document.add_bytes("state", json.dumps(asdict(mark)).encode())
    writer.add_document(document)
    return mark


def _document(row: Analysed) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", row.id)
    for name in FIELDS:
        document.add_text(name, " ".join(getattr(row, name)))
    return document
