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

SHAPES = ((512, 384, 1536), (512, 1536, 384), (2048, 1536, 1536))
"""Rows, inner width, columns: the encoder's own two largest products, and one that fills the second cache."""
RUNS = 7
BYTES = 1 << 29
Shape = tuple[int, int, int]
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
    return Limits(
        read=BYTES / quickest(field.max),
        float32=max(_operations(shape) / quickest(_float32(shape)) for shape in SHAPES),
        int8=max(_operations(shape) / quickest(_int8(shape)) for shape in SHAPES),
        fsync=_fsync(folder),
    )


def _operations(shape: Shape) -> int:
    rows, inner, columns = shape
    return 2 * rows * inner * columns


def _float32(shape: Shape) -> Callable[[], object]:
    """One product in the linear algebra library of numpy, on all cores."""
    rows, inner, columns = shape
    left, right = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
    return lambda: left @ right


def _int8(shape: Shape) -> Callable[[], object]:
    """One product of bytes in ONNX Runtime, on all cores."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rows, inner, columns = shape
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [rows, inner])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [rows, columns])],
        [numpy_helper.from_array(np.ones((inner, columns), np.int8), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session: Any = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = {"x": np.ones((rows, inner), np.uint8)}
    return lambda: session.run(None, feed)


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
