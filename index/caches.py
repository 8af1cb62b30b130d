"""What the two caches share: the lock between writers, the atomic write, and the one error that means "rebuild"."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CacheBroken(Exception):
    """A cache is missing, stale, torn, foreign or of another format. Never shown: it is rebuilt from the store."""


@contextmanager
def writers_turn(folder: Path) -> Iterator[bool]:
    """Yields True where this caller may write to `folder`, False where another one is writing. Never waits.

    The lock (flock on `<folder>/lock`) dies with its process. It also excludes two writers in one process.
    Raises OSError where the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: a renamed file may otherwise be lost with the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    """Writes `content` to `path` whole or not at all (temporary file, fsync, rename)."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
