"""Who came after somebody is no answer to who came before, nor the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.succession import tells_the_other_side

FOLLOWED = "She retired in 1956 and was followed as director by Hugo Blanch."
SUCCEEDED = "She succeeded Anders Okonwe, who held the office for twelve years."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who was mayor of Eskerby before Anders Okonwe?", SUCCEEDED),
        ("who ran the survey before Thorn", FOLLOWED),
        ("Who did Thorn succeed?", FOLLOWED),
        ("Whom did Thorn replace?", "Hugo Blanch succeeded her in 1956."),
        ("Who replaced Lund as captain?", "Lund replaced Ida Berg as captain in May."),
        ("Who was Lund's predecessor?", "Her successor is Ida Moe."),
        ("Who was Lund succeeded by?", "Lund took over from Ida Moe in 2010."),
        ("Who replaced Lund?", "Lund was preceded by Ida Moe."),
        ("What replaced the old bridge?", "The bridge replaced a ferry."),
    ],
)
def test_a_sentence_tells_the_other_side(question: str, sentence: str) -> None:
    assert tells_the_other_side(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who was mayor of Eskerby after Anders Okonwe?", SUCCEEDED),
        ("Who succeeded Thorn?", FOLLOWED),
        ("Who succeeded Thorn?", "Hugo Blanch succeeded her in 1956."),
        ("Who replaced Lund as captain?", "Ida Berg replaced Lund as captain in May."),
        ("Who replaced Lund as captain?", "Lund was replaced by Ida Berg in May."),
        ("Who will replace Lund?", "Lund, who succeeded Berg in 2010, will be replaced by Ida Moe."),
        ("Who was the manager before Lund?", "Ida Moe, Lund's predecessor, was manager until 2010."),
        ("Who was the manager before Lund?", "Lund became manager in 2010."),
        ("Who was hurt after Lund fell?", "Moe was replaced by Berg."),
        ("Who were the farmhands after Bacon's Rebellion?", "After Bacon's Rebellion, others replaced the servants."),
        ("Who replaced French forces?", "French forces left and were replaced by American forces."),
        ("Who was mayor before Okonwe?", "Okonwe replaced Lund, and Lund had replaced Moe."),
    ],
)
def test_a_sentence_may_tell_the_side_that_is_asked_for(question: str, sentence: str) -> None:
    assert not tells_the_other_side(question, sentence)


def test_who_came_after_the_mayor_is_not_who_was_it_before_him(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "eskerby.txt"
    text = (
        "The mayor of Eskerby is Runa Falk. She succeeded Anders Okonwe as mayor, who held the office for twelve years."
    )
    path.write_text(f"Title: The town of Eskerby\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("Who was mayor of Eskerby before Anders Okonwe?")).answered
    assert library.ask(Question("Who succeeded Anders Okonwe as mayor of Eskerby?")).answered
