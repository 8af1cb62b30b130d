"""The English cross-encoder: the ready one, taught to be silent."""

from __future__ import annotations

import itertools
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor
from transformers import BertForSequenceClassification

from benchmarks.train.data import (
    Mixture,
    Pair,
    PairMaker,
    Paragraph,
    read_paragraphs,
    read_selqa,
    read_single,
    read_squad,
)
from benchmarks.train.synonyms import reworded
from benchmarks.train.train import Batch, Encoded, Recipe, Scorer, scores
from benchmarks.train.weights import load_layers, ready_cross_encoder, ready_tokenizer, weights_of, word_pairs
from index.models.trained import layers_on

PAD = 0
RECIPE = Recipe(rate=5e-5, head_rate=5e-5, frozen_layers=3, minutes=48)
CORRECTION = Recipe(rate=4e-4, head_rate=4e-4, frozen_layers=3, seed=31, minutes=45, rank=32)
"""Of what is learnt on top of the trained layers."""
DRAWS, CLOSE_DRAWS = 2, 3
"""How often the pairs of all sets are drawn anew for the correction, and in each draw those of the closest sets."""
HEAD = ("bert.pooler", "classifier")
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""How much of the trained weights the average may hold; the held-out questions decide."""
LONGEST = 110
"""Longer pairs are left out of the training: few of the sentences in use are that long."""
CORRECTION_SHARES = tuple(itertools.product((0.55, 0.7, 0.85, 1.0), (0.5, 0.75, 1.0)))
"""How much of the trained layers may stay, and of the correction be kept."""
TAUGHT = 6000
"""Wrong-article pairs that keep the ready model's score as well as their label."""
CORRECTION_TAUGHT = 24000
SINGLE_SHARE = 0.25
"""Share of the lone labelled sentences that is used; minimal pairs are all used."""
CORRECTION_SINGLE_SHARE = 1.0
REWORDED = 0.4
"""Share of the pairs whose question is put in other words."""
TEACHER_CEILING = -2.0
"""A sentence of a wrong article may look right to the ready model; the student never learns a yes from that."""
HELD_TITLE = "Huguenot"
TRAINING_TITLES = slice(0, 8)


@dataclass(frozen=True)
class EnglishData:
    """What is trained on: `large` once, `close` (the sets nearest to use) twice; `held` is for tuning only."""

    large: list[Paragraph]
    close: list[Paragraph]
    held: list[Paragraph]


def is_held(paragraph: Paragraph) -> bool:
    """Whether a paragraph is kept for development: a quarter of SelQA's articles and one of SQuAD's."""
    if paragraph.source == "selqa-dev":
        return zlib.crc32((paragraph.title or "").encode()) % 4 == 0
    return paragraph.title == HELD_TITLE


def read_english(bench: Path, single_share: float = SINGLE_SHARE) -> EnglishData:
    """Read the English sets of the benchmark folder."""
    close = read_selqa(bench / "selqa/dev.json") + read_squad(bench / "squad2/dev-half.json", TRAINING_TITLES)
    train = bench / "train"
    large = (
        read_paragraphs(train / "en-paragraphs.jsonl")
        + thinned_single(read_single(train / "en-pairs.jsonl"), single_share)
        + read_paragraphs(train / "languages/en.jsonl")
    )
    return EnglishData(large, [p for p in close if not is_held(p)], [p for p in close if is_held(p)])


def thinned_single(paragraphs: list[Paragraph], share: float) -> list[Paragraph]:
    """Return all minimal pairs, and a share of the lone answered questions (chosen by their sentence)."""
    kept = int(100 * share)
    return [p for p in paragraphs if p.source != "squad-train" or zlib.crc32(p.sentences[0].encode()) % 100 < kept]


def english_pairs(data: EnglishData, rng: random.Random) -> list[Pair]:
    """Return every training pair of the English model, a share of the questions in other words."""
    first = PairMaker(data.large + data.close, Mixture(), rng).pairs()
    again = PairMaker(data.close, Mixture(near=2.0, foreign=0.4), rng).pairs()
    return in_other_words([*first, *again], rng)


def correction_pairs(data: EnglishData, rng: random.Random) -> list[Pair]:
    """Return what the correction learns from: more wrong sentences to each question, every set several times."""
    pairs: list[Pair] = []
    for _ in range(DRAWS):
        pairs += PairMaker(data.large + data.close, Mixture(near=1.5, foreign=0.35), rng).pairs()
        for _ in range(CLOSE_DRAWS):
            pairs += PairMaker(data.close, Mixture(near=2.0, foreign=0.5), rng).pairs()
    return in_other_words(pairs, rng)


def in_other_words(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Return the pairs, REWORDED of the questions in other words."""
    return [replace(pair, question=reworded(pair.question, rng)) if rng.random() < REWORDED else pair for pair in pairs]


def scorer_of(module: BertForSequenceClassification) -> Scorer:
    """Return how this module scores a batch, (b,) logits."""

    def score(batch: Batch) -> Tensor:
        logits: Tensor = module(input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types).logits
        return logits.squeeze(-1)

    return score


Pairs = Callable[[EnglishData, random.Random], list[Pair]]


def prepare(
    data: EnglishData, packages: Path, seed: int, pairs_of: Pairs = english_pairs, taught_pairs: int = TAUGHT
) -> tuple[BertForSequenceClassification, list[Encoded]]:
    """Return the ready model and its training pairs; so many of the wrong-article ones carry its own scores."""
    module, tokenizer = ready_cross_encoder(packages), ready_tokenizer(packages)
    rng = random.Random(seed)
    pairs = pairs_of(data, rng)
    encoded = word_pairs(tokenizer, pairs)
    keep = [i for i, pair in enumerate(pairs) if pair.keep]
    keep = sorted(rng.sample(keep, min(taught_pairs, len(keep))))
    taught = scores(module, scorer_of(module), [encoded[i] for i in keep], pad=PAD)
    for i, score in zip(keep, taught, strict=True):
        encoded[i] = replace(encoded[i], teacher=min(float(score), TEACHER_CEILING))
    return module, [pair for pair in encoded if len(pair.ids) <= LONGEST]


def trained_module(packages: Path, files: Sequence[Path]) -> BertForSequenceClassification:
    """Return the ready model with the layers of a trained file, corrections of it after it."""
    module = ready_cross_encoder(packages)
    load_layers(module, layers_on(weights_of(module), files))
    return module
