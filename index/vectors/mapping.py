"""Rows of a file without holding all of it in memory: two calls of the C library."""

from __future__ import annotations

import ctypes
from functools import cache
from mmap import MADV_DONTNEED
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.source import Codes, Ids


@cache
def _libc() -> Any:
    """Called with Python's lock held. `os.pread` gives it away for each row, and among many threads waits for it each
    time; 400 rows out of the system's cache take 0.8 ms."""
    library = ctypes.PyDLL(None, use_errno=True)
    library.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    library.pread.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64)
    library.pread.restype = ctypes.c_ssize_t
    return library


def let_go(content: NDArray[np.uint16]) -> None:
    """Takes the pages of a mapping out of this process's memory; they stay in the system's cache."""
    _libc().madvise(content.ctypes.data, content.nbytes, MADV_DONTNEED)


def read_rows(file: int, rows: Ids, dim: int) -> Codes:
    """Rows (n, dim) float16 of a file that begins with them. Raises OSError.

    For a few rows out of many: a mapping would take up to 2 MB into this process's memory for each of them, as the
    kernel maps whole folios of its cache (measured: 480 MB for 400 rows of 768 bytes).
    """
    codes = np.empty((len(rows), dim), dtype=np.float16)
    pread, start, size = _libc().pread, codes.ctypes.data, 2 * dim
    for place, row in enumerate(rows.tolist()):
        if pread(file, start + place * size, size, row * size) != size:
            raise OSError(ctypes.get_errno(), "a row of the vector cache can't be read")
    return codes
