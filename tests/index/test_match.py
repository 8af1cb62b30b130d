"""New sentences against standing questions, with the real models over the real articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.article import Article, ArticleId, Question, Sentence, SentenceId, SnapshotHash
from index.candidate import Candidate
from index.library import Library
from index.match import ACROSS, KEPT_READY, LEAST_LIKENESS, WORDS, Pair, Standing, matches, near, prepared
from index.rank import Ranker, Scored
from index.store.sentences import Passage

BRIDGE = "Which ship hit the Key Bridge in Baltimore?"
NOBEL = "Who won the Nobel Prize in Literature in 2024?"
NEVER = "Who won the chess championship of Atlantis in 1712?"


def everything(library: Library) -> list[SentenceId]:
    return [arrival.sentence for arrival in library.arrivals(0, 100_000).sentences]


def test_a_standing_question_is_answered_by_the_sentences_that_answer_it(shipped: Library) -> None:
    questions = [NEVER, BRIDGE, NOBEL]
    answers = [match for match in shipped.match(questions, everything(shipped), 0.10) if match.answers]
    heard = {questions[match.question] for match in answers}
    assert heard == {BRIDGE, NOBEL}
    assert any("Dali" in match.quote.sentence.text for match in answers if questions[match.question] == BRIDGE)
    assert any("Han Kang" in match.quote.sentence.text for match in answers if questions[match.question] == NOBEL)


def test_a_pair_has_the_same_probability_as_in_an_answer(shipped: Library) -> None:
    asked = shipped.ask(Question(BRIDGE, false_answers=0.10))
    matched = {match.quote.sentence.id: match for match in shipped.match([BRIDGE], everything(shipped), 0.10)}
    assert asked.quotes
    for quote in asked.quotes:
        assert matched[quote.sentence.id].quote.confidence == pytest.approx(quote.confidence, abs=1e-3)
        assert matched[quote.sentence.id].threshold == asked.threshold


def test_under_a_headline_that_answers_only_sentences_that_answer_too_are_told(shipped: Library) -> None:
    """Each of the sixty sentences under "About 10,000 North Korean soldiers are now in Russia" once was."""
    matched = shipped.match(["How many North Korean soldiers are in Russia?"], everything(shipped), 0.05)
    told = [match.quote.sentence.text for match in matched if match.answers]
    assert told
    assert all("North Korean" in text and re.search(r"\d,\d{3}", text) for text in told), told


def test_few_of_many_pairs_are_read_in_full(seeded: Library) -> None:
    ids = everything(seeded)
    questions = [NEVER, BRIDGE, NOBEL]
    read = seeded.match(questions, ids)
    assert len(read) < len(ids)
    assert len(seeded.match([BRIDGE], ids, most=1)) == 1


def test_questions_that_differ_in_signs_alone_are_read_once(seeded: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = []
    ranked = Ranker.ranked

    def counted(self: Ranker, questions: Sequence[str], candidates: Sequence[Sequence[Candidate]]) -> Any:
        pairs.extend(questions)
        return ranked(self, questions, candidates)

    monkeypatch.setattr(Ranker, "ranked", counted)
    found = seeded.match([BRIDGE, BRIDGE.lower(), f"{BRIDGE[:-1]} ?"], everything(seeded))
    assert pairs == [BRIDGE]
    answers = [{match.quote.sentence.id for match in found if match.question == n and match.answers} for n in range(3)]
    assert answers[0] == answers[1] == answers[2] != set()


class Knowing:
    """A ranker that knows which questions a sentence answers, and counts what it reads."""

    def __init__(self, answered: int) -> None:
        self.answered, self.read = answered, 0

    def ranked(self, questions: Sequence[str], candidates: Sequence[Sequence[Candidate]]) -> list[list[Scored]]:
        self.read += len(questions)
        return [
            [Scored(each, float(int(question) < self.answered), {}) for each in found]
            for question, found in zip(questions, candidates, strict=True)
        ]

    def in_context(self, questions: Sequence[str], ranked: list[list[Scored]], **_: object) -> list[list[Scored]]:
        return ranked

    on_their_own = in_context

    def threshold(self, question: str, best: Candidate, false_answers: float) -> float:
        return 0.5


@pytest.mark.parametrize(("answered", "read"), [(0, 16), (15, 32), (40, 64), (100, 100)])
def test_however_many_watch_for_a_sentence_each_hears_of_it_and_few_more_are_read(answered: int, read: int) -> None:
    texts = [str(number) for number in range(100)]
    standing = Standing(prepared(texts, lambda _: np.tile(at_cosine(1.0), (100, 1))), at_cosine(USUAL))
    ids, passages = [SentenceId(1)], {SentenceId(1): passage("The ship Dali hit the Key Bridge.", "en")}
    pairs = [Pair(number, 0, 0.9) for number in range(100)]
    ranker = Knowing(answered)
    found = matches(ranker, standing, ids, pairs, passages, 0.05)  # type: ignore[arg-type]
    assert [match.question for match in found if match.answers] == list(range(answered))
    assert ranker.read == read


def test_what_is_no_longer_watched_for_is_not_kept(seeded: Library) -> None:
    ids = everything(seeded)[:1]
    for number in range(20):
        seeded.match([f"What is number {number}?", f"Who is number {number}?"], ids)
        seeded.match([f"Where is number {number}?"], ids)
    assert len(seeded._watched.known) <= 2 * KEPT_READY
    assert all(len(ready.texts) == 2 for ready in seeded._watched.kept)


def passage(text: str, lang: str) -> Passage:
    sentence = Sentence(SentenceId(1), ArticleId("a"), SnapshotHash(""), 0, 0, len(text), text)
    return Passage(sentence, Article(ArticleId("a"), "", lang=lang))


USUAL, LEAST = 0.7, LEAST_LIKENESS[0.05]


@pytest.mark.parametrize(
    ("text", "lang", "above", "read"),
    [
        ("The ship Dali hit the Key Bridge in Baltimore.", "en", LEAST - WORDS + 0.01, True),
        ("Nobody was hurt when the old mill burned down.", "en", LEAST - WORDS + 0.01, False),
        ("Nobody was hurt when the old mill burned down.", "en", LEAST + 0.01, True),
        ("Das Schiff traf die Brücke.", "de", LEAST - WORDS * ACROSS + 0.01, True),
        ("Das Schiff traf die Brücke.", "de", LEAST - WORDS * ACROSS - 0.01, False),
    ],
)
def test_meaning_and_words_together_decide_what_is_read(text: str, lang: str, above: float, read: bool) -> None:
    standing = Standing(prepared([BRIDGE], lambda _: at_cosine(1.0)), at_cosine(USUAL))
    pairs = near(standing, [SentenceId(1)], at_cosine(USUAL + above), {SentenceId(1): passage(text, lang)}, 0.05)
    assert bool(pairs) is read


def at_cosine(cosine: float) -> npt.NDArray[np.float32]:
    """A vector that is so like the question's."""
    return np.array([[cosine, np.sqrt(1 - cosine**2)]], np.float32)
