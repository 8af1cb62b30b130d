"""Whether a question is asked in the language of a sentence, as far as a glance at both can tell."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from index.terms.function_words import BY_LANGUAGE
from index.terms.words import TOKEN

FOREIGN, LEAST = 0.4, 2
"""The share of function words of another language at which a question is taken to be in that one, where those of the
sentence's own language are not known, and how many such words it has at least: "Han Kang" has one of Spanish."""
ENGLISH_ASKS = frozenset(["who", "whom", "whose", "what", "when", "where", "which", "why", "how"])
"""Words that only English asks with, of the languages in Latin letters."""
_ALIKE = {"ru": "uk", "uk": "ru"}
"""Languages that are spoken side by side: one word of the other is slang and no other language."""
_ROMANCE = frozenset(["ca", "gl", "it", "pt", "ro"])
"""Languages whose function words French and Spanish share, and are not known here."""
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}


def asked_across(question: str, sentence: str, lang: str | None) -> bool:
    """Whether a question is in another language than a sentence of the language `lang` (ISO 639-1): in another script,
    or with more function words of another language than of that one. A question that does not tell is in its own."""
    asked, said = _script(question), _script(sentence)
    if asked and said and asked != said:
        return True
    own = (lang or "").partition("-")[0]
    words, found = len(TOKEN.findall(question)), dict(_function_words(question))
    if own in _ALIKE:
        found[_ALIKE[own]] -= 1
    elif own in _ROMANCE:
        found = {code: count for code, count in found.items() if code not in ("fr", "es")}
    others = max((count for code, count in found.items() if code != own), default=0)
    return others >= LEAST and (others > found[own] if own in found else others >= FOREIGN * words)


def may_be_english(question: str) -> bool:
    """Whether a question can be read as English: its letters are ASCII, whatever its apostrophes and quotation marks,
    or they are Latin and it asks as English does ("Where was Beyoncé born?")."""
    if all(letter.isascii() for letter in question if letter.isalpha()):
        return True
    asks = not ENGLISH_ASKS.isdisjoint(token.casefold() for token in TOKEN.findall(question))
    return asks and set(_scripts(question)) == {"LATIN"}


@lru_cache(maxsize=512)
def _function_words(question: str) -> dict[str, int]:
    """By language: how many of a question's words carry no content there."""
    tokens = [token.casefold() for token in TOKEN.findall(question)]
    return {code: sum(token in words for token in tokens) for code, words in BY_LANGUAGE.items()}


@lru_cache(maxsize=2048)
def _script(text: str) -> str:
    """The script of most of its letters; "" where it has none."""
    scripts = _scripts(text)
    return max(scripts, key=lambda name: scripts[name], default="")


def _scripts(text: str) -> Counter[str]:
    """How many of its letters are of each script, by Unicode's names."""
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    return Counter(_TOGETHER.get(name, name) for name in names)
