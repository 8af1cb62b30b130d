"""From a text to its words, and from one word to the terms it is found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from threading import local
from typing import Any

from index.terms import ukrainian

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""The Snowball stemmer of each language; one that this build lacks is replaced by the English one."""

_NOT_LATIN = frozenset({"ar", "el", "hi", "hy", "ne", "ru", "sr", "ta"})
_BY_SCRIPT = {"greek": "el", "arabic": "ar", "devanagari": "hi", "tamil": "ta", "armenian": "hy"}

# Combining marks are no word characters to `re`; without these ranges, Hindi and Tamil words would fall apart.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
    "\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
GAP = " \u00a0\u2009\u202f"
FIGURE = rf"\d{{1,3}}(?:[{GAP}'’，]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
TOKEN = re.compile(rf"{FIGURE}|[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?:['’ʼ][^\W\d_](?:[^\W\d_]|[{MARKS}])*)*")
"""A figure with its separators, or a word with its apostrophes and marks."""

_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,](\d+))?")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_IDEOGRAPHS = "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_UNSPACED = rf"[{_IDEOGRAPHS}]+|[\uac00-\ud7a3]+|[\u0e01-\u0ece\u1000-\u109f\u1780-\u17d3]+"
_ENGLISH_TAIL = re.compile(r"(?<=.)['’](?:s|t|re|ve|ll|d|m)$|(?<=s)['’]$")
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_CACHED = 1 << 17


@lru_cache(maxsize=_CACHED)
def forms(token: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of one token of `TOKEN`: usually one; several for CJK (bigrams) and for words read in two languages."""
    if token[0].isdecimal():
        return figure(token)
    word = unicodedata.normalize("NFKC", token).casefold()
    if word.isascii() and word.isalpha():
        return _latin(word, langs)
    if max(word) < "\u0530":
        return _alphabetic(word, langs)
    runs = list(_split_scripts(word))
    if len(runs) > 1 or _runs().match(word):
        return tuple(term for run in runs for term in _run_forms(run, langs))
    return _alphabetic(word, langs)


def figure(token: str) -> tuple[str, ...]:
    """A figure in its one form: "10,000", "10 000", "10.000" are 10000, "3,50" is 3.5; a date falls into parts."""
    plain = re.sub(rf"[{GAP}'’，]", "", token)
    if plain.isdecimal():
        return (_integer(plain),)
    grouped = _GROUPED.fullmatch(plain)
    if grouped:
        whole = plain[: grouped.start(2) - 1] if grouped.group(2) else plain
        return (_decimal(re.sub(r"[.,]", "", whole), grouped.group(2) or ""),)
    simple = _DECIMAL.fullmatch(plain)
    if simple:
        return (_decimal(simple.group(1), simple.group(2)),)
    return tuple(_integer(part) for part in re.split(r"[.,]", plain))


def _integer(digits: str) -> str:
    ascii_digits = "".join(str(int(digit)) for digit in digits)
    return ascii_digits.lstrip("0") or "0"


def _decimal(whole: str, fraction: str) -> str:
    tail = "".join(str(int(digit)) for digit in fraction).rstrip("0")
    return f"{_integer(whole)}.{tail}" if tail else _integer(whole)


@cache
def _runs() -> re.Pattern[str]:
    """Runs of Han and Kana, of Hangul, or of another script without spaces; compiled when one is first met."""
    return re.compile(_UNSPACED)


def _split_scripts(word: str) -> Iterator[str]:
    start = 0
    for found in _runs().finditer(word):
        if start < found.start():
            yield word[start : found.start()]
        yield found.group()
        start = found.end()
    if start < len(word):
        yield word[start:]


def _run_forms(run: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    if not _runs().match(run):
        return _alphabetic(run, langs)
    return bigrams(run)


def bigrams(run: str) -> tuple[str, ...]:
    """Overlapping pairs of characters: how words without spaces, or with particles grown onto them, are found."""
    if len(run) < 3:
        return (run,)
    return tuple(run[place : place + 2] for place in range(len(run) - 1))


def _alphabetic(word: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    if not word.isalpha():
        word = "".join(filter(lambda letter: letter.isalnum() or letter in "'’ʼ" or _is_mark(letter), word))
    letter = next((character for character in word if character.isalpha()), "")
    if not letter:
        return (word,) if word else ()
    if "\u0400" <= letter <= "\u052f":
        return _cyrillic(re.sub("['’ʼ]", "", word), langs)
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return _latin(word, langs)
    script = unicodedata.name(letter, "").partition(" ")[0].lower()
    code = _BY_SCRIPT.get(script)
    return (stemmer(code).stemWord(word),) if code else (word,)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _latin(word: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    parts = [part for part in re.split("['’ʼ]", _ENGLISH_TAIL.sub("", word)) if len(part) > 1] or [word.strip("'’ʼ")]
    codes = [code for code in langs if code in SNOWBALL and code not in _NOT_LATIN] or ["en"]
    stems = (fold(stemmer(code).stemWord(part)) for part in parts for code in codes)
    return tuple(dict.fromkeys(stems))


def _cyrillic(word: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    spelled = _spelled(word)
    codes = [spelled] if spelled else [code for code in langs if code in ("uk", "ru")] or ["ru"]
    stems = (ukrainian.stem(word) if code == "uk" else stemmer("ru").stemWord(word.replace("ё", "е")) for code in codes)
    return tuple(dict.fromkeys(stems))


def _spelled(word: str) -> str | None:
    """The language that a Cyrillic word's letters give away."""
    if any(letter in "іїєґ" for letter in word):
        return "uk"
    return "ru" if any(letter in "ыэъё" for letter in word) else None


def fold(word: str) -> str:
    """Without the diacritics of Latin letters."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_FOLDED))
    return "".join(character for character in parts if not unicodedata.combining(character))


class _Stemmers(local):
    """Snowball stemmers keep a buffer each, so that every thread has its own."""

    def __init__(self) -> None:
        self.loaded: dict[str, Any] = {}


_stemmers = _Stemmers()


def stemmer(code: str) -> Any:
    """The Snowball stemmer of a language of `SNOWBALL`, the English one where this build lacks it."""
    found = _stemmers.loaded.get(code)
    if found is None:
        import Stemmer

        name = SNOWBALL[code] if SNOWBALL[code] in Stemmer.algorithms() else "english"
        found = _stemmers.loaded[code] = Stemmer.Stemmer(name, 0)
    return found


def reading(text: str, langs: Collection[str]) -> tuple[str, ...]:
    """The languages to read a text's words in: those given, else what its Cyrillic letters give away."""
    if langs:
        return tuple(langs) if isinstance(langs, (tuple, list)) else tuple(sorted(langs))
    if text.isascii():
        return ()
    return ("uk",) if any(letter in text for letter in "іїєґІЇЄҐ") else ()
