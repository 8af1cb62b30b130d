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
from index.article import passage as article_passage
from index.rank import Ranker
from index.search import Candidate
from index.segment.languages import language_of
from index.store.sentences import Passage
from index.terms import content_terms, terms

LEAST_LIKENESS = 0.90
"""Below this likeness no full score is worth its time: of the pairs of SelQA's development questions and sentences that
are answers in the end 99 % lie above, and 0.05 % of all pairs."""
WORDS = 0.1
"""What the share of the question's words adds to the cosine."""
ACROSS = 0.8
"""That share where question and sentence are of two languages, which have few words in common: then the cosine must be
0.82. Of XQuAD's answers to English questions more than half lie above in German (median 0.83) and fewer than half in
Russian (0.81); of the other sentences of the same articles 1.1 % and 0.5 %."""
MOST_FULL_SCORES = 16
"""Standing questions that are read in full for one sentence, the likest first."""

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
    """Places of a question and of a sentence that are alike, and the cosine of their vectors."""

    question: int
    sentence: int
    cosine: float


class Standing:
    """Standing questions made ready: `vectors` (q, dim) of unit length, and which of them have which word."""

    def __init__(self, texts: Sequence[str], vectors: Floats) -> None:
        self.texts = tuple(texts)
        self.vectors = vectors
        self.langs = np.array([language_of(text) or "" for text in texts])
        asked = [
            set(content_terms(text, (lang,) if lang else ())) for text, lang in zip(texts, self.langs, strict=True)
        ]
        self._words = np.array([max(1, len(words)) for words in asked], np.float32)
        places: dict[str, list[int]] = {}
        for place, words in enumerate(asked):
            for word in words:
                places.setdefault(word, []).append(place)
        self._places = {word: np.array(where) for word, where in places.items()}

    def shared(self, passage: Passage) -> Floats:
        """The share of each question's words that a sentence or its title has, (q,); at least ACROSS for questions in
        another language."""
        lang = passage.article.lang
        said = set(terms(article_passage(passage.article.title, passage.sentence.text), (lang,) if lang else ()))
        where = [self._places[word] for word in said if word in self._places]
        count = np.bincount(np.concatenate(where), minlength=len(self.texts)) if where else np.zeros(len(self.texts))
        share = (count / self._words).astype(np.float32)
        if lang:
            across = (self.langs != lang) & (self.langs != "")
            share[across] = np.maximum(share[across], ACROSS)
        return share


def near(
    standing: Standing,
    ids: Sequence[SentenceId],
    vectors: Floats,
    passages: Mapping[SentenceId, Passage],
    most: int | None = None,
) -> list[Pair]:
    """Pairs worth a full score: of each sentence with the MOST_FULL_SCORES questions that are likest; with `most`, of
    each question with no more than so many sentences. `vectors` (s, dim) are those of `ids`, of unit length; a sentence
    that is not among `passages` is left out."""
    cosines = vectors @ standing.vectors.T
    likeness = np.full_like(cosines, -1)
    for place, id in enumerate(ids):
        if id in passages and cosines[place].max() >= LEAST_LIKENESS - WORDS:
            likeness[place] = cosines[place] + WORDS * standing.shared(passages[id])
    close = likeness >= LEAST_LIKENESS
    if likeness.shape[1] > MOST_FULL_SCORES:
        close &= likeness >= np.partition(likeness, -MOST_FULL_SCORES, axis=1)[:, [-MOST_FULL_SCORES]]
    if most is not None and len(likeness) > most:
        close &= likeness >= np.partition(likeness, -most, axis=0)[[-most]]
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
    are what the pairs count in."""
    by_question: dict[int, list[Candidate]] = {}
    for pair in pairs:
        candidate = Candidate(*passages[ids[pair.sentence]], pair.cosine, 0.0)
        by_question.setdefault(pair.question, []).append(candidate)
    order = sorted(by_question)
    ranked = ranker.ranked([texts[question] for question in order], [by_question[question] for question in order])
    return [
        Match(question, quote(scored), ranker.threshold(texts[question], scored.candidate, false_answers))
        for question, found in zip(order, ranked, strict=True)
        for scored in found
    ]
