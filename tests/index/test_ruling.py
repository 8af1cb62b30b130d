"""What may and what must be: who asks for it, and what says so."""

from __future__ import annotations

import pytest

from index.article import Draft, Question
from index.library import Library
from index.terms.ruling import asks_what_is_allowed, says_what_is_allowed


@pytest.mark.parametrize(
    "question",
    [
        "Can shops post here?",
        "so can i bring my dog",
        "Do I need to book?",
        "if i'm injured, can i get a refund",
        "is it ok to park there",
        "Is smoking allowed on the roof?",
        "Does a child have to pay?",
    ],
)
def test_who_asks_what_is_allowed(question: str) -> None:
    assert asks_what_is_allowed(question)


@pytest.mark.parametrize(
    "question", ["Who can post here?", "Is the bridge closed?", "When may it open?", "Did they need help?", "the can"]
)
def test_who_asks_something_else(question: str) -> None:
    assert not asks_what_is_allowed(question)


def test_what_says_so() -> None:
    assert says_what_is_allowed("Shops and dealers may not post in the group.")
    assert says_what_is_allowed("Visitors mustn't feed the goats.")
    assert not says_what_is_allowed("The goats were fed at noon.")


def test_a_rule_is_trusted_where_what_is_allowed_is_asked(library: Library) -> None:
    text = "The group is for members. Shops and dealers may not post in the group. A shop opened in May."
    list(library.add([Draft("Second-hand group: rules", text, lang="en")]))
    asked = library.ask(Question("Can shops post in the group?", k=5))
    lifts = {quote.sentence.text: quote.parts.get("lift", 0) for quote in asked.ranked}
    assert lifts["Shops and dealers may not post in the group."] == 1
    assert lifts["A shop opened in May."] == 0
