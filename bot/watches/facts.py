"""Whether two alerts of a watch say the same: by the library's own comparison of two answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.answer.asked import asked
from index.answer.same import Claim, adds_figures, asked_again, claim, repeated, same_fact
from index.article import Article, ArticleId, Quote, Sentence, SentenceId, SnapshotHash
from index.candidate import Candidate
from index.rank import Scored

WINDOW = 7 * 86400.0
"""Seconds within which what says the same is not said again. Later the same words are more likely of another event, and
an alert that is lost is worse than one that is repeated: a bridge may be closed again."""

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a watch has heard of, as far as a comparison needs it. `vector`: unit length, None when it is not known."""

    sentence: SentenceId
    article: ArticleId
    text: str
    lang: str | None
    vector: Vector | None


def fact_of(quote: Quote, vector: Vector | None) -> Fact:
    return Fact(quote.sentence.id, quote.article.id, quote.sentence.text, quote.article.lang, vector)


def known(question: str, new: Fact, told: Iterable[Fact]) -> Fact | None:
    """The first of the facts told that a new one only repeats, or None. A figure that was not told makes it news: of
    "700 dead, 30 hurt" after "500 dead, 30 hurt" one figure is known, and the other must not be lost."""
    wanted = asked(question)
    mine = _claim(question, new)
    for old in told:
        other = _claim(question, old)
        if new.article == old.article:
            same = repeated(mine, other) or asked_again(mine, other, wanted)
        else:
            same = new.text == old.text or (
                same_fact(mine, other, wanted, _cosine(new, old)) and not adds_figures(mine, other)
            )
        if same:
            return old
    return None


def _claim(question: str, fact: Fact) -> Claim:
    sentence = Sentence(fact.sentence, fact.article, SnapshotHash(""), 0, 0, len(fact.text), fact.text)
    candidate = Candidate(sentence, Article(fact.article, "", lang=fact.lang), 0.0, 0.0)
    return claim(Scored(candidate, 0.0, {}), 0, asked(question))


def _cosine(one: Fact, other: Fact) -> float:
    """nan where it can't be told, as `same_fact` has it."""
    if one.vector is None or other.vector is None or len(one.vector) != len(other.vector):
        return float("nan")
    return float(one.vector @ other.vector)
