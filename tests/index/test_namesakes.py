"""What is said of one name is no answer about another that only stands above it."""

from __future__ import annotations

import pytest

from index.article import Draft, Question
from index.library import Library
from index.no_answer.namesakes import of_another_name


@pytest.mark.parametrize(
    ("question", "above", "sentence", "another"),
    [
        ("Who chairs the board of Velmora?", "Velmora results", "She now chairs the board of Contora.", True),
        ("who chairs the board of velmora", "Velmora results", "She now chairs the board of Contora.", True),
        ("How many homes lost power in Storm Odette?", "Storm Odette", "Storm Nils left 14,000 dark.", True),
        ("How many barrels does Aldous brew?", "Aldous ales", "Penhale brews 310,000 barrels a year.", True),
        ("Who chairs the board of Velmora?", "Velmora results", "Ms Ott chairs the board.", False),
        ("Who chairs the board of Velmora?", "Velmora results", "Velmora's board is led by Contora.", False),
        ("Who chairs the board of Velmora?", "Results", "She now chairs the board of Contora.", False),
        ("Who chairs the board of Velmora?", "Velmora and Contora", "She chairs the board of Contora.", False),
        ("Who chairs the board of Velmora?", "Velmora results", "She chairs the board of Velmorra.", False),
        ("How many barrels does Aldous brew?", "Aldous ales", "It brews 310,000 barrels.", False),
        ("How many barrels does Aldous brew?", "Aldous ales", "The firm brews 310,000 barrels.", False),
        ("How many live in New York?", "New York", "Some came from New Jersey.", False),
        ("How long is the storm damage?", "Storm Odette", "Storm Nils came.", False),
    ],
)
def test_a_sentence_is_about_another_name(question: str, above: str, sentence: str, another: bool) -> None:
    assert of_another_name(question, above, sentence) is another


def test_another_companys_board_is_no_answer(library: Library) -> None:
    text = "The chair of the board of Velmora is Ada Roth. Jürgen Astfalk now heads the works council of Contora."
    list(library.add([Draft("Velmora: a new board", text, lang="en")]))
    assert library.ask(Question("Who is the chair of the board of Velmora?")).answered
    assert not library.ask(Question("Who heads the works council of Velmora?")).answered
