"""Years that are told from another: "last year" of an article of 2025 is 2024."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from index.terms.dates import without_days

_YEAR = re.compile(r"(?<![\d.,/:-])(?:19|20)\d\d(?![\d:]|[.,/-]\d)")
_TONGUES = (
    ("in {}", {-1: "last year", 0: "this year", 1: "next year"}),
    (
        "im Jahr {}",
        {
            -1: "im (?:vergangenen|letzten|vorigen) jahr|letztes jahr|voriges jahr|vergangenes jahr|im vorjahr",
            0: "in diesem jahr|dieses jahr|im laufenden jahr|heuer",
            1: "im (?:nächsten|kommenden) jahr|nächstes jahr|kommendes jahr",
        },
    ),
    (
        "en {}",
        {
            -1: "(?:l['’]an dernier|l['’]an passé|l['’]année dernière|l['’]année passée)",
            0: "cette année",
            1: "l['’]an prochain|l['’]année prochaine",
        },
    ),
    ("en {}", {-1: "el año pasado", 0: "este año", 1: "el próximo año|el año próximo|el año que viene"}),
    (
        "в {} году",
        {-1: "в прошлом году", 0: "в этом году|в нынешнем году|в текущем году", 1: "в следующем году|в будущем году"},
    ),
    (
        "у {} році",
        {
            -1: "торік|[ув] минулому році|минулого року",
            0: "цьогоріч|[ув] цьому році|цього року",
            1: "[ув] наступному році|наступного року",
        },
    ),
    ("{}년", {-1: "지난해|작년", 0: "올해", 1: "내년"}),
)
"""How a language says in which year, and how many years later its names for years are."""
_PATTERNS = tuple(
    (
        said,
        tuple(later),
        re.compile(r"(?<!\w)(?:" + "|".join(f"({names})" for names in later.values()) + ")", re.IGNORECASE),
    )
    for said, later in _TONGUES
)


class _Told(NamedTuple):
    """Where a text names a year from its own, how its language says in which year, and which it is."""

    start: int
    end: int
    said: str
    year: int


def in_years(question: str, asked: int | None, sentence: str, written: int) -> str:
    """How a sentence of the year `written` reads for a question, of the year `asked` if that is known. Where that names
    a year, "last year" reads as a year; where it says "last year" itself, as that if it is the same, else as a year."""
    own = _told(question, asked) if asked else ()
    if not own and not _YEAR.search(without_days(question)):
        return sentence
    words = {each.year: question[each.start : each.end] for each in own}
    for each in reversed(_told(sentence, written)):
        read = words.get(each.year, each.said.format(each.year))
        sentence = f"{sentence[: each.start]}{read}{sentence[each.end :]}"
    for each in own:
        explicit = re.compile(re.escape(each.said.format(each.year)), re.IGNORECASE)
        sentence = explicit.sub(words[each.year], sentence)
    return sentence


def of_another_year(question: str, asked: int | None, sentence: str, written: int) -> bool:
    """Whether a question says "last year" or the like, and a sentence only such words for other years."""
    own = {each.year for each in _told(question, asked)} if asked else set()
    told = {each.year for each in _told(sentence, written)} if own else set()
    return bool(told) and own.isdisjoint(told | {int(year) for year in _YEAR.findall(sentence)})


@lru_cache(maxsize=1024)
def _told(text: str, year: int) -> tuple[_Told, ...]:
    """What a text tells from its own year, in order."""
    found = [
        _Told(match.start(), match.end(), said, year + later[int(match.lastindex or 1) - 1])
        for said, later, pattern in _PATTERNS
        for match in pattern.finditer(text)
    ]
    return tuple(sorted(found))
