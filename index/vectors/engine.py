"""The one door to FAISS. It is loaded at the first use: a process that asks once of a small library does without."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.source import Codes, Floats, Ids, Mask

Found = tuple[Floats, Ids]


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


def mapped_lists(path: Path, starts: Ids, centroids: Floats) -> tuple[Any, NDArray[np.uint16]]:
    """Inverted lists of float16 in a mapped file: list `i` holds the rows from starts[i] to starts[i + 1].

    In the file each list is its vectors and then its ids, as `OnDiskInvertedLists` expects it. Also returns the file's
    content, in the same mapping; it is valid as long as the index.
    """
    faiss = load()
    dim, count = centroids.shape[1], len(centroids)
    lists = faiss.OnDiskInvertedLists()
    # Prefetching starts threads at each search, and the page cache does that work.
    lists.nlist, lists.code_size, lists.prefetch_nthread = count, 2 * dim, 0
    for start, size in zip(starts[:-1].tolist(), np.diff(starts).tolist(), strict=True):
        one = faiss.OnDiskOneList()
        one.size = one.capacity = size
        one.offset = start * (2 * dim + 8)
        lists.lists.push_back(one)
    lists.filename, lists.totsize, lists.read_only = str(path), path.stat().st_size, True
    lists.do_mmap()
    quantizer = faiss.IndexFlatIP(dim)
    quantizer.add(centroids)
    kind = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexIVFScalarQuantizer(quantizer, dim, count, kind, faiss.METRIC_INNER_PRODUCT, False)
    index.is_trained, index.ntotal = True, int(starts[-1])
    index.replace_invlists(lists, True)
    lists.this.disown()  # the index frees them; it keeps the quantizer by itself
    content: NDArray[np.uint16] = faiss.rev_swig_ptr(lists.ptr, lists.totsize).view(np.uint16)
    return index, content


def search_lists(index: Any, queries: Floats, k: int, probes: int, keep: Mask | None) -> Found:
    """The best `k` ids in the `probes` nearest lists; `keep` is indexed by id."""
    faiss = load()
    params = faiss.SearchParametersIVF(nprobe=probes)
    if keep is not None:
        selector = faiss.IDSelectorBitmap(np.packbits(keep, bitorder="little"))
        params = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
    k = min(k, index.ntotal)
    if probes < index.nlist or index.nlist == 1:
        return _padded(*index.search(queries, k, params=params))
    # Every list: none has to be ranked. The wrapper of this call takes no parameters, so it is made below it.
    every = np.tile(np.arange(index.nlist, dtype=np.int64), (len(queries), 1))
    distances = np.zeros(every.shape, dtype=np.float32)
    scores, ids = np.empty((len(queries), k), np.float32), np.empty((len(queries), k), np.int64)
    arrays = [faiss.swig_ptr(array) for array in (every, distances, scores, ids)]
    index.search_preassigned_c(len(queries), faiss.swig_ptr(queries), k, *arrays, False, params)
    return _padded(scores, ids)


def _padded(scores: Floats, ids: Ids) -> Found:
    """FAISS marks a missing place by the id -1 and the smallest float; the score becomes -inf."""
    scores[ids < 0] = -np.inf
    return scores, ids


def nearest(centroids: Floats, codes: Codes) -> Ids:
    """The nearest centroid of each vector by inner product, (n,) int64."""
    index = load().IndexFlatIP(centroids.shape[1])
    index.add(centroids)
    lists: Ids = index.search(codes.astype(np.float32), 1)[1][:, 0]
    return lists


def kmeans_round(sample: Floats, centroids: Floats) -> Floats:
    """One round of spherical k-means over (n, dim), from `centroids` (count, dim) to better ones."""
    count = len(centroids)
    clustering = load().Kmeans(
        sample.shape[1],
        count,
        niter=1,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=1 + len(sample) // count,
    )
    clustering.train(sample, init_centroids=centroids)
    found: Floats = clustering.centroids
    return found
