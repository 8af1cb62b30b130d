"""The third trip begins here: new sentences against standing questions, at the cost of one matrix product and a handful
of full scores, however many questions stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.answer import quote
from index.article import Quote, SentenceId
from index.rank import Ranker
from index.search import Candidate
from index.store.sentences import Passage

LEAST_COSINE = 0.80
"""Below this cosine of question and sentence no full score is worth its time. The default encoder's cosines lie between
0.75 and 0.95; of SelQA's answers 99 % lie above (python -m benchmarks.alerts prints it)."""
MOST_FULL_SCORES = 64
"""Standing questions that are read in full for one sentence, the nearest first."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """A new sentence and the standing question (its place in what was given) that it answers, if its confidence is at
    least `threshold`."""

    question: int
    quote: Quote
    threshold: float

    @property
    def answers(self) -> bool:
        return self.quote.confidence >= self.threshold


def near(questions: Floats, sentences: Floats) -> list[tuple[int, int]]:
    """Pairs (question, sentence) worth a full score, of unit vectors (q, dim) and (s, dim)."""
    cosines = sentences @ questions.T
    pairs: list[tuple[int, int]] = []
    for place, row in enumerate(cosines):
        close = np.flatnonzero(row >= LEAST_COSINE)
        if len(close) > MOST_FULL_SCORES:
            close = close[np.argpartition(-row[close], MOST_FULL_SCORES)[:MOST_FULL_SCORES]]
        pairs += [(int(question), place) for question in close]
    return pairs


def matches(
    ranker: Ranker,
    texts: Sequence[str],
    questions: Floats,
    ids: Sequence[SentenceId],
    sentences: Floats,
    passages: Mapping[SentenceId, Passage],
    false_answers: float,
) -> list[Match]:
    """Every near pair with its calibrated probability, in the order of the questions, then of probability.

    `questions` (q, dim) are the vectors of `texts`; `sentences` (s, dim) those of `ids`; a sentence that is not among
    `passages` is left out.
    """
    by_question: dict[int, list[Candidate]] = {}
    for question, place in near(questions, sentences):
        if ids[place] in passages:
            cosine = float(sentences[place] @ questions[question])
            by_question.setdefault(question, []).append(Candidate(*passages[ids[place]], cosine, 0.0))
    order = sorted(by_question)
    ranked = ranker.ranked([texts[question] for question in order], [by_question[question] for question in order])
    return [
        Match(question, quote(scored), ranker.threshold(texts[question], scored.candidate, false_answers))
        for question, found in zip(order, ranked, strict=True)
        for scored in found
    ]
