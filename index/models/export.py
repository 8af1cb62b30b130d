"""A sentence-transformers folder to an ONNX graph, once. Only this step imports torch.

The graph holds encoder, pooling and unit length in one. Where the architecture allows it, word embeddings stay out:
they go to a table (`words.py`) and the graph takes what was looked up.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelError
from index.models.prepared import GRAPH, Inputs, Precision
from index.models.words import TOKENIZER, write_table

OPSET = 17
_TABLE_TYPES = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra"})
"""Architectures whose position ids do not depend on token ids, given right padding and word embeddings."""
_QUANTISED = ("MatMul", "Gemm", "Gather")


@dataclass(frozen=True, slots=True)
class Exported:
    """What the graph takes and gives, and the prompts that the folder names."""

    inputs: Inputs
    dimension: int
    max_length: int
    padding: int
    question: str
    passage: str


def export_encoder(folder: Path, into: Path, precision: Precision) -> Exported:
    """Writes graph, tokenizer.json and, where it can be, the word table of a sentence-transformers folder."""
    with quiet_export():
        model = _load(folder)
        transformer = model[0].auto_model
        inputs: Inputs = "embeddings" if transformer.config.model_type in _TABLE_TYPES else "ids"
        if inputs == "embeddings":
            write_table(transformer.get_input_embeddings().weight.detach().numpy(), into)
        module, example, axes = _traced(model, inputs)
        save_graph(module, example, axes, "vector", into / GRAPH, precision)
        model.tokenizer.backend_tokenizer.save(str(into / TOKENIZER))
    prompts = model.prompts
    return Exported(
        inputs=inputs,
        dimension=int(model.get_embedding_dimension() or 0),
        max_length=int(model.max_seq_length or transformer.config.max_position_embeddings),
        padding=int(model.tokenizer.pad_token_id or 0),
        question=prompts.get("query", ""),
        passage=prompts.get("passage") or prompts.get("document", ""),
    )


def _load(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "attn_implementation": "eager", "dtype": "float32"},
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"sentence-transformers can't load {folder}: {reason}") from None
    if not hasattr(model[0], "auto_model") or not hasattr(model.tokenizer, "backend_tokenizer"):
        raise ModelError(f"{folder} is not a transformer model with a fast tokenizer: choose another one.")
    return model.eval()


def _traced(model: Any, inputs: Inputs) -> tuple[Any, dict[str, Any], dict[str, dict[int, str]]]:
    """The module to trace, example inputs by name (two texts of unlike length), and the axes that vary."""
    import torch

    mask = torch.tensor([[1] * 7, [1] * 5 + [0] * 2])
    if inputs == "embeddings":
        width = model[0].auto_model.get_input_embeddings().weight.shape[1]
        example = {"embeddings": torch.randn(2, 7, width), "attention_mask": mask}
    else:
        tokens = model.tokenizer(["one two three four", "five"], padding=True, return_tensors="pt")
        example = dict(tokens)
    axes = {name: {0: "batch", 1: "length"} for name in example} | {"vector": {0: "batch"}}
    return _encoder_module(model, tuple(example)), example, axes


def _encoder_module(model: Any, names: tuple[str, ...]) -> Any:
    import torch

    class Encoder(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """Encoder, the folder's own pooling and what follows it, and unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *values: Any) -> Any:
            features = dict(zip(names, values, strict=True))
            if "embeddings" in features:
                mask = features["attention_mask"]
                hidden = self.model[0].auto_model(inputs_embeds=features["embeddings"], attention_mask=mask)[0]
                features = {"token_embeddings": hidden, "attention_mask": mask}
                for module in list(self.model)[1:]:
                    features = module(features)
            else:
                features = self.model(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    return Encoder().eval()


def save_graph(
    module: Any,
    example: dict[str, Any],
    axes: dict[str, dict[int, str]],
    output: str,
    path: Path,
    precision: Precision,
) -> None:
    """Traces a module to ONNX; `int8` makes the weights int8 by channel and quantises activations as they come.

    Weights keep to seven bits: processors without VNNI add pairs of products in 16 bits, which eight would overflow.
    """
    import torch

    whole = path.with_suffix(".float32.onnx")
    torch.onnx.export(
        module,
        tuple(example.values()),
        str(whole),
        input_names=list(example),
        output_names=[output],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    if precision == "int8":
        quantise(whole, path)
        whole.unlink()
    else:
        whole.rename(path)


def quantise(whole: Path, path: Path) -> None:
    """Dynamic int8 by channel of a float32 graph."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        whole,
        path,
        op_types_to_quantize=list(_QUANTISED),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )


@contextmanager
def quiet_export() -> Iterator[None]:
    """Tracing warns about every branch that depends on a shape; none of it concerns a reader."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
