"""Sentences embedded in a second, and milliseconds for one question: ours beside sentence-transformers with its
defaults, with the same model and with MiniLM, in turn, on the same sentences.

python -m benchmarks.embedding [--sentences 1000] [--runs 3]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.plain import model as minilm
from benchmarks.sets import Asked, selqa
from index.embed import Encoder
from index.settings import LibrarySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Embed = Callable[[list[str]], object]
Floats = npt.NDArray[np.float32]
QUESTIONS = 40
RANKED = 300


@dataclass(frozen=True, slots=True)
class Rates:
    """Sentences in a second, and milliseconds for one question, of each way; ratios are medians of pairs."""

    ours: float
    e5: float
    minilm: float
    to_e5: float
    to_minilm: float
    one_ours: float
    one_e5: float
    one_ratio: float
    tokens: float
    """In a sentence, on average."""
    p1_ours: float
    p1_e5: float
    """The share of questions whose nearest of these sentences, by its vector alone, answers them."""
    asked: int


def e5() -> SentenceTransformer:
    """multilingual-e5-small with sentence-transformers' defaults; its folder is made once."""
    from sentence_transformers import SentenceTransformer

    folder = LibrarySettings.load().models / "plain-e5"
    if not folder.exists():
        from index.models.source import E5, source

        folder.mkdir(parents=True)
        source(E5, folder)
    return SentenceTransformer(str(folder))


def rate(embed: Embed, sentences: Sequence[str]) -> float:
    """Sentences in a second, once."""
    began = time.perf_counter()
    embed(list(sentences))
    return len(sentences) / (time.perf_counter() - began)


def one_by_one(embed: Embed, questions: Sequence[str]) -> list[float]:
    """Milliseconds for each question alone."""
    times = []
    for question in questions:
        began = time.perf_counter()
        embed([question])
        times.append((time.perf_counter() - began) * 1000)
    return times


def measured(sentences: int, runs: int) -> Rates:
    """Every way in turn, `runs` times."""
    data = selqa("dev")
    texts = [draft.text[span.start : span.end] for draft in data.drafts for span in draft.spans or ()][:sentences]
    questions = [each.question for each in data.questions[:QUESTIONS]]
    ours, same, small = Encoder.open(LibrarySettings.load()), e5(), minilm()
    ours.warm()
    ways: tuple[Embed, ...] = (ours.passages, same.encode, small.encode)
    for embed in ways:
        embed(texts[:64])
    rows = [[rate(embed, texts) for embed in ways] for _ in range(runs)]
    pairs = list(zip(one_by_one(ours.questions, questions), one_by_one(same.encode, questions), strict=True))
    tokens = [len(ids) for ids in same.tokenizer(texts)["input_ids"]]
    asked = [each for each in data.questions if each.gold & set(texts)][:RANKED]
    spoken = [each.question for each in asked]
    theirs = (same.encode(spoken, prompt="query: "), same.encode(texts, prompt="passage: "))
    return Rates(
        *(statistics.median(column) for column in zip(*rows, strict=True)),
        to_e5=statistics.median(row[0] / row[1] for row in rows),
        to_minilm=statistics.median(row[0] / row[2] for row in rows),
        one_ours=statistics.median(pair[0] for pair in pairs),
        one_e5=statistics.median(pair[1] for pair in pairs),
        one_ratio=statistics.median(pair[1] / pair[0] for pair in pairs),
        tokens=statistics.mean(tokens),
        p1_ours=first_right(ours.questions(spoken), ours.passages(texts), asked, texts),
        p1_e5=first_right(*theirs, asked, texts),
        asked=len(asked),
    )


def first_right(questions: Floats, passages: Floats, asked: Sequence[Asked], texts: Sequence[str]) -> float:
    """Precision of the first place: of vectors (n, dim) and (m, dim) alone, all of unit length."""
    best = np.argmax(questions @ passages.T, axis=1)
    return statistics.mean(texts[place] in each.gold for place, each in zip(best.tolist(), asked, strict=True))


def main() -> None:
    """Prints the rates and their ratios, pair by pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    found = measured(chosen.sentences, chosen.runs)
    print(f"{LibrarySettings.load().model}: {found.ours:.0f} sentences/s ({found.tokens:.0f} tokens each)")
    print(f"sentence-transformers, the same model: {found.e5:.0f}, ratio pair by pair {found.to_e5:.2f}")
    print(f"sentence-transformers, MiniLM: {found.minilm:.0f}, ratio pair by pair {found.to_minilm:.2f}")
    p1 = f"{found.p1_ours:.3f}, sentence-transformers {found.p1_e5:.3f}"
    print(f"P@1 by the vectors alone, {found.asked} questions: {p1}")
    one = f"one question: {found.one_ours:.1f} ms, sentence-transformers {found.one_e5:.1f} ms"
    print(f"{one}, ratio pair by pair {found.one_ratio:.1f}")


if __name__ == "__main__":
    main()
