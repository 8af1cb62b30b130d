"""The questions of a message: there may be several, and what people say of themselves around them is not asked."""

from __future__ import annotations

import re

from index.segment import segment
from index.terms import content_words, names, numbers
from index.terms.courtesy import without_courtesy
from index.terms.follow_ups import asks, topic
from index.terms.talk import is_talk

MOST, SEVERAL = 4, 3
"""Sentences of a message whose questions are looked for, and questions among them: more are a text, and a question in
it is its author's."""
_BORDER = re.compile(r"[.!?…][\"”»)]*\s+\S|\n\s*\S")
_QUESTION = re.compile(r"\?[\"”») ]*\Z")
_NUMBER = re.compile(r"(?:\A|(?<=\n)|(?<=[.!?…]\s))\s*\(?(\d|[a-hа-ж])[.)]\s+(?=\S)", re.IGNORECASE)
_NUMBERS = ("123456789", "abcdefgh", "абвгдеж")
"""What questions are numbered with: "1. … 2. …", "a) … b) …"."""
_OF_ONESELF = re.compile(
    r"\b(?:i|me|my|mine|we|us|our|ich|mir|mich|mein(?:e[mnrs]?)?|wir|uns|unser(?:e[mnrs]?)?|"
    r"я|мне|меня|мо[йяёи]|моего|мы|нам|нас|наш|мені|мене|мій|моя|моє|мої|ми)\b",
    re.IGNORECASE,
)
_DAYS = frozenset(["yesterday", "today", "tonight", "gestern", "heute", "вчера", "сегодня", "вчора", "сьогодні"])
"""Words with a capital letter at the start of such a sentence that name nothing."""


def question_in(message: str) -> str:
    """What a message asks, without the courtesy and the asides around it; several questions are one text."""
    found = questions_in(message)
    return found[0] if len(found) == 1 else without_courtesy(message)


def questions_in(message: str) -> list[str]:
    """The questions of a message, without the sentences around them, if these speak of who asks, and name nothing that
    the questions do not: what is named may be what is asked about ("I was in Baltimore. How many people died?")."""
    text = without_courtesy(message)
    sentences = _sentences(text)
    asked: list[str] = []
    for each in sentences:
        if _QUESTION.search(each) and (content_words(each) or (asked and asks(each))):
            asked.append(each)
    if len(sentences) < 2 or not 1 <= len(asked) <= SEVERAL:
        return [text]
    known = _DAYS.union(*(names(each) | numbers(each) for each in asked))
    around = [each for each in sentences if each not in asked and not is_talk(each)]
    aside = all(_is_aside(each) and names(each) | numbers(each) <= known for each in around)
    return [without_courtesy(each) for each in asked] if aside else [text]


def told_before(message: str) -> tuple[str, str]:
    """What a message tells before the question that ends it, and the question: "Webb is amazing. How much did it
    cost?"; "" and the message where it is not so."""
    *told, asked = _sentences(message) or [message]
    if not told or not _QUESTION.search(asked) or any(_QUESTION.search(each) for each in told):
        return "", message
    return " ".join(told), without_courtesy(asked)


def _unnumbered(text: str) -> str:
    """A message whose questions are numbered, each in a paragraph of its own without its number; else as it is."""
    numbers = "".join(_NUMBER.findall(text)).casefold()
    counted = len(numbers) > 1 and any(row.startswith(numbers) for row in _NUMBERS)
    return _NUMBER.sub("\n\n", text).strip() if counted else text


def _sentences(message: str) -> list[str]:
    """The sentences of a message, none where they are too many."""
    text = _unnumbered(message)
    if not _BORDER.search(text):
        return [text]
    spans = segment(text)
    return [text[span.start : span.end] for span in spans] if len(spans) <= MOST else []


def _is_aside(sentence: str) -> bool:
    """Whether it speaks of who asks, and is no beginning of a question that goes on behind a full stop."""
    return bool(_OF_ONESELF.search(sentence)) and topic(sentence) == sentence.rstrip(" ?!.")
