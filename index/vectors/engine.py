"""The one door to FAISS. It is loaded at the first use: a process that asks once of a small library does without."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.source import Codes, Floats, Ids, Mask

Found = tuple[Floats, Ids]

ROUNDS = 8
"""Of k-means, for each of a sketch's codebooks."""
WRITE = 1 << 20
"""Bytes handed to a file at once."""


def loaded() -> bool:
    return "faiss" in sys.modules


def load() -> Any:
    """The module, without the stubs that come with it (their signatures are not those of its wrappers)."""
    return import_module("faiss")


def use_threads(count: int) -> None:
    """How many threads the calling thread's searches use: OpenMP keeps this number for each thread by itself."""
    if loaded():
        load().omp_set_num_threads(count)


def flat(codes: Codes) -> Any:
    """An exact index over (n, dim) float16, copied; its labels are rows."""
    faiss = load()
    index = faiss.IndexScalarQuantizer(codes.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True
    index.add(codes.astype(np.float32))
    return index


def search_flat(index: Any, queries: Floats, k: int, rows: Mask | None) -> Found:
    """The best `k` rows of those that `rows` allows."""
    faiss = load()
    params = None
    if rows is not None:
        selector = faiss.IDSelectorBitmap(np.packbits(rows, bitorder="little"))
        params = faiss.SearchParameters(sel=selector)
    return _padded(*index.search(queries, min(k, index.ntotal), params=params))


def mapped(path: Path, dim: int, count: int) -> tuple[Any, NDArray[np.uint16]]:
    """An exact index over a mapped file of `count` float16 vectors followed by their ids (int64), nothing copied.

    To FAISS it is an inverted file of one list, the only index that it searches in place under a selector of ids. Also
    returns the file's content, in the same mapping; it is valid as long as the index.
    """
    faiss = load()
    lists = faiss.OnDiskInvertedLists()
    # Prefetching starts threads at each search, and the page cache does that work.
    lists.nlist, lists.code_size, lists.prefetch_nthread = 1, 2 * dim, 0
    one = faiss.OnDiskOneList()
    one.size, one.capacity, one.offset = count, count, 0
    lists.lists.push_back(one)
    lists.filename, lists.totsize, lists.read_only = str(path), path.stat().st_size, True
    lists.do_mmap()
    quantizer = faiss.IndexFlatIP(dim)
    quantizer.add(np.zeros((1, dim), dtype=np.float32))
    kind = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexIVFScalarQuantizer(quantizer, dim, 1, kind, faiss.METRIC_INNER_PRODUCT, False)
    index.is_trained, index.ntotal = True, count
    index.replace_invlists(lists, True)
    lists.this.disown()  # the index frees them; it keeps the quantizer by itself
    content: NDArray[np.uint16] = faiss.rev_swig_ptr(lists.ptr, lists.totsize).view(np.uint16)
    return index, content


def search_mapped(index: Any, queries: Floats, k: int, keep: Mask | None) -> Found:
    """The best `k` ids; `keep` is indexed by id."""
    faiss = load()
    params = faiss.SearchParametersIVF(nprobe=1)
    if keep is not None:
        selector = faiss.IDSelectorBitmap(np.packbits(keep, bitorder="little"))
        params = faiss.SearchParametersIVF(nprobe=1, sel=selector)
    return _padded(*index.search(queries, min(k, index.ntotal), params=params))


def search_block(codes: Codes, queries: Floats, k: int) -> Found:
    """The exact best `k` rows of (m, dim) float16, by a matrix product: for many queries at once."""
    scores, rows = load().knn(queries, codes.astype(np.float32), min(k, len(codes)), metric=load().METRIC_INNER_PRODUCT)
    return scores, rows


def _padded(scores: Floats, ids: Ids) -> Found:
    """FAISS marks a missing place by the id -1 and the smallest float; the score becomes -inf."""
    scores[ids < 0] = -np.inf
    return scores, ids


def new_sketch(sample: Floats) -> Any:
    """An empty index of 4 bits for every two dimensions (one where they are odd), trained on a sample (n, dim).

    Product quantisation scanned in registers: Andre, Kermarrec and Le Scouarnec 2015, "Cache locality is not enough".
    """
    faiss = load()
    dim = sample.shape[1]
    index = faiss.IndexPQFastScan(dim, dim // 2 if dim % 2 == 0 else dim, 4, faiss.METRIC_INNER_PRODUCT)
    training = index.pq.cp
    training.niter, training.min_points_per_centroid, training.max_points_per_centroid = ROUNDS, 1, len(sample)
    index.train(sample)
    return index


def same_sketch(index: Any) -> Any:
    """An empty index with the same codebooks."""
    empty = load().clone_index(index)
    empty.reset()
    return empty


def write_sketch(index: Any, write: Callable[[bytes], object]) -> None:
    """Writes the index, piece by piece. Raises what `write` raises."""
    faiss = load()
    faiss.write_index(index, faiss.PyCallbackIOWriter(write, WRITE))


def read_sketch(path: Path) -> Any:
    """The index in a file that is known to be whole."""
    return load().read_index(str(path))
