"""ONNX Runtime: one session with one thread inside, and batches spread over threads outside.

A session may be run from several threads at once. So one session serves a single question without the cost of waking
a pool, and a batch of texts with every core, and its weights are in memory once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

Feed = dict[str, npt.NDArray[Any]]
Result = npt.NDArray[np.float32]


class Session:
    """An open graph. `inputs` are the names that it takes.

    ONNX Runtime's memory arena stays on: without it ten pairs took 265 MB at their peak where they take 135 with it.
    """

    def __init__(self, path: Path, threads: int) -> None:
        """Raises ModelError when ONNX Runtime can't load the file."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it pays only where all batches have one shape
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # done when prepared
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except RuntimeError as error:  # ONNX Runtime's own errors derive from it
            raise ModelError(f"{path} can't be run here ({_first_line(error)}): prepare the model again.") from None
        self._threads = threads
        self.inputs = frozenset(item.name for item in self._session.get_inputs())

    def run(self, feed: Feed) -> Result:
        """The graph's first output for one batch."""
        wanted = {name: value for name, value in feed.items() if name in self.inputs}
        result: Result = self._session.run(None, wanted)[0]
        return result

    def run_each(self, batches: Sequence[Any], feed: Callable[[Any], Feed]) -> list[Result]:
        """The first output for each batch, in order; `feed` builds a batch's inputs within its thread."""
        if len(batches) == 1 or self._threads == 1:
            return [self.run(feed(batch)) for batch in batches]
        with ThreadPoolExecutor(min(self._threads, len(batches))) as pool:
            return list(pool.map(lambda batch: self.run(feed(batch)), batches))


def batches_by_length(lengths: Sequence[int], tokens: int, at_least: int = 1) -> list[list[int]]:
    """Places grouped into batches of similar length, the longest first (a pool then ends evenly).

    A batch holds at most `tokens` tokens, padding included, or one text. With fewer texts than that, they still make
    `at_least` batches, so that each thread has one.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    most = max(1, -(-len(order) // at_least))
    batches: list[list[int]] = []
    for place in order:
        last = batches[-1] if batches else []
        if last and len(last) < most and (len(last) + 1) * lengths[last[0]] <= tokens:
            last.append(place)
        else:
            batches.append([place])
    return batches


def padded(rows: Sequence[Sequence[int]], fill: int = 0) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of ids as one (b, t) array, and the (b, t) mask of what is real in it."""
    longest = max(map(len, rows))
    ids = np.full((len(rows), longest), fill, dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return ids, mask


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
