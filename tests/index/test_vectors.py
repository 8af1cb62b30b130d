"""The vector cache finds what brute force finds, whatever was added, taken back, saved, lost or torn before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import Limits, Vectors, engine, scan
from index.vectors.base import Manifest
from index.vectors.source import Codes, Floats, Ids
from index.vectors.write import MANIFEST

DIM = 24
SMALL = Limits(exact=300, tail=40, in_memory=200, gather=10, retry=0)


def unit(rows: int, seed: int) -> Codes:
    """Clustered unit vectors (rows, DIM) float16."""
    random = np.random.default_rng(seed)
    centers = np.random.default_rng(7).standard_normal((20, DIM))
    vectors = centers[random.integers(20, size=rows)] + 0.4 * random.standard_normal((rows, DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors, dtype=np.float16)


@dataclass
class Log:
    """A store in memory: each change is (ids, vectors, retired)."""

    identity: str = "one"
    fingerprint: str = "model"
    dim: int = DIM
    changes: list[tuple[Ids, Codes, Ids]] = field(default_factory=list)
    next_id: int = 5
    reads: int = 0

    def seq(self) -> int:
        return len(self.changes)

    def added(self, after: int, until: int) -> Iterator[tuple[Ids, Codes]]:
        for ids, codes, _ in self.changes[after:until]:
            self.reads += len(ids)
            yield ids, codes

    def retired(self, after: int, until: int) -> Ids:
        return np.concatenate([np.empty(0, np.int64), *(gone for _, _, gone in self.changes[after:until])])

    def change(self, rows: int, retire: Ids | None = None) -> Ids:
        ids = np.arange(self.next_id, self.next_id + rows, dtype=np.int64)
        self.next_id += rows + 3
        gone = np.empty(0, np.int64) if retire is None else retire
        self.changes.append((ids, unit(rows, seed=self.next_id), gone))
        return ids

    def live(self) -> tuple[Ids, Codes]:
        ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _, _ in self.changes)])
        codes = np.concatenate([np.empty((0, DIM), np.float16), *(codes for _, codes, _ in self.changes)])
        keep = ~np.isin(ids, self.retired(0, self.seq()))
        return ids[keep], codes[keep]


def queries(count: int, seed: int = 99) -> Floats:
    return unit(count, seed).astype(np.float32)


def agrees(vectors: Vectors, log: Log, allowed: Ids | None = None, k: int = 10, count: int = 3) -> None:
    """Search gives brute force's scores, and each id its own score; ids may differ where scores tie."""
    ids, codes = log.live()
    keep = None if allowed is None else np.isin(ids, allowed)
    asked = queries(count)
    expected, _ = scan.scan(asked, ids, codes, k, keep)
    scores, found = vectors.search(asked, k, allowed)
    np.testing.assert_allclose(scores, expected, atol=2e-6)
    assert ((found == -1) == np.isneginf(scores)).all()
    for query, row_scores, row in zip(asked, scores, found, strict=True):
        row = row[row >= 0]
        assert len(set(row.tolist())) == len(row)
        assert np.isin(row, ids if keep is None else ids[keep]).all()
        np.testing.assert_allclose(vectors.scores(query, row), row_scores[: len(row)], atol=2e-6)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from([1, 7, 60, 260])),
            st.tuples(st.just("retire"), st.sampled_from([1, 30])),
            st.tuples(st.sampled_from(["maintain", "reopen", "catch up"]), st.just(0)),
        ),
        max_size=12,
    ),
    share=st.sampled_from([0.0, 0.02, 0.5, 1.0]),
    seed=st.integers(0, 1000),
)
def test_every_history_is_searched_as_brute_force_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], share: float, seed: int
) -> None:
    folder, log, random = tmp_path_factory.mktemp("v"), Log(), np.random.default_rng(seed)
    vectors = Vectors.open(folder, log, limits=SMALL)
    for step, count in steps:
        live = log.live()[0]
        if step == "add":
            log.change(count)
        elif step == "retire":
            log.change(0, random.choice(live, min(count, len(live)), replace=False))
        elif step == "reopen":
            vectors = Vectors.open(folder, log, limits=SMALL)
        elif step == "maintain":
            vectors.catch_up()
            assert vectors.maintain(threads=1)
        vectors.catch_up()
    live = log.live()[0]
    assert vectors.state.count == len(live)
    exact = all_read(vectors)
    agrees(exact, log)
    agrees(exact, log, np.sort(random.choice(live, round(share * len(live)), replace=False)))
    agrees(exact, log, count=1, k=1)


def all_read(vectors: Vectors) -> Vectors:
    """The same, with every row read, so that only exactness is at stake."""
    base = vectors._view.base
    if base is not None:
        base.manifest = replace(base.manifest, reread=len(base))
    return vectors


