"""What people say of themselves before and behind a question: "I was reading the news yesterday. How many …?"."""

from __future__ import annotations

import re

from index.segment import segment
from index.terms import content_words, names, numbers
from index.terms.courtesy import without_courtesy

MOST = 4
"""Sentences of a message whose question is looked for: more are a text, and a question in it is its author's."""
_BORDER = re.compile(r"[.!?…][\"”»)]*\s+\S|\n\s*\S")
_OF_ONESELF = re.compile(
    r"\b(?:i|me|my|mine|we|us|our|ich|mir|mich|mein(?:e[mnrs]?)?|wir|uns|unser(?:e[mnrs]?)?|"
    r"я|мне|меня|мо[йяёи]|моего|мы|нам|нас|наш|мені|мене|мій|моя|моє|мої|ми)\b",
    re.IGNORECASE,
)
_DAYS = frozenset(["yesterday", "today", "tonight", "gestern", "heute", "вчера", "сегодня", "вчора", "сьогодні"])
"""Words with a capital letter at the start of such a sentence that name nothing."""


def question_in(message: str) -> str:
    """What a message asks, without the courtesy and the asides around it."""
    return without_asides(without_courtesy(message))


def without_asides(message: str) -> str:
    """A message's only question without the sentences around it, if these speak of who asks, and name nothing that the
    question does not: what is named may be what is asked about ("I was in Baltimore. How many people died?")."""
    if not _BORDER.search(message):
        return message
    sentences = [message[span.start : span.end] for span in segment(message)]
    asked = [each for each in sentences if each.rstrip('"”») ').endswith("?")]
    if not 1 < len(sentences) <= MOST or len(asked) != 1 or not content_words(asked[0]):
        return message
    known = names(asked[0]) | numbers(asked[0]) | _DAYS
    around = [each for each in sentences if each != asked[0]]
    aside = all(_OF_ONESELF.search(each) and names(each) | numbers(each) <= known for each in around)
    return without_courtesy(asked[0]) if aside else message
