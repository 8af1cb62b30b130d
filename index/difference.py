"""What differs between two wordings of a sentence: figures, dates, names, a negation, or words alone."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from index.answer.figures import figures
from index.answer.persons import persons
from index.terms import numbers, terms
from index.terms.function_words import FUNCTION_WORDS
from index.terms.typography import APOSTROPHES, PART, same_typography
from index.terms.words import TOKEN


class What(StrEnum):
    """A kind of change that a reader is told of by name; the least of them, when there is no other, is the words."""

    FIGURES = "figures"
    DATES = "dates"
    NAMES = "names"
    NEGATION = "negation"
    WORDS = "words"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WEEKDAYS = _set(
    "monday tuesday wednesday thursday friday saturday sunday "
    "понедельник вторник среду среда среды четверг пятницу пятница пятницы субботу суббота субботы воскресенье "
    "понеділок вівторок середу середа середи четвер п'ятницю п'ятниця п'ятниці суботу субота суботи неділю неділя "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일"
)
_MONTHS = _set(
    "january february march april june july august september october november december "
    "январь января январе февраль февраля феврале март марта марте апрель апреля апреле мая июнь июня июне июль июля "
    "июле август августа августе сентябрь сентября сентябре октябрь октября октябре ноябрь ноября ноябре декабрь "
    "декабря декабре січень січня січні лютий лютого лютому березень березня березні квітень квітня квітні травень "
    "травня травні червень червня червні липень липня липні серпень серпня серпні вересень вересня вересні жовтень "
    "жовтня жовтні листопад листопада листопаді грудень грудня грудні "
    "januar februar märz april mai juni juli oktober dezember"
)
"""Months that a word alone names; "May" is one where a day or a year stands beside it."""
_CALENDAR = _WEEKDAYS | _MONTHS
_KOREAN_WEEKDAY = re.compile("[월화수목금토일]요일")
_NEGATIONS = _set(
    "no not never none nobody nothing nor neither nowhere cannot without hardly "
    "не нет ни без никогда никто ничего нельзя ніколи ні немає нема ніхто нічого жоден жодна жодне жодного "
    "nicht nie niemals niemand nichts ohne kein keine keinen keinem keiner keines"
)
_KOREAN_NEGATION = re.compile("않|아니|아닌|없|못하|못 |안 (?=[가-힣])")


def differences(old: str, new: str, lang: str | None = None, known: frozenset[str] = frozenset()) -> tuple[What, ...]:
    """What differs, in the order of `What`; empty where nothing but typography does. `known`: names, folded, that may
    open a sentence (`names_in`), where a capital letter says nothing."""
    if same_typography(old, new, lang):
        return ()
    found = [what for what, told in _TOLD.items() if told(old, lang or "en", known) != told(new, lang or "en", known)]
    return tuple(found) or (What.WORDS,)


def names_in(text: str) -> frozenset[str]:
    """Words that a text writes with a capital letter inside its sentences and never with a small one, folded."""
    capital: set[str] = set()
    small: set[str] = set()
    for found in TOKEN.finditer(text):
        word = found[0]
        if word[0].islower():
            small.add(word.casefold())
        elif word[0].isupper() and _inside(text, found.start()):
            capital.add(word.casefold())
    return frozenset(capital - small - FUNCTION_WORDS)


def _inside(text: str, start: int) -> bool:
    """Whether a word stands inside a sentence: after a letter, a figure or a comma, a space between."""
    before = text[:start].rstrip("«“„\"'‘(")
    return before[-1:] == " " and (before.rstrip()[-1:].isalnum() or before.rstrip()[-1:] in ",;–—-")


def _told_figures(text: str, lang: str, known: frozenset[str]) -> Counter[object]:
    kept = [figure for figure in figures(text) if figure.kind not in ("date", "time")]
    return Counter((figure.kind, figure.low, figure.high, figure.unit, figure.rounded) for figure in kept)


def _told_dates(text: str, lang: str, known: frozenset[str]) -> Counter[object]:
    said: Counter[object] = Counter(
        (figure.kind, figure.low) for figure in figures(text) if figure.kind in ("date", "time")
    )
    said.update(word for word in _words(text) if word in _CALENDAR)
    said.update(_KOREAN_WEEKDAY.findall(text))
    return said


def _told_names(text: str, lang: str, known: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for person in persons(text):
        found.update(terms(person[0], (lang,)))
    for token in TOKEN.finditer(text):
        word = token[0].casefold()
        if not token[0][0].isupper() or word in FUNCTION_WORDS or word in _CALENDAR:
            continue
        # In German every noun has a capital letter: persons, and what the article shows to be a name, must do.
        if word in known or (lang != "de" and token.start() and _inside(text, token.start())):
            found.update(terms(token[0], (lang,)))
    return frozenset(found)


def _told_negations(text: str, lang: str, known: frozenset[str]) -> int:
    said = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in _words(text))
    return said + len(_KOREAN_NEGATION.findall(text))


def _words(text: str) -> list[str]:
    return [found["word"] for found in PART.finditer(APOSTROPHES.sub("'", text).casefold()) if found["word"]]


_TOLD = {
    What.FIGURES: lambda text, lang, known: (_told_figures(text, lang, known), numbers_alone(text)),
    What.DATES: _told_dates,
    What.NAMES: _told_names,
    What.NEGATION: _told_negations,
}


def numbers_alone(text: str) -> frozenset[str]:
    """The numbers of a text that belong to no date and no time of day."""
    rest = text
    for figure in figures(text):
        if figure.kind in ("date", "time"):
            rest = rest[: figure.start] + " " * (figure.end - figure.start) + rest[figure.end :]
    return numbers(rest)
