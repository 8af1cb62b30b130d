"""Words of a question as the passage spells them: "Redang" over "Rendang comes from Sumatra.", "wifi" over "Wi-Fi"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from index.terms.words import forms

LEAST, LONG = 5, 9
"""Letters of a word in which there may be one mistake, and of a stem in which there may be two: shorter ones have too
many neighbours."""
LETTERS = re.compile(r"[^\W\d_]+")
_HYPHENED = re.compile(r"(?<![\w-])[^\W\d_]+-[^\W\d_]+(?![\w-])")
_ALPHABETS = "\u0530"
"""Latin, Greek and Cyrillic letters come before it: in other scripts a word is no row of letters."""


def respelt(question: str, passage: str, known: Callable[[str], bool]) -> str:
    """The question with its misspelt words as the passage spells them.

    Misspelt is a word that is not `known` and, in whatever form, not in the passage, where a word stands that begins
    with the same letter and whose stem is one edit away (two in a long word): a letter too many, missing, exchanged, or
    two that changed places. A name that is known stays: "Austria" is never read as "Australia". What only one of
    them writes with a hyphen is no mistake: "ebooks" is read as "e-books", "e-mail" as "email".
    """
    question = _as_joined(question, passage)
    strange = [word for word in LETTERS.findall(question) if _may_be_misspelt(word) and not known(word)]
    if not strange:
        return question
    offered = _words(passage)
    meant = {word: found for word in strange if (found := _nearest(_stem(word), offered))}
    return LETTERS.sub(lambda match: meant.get(match[0], match[0]), question) if meant else question


def _as_joined(question: str, passage: str) -> str:
    """The question with the words that the passage writes with a hyphen, or without one, as they stand there."""
    if "-" not in question and "-" not in passage:
        return question
    joined = {match[0].replace("-", "").casefold(): match[0] for match in _HYPHENED.finditer(passage)}
    words = {word.casefold(): word for word in LETTERS.findall(passage)} if "-" in question else {}
    read = _HYPHENED.sub(lambda match: words.get(match[0].replace("-", "").casefold(), match[0]), question)
    return LETTERS.sub(lambda match: joined.get(match[0].casefold(), match[0]), read) if joined else read


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= LEAST and max(word) < _ALPHABETS


def _stem(word: str) -> str:
    return forms(word, ())[0]


@lru_cache(maxsize=512)
def _words(passage: str) -> Mapping[str, str]:
    """The words of a passage by their stems; the same passage is read with many questions."""
    return {_stem(word): word for word in reversed(LETTERS.findall(passage)) if _may_be_misspelt(word)}


def _nearest(stem: str, offered: Mapping[str, str]) -> str | None:
    """The word whose stem is the fewest edits away; None where none is near, or one has this stem."""
    if stem in offered:
        return None
    from rapidfuzz.distance import OSA

    most = 1 if len(stem) < LONG else 2
    near = [(OSA.distance(stem, each, score_cutoff=most), each) for each in offered if each[0] == stem[0]]
    distance, nearest = min(near, default=(most + 1, ""))
    return offered[nearest] if distance <= most else None
