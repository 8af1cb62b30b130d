"""The third trip begins here: new sentences against standing questions, at the cost of one matrix product and a handful
of full scores, however many questions stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class Pair(NamedTuple):
    """Places of a question and of a sentence whose vectors are near, and their cosine."""

    question: int
    sentence: int
    cosine: float


def near(questions: Floats, sentences: Floats, most: int | None = None) -> list[Pair]:
    """Pairs worth a full score, of unit vectors (q, dim) and (s, dim): of each sentence with its nearest
    MOST_FULL_SCORES questions; with `most`, of each question with no more than its nearest sentences."""
    cosines = sentences @ questions.T
    close = cosines >= LEAST_COSINE
    if cosines.shape[1] > MOST_FULL_SCORES:
        close &= cosines >= np.partition(cosines, -MOST_FULL_SCORES, axis=1)[:, [-MOST_FULL_SCORES]]
    if most is not None and len(cosines) > most:
        close &= cosines >= np.partition(cosines, -most, axis=0)[[-most]]
    return [Pair(int(q), int(s), float(cosines[s, q])) for s, q in np.argwhere(close)]


def matches(
    ranker: Ranker,
    texts: Sequence[str],
    ids: Sequence[SentenceId],
    pairs: Iterable[Pair],
    passages: Mapping[SentenceId, Passage],
    false_answers: float,
) -> list[Match]:
    """Every pair with its calibrated probability, in the order of the questions, then of probability. `texts` and `ids`
    are what the pairs count in; a sentence that is not among `passages` is left out."""
    by_question: dict[int, list[Candidate]] = {}
    for pair in pairs:
        passage = passages.get(ids[pair.sentence])
        if passage is not None:
            by_question.setdefault(pair.question, []).append(Candidate(*passage, pair.cosine, 0.0))
    order = sorted(by_question)
    ranked = ranker.ranked([texts[question] for question in order], [by_question[question] for question in order])
    return [
        Match(question, quote(scored), ranker.threshold(texts[question], scored.candidate, false_answers))
        for question, found in zip(order, ranked, strict=True)
        for scored in found
    ]
