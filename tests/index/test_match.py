"""New sentences against standing questions, with the real models over the real articles."""

from __future__ import annotations

import numpy as np
import pytest

from index.article import Article, ArticleId, Question, Sentence, SentenceId, SnapshotHash
from index.library import Library
from index.match import ACROSS, LEAST_LIKENESS, MOST_FULL_SCORES, WORDS, Standing, near
from index.store.sentences import Passage

BRIDGE = "Which ship hit the Key Bridge in Baltimore?"
NOBEL = "Who won the Nobel Prize in Literature in 2024?"
NEVER = "Who won the chess championship of Atlantis in 1712?"


def everything(library: Library) -> list[SentenceId]:
    return [arrival.sentence for arrival in library.arrivals(0, 100_000).sentences]


def test_a_standing_question_is_answered_by_the_sentences_that_answer_it(seeded: Library) -> None:
    questions = [NEVER, BRIDGE, NOBEL]
    answers = [match for match in seeded.match(questions, everything(seeded), 0.10) if match.answers]
    heard = {questions[match.question] for match in answers}
    assert heard == {BRIDGE, NOBEL}
    assert any("Dali" in match.quote.sentence.text for match in answers if questions[match.question] == BRIDGE)
    assert any("Han Kang" in match.quote.sentence.text for match in answers if questions[match.question] == NOBEL)


def test_a_pair_has_the_same_probability_as_in_an_answer(seeded: Library) -> None:
    asked = seeded.ask(Question(BRIDGE, false_answers=0.10))
    matched = {match.quote.sentence.id: match for match in seeded.match([BRIDGE], everything(seeded), 0.10)}
    assert asked.quotes
    for quote in asked.quotes:
        assert matched[quote.sentence.id].quote.confidence == pytest.approx(quote.confidence, abs=1e-3)
        assert matched[quote.sentence.id].threshold == asked.threshold


def test_few_of_many_pairs_are_read_in_full(seeded: Library) -> None:
    ids = everything(seeded)
    questions = [f"{BRIDGE} ({number})" for number in range(3 * MOST_FULL_SCORES)]
    read = [match.quote.sentence.id for match in seeded.match(questions, ids)]
    assert max(read.count(id) for id in set(read)) == MOST_FULL_SCORES
    assert len(seeded.match([BRIDGE], ids, most=1)) == 1


def passage(text: str, lang: str) -> Passage:
    sentence = Sentence(SentenceId(1), ArticleId("a"), SnapshotHash(""), 0, 0, len(text), text)
    return Passage(sentence, Article(ArticleId("a"), "", lang=lang))


@pytest.mark.parametrize(
    ("text", "lang", "cosine", "read"),
    [
        ("The ship Dali hit the Key Bridge in Baltimore.", "en", LEAST_LIKENESS - WORDS + 0.01, True),
        ("Nobody was hurt when the old mill burned down.", "en", LEAST_LIKENESS - WORDS + 0.01, False),
        ("Nobody was hurt when the old mill burned down.", "en", LEAST_LIKENESS + 0.01, True),
        ("Das Schiff traf die Brücke.", "de", LEAST_LIKENESS - WORDS * ACROSS + 0.01, True),
        ("Das Schiff traf die Brücke.", "de", LEAST_LIKENESS - WORDS * ACROSS - 0.01, False),
    ],
)
def test_meaning_and_words_together_decide_what_is_read(text: str, lang: str, cosine: float, read: bool) -> None:
    question = np.array([[1.0, 0.0]], np.float32)
    sentence = np.array([[cosine, np.sqrt(1 - cosine**2)]], np.float32)
    pairs = near(Standing([BRIDGE], question), [SentenceId(1)], sentence, {SentenceId(1): passage(text, lang)})
    assert bool(pairs) is read
