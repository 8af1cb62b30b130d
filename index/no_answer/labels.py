"""Things of one name that a number tells apart ("line 7", "Luna-25", "version 4.1"): what is said of one is no answer
about another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.terms import content_words
from index.terms.dates import MONTH
from index.terms.words import forms

_LABEL = re.compile(
    r"([^\W\d_]{2,})(?:\s(?:no\.?|nr\.?|№|number|nummer|номер)\s?|[ \u00a0\-‑–]|)"
    r"(\d{1,4}(?:\.\d{1,3}){0,2})(?![\d%°€$£]|[.,]\d|:\d)",
    re.IGNORECASE,
)
_NO_LABEL = re.compile(rf"{MONTH}|early|late|mid|year|age|aged|page|jahr|год\w*|рік|рок\w*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def of_another_number(question: str, passage: str) -> bool:
    """Whether a passage names what the question does with another number, and never with that one."""
    asked = _labels(question)
    if not asked:
        return False
    said, numbers = _labels(passage), set(_NUMBER.findall(passage))
    meant = {word for word, number in asked if number in numbers}
    return any(word not in meant and any(word == other for other, _ in said) for word, _ in asked)


@lru_cache(maxsize=2048)
def _labels(text: str) -> frozenset[tuple[str, str]]:
    """The words that a number stands behind, stemmed, with their numbers."""
    return frozenset(_labelled(text))


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    for word, number in _LABEL.findall(text):
        if not _NO_LABEL.fullmatch(word) and content_words(word):
            yield forms(word.casefold(), ())[0], number
