"""The paragraphs of our own that the cross-encoders learn from are well formed, and keep to what they are for."""

from __future__ import annotations

from benchmarks.train.everyday import in_english, is_held, read_own

ANSWERED = (0.5, 0.7)
"""Between which shares of the questions have an answer: the others are what silence is learnt from."""


def test_own_paragraphs_are_well_formed() -> None:
    paragraphs = read_own()
    assert len({paragraph.sentences for paragraph in paragraphs}) == len(paragraphs), "one stands there twice"
    questions = [question for paragraph in paragraphs for question in paragraph.questions]
    assert all(question.text.strip() for question in questions)
    answered = sum(bool(question.gold) for question in questions) / len(questions)
    assert ANSWERED[0] < answered < ANSWERED[1]


def test_some_of_them_are_kept_for_development() -> None:
    english = in_english(read_own())
    held = [paragraph for paragraph in english if is_held(paragraph)]
    assert 0.03 < len(held) / len(english) < 0.2
    assert all(question.lang == "en" for paragraph in english for question in paragraph.questions)
