"""The third trip begins here: new sentences against standing questions, at the cost of one matrix product and a handful
of full scores, however many questions stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.answer import quote
from index.article import Quote, SentenceId
from index.article import passage as article_passage
from index.asides import question_in
from index.background import PASSAGES
from index.candidate import Candidate, candidate
from index.embed import Encoder
from index.rank import Ranker, Scored
from index.segment.languages import language_of
from index.store.sentences import Passage
from index.terms import content_terms, terms
from index.terms.topics import without_request

WORDS = 0.085
"""What the share of the question's words adds to how far its cosine stands above the usual."""
LEAST_LIKENESS = {0.10: 0.142, 0.05: 0.157, 0.01: 0.171}
"""By accepted share of false answers: below this likeness no full score is worth its time. Of the pairs of SelQA's
development questions and sentences that are answers in the end 99 %, 99 % and all lie above; of the pairs with 3,000
questions about other things one in 65,000, 170,000 and 450,000 (`python -m benchmarks.alerts --rejected`)."""
ACROSS = 0.6
"""The share where question and sentence are of two languages, which have few words in common. Of XQuAD's answers to
English questions in German and Russian all lie above that come anywhere near to being taken for answers; none was taken
for one by the models that are in use."""
FULL_SCORES = 16
"""Standing questions that are read in full for one sentence, the likest first; as many again only where it answers one
of those before."""
KEPT_READY = 4
"""Lists of standing questions that are kept ready: one for each strictness, and one that is tried out."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]


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
    """Places of a distinct question and of a sentence that are alike, and the cosine of their vectors."""

    question: int
    sentence: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A standing question made ready: what it is compared by. `asked`: its text without greeting and thanks; `vector`
    (dim,) of unit length; `key` is the same for questions that differ in nothing but signs and capitals."""

    text: str
    asked: str
    vector: Floats
    lang: str
    key: tuple[str, ...]
    words: frozenset[str]


def prepared(texts: Sequence[str], embed: Callable[[Sequence[str]], Floats]) -> list[Prepared]:
    """Standing questions made ready; `embed` turns (n) questions into their vectors, (n, dim)."""
    found = []
    questions = [without_request(question_in(text)) for text in texts]
    for text, asked, vector in zip(texts, questions, embed(questions), strict=True):
        lang = language_of(asked) or ""
        langs = (lang,) if lang else ()
        key = (lang, *(terms(asked, langs) or [asked]))
        found.append(Prepared(text, asked, vector, lang, key, frozenset(content_terms(asked, langs))))
    return found


class Standing:
    """Standing questions together. Those of one key are `asked` once, and `places` says where all of them stood.
    `background` (m, dim): passages about anything else, which tell how high a question's cosines run."""

    def __init__(self, questions: Sequence[Prepared], background: Floats) -> None:
        self.texts = tuple(question.text for question in questions)
        alike: dict[tuple[str, ...], list[int]] = {}
        for place, question in enumerate(questions):
            alike.setdefault(question.key, []).append(place)
        self.places = list(alike.values())
        first = [questions[places[0]] for places in self.places]
        self.asked = tuple(question.asked for question in first)
        self._langs = np.array([question.lang for question in first])
        self.vectors = np.stack([question.vector for question in first])
        self.usual: Floats = (self.vectors @ background.T).mean(axis=1)
        self._word_ids, self._words = _numbered([question.words for question in first])
        self._count = np.count_nonzero(self._words, axis=1).clip(min=1).astype(np.float32)

    def shared(self, passage: Passage, places: Places) -> Floats:
        """The share of each question's words that a sentence or its title has, (len(places),); at least ACROSS for
        questions in another language."""
        lang = passage.article.lang
        said = terms(article_passage(passage.article.title, passage.sentence.text), (lang,) if lang else ())
        has = np.zeros(len(self._word_ids) + 1, bool)
        has[[self._word_ids[word] for word in said if word in self._word_ids]] = True
        share: Floats = np.count_nonzero(has[self._words[places]], axis=1) / self._count[places]
        if lang:
            across = (self._langs[places] != lang) & (self._langs[places] != "")
            share[across] = np.maximum(share[across], ACROSS)
        return share


