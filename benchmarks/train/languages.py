"""The multilingual cross-encoder's pairs: many languages, across languages, and English with a teacher."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.train.data import Mixture, Pair, PairMaker, Paragraph, Question, read_paragraphs
from benchmarks.train.english import EnglishData, in_other_words
from benchmarks.train.train import Batch, Encoded, Recipe, Scorer
from benchmarks.train.weights import Multilingual

PAD = 1
RECIPE = Recipe(rate=1e-4, head_rate=5e-4, frozen_layers=2, minutes=46)
CORRECTION = Recipe(rate=4e-4, head_rate=4e-4, frozen_layers=2, seed=61, minutes=30, rank=32)
"""Of what is learnt on top of the trained layers."""
CORRECTION_SHARES = (0.5, 0.75, 1.0)
"""How much of the correction may be kept; the held-out questions of all languages decide."""
HEAD = ("dense", "out")
LONGEST = 90
"""Longer pairs are left out of this training: attention's price, and few of the sentences in use are that long."""
TAUGHT, CORRECTION_TAUGHT = 8000, 16000
"""English pairs that carry the English model's scores as well as their labels."""
MIXTURE = Mixture(near=1.0, built=0.5, foreign=0.25, random=0.1)
SHARE = {
    "ar": 0.5,
    "bn": 0.8,
    "fa": 0.06,
    "fi": 0.5,
    "fr": 0.5,
    "he": 0.4,
    "ja": 0.05,
    "ko": 0.5,
    "sw": 0.3,
    "te": 0.4,
    "tr": 0.3,
    "zh": 0.2,
    "zh-Hant": 0.1,
    "across": 1.0,
}
"""Share of a language's questions that is used, 1 where it is not named: the large sets give way to the small."""
ENGLISH_SHARE = 0.3
MORE = 2.5
"""How many times as many questions of each language the correction is shown, as far as there are so many."""


def in_development(paragraph: Paragraph) -> bool:
    """Whether a paragraph is kept for tuning (about one article in fifteen)."""
    return zlib.crc32((paragraph.title or paragraph.sentences[0]).encode()) % 15 == 0


def read_languages(bench: Path) -> dict[str, list[Paragraph]]:
    """Return the paragraphs of every language that has a file, and `across`: question and sentence differ."""
    files = sorted((bench / "train/languages").glob("*.jsonl"))
    found = {path.stem: read_paragraphs(path, path.stem) for path in files if path.stem != "en"}
    found["across"] = read_paragraphs(bench / "train/across-languages.jsonl")
    return found


def thinned(paragraphs: Sequence[Paragraph], share: float, rng: random.Random) -> list[Paragraph]:
    """Return the paragraphs with `share` of their questions, of the unanswerable ones up to twice that."""

    def kept(question: Question) -> bool:
        return rng.random() < (share if question.gold else 2 * share)

    return [replace(p, questions=tuple(q for q in p.questions if kept(q))) for p in paragraphs]


def lower_cased(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Return the pairs with every eighth question in lower case, as people type in a chat."""
    return [replace(p, question=p.question.lower().rstrip("? ")) if rng.random() < 0.12 else p for p in pairs]


def language_pairs(languages: dict[str, list[Paragraph]], rng: random.Random, more: float = 1.0) -> list[Pair]:
    """Return the pairs of all languages but English, of `more` times their shares."""
    pairs: list[Pair] = []
    for lang, paragraphs in languages.items():
        usable = thinned([p for p in paragraphs if not in_development(p)], more * SHARE.get(lang, 1.0), rng)
        pairs += PairMaker(usable, MIXTURE, rng).pairs()
    return lower_cased(pairs, rng)


def english_pairs(data: EnglishData, rng: random.Random) -> list[Pair]:
    """Return a share of the English pairs, the sets nearest to use in full."""
    large = thinned(data.large, ENGLISH_SHARE, rng)
    pairs = list(PairMaker(large + data.close, MIXTURE, rng).pairs())
    return lower_cased(in_other_words(pairs, rng), rng)


def scorer_of(model: Multilingual) -> Scorer:
    """Return how this model scores a batch, (b,) logits."""

    def score(batch: Batch) -> Tensor:
        logits: Tensor = model.module(torch.nn.functional.embedding(batch.ids, model.table), batch.mask)
        return logits.squeeze(-1)

    return score


def prepare(
    data: EnglishData,
    languages: dict[str, list[Paragraph]],
    model: Multilingual,
    teacher: Callable[[Sequence[Pair]], NDArray[np.float32]],
    seed: int,
    taught: int = TAUGHT,
    more: float = 1.0,
) -> list[Encoded]:
    """Return the training pairs; so many `taught` ones of the English carry the teacher's scores."""
    rng = random.Random(seed)
    english = english_pairs(data, rng)
    encoded = model.encode(english)
    chosen = sorted(rng.sample(range(len(english)), min(taught, len(english))))
    for i, score in zip(chosen, teacher([english[i] for i in chosen]), strict=True):
        encoded[i] = replace(encoded[i], teacher=float(score))
    encoded += model.encode(language_pairs(languages, rng, more))
    return [pair for pair in encoded if len(pair.ids) <= LONGEST]
