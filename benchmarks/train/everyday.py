"""Questions as people ask them in chats, over paragraphs of our own (`own/`), for a last small correction.

The sets of others ask in their articles' words. These ask in other words, in few, with "can I" and "what if"; and five
of twelve ask, with the words of a sentence, what no sentence says. All of it was written for this, about invented
things.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from benchmarks.train import dev
from benchmarks.train.data import Overlap, Pair, Paragraph, Question, passage, tokens
from benchmarks.train.train import Encoded, Recipe, Scorer, scores

FOLDER = Path(__file__).parent / "own"
RECIPE = Recipe(rate=4e-4, head_rate=4e-4, frozen_layers=3, seed=77, minutes=20, rank=4, teacher_weight=0.6)
"""For both models: two such corrections take half a megabyte."""
SHARES = (0.5, 0.75, 1.0)
"""How much of the correction may be kept: the most with which the others' held-out questions lose no more than LOSS."""
LOSS = 0.002
"""MRR."""
DRAWS = 2
"""How often the pairs are drawn anew."""
WRONG = 3
"""Sentences of its paragraph that do not answer, for each question: the likest, and any other."""
TITLED = 0.9
"""Share of the passages that have their title."""
REHEARSED = 16000
"""Pairs of the other sets, each with the score that the model gave it until now, so that little of it is forgotten."""
HELD_QUESTIONS = 300
"""Of the questions by which the share is chosen: so many of our own, and of others' one set, or a MOST-th of each."""
MOST = 6


@dataclass(frozen=True)
class Learner:
    """A model that goes on learning: its module, how it scores a batch, pairs as ids, its padding, and how many tokens
    the longest pair may have."""

    module: nn.Module
    scorer: Scorer
    encode: Callable[[Sequence[Pair]], list[Encoded]]
    pad: int
    longest: int

    def scores(self, pairs: Sequence[Pair]) -> dev.Logits:
        """Return the logits of pairs, (n,) float32."""
        return scores(self.module, self.scorer, self.encode(pairs), pad=self.pad)


def read_own(folder: Path = FOLDER) -> list[Paragraph]:
    """Return the paragraphs of all files. Raises ValueError for a question whose `gold` is no sentence of its own."""
    rows = (
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    )
    return [_paragraph(row) for row in rows]


def _paragraph(row: dict[str, Any]) -> Paragraph:
    lang, sentences = row["lang"], tuple(row["sentences"])
    questions = tuple(Question(q["question"], frozenset(q["gold"]), (), q.get("lang", lang)) for q in row["questions"])
    wrong = [each.text for each in questions if not each.gold <= set(range(len(sentences)))]
    if wrong:
        raise ValueError(f"“{row['title']}”: no such sentence answers “{wrong[0]}”.")
    return Paragraph("own", lang, row["title"], sentences, questions)


def in_english(paragraphs: Sequence[Paragraph], english: bool = True) -> list[Paragraph]:
    """Return the paragraphs with those of their questions that are English, over English, or with the others."""

    def kept(paragraph: Paragraph) -> Iterator[Question]:
        return (each for each in paragraph.questions if (each.lang == paragraph.lang == "en") is english)

    found = [replace(paragraph, questions=tuple(kept(paragraph))) for paragraph in paragraphs]
    return [paragraph for paragraph in found if paragraph.questions]


def is_held(paragraph: Paragraph) -> bool:
    """Whether a paragraph is kept for development: about one in ten."""
    return zlib.crc32(paragraph.sentences[0].encode()) % 10 == 0


def own_pairs(paragraphs: Sequence[Paragraph], rng: random.Random) -> list[Pair]:
    """Return every question with each sentence that answers it, and with WRONG others of its paragraph."""
    overlap = Overlap(paragraphs)
    return [
        pair
        for _ in range(DRAWS)
        for at, paragraph in enumerate(paragraphs)
        for question in paragraph.questions
        for pair in _of_question(paragraph, question, overlap, at, rng)
    ]


def _of_question(
    paragraph: Paragraph, question: Question, overlap: Overlap, at: int, rng: random.Random
) -> Iterator[Pair]:
    words = tokens(question.text)
    rest = [place for place in range(len(paragraph.sentences)) if place not in question.gold]
    rest.sort(key=lambda place: -overlap.score(words, overlap.bags[at][place]))
    wrong = rest[: WRONG - 1] + ([rng.choice(rest[WRONG - 1 :])] if len(rest) >= WRONG else [])
    for place in sorted(question.gold) + wrong:
        title = paragraph.title if rng.random() < TITLED else None
        right = place in question.gold
        yield Pair(question.text, passage(title, paragraph.sentences[place]), float(right), "own")


def short(model: Learner, pairs: Sequence[Pair]) -> list[Encoded]:
    """Return the pairs as ids, without those that are too long for training."""
    return [pair for pair in model.encode(pairs) if len(pair.ids) <= model.longest]


def rehearsed(model: Learner, others: Sequence[Pair], seed: int) -> list[Encoded]:
    """Return REHEARSED of the pairs, each with the score that the model gives it now beside its label."""
    encoded = short(model, random.Random(seed).sample(others, min(REHEARSED, len(others))))
    now = scores(model.module, model.scorer, encoded, pad=model.pad)
    return [replace(pair, teacher=float(score)) for pair, score in zip(encoded, now, strict=True)]


def measured(model: Learner, own: Sequence[Paragraph]) -> dev.Measures:
    """Return the figures of the questions of our own that were kept back."""
    return dev.measure(dev.cases([each for each in own if is_held(each)], HELD_QUESTIONS), model.scores)


def measured_others(model: Learner, held: Mapping[str, Sequence[Paragraph]]) -> dict[str, dev.Measures]:
    """Return the figures of the sets of others, of fewer questions of each where they are several."""
    some = {name: [each for each in paragraphs if each.questions] for name, paragraphs in held.items()}
    return {
        name: dev.measure(dev.cases(paragraphs, HELD_QUESTIONS // min(len(held), MOST)), model.scores)
        for name, paragraphs in some.items()
        if paragraphs
    }