class Watched:
    """Standing questions, made ready once for each list of them; a text is embedded once, and forgotten when no list
    that is kept has it. A single question is tried out, and not kept."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.known: dict[str, Prepared] = {}
        self.kept: list[Standing] = []

    def ready(self, questions: Sequence[str]) -> Standing:
        """Standing questions together, in this order."""
        asked = tuple(questions)
        ready = next((one for one in self.kept if one.texts == asked), None)
        if ready is None:
            new = [text for text in dict.fromkeys(asked) if text not in self.known]
            made = prepared(new, self._encoder.questions) if new else ()
            known = self.known | {question.text: question for question in made}
            ready = Standing([known[text] for text in asked], self._background)
            if len(asked) == 1:
                return ready
            texts = {text for one in (ready, *self.kept[: KEPT_READY - 1]) for text in one.texts}
            self.known = {text: question for text, question in known.items() if text in texts}
        self.kept = [ready, *(one for one in self.kept if one is not ready)][:KEPT_READY]
        return ready

    @cached_property
    def _background(self) -> Floats:
        """What is about nothing that anybody watches for, (m, dim) of unit length."""
        return self._encoder.passages([article_passage(title, sentence) for title, sentence in PASSAGES])


def _numbered(questions: Sequence[Iterable[str]]) -> tuple[dict[str, int], npt.NDArray[np.int32]]:
    """Numbers of the words, from 1 on, and which each question has: (q, most words), 0 where it has no more."""
    ids: dict[str, int] = {}
    rows = [[ids.setdefault(word, len(ids) + 1) for word in words] for words in questions]
    numbers = np.zeros((len(rows), max(map(len, rows), default=0)), np.int32)
    for row, own in zip(numbers, rows, strict=True):
        row[: len(own)] = own
    return ids, numbers


def near(
    standing: Standing,
    ids: Sequence[SentenceId],
    vectors: Floats,
    passages: Mapping[SentenceId, Passage],
    false_answers: float,
    most: int | None = None,
) -> list[Pair]:
    """Pairs worth a full score, for each sentence the likest first; with `most`, of each question with no more than so
    many sentences. `vectors` (s, dim) are those of `ids`, of unit length; a sentence that is not among `passages` is
    left out."""
    least = LEAST_LIKENESS[min(LEAST_LIKENESS, key=lambda share: abs(share - false_answers))]
    above = vectors @ standing.vectors.T - standing.usual
    found: list[tuple[float, Pair]] = []
    for place, id in enumerate(ids):
        close = np.flatnonzero(above[place] >= least - WORDS)
        if id not in passages or not close.size:
            continue
        likeness = above[place, close] + WORDS * standing.shared(passages[id], close)
        for at in np.flatnonzero(likeness >= least):
            question = int(close[at])
            cosine = float(above[place, question] + standing.usual[question])
            found.append((float(likeness[at]), Pair(question, place, cosine)))
    found.sort(key=lambda pair: -pair[0])
    return [pair for _, pair in found] if most is None else list(_likest(found, most))


def _likest(found: Iterable[tuple[float, Pair]], most: int) -> Iterator[Pair]:
    taken: dict[int, int] = {}
    for _, pair in found:
        taken[pair.question] = taken.get(pair.question, 0) + 1
        if taken[pair.question] <= most:
            yield pair


def matches(
    ranker: Ranker,
    standing: Standing,
    ids: Sequence[SentenceId],
    pairs: Iterable[Pair],
    passages: Mapping[SentenceId, Passage],
    false_answers: float,
) -> list[Match]:
    """Every pair with its calibrated probability, in the order of the questions, then of probability. `pairs` count in
    `standing` and in `ids`, and come from `near`."""
    waiting: dict[SentenceId, list[Pair]] = {}
    for pair in pairs:
        waiting.setdefault(ids[pair.sentence], []).append(pair)
    found: list[Match] = []
    while waiting:
        now = [pair for queue in waiting.values() for pair in queue[:FULL_SCORES]]
        read = _scored(ranker, standing.asked, ids, now, passages, false_answers)
        found += [replace(match, question=place) for match in read for place in standing.places[match.question]]
        answered = {match.quote.sentence.id for match in read if match.answers}
        rest = {id: queue[FULL_SCORES:] for id, queue in waiting.items() if id in answered}
        waiting = {id: queue for id, queue in rest.items() if queue}
    return sorted(found, key=lambda match: (match.question, -match.quote.confidence))


def _scored(
    ranker: Ranker,
    asked: Sequence[str],
    ids: Sequence[SentenceId],
    pairs: Iterable[Pair],
    passages: Mapping[SentenceId, Passage],
    false_answers: float,
) -> list[Match]:
    """All pairs, read in one batch."""
    by_question: dict[int, list[Candidate]] = {}
    for pair in pairs:
        read = candidate(asked[pair.question], passages[ids[pair.sentence]], pair.cosine)
        by_question.setdefault(pair.question, []).append(read)
    order = sorted(by_question)
    texts = [asked[question] for question in order]
    ranked = ranker.ranked(texts, [by_question[question] for question in order])
    ranked = ranker.in_context(texts, ranked, pointing=None, close=0)
    ranked = ranker.on_their_own(texts, ranked, each_at=false_answers)
    return [
        match
        for question, found in zip(order, ranked, strict=True)
        for match in _told(
            question, found, [ranker.threshold(asked[question], each.candidate, false_answers) for each in found]
        )
    ]


def _told(question: int, found: Sequence[Scored], least: Sequence[float]) -> Iterator[Match]:
    """A match of each candidate, but of no item of a list that is told whole, by what leads to it."""
    whole = {
        each.candidate.list_id
        for each, threshold in zip(found, least, strict=True)
        if each.candidate.whole and each.probability >= threshold
    }
    for each, threshold in zip(found, least, strict=True):
        if each.candidate.whole or each.candidate.list_id not in whole:
            yield Match(question, quote(each), threshold)
