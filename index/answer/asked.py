"""What figure a question asks for, and of which place."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from index.answer.figures import Figure, Kind, figures
from index.answer.subject import asked_names
from index.answer.units import LENGTHS, MONEY, PERIODS, WEIGHTS, base, unit_of
from index.terms import content_terms, content_words, names, terms
from index.terms.alike import WHEN
from index.terms.words import TOKEN

_LONG = re.compile(
    r"\bhow (?:long|old)\b|\bwie (?:lange|alt)\b|\bкак (?:долго|давно)\b|\bяк (?:довго|давно)\b|"
    r"얼마나 (?:오래|걸)|몇\s?시간",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"\bhow (?:far|high|deep|wide|tall|big|large)\b|\bwie (?:weit|hoch|tief|breit|groß)\b|"
    r"\b(?:на как(?:ом|ой) (?:расстоянии|глубине|высоте))\b|\bна якій (?:відстані|глибині|висоті)\b",
    re.IGNORECASE,
)
_HEAVY = re.compile(r"\bhow (?:heavy\b|much (?:does|did)\b(?=.* weigh\b))|\bwie schwer\b", re.IGNORECASE)
_PRICE = re.compile(
    r"\bhow much (?:money|does|did|is|was)\b(?!.*\bweigh)|\b(?:cost|price|worth)\b|\bwie teuer\b|\bkoste[nt]\w*|"
    r"\bcombien (?:co[ûu]te|vaut)\w*|\bquels? (?:est|sont) les? (?:prix|tarifs?)\b|\bcu[áa]nto (?:cuesta|vale|cost)\w*|"
    r"\bile (?:będzie |będą )?koszt\w+|"
    r"\b(?:скільки|сколько) (?!(?!кошт)\S+(?:ів|їв|ов|ев|ек)\b)(?:[\w'’]+ ){0,2}?"
    r"(?:грошей|кошт[уі]|витра[тч]|(?:за|с)?плат[иія]|заробл|денег|сто(?:ит|ят|ил)|обо[йш]|(?:по|ис)?трат[ия]|"
    r"израсход|заработ)\w*|"
    r"\b(?:цена|ціна|вартість|стоимость)\b|얼마(?:인가|입니까|예요|야)|비용|상금",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:how (?:many|much)|what (?:is|was) the (?:number|size|toll|share|count|total)|number of|death toll|"
    r"wie ?viele?n?|wieviele?|anzahl|сколько|число|численность|количество|скільки|кількість|чисельність)\b|"
    r"몇|얼마나 많|인원|숫자",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\bum wie ?viel\b|\bна (?:скільки|сколько)\b|"
    r"\b(?:скільки|сколько) (?:[\w'’]+ )?(?:отрима|виділ|прос|дали|дал[аи]?\b|получ|выдел|выруч|взыска|стягн)\w*",
    re.IGNORECASE,
)
"""What asks for money, a share or a count, whichever is told."""
_PATTERNS = (WHEN, _LONG, _FAR, _HEAVY, _PRICE, _AMOUNT, _MANY)
_PLACED = re.compile(
    r"\b(?:in|at|near|from|reached|inside|within|across|to|towards|bei|nach|aus|im|в|во|у|на|до|із|з|под|поблизу|к)\s+"
    r"(?:(?:the|der|den|dem|eastern|western|southern|northern)\s+)?"
    r"([^\W\d_a-zа-яёіїєґäöüß][\w’'-]*(?:\s+[^\W\d_a-zа-яёіїєґäöüß][\w’'-]*)*)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks: figures of these kinds and, where it says so, of these units; its words and its places.
    `asking`: those of its words that only ask for the figure, as "cost" does in "How much did the ferry cost?".
    `names`: what its names begin with."""

    kinds: frozenset[Kind]
    units: frozenset[str] | None
    terms: frozenset[str]
    places: frozenset[str]
    asking: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def of(self, text: str) -> tuple[Figure, ...]:
        """The figures of a sentence that are of the kind that is asked for; where one of them counts what the question
        names ("240 passengers"), those that count something else ("60 cars") are not."""
        found = [
            figure
            for figure in figures(text)
            if figure.kind in self.kinds and (self.units is None or figure.unit in self.units)
        ]
        counted = [_counted(text, figure) for figure in found]
        if not any(things & self.terms for things in counted):
            return tuple(found)
        return tuple(figure for figure, things in zip(found, counted, strict=True) if not things or things & self.terms)


@lru_cache(maxsize=256)
def asked(question: str) -> Asked:
    """Reads a question. `kinds` is empty where it asks for no figure."""
    kinds, units = _kinds(question)
    words = frozenset(content_terms(question)) | names(question)
    asking = words & _asking(question) if kinds else frozenset()
    return Asked(kinds, units, words, places(question), asking, asked_names(question))


def _asking(question: str) -> frozenset[str]:
    """The terms of the words that ask for a figure."""
    spans = [found.span() for pattern in _PATTERNS for found in pattern.finditer(question)]
    return frozenset(
        term
        for word in TOKEN.finditer(question)
        if any(start <= word.start() and word.end() <= end for start, end in spans)
        for term in terms(word[0])
    )


def _kinds(question: str) -> tuple[frozenset[Kind], frozenset[str] | None]:
    for pattern, units in ((_LONG, PERIODS), (_FAR, LENGTHS), (_HEAVY, WEIGHTS), (_PRICE, MONEY)):
        if pattern.search(question):
            return frozenset({"measure"}), units
    when, many = WHEN.search(question), _MANY.search(question)
    # "How many were in the water when it fell?" asks for a count: what comes first is asked.
    if when and (many is None or when.start() <= many.start()):
        return frozenset({"date", "time"}), None
    if many is None:
        return frozenset(), None
    named = _named_unit(question[many.end() :])
    if named:
        return frozenset({"measure"}), frozenset({named})
    if _AMOUNT.search(question):
        return frozenset({"count", "measure"}), MONEY | {"", "percent"}
    return frozenset({"count"}), frozenset({""})


def _counted(text: str, figure: Figure) -> frozenset[str]:
    """The terms of what a figure counts: the words right behind it, up to one that is no content."""
    if figure.kind != "count":
        return frozenset()
    words: list[str] = []
    at = figure.end
    for word in TOKEN.finditer(text, figure.end):
        if text[at : word.start()].strip() or not content_words(word[0]) or word[0][0].isdecimal():
            break
        words.append(word[0])
        at = word.end()
    return frozenset(terms(" ".join(words)))


def _named_unit(rest: str) -> str | None:
    """The unit that directly follows "how many": "how many kilometres"."""
    word = TOKEN.search(rest)
    named = unit_of(word.group(), touching=not rest[: word.start()].strip()) if word else None
    return base(named)[0] if named else None


@lru_cache(maxsize=2048)
def places(text: str, langs: Collection[str] = ()) -> frozenset[str]:
    """The terms of names behind a preposition of place: "in Russia", "у Курській області"."""
    return frozenset(term for found in _PLACED.finditer(text) for term in terms(found.group(1), langs))
