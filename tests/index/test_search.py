"""Which sentences are worth reading: the first stage's order, with the real encoder and the real words."""

from __future__ import annotations

import pytest

from index.article import ArticleId, Draft, Question
from index.library import Library

BRIDGES = ("Eastfield", "Marlow", "Thornbury", "Kesgrave", "Oakham", "Ludlow", "Penrith", "Selby")
ANSWER, LAST = "The work will take nine months.", "Traffic is sent through the town."


def report(bridge: str) -> Draft:
    """An article that names its bridge in one sentence, and in the next, like all of these, says how long it takes."""
    text = f"The council voted on Monday to repair the {bridge} bridge. {ANSWER} {LAST}"
    return Draft("Council meeting", text, lang="en", id=ArticleId(bridge))


def found(library: Library, question: str) -> list[tuple[str, str]]:
    """The article and the sentence of each candidate, best first."""
    candidates = library._search.candidates([Question(question)], [40])[0]
    return [(each.article.id, each.sentence.text) for each in candidates]


@pytest.mark.parametrize("bridge", BRIDGES)
def test_of_sentences_that_are_alike_the_one_beside_what_is_asked_comes_first(library: Library, bridge: str) -> None:
    assert len(list(library.add(map(report, BRIDGES)))) == len(BRIDGES)
    ranked = found(library, f"How long will the work on the {bridge} bridge take?")
    assert next(article for article, text in ranked if text == ANSWER) == bridge


def test_what_stands_beside_it_in_the_store_alone_lifts_no_sentence(library: Library) -> None:
    """The last sentence of an article is followed, in the order in which they were added, by another article's."""
    assert len(list(library.add(map(report, BRIDGES)))) == len(BRIDGES)
    before, named = BRIDGES[3:5]
    ranked = found(library, f"Did the council vote on Monday to repair the {named} bridge?")
    assert ranked[0][0] == named
    assert next(article for article, text in ranked if text == LAST) != before


def test_a_sentence_without_neighbours_is_found(library: Library) -> None:
    assert [each.state for each in library.add([Draft("Council meeting", ANSWER, lang="en")])] == ["added"]
    assert [text for _, text in found(library, "How long is the work?")] == [ANSWER]
