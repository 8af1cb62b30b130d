"""What is said of one thing is no answer about another that a number tells from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.labels import of_another_number


@pytest.mark.parametrize(
    ("question", "passage", "another"),
    [
        ("Where does line 7 end?", "Line 12 ends at the harbour.", True),
        ("What happened to Luna-26?", "Luna-25 hit the Moon.", True),
        ("What is new in Pondr 4.1?", "Pondr 4.0 (3 October 2025)", True),
        ("Что запрещает статья 7?", "Статья 5 запрещает жечь мусор.", True),
        ("Where does line 7 end?", "Lines 5, 6 and 7 end at the harbour.", False),
        ("Where does line 7 end?", "It ends at the harbour.", False),
        ("What does Windows 10 mend in Windows 8?", "It mends what Windows 8 had wrong.", False),
        ("Who won on May 5?", "Ott won on May 6.", False),
        ("How many of the 12 workers died?", "Of the 8 workers six died.", False),
        ("Who won in 2019?", "Ott won in 2020.", False),
        ("Where does the line end?", "Line 12 ends at the harbour.", False),
    ],
)
def test_a_passage_names_another(question: str, passage: str, another: bool) -> None:
    assert of_another_number(question, passage) is another


def test_a_version_is_asked_about_and_no_other(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    versions = (
        "## Pondr 4.1 (12 January 2026)\n\nPolls may have 12 options.\n\n## Pondr 4.0 (3 October 2025)\n\nIt is new."
    )
    path.write_text(f"# Pondr release notes\n\n{versions}\n", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    when = library.ask(Question("When did Pondr 4.1 come out?"))
    assert [quote.sentence.text for quote in when.quotes] == ["Pondr 4.1 (12 January 2026)"]
    assert not library.ask(Question("When did Pondr 4.2 come out?")).answered
    new = library.ask(Question("What's new in Pondr 4.1?"))
    assert not any(quote.sentence.text.startswith("Pondr 4.") for quote in new.quotes)
