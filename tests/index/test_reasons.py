"""What has the words of a question for a reason and gives none is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.reasons import gives_no_reason


@pytest.mark.parametrize(
    ("question", "sentence", "lang", "none"),
    [
        ("Why are dogs not admitted in August?", "Dogs are not admitted in August.", "en", True),
        ("Why are dogs not admitted in August?", "Dogs are not admitted in August because of the heat.", "en", False),
        ("Why did the bridge collapse?", "The bridge collapsed after the ship struck it.", "en", False),
        ("Why do scientists come to Poland?", "Scientists come to Poland to find out how wolves live.", "en", False),
        ("Why was she fined?", "The council met in May.", "en", False),
        ("When are dogs admitted in August?", "Dogs are admitted in August.", "en", False),
        ("Warum ist eine Befreiung nicht möglich?", "Eine Befreiung ist nicht möglich.", "de", True),
        ("Warum fällt der Zug aus?", "Wegen eines Sturms fällt der Zug aus.", "de", False),
        ("почему в выходные нельзя сверлить?", "В выходные сверлить нельзя.", "ru", True),
        ("чому фури не пустять через міст?", "Фури через міст не пустять.", "uk", True),
        ("чому фури не пустять на міст?", "Фури на міст не пустять через тріщину.", "uk", False),
        ("pourquoi les chiens ne sont pas admis ?", "Les chiens ne sont pas admis sur les berges.", "fr", True),
        ("왜 다리가 닫혔나요?", "다리가 닫혔다.", "ko", False),
    ],
)
def test_a_sentence_gives_no_reason(question: str, sentence: str, lang: str, none: bool) -> None:
    assert gives_no_reason(question, sentence, lang) is none


def test_the_premise_does_not_answer_why(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "hausordnung.txt"
    text = "Eine Befreiung vom Anschlusszwang ist nicht möglich. Der Keller wird montags gelüftet."
    path.write_text(f"Title: Hausordnung\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert library.ask(Question("Ist eine Befreiung vom Anschlusszwang möglich?")).answered
    assert not library.ask(Question("Warum ist eine Befreiung vom Anschlusszwang nicht möglich?")).answered
