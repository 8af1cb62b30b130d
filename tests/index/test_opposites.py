"""The opposite of what is asked is no answer."""

from __future__ import annotations

import pytest

from index.article import Question
from index.library import Library
from index.terms.opposites import says_the_opposite


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("When is the next eclipse?", "The previous eclipse was in 2017.", True),
        ("How many South Korean soldiers are there?", "About 10,000 North Korean soldiers are there.", True),
        ("Which is the largest lake?", "The smallest lake is Lake Roe.", True),
        ("When was he born?", "He died in 1898.", True),
        ("When was he born?", "He was born in 1832 and died in 1898.", False),
        ("Which came first, and which last?", "The last was Roe.", False),
        ("When is the next eclipse?", "The next one after the previous one is far off.", False),
        ("When did Rovers last win?", "It was their first victory since 2019.", False),
        ("Who won?", "England lost to Spain.", False),
        ("What happened before the vote?", "After a debate they voted.", False),
    ],
)
def test_what_says_the_opposite(question: str, sentence: str, opposite: bool) -> None:
    assert says_the_opposite(question, sentence) is opposite


def test_the_previous_eclipse_is_not_the_next(seeded: Library) -> None:
    answer = seeded.ask(Question("When is the next total eclipse in the contiguous United States?", k=10))
    assert not any(each.sentence.text.startswith("The previous") for each in answer.quotes)
    (previous,) = (each for each in answer.ranked if each.sentence.text.startswith("The previous total eclipse"))
    assert previous.parts["lift"] == -2.0
