"""Kills a process at chosen lines of its work. Run as a script of its own, so that every fork starts from one thread.

    python -m tests.index.kills vectors|words FOLDER STEP

Kills the work on the cache at every STEP-th line of its code, opens what is left each time, and compares with brute
force. Prints how often it killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from index.vectors import Vectors
from tests.index import test_vectors, test_words

BEFORE, DURING = 4, 5
"""Changes in the store before the work begins, and those that come during the work."""


def killed(line: int, code: str, work: Callable[[], None]) -> bool:
    """Whether `work`, in a child, came to the `line`-th line that it runs in files of `code`, and died there."""
    child = os.fork()
    if child == 0:
        left = line

        def each(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if code not in frame.f_code.co_filename:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return each

        sys.settrace(each)
        work()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("the work itself failed")
    return os.WIFSIGNALED(status)


def passes(check: Callable[[], None]) -> bool:
    """Whether `check` passes, in a child; its traceback goes to stderr."""
    child = os.fork()
    if child == 0:
        check()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def vectors_of(changes: int) -> test_vectors.Log:
    log = test_vectors.Log()
    for change in range(changes):
        live = log.live()[0]
        log.change(70 + 40 * (change % 3), live[::17] if change else None)
    return log


def work_on_vectors(folder: Path) -> None:
    log, whole = vectors_of(BEFORE), vectors_of(BEFORE + DURING)
    vectors = Vectors.open(folder, log, limits=test_vectors.SMALL)
    for change in whole.changes[BEFORE:]:
        log.changes.append(change)
        vectors.catch_up()
        vectors.maintain(threads=1)


def check_vectors(folder: Path) -> None:
    log = vectors_of(BEFORE + DURING)
    vectors = Vectors.open(folder, log, limits=test_vectors.SMALL)
    assert vectors.state.count == len(log.live()[0])
    assert vectors.intact()
    test_vectors.agrees(test_vectors.all_read(vectors), log)


def words_of(changes: int) -> test_words.Log:
    log = test_words.Log()
    for change in range(changes):
        live = np.array([row[0] for row in log.live()], dtype=np.int64)
        log.change(25 + 20 * (change % 3), live[::17] if change else test_words.NONE)
    return log


def work_on_words(folder: Path) -> None:
    log, whole = words_of(BEFORE), words_of(BEFORE + DURING)
    words = test_words.opened(folder, log)
    for change in whole.changes[BEFORE:]:
        log.changes.append(change)
        words.catch_up()
        words.maintain()


def check_words(folder: Path) -> None:
    log = words_of(BEFORE + DURING)
    words = test_words.opened(folder, log)
    assert words.state.count == len(log.live())
    test_words.agrees(words, log, ["w1", "w9", "title5"], exact=False)


ROOMS = {"vectors": (work_on_vectors, check_vectors), "words": (work_on_words, check_words)}


def main(room: str, folder: Path, step: int) -> None:
    work, check = ROOMS[room]
    for kills in count():
        home = folder / str(kills // 3)  # three kills one after the other on the same files, then afresh
        if not killed(1 + kills * step, f"/index/{room}/", partial(work, home)):
            break
        if not passes(partial(check, home)):
            sys.exit(f"wrong after a kill at line {1 + kills * step}")
    print(kills)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
