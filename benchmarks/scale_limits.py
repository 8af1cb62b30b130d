"""What this machine can do at the most, measured: the limits that the other figures are held against."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROWS, WIDTH = 2048, 1536
"""Of the products that find the throughput: as large as the encoder's own largest."""
RUNS = 7
BYTES = 1 << 29
LAYERS, HIDDEN = 12, 384
"""Of multilingual-e5-small: a token costs 24 x HIDDEN^2 operations in each layer, attention aside."""
SKETCH_BYTES = 96
"""Of a vector of 384 dimensions, four bits for two."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes a second that one core reads, operations a second of all cores, seconds of one fsync."""

    read: float
    float32: float
    int8: float
    fsync: float


def quickest(act: Callable[[], object]) -> float:
    """The least of several runs, in seconds."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return min(times)


def measured(folder: Path) -> Limits:
    """All of them; fsync on the disk of `folder`."""
    field = np.ones(BYTES // 8, dtype=np.uint64)
    read = BYTES / quickest(field.max)
    operations = 2 * ROWS * WIDTH * WIDTH
    matrix = np.ones((ROWS, WIDTH), np.float32)
    weights = np.ones((WIDTH, WIDTH), np.float32)
    session, feed = _int8()
    return Limits(
        read=read,
        float32=operations / quickest(lambda: matrix @ weights),
        int8=operations / quickest(lambda: session.run(None, feed)),
        fsync=_fsync(folder),
    )


def _int8() -> tuple[Any, dict[str, Any]]:
    """One product of bytes in ONNX Runtime, on all cores."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    weights = numpy_helper.from_array(np.ones((WIDTH, WIDTH), np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [ROWS, WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [ROWS, WIDTH])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session, {"x": np.ones((ROWS, WIDTH), np.uint8)}


def _fsync(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        times = []
        for _ in range(20):
            file.write(bytes(4096))
            began = time.perf_counter()
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times)