def large(tmp_path: Path, rows: int = 3000) -> tuple[Log, Vectors]:
    log = Log()
    for _ in range(3):
        log.change(rows // 3)
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    assert vectors.maintain(threads=1)
    return log, vectors


def test_a_large_library_gets_a_sketch_whose_recall_is_measured(tmp_path: Path) -> None:
    _, vectors = large(tmp_path)
    assert vectors.state.kind == "sketch"
    assert 400 <= vectors.state.reread < 3000
    assert vectors.state.recall is not None
    assert vectors.state.recall >= 0.998
    assert vectors.recall(queries(100)) >= 0.995


@pytest.mark.parametrize("kept", [1, 5, 40, 700, 2900])
def test_a_filter_keeps_the_recall(tmp_path: Path, kept: int) -> None:
    log, vectors = large(tmp_path)
    ids, codes = log.live()
    for seed in range(10):
        allowed = np.sort(np.random.default_rng(seed).choice(ids, kept, replace=False))
        expected, _ = scan.scan(queries(20), ids, codes, 10, np.isin(ids, allowed))
        scores, found = vectors.search(queries(20), 10, allowed)
        assert np.isin(found[found >= 0], allowed).all()
        assert np.isclose(scores, expected, atol=2e-6).mean() >= 0.99


def test_opening_reads_no_vector_of_the_store_that_is_saved(tmp_path: Path) -> None:
    log, _ = large(tmp_path)
    log.change(3)
    log.reads = 0
    agrees(all_read(Vectors.open(tmp_path, log, limits=SMALL)), log)
    assert log.reads == 3


def test_catching_up_reads_only_what_is_new(tmp_path: Path) -> None:
    log, vectors = large(tmp_path)
    log.reads = 0
    assert not vectors.catch_up()
    log.change(2)
    assert vectors.catch_up()
    assert log.reads == 2


def test_a_retired_sentence_is_gone_at_once_and_stays_gone(tmp_path: Path) -> None:
    log, vectors = large(tmp_path)
    query = queries(1)
    best = vectors.search(query, 1)[1][0]
    log.change(0, best)
    vectors.catch_up()
    assert best[0] not in vectors.search(query, 50)[1]
    assert vectors.search(query, 5, best)[1].tolist() == [[-1] * 5]
    assert np.isneginf(vectors.scores(query[0], best)).all()
    log.change(50)
    vectors.catch_up()
    assert vectors.maintain(threads=1)
    assert best[0] not in Vectors.open(tmp_path, log, limits=SMALL).search(query, 50)[1]


def damaged(path: Path, how: str) -> None:
    content = path.read_bytes()
    path.unlink()  # never cut in place: a process that has mapped it would die
    if how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "torn":
        path.write_bytes(content[:-64] + bytes(64))


@pytest.mark.parametrize("how", ["missing", "empty", "cut", "torn"])
@pytest.mark.parametrize("name", [MANIFEST, "vectors.bin", "rows.bin", "sums.npz"])
def test_a_damaged_file_is_rebuilt(tmp_path: Path, name: str, how: str) -> None:
    log, _ = large(tmp_path, 600)
    path = tmp_path / name if name == MANIFEST else next(tmp_path.glob(f"*/{name}"))
    damaged(path, how)
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    agrees(all_read(vectors), log)
    assert vectors.maintain(threads=1)
    assert vectors.intact()
    agrees(all_read(Vectors.open(tmp_path, log, limits=SMALL)), log)


@pytest.mark.parametrize("change", [{"identity": "two"}, {"fingerprint": "other"}])
def test_a_foreign_cache_is_not_used(tmp_path: Path, change: dict[str, Any]) -> None:
    log, _ = large(tmp_path, 600)
    log.changes = [(ids, unit(len(ids), 1000 + seq), gone) for seq, (ids, _, gone) in enumerate(log.changes)]
    agrees(all_read(Vectors.open(tmp_path, replace(log, **change), limits=SMALL)), log)


def test_a_cache_from_the_future_is_not_used(tmp_path: Path) -> None:
    log, vectors = large(tmp_path, 600)
    del log.changes[1:]
    agrees(all_read(Vectors.open(tmp_path, log, limits=SMALL)), log)
    vectors.catch_up()
    agrees(all_read(vectors), log)


def test_a_newer_format_is_not_read(tmp_path: Path) -> None:
    log, _ = large(tmp_path, 600)
    manifest = replace(Manifest.read(tmp_path / MANIFEST), format=99)
    (tmp_path / MANIFEST).write_bytes(manifest.encode())
    agrees(all_read(Vectors.open(tmp_path, log, limits=SMALL)), log)


def test_two_processes_share_one_saved_base(tmp_path: Path) -> None:
    log, first = large(tmp_path)
    second = Vectors.open(tmp_path, log, limits=SMALL)
    log.change(900)
    first.catch_up()
    assert first.maintain(threads=1)
    second.catch_up()
    assert second.maintain(threads=1)
    assert second.state.tail == 0
    assert len(list(tmp_path.glob("*/vectors.bin"))) == 1
    agrees(all_read(second), log)


def test_a_reader_keeps_answering_from_a_base_that_was_replaced(tmp_path: Path) -> None:
    log, reader = large(tmp_path)
    before = reader.search(queries(5), 10)
    writer = Vectors.open(tmp_path, log, limits=SMALL)
    log.change(900)
    writer.catch_up()
    assert writer.maintain(threads=1)
    after = reader.search(queries(5), 10)
    np.testing.assert_array_equal(before[1], after[1])


def test_a_full_disk_leaves_answers_whole_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, vectors = large(tmp_path)
    log.change(900)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        vectors.catch_up()
        assert not vectors.maintain(threads=1)
        assert "No space left on device" in str(vectors.state.trouble)
        agrees(all_read(vectors), log)
        agrees(all_read(Vectors.open(tmp_path, log, limits=SMALL)), log)
    assert len(list(tmp_path.glob("*/vectors.bin"))) == 1
    assert vectors.maintain(threads=1)
    assert vectors.state.trouble is None
    agrees(all_read(vectors), log)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    log = Log()
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    scores, ids = vectors.search(queries(2), 3)
    assert ids.tolist() == [[-1] * 3] * 2
    assert np.isneginf(scores).all()
    log.change(0, log.change(300))
    vectors.catch_up()
    assert vectors.maintain(threads=1)
    agrees(Vectors.open(tmp_path, log, limits=SMALL), log)


def test_an_emptied_library_finds_nothing(tmp_path: Path) -> None:
    log, vectors = large(tmp_path, 600)
    log.change(0, log.live()[0])
    vectors.catch_up()
    agrees(all_read(vectors), log)
    assert vectors.maintain(threads=1)
    assert vectors.state.count == 0
    agrees(Vectors.open(tmp_path, log, limits=SMALL), log)


def test_a_query_of_another_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not \(n, 24\)"):
        Vectors.open(tmp_path, Log()).search(np.zeros((1, 7), np.float32), 3)


def test_a_serving_process_trains_by_itself(tmp_path: Path) -> None:
    log = Log()
    log.change(1500)
    vectors = Vectors.open(tmp_path, log, serving=True, limits=SMALL)
    assert vectors._worker is not None
    vectors._worker.join()
    assert vectors.state.kind == "sketch"
    agrees(all_read(vectors), log)
    vectors.close()


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(0, 3000), k=st.integers(1, 40), kept=st.floats(0, 1), seed=st.integers(0, 99))
def test_the_fast_scan_is_the_plain_one(rows: int, k: int, kept: float, seed: int) -> None:
    codes, asked = unit(rows, seed), queries(2)
    ids = np.arange(rows, dtype=np.int64) * 2 + 1
    keep = np.random.default_rng(seed).random(rows) < kept
    exact = asked @ codes[keep].astype(np.float32).T
    plain = -np.sort(-exact, axis=1)[:, :k]
    scores, _ = scan.scan(asked, ids, codes, k, keep)
    np.testing.assert_allclose(scores[:, : plain.shape[1]], plain, atol=2e-6)
    if rows:
        found = engine.search_flat(engine.flat(codes), asked, k, keep)[0]
        np.testing.assert_allclose(found, scores[:, : found.shape[1]], atol=2e-6)


def test_searches_go_on_while_the_cache_changes_under_them(tmp_path: Path) -> None:
    log, vectors = large(tmp_path, 900)
    query, done = queries(1), Event()
    fixed = np.sort(vectors.search(query, 5)[1][0])

    def ask() -> int:
        asked = 0
        while not done.is_set() or not asked:
            scores, ids = vectors.search(query, 5, fixed)
            assert np.array_equal(np.sort(ids[0]), fixed)
            scores, ids = vectors.search(query, 20)
            assert (np.diff(scores) <= 0).all()
            assert len(set(ids[0].tolist())) == 20
            asked += 1
        return asked

    with ThreadPoolExecutor(2) as threads:
        askers = [threads.submit(ask) for _ in range(2)]
        try:
            for size in (3, 300, 1, 500, 40):
                others = np.setdiff1d(log.live()[0], fixed)
                log.change(size, others[::7])
                vectors.catch_up()
                assert vectors.maintain(threads=1)
        finally:
            done.set()
        assert all(asker.result() > 0 for asker in askers)
    agrees(all_read(vectors), log)
