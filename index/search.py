"""The first stage: dense vectors and words find the sentences worth reading; in both the title stands first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.article import ArticleId, Question, SentenceId
from index.candidate import Candidate, Under, candidate, saying_most, says_nothing_new, those_under
from index.embed import Encoder
from index.segment.headings import may_be_heading
from index.steps import EMBED, VECTORS, WORDS, step
from index.store import articles, changes, sentences
from index.store.engine import reading
from index.store.scope import Scope
from index.terms import content_terms
from index.vectors.nearest import Nearest
from index.words.matching import Matching

DEPTH = 50
"""Candidates taken from each of the two searches."""
DENSE, LEXICAL = 0.6, 0.4
"""Weights of the z-scores that put the candidates in their first order (best measured mix of the two)."""

BESIDE = 0.25
"""How much of its better neighbour's score a sentence gets. What is asked is often named in the sentence before or
after the one that answers."""

KEPT_SCOPES = 4
"""Limits (`--source`, `--since`, `--in`) whose sentences are remembered: those of a million take 8 MB."""

OTHERS, OF_ONE = 4, 2
"""Candidates that are read from other articles than the one that most come from, if there are so many, and the most of
each: a story that goes on has many articles, and the newest must not wait behind all that one of the others says."""

UNDER, UNDER_REACH = 4, 24
"""Sentences under a heading that is found, which are candidates with it: what they say may be named there alone. Those
that say most of the question are taken, of so many that follow."""

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class Search:
    """The first stage. Everything it knows comes from the store and the two caches."""

    def __init__(self, engine: sa.Engine, encoder: Encoder, vectors: Nearest, words: Matching) -> None:
        self._engine = engine
        self._encoder = encoder
        self._vectors = vectors
        self._words = words
        self._languages_of: tuple[int, Sequence[str]] = (-1, ())
        self._scope_of = lru_cache(KEPT_SCOPES)(self._new_scope)

    def candidates(self, questions: Sequence[Question], counts: Sequence[int]) -> list[list[Candidate]]:
        """The best candidates of each question, best first, as many as its count. Questions are embedded together."""
        if not questions:
            return []
        with step(EMBED):
            embedded = self._encoder.questions([question.text for question in questions])
        with reading(self._engine) as connection:
            version = changes.seq(connection)
        scopes = [self._scope_of(version, each.article, each.source, each.since) for each in questions]
        with step(VECTORS):
            dense = self._dense(scopes, embedded)
        langs = self._languages(version)
        with step(WORDS):
            lexical = [self._lexical(question, langs, dense[n], scopes[n]) for n, question in enumerate(questions)]
        ids = [_found_by(dense[n], found) for n, found in enumerate(lexical)]
        with reading(self._engine) as connection:
            places = sentences.places(connection, dict.fromkeys(SentenceId(int(id)) for id in chain.from_iterable(ids)))
            mixed = [
                self._mixed(embedded[n], ids[n], lexical[n], places, max(count, question.k))
                for n, (question, count) in enumerate(zip(questions, counts, strict=True))
            ]
            found = sentences.passages(connection, dict.fromkeys(each.id for best in mixed for each in best))
            under = _under(connection, found)
        return [
            _with_those_under(question, best, found, under) for question, best in zip(questions, mixed, strict=True)
        ]

    def _dense(self, scopes: Sequence[Scope | None], embedded: Scores) -> dict[int, Ids]:
        """The nearest sentences of each question by its place, those of no filter looked for together."""
        dense: dict[int, Ids] = {}
        open_to_all = [n for n, scope in enumerate(scopes) if scope is None]
        if open_to_all:
            _, found = self._vectors.search(embedded[open_to_all], DEPTH)
            dense = dict(zip(open_to_all, found, strict=True))
        for n, scope in enumerate(scopes):
            if scope is not None:
                dense[n] = scope.ids if scope.article else self._vectors.search(embedded[n : n + 1], DEPTH, scope)[1][0]
        return dense

    def _new_scope(
        self, version: int, article: ArticleId | None, source: str | None, since: date | None
    ) -> Scope | None:
        """What a question is limited to; one that stays the same from question to question reads its ids once."""
        return Scope.of(self._engine, Question("", article=article, source=source, since=since))

    def _languages(self, version: int) -> Sequence[str]:
        """The languages of the library, counted once for each of its versions."""
        if version != self._languages_of[0]:
            with reading(self._engine) as connection:
                self._languages_of = version, tuple(articles.languages(connection))
        return self._languages_of[1]

    def _lexical(
        self, question: Question, langs: Sequence[str], dense: Ids, scope: Scope | None
    ) -> Mapping[int, float]:
        """BM25 scores by sentence id."""
        depth = DEPTH if question.article is None else max(DEPTH, len(dense))
        scores, matching = self._words.search(content_terms(question.text, langs), depth, scope)
        return {int(id): float(score) for id, score in zip(matching, scores, strict=True) if id >= 0}

    def _mixed(
        self,
        vector: Scores,
        ids: Ids,
        lexical: Mapping[int, float],
        places: Mapping[SentenceId, sentences.Place],
        count: int,
    ) -> list[_Found]:
        """The best `count` of what both searches found, best first."""
        if not len(ids):
            return []
        # A sentence that another model embedded has no vector here yet; no cosine is lower than this.
        cosines = np.maximum(self._vectors.scores(vector, ids), -1.0)
        words = np.fromiter((lexical.get(int(id), 0.0) for id in ids), dtype=np.float32, count=len(ids))
        scores = DENSE * _z(cosines) + LEXICAL * _z(words)
        scores += BESIDE * _beside(scores, [places.get(SentenceId(int(id))) for id in ids])
        best = np.argsort(-scores, kind="stable")[:count]
        return [_Found(SentenceId(int(ids[n])), float(cosines[n]), float(words[n])) for n in best]


class _Found(NamedTuple):
    """A candidate whose text was not read yet."""

    id: SentenceId
    cosine: float
    words: float


def _under(connection: sa.Connection, found: Mapping[SentenceId, sentences.Passage]) -> dict[SentenceId, list[Under]]:
    """What stands under each of these sentences that is a heading."""
    above = [id for id, each in found.items() if may_be_heading(each.above, each.sentence.text, each.below)]
    if not above:
        return {}
    following = sentences.following(connection, above, UNDER_REACH)
    passages = sentences.passages(connection, dict.fromkeys(chain.from_iterable(following.values())))
    under = those_under(passages.values())
    return {
        id: [under[each] for each in after if each in under and found[id].sentence.start in under[each].heading.starts]
        for id, after in following.items()
    }


def _with_those_under(
    question: Question,
    best: Sequence[_Found],
    found: Mapping[SentenceId, sentences.Passage],
    under: Mapping[SentenceId, Sequence[Under]],
) -> list[Candidate]:
    """Candidates in order, as many as were found: behind each heading what stands under it, found as well as the
    heading was; headings that say nothing come last."""
    scores: dict[SentenceId, _Found] = {}
    passages = dict(found)
    for each in best:
        below = {read.sentence.id: read for read in saying_most(question.text, under.get(each.id, ()))[:UNDER]}
        passages |= below
        for id in (each.id, *below):
            known = scores.get(id, each)
            scores[id] = _Found(id, max(known.cosine, each.cosine), max(known.words, each.words))
    read = [
        candidate(question.text, passages[each.id], each.cosine, each.words, question.on)
        for each in scores.values()
        if each.id in passages
    ]
    candidates = [
        replace(each, heads=True)
        if under.get(each.sentence.id) and not each.whole and says_nothing_new(each, question.text)
        else each
        for each in read
    ]
    return sorted(candidates, key=lambda each: each.heads)[: len(best)]


def _found_by(dense: Ids, lexical: Mapping[int, float]) -> Ids:
    """What either search found, each once."""
    return np.union1d(dense[dense >= 0], np.fromiter(lexical, dtype=np.int64, count=len(lexical)))


def _beside(scores: Scores, places: Sequence[sentences.Place | None]) -> Scores:
    """The score of the better of each sentence's two neighbours; where neither was found, the lowest there is."""
    known = {place: float(score) for place, score in zip(places, scores, strict=True) if place}
    least = float(scores.min())

    def better(place: sentences.Place | None) -> float:
        if place is None:
            return least
        beside = (place._replace(ordinal=place.ordinal + offset) for offset in (-1, 1))
        return max(known.get(each, least) for each in beside)

    return np.array([better(place) for place in places], dtype=np.float32)


def few_of_each(candidates: Iterable[Candidate], read: Iterable[Candidate] = ()) -> Iterator[Candidate]:
    """Of candidates in order, those that make no more than OF_ONE of an article together with what is read of it."""
    taken = Counter(each.article.id for each in read)
    for each in candidates:
        taken[each.article.id] += 1
        if taken[each.article.id] <= OF_ONE:
            yield each


def reading_order(candidates: Sequence[Candidate], count: int) -> tuple[list[Candidate], list[Candidate]]:
    """What is read first, and what only while doubt is left: candidates in order, parted.

    First come the best `count`; where nearly all are of one article, the best from elsewhere as well, OTHERS in all. A
    title that says what is asked lifts every sentence under it, and without other articles nothing could disagree.
    """
    first, later = list(candidates[:count]), list(candidates[count:])
    articles = Counter(each.article.id for each in first)
    most = max(articles, key=lambda id: articles[id], default=None)
    elsewhere = [each for each in first if each.article.id != most]
    more = few_of_each((each for each in later if each.article.id != most), elsewhere)
    others = list(islice(more, max(0, OTHERS - len(elsewhere))))
    return [*first, *others], [each for each in later if each not in others]


def _z(scores: Scores) -> Scores:
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)
