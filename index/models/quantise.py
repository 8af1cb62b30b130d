"""A float32 ONNX graph to int8, with each row of activations quantised by itself.

ONNX Runtime's own dynamic quantisation takes one scale for all activations of a batch, so that a text's vector depends
on its company (measured on the default encoder: cosine 0.997 between alone and in a batch). Here each token has its own
scale, as in LLM.int8() (Dettmers et al. 2022): a text's vector is the same in any batch, three times nearer to the
float32 one, at the same speed.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WEIGHT_LIMIT = 63
"""Weights keep to seven bits: without VNNI, pairs of products are added in 16 bits, which eight would overflow."""
_ACTIVATION_LIMIT = 127.0
_ZERO_POINT = 128
_TINY = 1e-9
_LARGE_TABLE = 1_000_000
_SLOW_FUSIONS = ("BiasGeluFusion", "SkipLayerNormFusion")
"""Fused operators of which the processor's version is slower than the parts (measured: 118 sentences/s, not 132)."""


def quantise(source: Path, target: Path) -> None:
    """Writes `source` with int8 weights by channel in every matrix product and look-up, optimised for loading."""
    import onnx

    halfway = target.with_suffix(".halfway.onnx")
    _quantise_lookups(source, halfway)
    model = onnx.load(str(halfway))
    _Rewriter(model).rewrite()
    onnx.save(model, str(halfway))
    optimise(halfway, target)
    halfway.unlink()


def optimise(source: Path, target: Path) -> None:
    """Fuses operators now rather than at each start: opening takes half the time."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(
        str(source), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_SLOW_FUSIONS)
    )


def _quantise_lookups(source: Path, target: Path) -> None:
    """A large embedding table inside the graph becomes int8; small ones (positions, types) stay as they are."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(source))
    large = {item.name for item in model.graph.initializer if math.prod(item.dims) >= _LARGE_TABLE}
    lookups = [node.name for node in model.graph.node if node.op_type == "Gather" and node.input[0] in large]
    if lookups:
        quantize_dynamic(source, target, nodes_to_quantize=lookups, weight_type=QuantType.QInt8)
    else:
        onnx.save(model, str(target))


class _Rewriter:
    """Replaces each product with a constant matrix by its int8 form; rows that feed several products are shared."""

    def __init__(self, model: Any) -> None:
        from onnx import helper, numpy_helper

        self._model, self._graph = model, model.graph
        self._node, self._from_array = helper.make_node, numpy_helper.from_array
        self._opset = helper.make_opsetid
        arrays = {item.name: item for item in model.graph.initializer}
        self._matrices = {
            node.input[1]: numpy_helper.to_array(arrays[node.input[1]])
            for node in model.graph.node
            if node.op_type == "MatMul" and node.input[1] in arrays
        }
        self._constants: dict[str, npt.NDArray[Any]] = {
            "row.tiny": np.array(_TINY, np.float32),
            "row.limit": np.array(_ACTIVATION_LIMIT, np.float32),
            "row.zero": np.array(_ZERO_POINT, np.uint8),
            "row.one": np.array(1, np.float32),
            "row.first": np.array([0], np.int64),
            "row.second": np.array([1], np.int64),
            "row.last": np.array([-1], np.int64),
        }
        self._quantised: set[str] = set()

    def rewrite(self) -> None:
        """Changes the model in place."""
        nodes: list[Any] = []
        for node in self._graph.node:
            nodes.extend(self._product(node) if self._is_product(node) else [node])
        kept = [item for item in self._graph.initializer if item.name not in self._matrices]
        kept.extend(self._from_array(array, name) for name, array in self._constants.items())
        for field, items in ((self._graph.node, nodes), (self._graph.initializer, kept)):
            del field[:]
            field.extend(items)
        self._model.opset_import.append(self._opset("com.microsoft", 1))

    def _is_product(self, node: Any) -> bool:
        return node.op_type == "MatMul" and node.input[1] in self._matrices

    def _product(self, node: Any) -> list[Any]:
        (rows, matrix), out = node.input, node.output[0]
        weight = self._matrices[matrix]
        scales = np.maximum(np.abs(weight).max(axis=0), _TINY) / WEIGHT_LIMIT
        self._constants[f"{matrix}.int8"] = np.rint(weight / scales).astype(np.int8)
        self._constants[f"{matrix}.scales"] = scales.astype(np.float32)
        width = f"row.width.{weight.shape[1]}"
        self._constants[width] = np.array([weight.shape[1]], np.int64)
        inputs = [f"{rows}.uint8", f"{matrix}.int8", "row.one", f"{matrix}.scales", "row.zero"]
        return [
            *self._rows(rows, weight.shape[0]),
            self._node("MatMulIntegerToFloat", inputs, [f"{out}.unscaled"], domain="com.microsoft"),
            self._node("Mul", [f"{out}.unscaled", f"{rows}.column"], [f"{out}.flat"]),
            self._node("Concat", [f"{rows}.outer", width], [f"{out}.shape"], axis=0),
            self._node("Reshape", [f"{out}.flat", f"{out}.shape"], [out]),
        ]

    def _rows(self, rows: str, width: int) -> list[Any]:
        """(…, width) float32 to (rows, width) uint8 around 128, and the scale of each row."""
        if rows in self._quantised:
            return []
        self._quantised.add(rows)
        flat_shape = f"row.flat.{width}"
        self._constants[flat_shape] = np.array([-1, width], np.int64)
        steps: tuple[tuple[str, list[str], str, dict[str, Any]], ...] = (
            ("Reshape", [rows, flat_shape], "flat", {}),
            ("Abs", [f"{rows}.flat"], "sizes", {}),
            ("ReduceMax", [f"{rows}.sizes"], "largest", {"axes": [1], "keepdims": 0}),
            ("Max", [f"{rows}.largest", "row.tiny"], "range", {}),
            ("Div", [f"{rows}.range", "row.limit"], "scale", {}),
            ("Shape", [f"{rows}.scale"], "count", {}),
            ("Expand", ["row.zero", f"{rows}.count"], "zeros", {}),
            ("QuantizeLinear", [f"{rows}.flat", f"{rows}.scale", f"{rows}.zeros"], "uint8", {"axis": 0}),
            ("Unsqueeze", [f"{rows}.scale", "row.second"], "column", {}),
            ("Shape", [rows], "dimensions", {}),
            ("Slice", [f"{rows}.dimensions", "row.first", "row.last"], "outer", {}),
        )
        return [self._node(kind, inputs, [f"{rows}.{name}"], **more) for kind, inputs, name, more in steps]
