"""What is only supposed is no answer to what is or was."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.supposed import only_supposes


@pytest.mark.parametrize(
    ("question", "sentence", "supposed"),
    [
        ("Did Denholm hire 40 nurses?", "Had the council listened, it would have hired 40 nurses.", True),
        ("Did the Liberals cancel the tram?", "The Liberals would cancel the tram if they won.", True),
        ("Is the fee 4 crowns?", "Suppose the fee went from 2 to 4 crowns.", True),
        ("When was the stretch finished?", "The stretch should have been finished by Christmas.", True),
        ("Hat die Stadt 40 Stellen geschaffen?", "Die Stadt würde 40 Stellen schaffen, wenn sie Geld hätte.", True),
        ("Would the Liberals cancel the tram?", "The Liberals would cancel the tram if they won.", False),
        ("What did the Liberals promise?", "They would cancel the tram if they won.", False),
        ("Did they win?", "They would have won, but lost.", False),
        ("Did Ardent buy the jets?", "Ardent bought the jets in May.", False),
        ("What is the fee?", "The fee would be 4 crowns if it were raised.", False),
    ],
)
def test_a_sentence_only_supposes(question: str, sentence: str, supposed: bool) -> None:
    assert only_supposes(question, sentence) is supposed


def test_what_would_have_been_is_no_answer(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "column.txt"
    text = (
        "Had the council listened to its staff in 2022, it would have hired 40 nurses. Eleven nurses left last winter."
    )
    path.write_text(f"Title: What Denholm owes its hospital\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("Did Denholm hire 40 nurses in 2022?")).answered
