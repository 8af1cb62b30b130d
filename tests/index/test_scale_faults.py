"""What a disk can do to the search caches: full at any write, torn at the last page, written by another process."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.vectors import Vectors
from index.vectors.base import Manifest
from index.vectors.write import MANIFEST
from tests.index import test_vectors, test_words
from tests.index.test_vectors import SMALL, Log, agrees, all_read

PAGE = 4096


class FullDisk:
    """The file layer with room for `room` operations that take space; from the next one on, all fail half done."""

    def __init__(self, room: int) -> None:
        self._left = room
        self.hit = False

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.hit = True
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    def file(self, file: Any) -> Any:
        """The same file, whose writes take room; the one that does not fit is written by half."""
        write = file.write
        disk = self

        class Counted:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

            def write(self, content: bytes) -> int:
                try:
                    disk.take()
                except OSError:
                    write(content[: len(content) // 2])
                    raise
                return int(write(content))

        return Counted()

    @contextmanager
    def mounted(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        really_open, sync = Path.open, os.fsync

        def opened(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
            if "w" in mode:
                self.take()
            file = really_open(path, mode, *rest, **more)
            return self.file(file) if "w" in mode else file

        def counted(function: Any) -> Any:
            def call(*arguments: Any, **more: Any) -> Any:
                self.take()
                return function(*arguments, **more)

            return call

        with monkeypatch.context() as disk:
            disk.setattr(Path, "open", opened)
            disk.setattr(os, "fsync", counted(sync))
            disk.setattr(Path, "mkdir", counted(Path.mkdir))
            disk.setattr(Path, "replace", counted(Path.replace))
            yield


def test_a_disk_full_at_any_write_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in count():
        folder, log = tmp_path / str(room), Log()
        log.change(150)
        log.change(150)
        vectors = Vectors.open(folder, log, limits=SMALL)
        assert vectors.maintain(threads=1)
        log.change(130, log.live()[0][::9])
        disk = FullDisk(room)
        with disk.mounted(monkeypatch):
            vectors.catch_up()
            vectors.maintain(threads=1)
            agrees(all_read(vectors), log)
            agrees(all_read(Vectors.open(folder, log, limits=SMALL)), log)
        assert not disk.hit or "No space left" in str(vectors.state.trouble) or vectors.state.trouble is None
        assert vectors.maintain(threads=1)
        assert vectors.state.trouble is None
        agrees(all_read(vectors), log)
        reopened = Vectors.open(folder, log, limits=SMALL)
        assert reopened.intact()
        agrees(all_read(reopened), log)
        assert len(list(folder.glob("*/vectors.bin"))) == len(list(folder.glob("*/sketch-*"))) == 1
        if not disk.hit:
            break
    assert room > 20


@pytest.mark.parametrize("limit", [0, 100, 1500, 4096, 9000])
def test_a_word_cache_that_outgrows_the_disk_still_answers(tmp_path: Path, limit: int) -> None:
    log = test_words.Log()
    log.change(40)
    words = test_words.opened(tmp_path, log)
    words.maintain()
    for rows in (90, 70, 120):
        log.change(rows)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        words.catch_up()
        words.maintain()
        test_words.agrees(words, log, ["w1", "w9", "title5"], exact=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert words.maintain()
    test_words.agrees(test_words.opened(tmp_path, log), log, ["w1", "w9", "title5"], exact=False)


def sketched(folder: Path) -> Log:
    log = Log()
    log.change(900)
    assert Vectors.open(folder, log, limits=SMALL).maintain(threads=1)
    return log


def without_last_page(path: Path) -> None:
    """As a file is whose last page never reached the disk: its length is right, its end is zeros."""
    content = path.read_bytes()
    start = (len(content) - 1) // PAGE * PAGE
    path.unlink()  # never written in place: a process that has mapped it would see it
    path.write_bytes(content[:start] + bytes(len(content) - start))


@pytest.mark.parametrize("name", ["vectors.bin", "rows.bin", "sums.npz", "sketch-*"])
def test_a_torn_last_page_is_seen_and_mended(tmp_path: Path, name: str) -> None:
    log = sketched(tmp_path)
    without_last_page(next(tmp_path.glob(f"*/{name}")))
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    agrees(all_read(vectors), log)
    assert vectors.state.kind == "exact"
    assert vectors.maintain(threads=1)
    assert vectors.state.kind == "sketch"
    assert vectors.intact()


def test_a_sketch_that_is_gone_is_trained_again_and_nothing_else_is_read(tmp_path: Path) -> None:
    log = sketched(tmp_path)
    next(tmp_path.glob("*/sketch-*")).unlink()
    log.reads = 0
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    assert vectors.maintain(threads=1)
    assert vectors.state.kind == "sketch"
    assert log.reads == 0
    agrees(all_read(vectors), log)


def test_while_another_process_writes_this_one_answers_from_memory(tmp_path: Path) -> None:
    log = sketched(tmp_path)
    vectors = Vectors.open(tmp_path, log, limits=SMALL)
    log.change(200, log.live()[0][::5])
    hold = "import fcntl,sys; f=open(sys.argv[1],'a'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    command = [sys.executable, "-c", hold, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        before = Manifest.read(tmp_path / MANIFEST)
        vectors.catch_up()
        assert not vectors.maintain(threads=1)
        assert Manifest.read(tmp_path / MANIFEST) == before
        agrees(all_read(vectors), log)
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert vectors.maintain(threads=1)  # the lock died with its process
    agrees(all_read(vectors), log)


def test_a_sketch_trained_by_another_process_is_taken_over(tmp_path: Path) -> None:
    log = Log()
    log.change(900)
    slow = Vectors.open(tmp_path, log, limits=SMALL)
    assert slow.state.kind == "exact"
    assert Vectors.open(tmp_path, log, limits=SMALL).maintain(threads=1)
    trained = Manifest.read(tmp_path / MANIFEST)
    assert slow.maintain(threads=1)
    assert slow.state.kind == "sketch"
    assert Manifest.read(tmp_path / MANIFEST) == trained


def test_what_was_built_piece_by_piece_is_the_same_file_as_what_is_built_at_once(tmp_path: Path) -> None:
    log = Log()
    grown = Vectors.open(tmp_path / "grown", log, limits=SMALL)
    for rows in (400, 3, 250, 60, 500):
        log.change(rows, log.live()[0][::11])
        grown.catch_up()
        assert grown.maintain(threads=1)
    log.change(0, log.live()[0][:250])
    grown.catch_up()
    assert grown.maintain(threads=1)
    Vectors.open(tmp_path / "once", log, limits=SMALL)
    live = log.live()[0]
    assert len(live) == grown.state.count
    for name in ("vectors.bin", "rows.bin"):
        first, second = (next((tmp_path / folder).glob(f"*/{name}")) for folder in ("grown", "once"))
        assert first.read_bytes() == second.read_bytes()


def test_rows_of_a_large_file_are_read_as_those_of_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.vectors import base

    log = sketched(tmp_path)
    small = Vectors.open(tmp_path, log, limits=SMALL)
    expected = small.search(test_vectors.queries(20), 10)
    monkeypatch.setattr(base, "HELD", 1)
    large = Vectors.open(tmp_path, log, limits=SMALL)
    for found, wanted in zip(large.search(test_vectors.queries(20), 10), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
    log.change(150, log.live()[0][::5])
    large.catch_up()
    assert large.maintain(threads=1)
    agrees(all_read(large), log)
