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

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models.prepared import GRAPH, Inputs, Precision
from index.models.quantise import optimise, quantise
from index.models.source import SAMPLE, Source
from index.models.words import TOKENIZER, write_table

OPSET = 17
_TABLE_TYPES = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra"})
"""Architectures whose position ids do not depend on token ids, given right padding and word embeddings."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What the graph takes and gives, and the prompts of questions and passages.

    `sample`: the vectors that sentence-transformers gives for SAMPLE as passages, (n, dimension) float32.
    """

    inputs: Inputs
    dimension: int
    max_length: int
    padding: int
    question: str
    passage: str
    sample: npt.NDArray[np.float32]


def export_encoder(source: Source, into: Path, precision: Precision) -> Exported:
    """Writes graph, tokenizer.json and, where it can be, the word table of a sentence-transformers folder."""
    with quiet_export():
        model = _load(source.folder)
        transformer = model[0].auto_model
        inputs: Inputs = "embeddings" if transformer.config.model_type in _TABLE_TYPES else "ids"
        if inputs == "embeddings":
            write_table(transformer.get_input_embeddings().weight.detach().numpy(), into)
        module, example, axes = _traced(model, inputs)
        save_graph(module, example, axes, "vector", into / GRAPH, precision)
        model.tokenizer.backend_tokenizer.save(str(into / TOKENIZER))
        passage = model.prompts.get("passage") or model.prompts.get("document") or source.passage
        sample = model.encode(list(SAMPLE), prompt=passage, normalize_embeddings=True, show_progress_bar=False)
    return Exported(
        inputs=inputs,
        dimension=sample.shape[1],
        max_length=int(model.max_seq_length or transformer.config.max_position_embeddings),
        padding=int(model.tokenizer.pad_token_id or 0),
        question=model.prompts.get("query") or source.question,
        passage=passage,
        sample=sample,
    )


def _load(folder: Path) -> Any:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "attn_implementation": "eager", "dtype": "float32"},
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
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
    """Traces a module to ONNX, quantised when the precision asks for it, optimised for loading."""
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
    (quantise if precision == "int8" else optimise)(whole, path)
    whole.unlink()


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
