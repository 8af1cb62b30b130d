"""What questions and texts have in common, word for word; what was read of one is remembered."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms import content_terms, terms
from index.terms.follow_ups import asking_words

_NOT = re.compile(
    r"\b(?:not|no|never|without|cannot|nicht|nie|kein\w*|ohne|не|нет|ни|без|ні|немає)\b|n['’]t\b|안 |않|못|없",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"\b(?:when|what (?:date|day|time|year)|which (?:day|year|month)|wann|um wie viel uhr|welche[mrs]? (?:tag|jahr)|"
    r"когда|в како[мй] (?:году|день|час)|коли|як(?:ого|ий|ому) (?:дня|день|року|році)|о котрій)\b|"
    r"언제|몇\s?(?:시|년|월|일)(?!간)",
    re.IGNORECASE,
)
"""What asks for a date or a time, in English, German, Russian, Ukrainian and Korean."""
_WHEN_ELSE = re.compile(r"\b(?:quand|cu[aá]ndo)\b|며칠", re.IGNORECASE)


@lru_cache(maxsize=512)
def asked_terms(question: str, lang: str | None) -> frozenset[str]:
    """The terms of a question's content words, as a text in this language has them."""
    return frozenset(content_terms(question, [lang] if lang else []))


@lru_cache(maxsize=2048)
def said_terms(text: str, lang: str | None) -> frozenset[str]:
    """The terms of a text: the same ones are candidates again and again, and of many standing questions."""
    return frozenset(terms(text, [lang] if lang else []))


def asks_when(question: str) -> bool:
    """Whether a question asks for a time."""
    return bool(WHEN.search(question) or _WHEN_ELSE.search(question))


def denies(text: str) -> int:
    """How often a text says no."""
    return len(_NOT.findall(text))


@lru_cache(maxsize=512)
def same_question(one: str, other: str) -> bool:
    """Whether two questions have the same words of content, ask with the same word and deny as often: "What are the
    opening hours?" and "What are your opening hours?"."""
    return (
        asked_terms(one, None) == asked_terms(other, None)
        and asking_words(one) == asking_words(other)
        and denies(one) == denies(other)
    )
