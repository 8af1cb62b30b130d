"""Words as the lexical index and the features of the ranking see them: folded, stemmed, and figures in one form."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from index.article import Span
from index.terms.figures import numbers
from index.terms.function_words import BY_LANGUAGE, FUNCTION_WORDS
from index.terms.words import TOKEN, forms, reading

__all__ = ["content_terms", "content_words", "matching_spans", "names", "numbers", "only_keywords", "terms"]

KEYWORDS = 3
"""Words from which on a question may be keywords: one or two name what it is about, and ask nothing of it."""


def terms(text: str, langs: Collection[str] = ()) -> list[str]:
    """The search terms of a text, in order and with repetition.

    Words are folded (NFKC, case, Latin diacritics) and stemmed by `langs` (ISO 639-1), else as English in Latin
    script and as Russian or Ukrainian in Cyrillic. Hangul, Han and Kana become bigrams. "10,000", "10 000" and
    "10.000" are all "10000". With several Latin languages a word gives its stem in each: read a text in its own
    language, and a question in all languages that the library holds.
    """
    codes = reading(text, langs)
    return [term for token in TOKEN.findall(text) for term in forms(token, codes)]


def content_terms(question: str, langs: Collection[str] = ()) -> list[str]:
    """`terms` without function words and question words; all terms where nothing else would be left."""
    return _content(question, langs) or terms(question, langs)


def content_words(question: str) -> int:
    """How many of its words carry content of their own."""
    return sum(bool(_content(word, ())) for word in TOKEN.findall(question))


@lru_cache(maxsize=512)
def only_keywords(question: str) -> bool:
    """Whether a question is words to look for, without those that make it one: "price eggs Baltimore"."""
    words = len(TOKEN.findall(question))
    return words >= KEYWORDS and content_words(question) == words


def _content(question: str, langs: Collection[str]) -> list[str]:
    codes = reading(question, langs)
    words = _function_words(tuple(langs))
    return [
        term
        for token in TOKEN.findall(question)
        if token.casefold().replace("’", "'").removesuffix("'s") not in words
        for term in forms(token, codes)
        if term not in words
    ]


def names(text: str, langs: Collection[str] = ()) -> frozenset[str]:
    """The terms of words written with a capital letter, but for function words (as at the start of a sentence).

    In German that is every noun; scripts without capitals have none.
    """
    codes = reading(text, langs)
    return frozenset(
        term
        for token in TOKEN.findall(text)
        if token[0].isupper() and token.casefold() not in FUNCTION_WORDS
        for term in forms(token, codes)
    )


def matching_spans(sentence: str, wanted: Collection[str], langs: Collection[str] = ()) -> tuple[Span, ...]:
    """Where in a sentence the words stand whose terms are among `wanted` (as `content_terms` gives them).

    A whole word is marked for a stem; for bigrams, the characters that they cover. Ascending, disjoint.
    """
    wanted = frozenset(wanted)
    codes = reading(sentence, langs)
    spans: list[Span] = []
    for found in TOKEN.finditer(sentence):
        for start, end in _matches(found.group(), wanted, codes):
            span = Span(found.start() + start, found.start() + end)
            if spans and spans[-1].end >= span.start:
                span = Span(spans.pop().start, span.end)
            spans.append(span)
    return tuple(spans)


def _matches(token: str, wanted: frozenset[str], codes: tuple[str, ...]) -> list[tuple[int, int]]:
    found = forms(token, codes)
    if wanted.isdisjoint(found):
        return []
    if len(found) == len(token) - 1 and len(token) > 2:
        places = [place for place, pair in enumerate(found) if pair in wanted and token[place : place + 2] == pair]
        if places:
            return [(place, place + 2) for place in places]
    return [(0, len(token))]


@lru_cache(maxsize=64)
def _function_words(langs: tuple[str, ...]) -> frozenset[str]:
    known = [BY_LANGUAGE[code] for code in langs if code in BY_LANGUAGE]
    return frozenset().union(*known) if known else FUNCTION_WORDS
