"""What is said of one name is no answer about another: "the board of Contora" under a headline on Velmora is not
Velmora's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from index.terms import content_words
from index.terms.words import forms

_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|[.,;:!?()“”\"]")
_LINKS = frozenset(["of", "in", "at", "for"])
_OF_PLACES = frozenset(
    ["new", "north", "south", "east", "west", "united", "great", "saint", "san", "santa", "los", "las", "el", "upper"]
)
"""Words that begin the names of places, and name no kind of thing."""
ALIKE = 0.6
"""Two names that have more than this in common, or begin alike, may be one that is misspelt or inflected."""


class _Said(NamedTuple):
    """A word of content that stands with a name: before it ("Storm Odette"), behind it ("Aldous brews") or joined to it
    ("the board of Velmora")."""

    how: str
    word: str
    name: str


def of_another_name(question: str, above: str, sentence: str) -> bool:
    """Whether a sentence says what is asked of a name of its own, and the name that is asked about stands only above
    it, in its title or heading."""
    named = _stems(above)
    asked = [each for each in _asked(question, above) if each.name in named]
    if not asked:
        return False
    said, own = _stems(sentence), _stems(question) | named
    missing = [each for each in asked if each.name not in said]
    told = [each for each in _with_names(sentence, _names(sentence)) if each.name not in own] if missing else []
    return any(one[:2] == other[:2] and not _alike(one.name, other.name) for one in missing for other in told)


def _asked(question: str, above: str) -> list[_Said]:
    """What a question asks of names; of one in small letters, of those that have a capital letter above."""
    names = _names(question) or _names(above) & _stems(question)
    return list(_with_names(question, names)) if names else []


def _with_names(text: str, names: frozenset[str]) -> Iterator[_Said]:
    tokens = _tokens(text)
    for place, (token, stem) in enumerate(tokens[:-1]):
        after, its_stem = tokens[place + 1]
        if not token[0].isalpha() or not after[0].isalpha():
            continue
        if its_stem in names and token.casefold() not in _OF_PLACES and content_words(token):
            yield _Said("before", stem, its_stem)
        if stem in names and its_stem not in names and content_words(after):
            yield _Said("behind", its_stem, stem)
        if after.casefold() in _LINKS and content_words(token):
            name = next((other for word, other in tokens[place + 2 : place + 4] if word.casefold() != "the"), "")
            if name in names:
                yield _Said("joined", stem, name)


def _names(text: str) -> frozenset[str]:
    """The stems of words with a capital letter; of the one that opens a sentence only where it has content."""
    found, opening = set(), True
    for word, stem in _tokens(text):
        if word[0].isupper() and (not opening or content_words(word)):
            found.add(stem)
        opening = word in ".!?:"
    return frozenset(found)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for token, stem in _tokens(text) if token[0].isalpha())


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Words and marks, each with its stem; of "Velmora's" that of "Velmora"."""
    found = ((token, token.casefold().removesuffix("’s").removesuffix("'s")) for token in _TOKEN.findall(text))
    return tuple((token, forms(word, ())[0] if word[:1].isalpha() else token) for token, word in found)


def _alike(one: str, other: str) -> bool:
    return one[:3] == other[:3] or SequenceMatcher(None, one, other).ratio() > ALIKE
