"""Days that a text names, in whatever form: "26/03/2024" asks for the day that "Tuesday, March 26" tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

_MONTHS = (
    "jan(?:uary|uar|vier)?|jänner|enero|янв(?:ар[ьяею]м?)?|січ(?:ень|н[яію])",
    "feb(?:ruary|ruar|rero)?|février|фев(?:р|рал[ьяею]м?)?|лют(?:ий|ого|ому)?",
    "mar(?:ch|s|zo)?|märz|март(?:а|е|у|ом)?|берез(?:ень|н[яію])",
    "apr(?:il)?|avril|abril|апр(?:ел[ьяею]м?)?|квіт(?:ень|н[яію])",
    "may|mai|mayo|ма[йяею]|трав(?:ень|н[яію])",
    "june?|juni|juin|junio|июн(?:[ьяею]м?)?|черв(?:ень|н[яію])",
    "july?|juli|juillet|julio|июл(?:[ьяею]м?)?|лип(?:ень|н[яію])",
    "aug(?:ust)?|août|agosto|авг(?:уст(?:а|е|у|ом)?)?|серп(?:ень|н[яію])",
    "sept?(?:ember|embre|iembre)?|сент(?:ябр[ьяею]м?)?|верес(?:ень|н[яію])",
    "oct(?:ober|obre|ubre)?|okt(?:ober)?|окт(?:ябр[ьяею]м?)?|жовт(?:ень|н[яію])",
    "nov(?:ember|embre|iembre)?|ноя(?:б|бр[ьяею]м?)?|листоп(?:ад[аіу]?)?",
    "dec(?:ember)?|dez(?:ember)?|décembre|diciembre|дек(?:абр[ьяею]м?)?|груд(?:ень|н[яію])",
)
MONTH = rf"(?i:{'|'.join(_MONTHS)})\b\.?"
"""The name of a month, in English, German, French, Spanish, Russian and Ukrainian, short or not, in capitals or not."""

_NAME = rf"(?P<{{}}>{MONTH})"
_DAY = r"(?<![\d.,:/-])(?P<{}>\d{{1,2}})"
_YEAR = r"(?P<{}>(?:1[5-9]|20)\d\d)(?!\d)"
_PATTERN = re.compile(
    "|".join(
        (
            rf"{_YEAR.format('y1')}-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d)",
            r"(?:(?P<y2>\d{4})\s?[년年]\s?)?(?<!\d)(?P<m2>\d{1,2})\s?[월月]\s?(?P<d2>\d{1,2})\s?[일日]",
            rf"{_DAY.format('d3')}(?:st|nd|rd|th|\.|-?го|-?е)?\s+(?:of\s+|de\s+)?{_NAME.format('m3')}"
            rf"(?:,?\s+(?:de\s+)?{_YEAR.format('y3')})?",
            rf"\b{_NAME.format('m4')}\s+(?:the\s+)?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|[.,/]\d)"
            rf"(?:,?\s+{_YEAR.format('y4')})?",
            rf"{_DAY.format('d5')}\.\s?(?P<m5>\d{{1,2}})\.\s?{_YEAR.format('y5')}",
            rf"{_DAY.format('d6')}\.(?P<m6>\d\d)\.(?!\d)",
            rf"{_DAY.format('d7')}/(?P<m7>\d{{1,2}})/{_YEAR.format('y7')}",
        )
    ),
    re.IGNORECASE,
)
BEFORE = 60
"""Characters before a day that tell what it begins or ends, and which other days are listed with it."""
_DIGIT = re.compile(r"\d")
_MODAL = re.compile(r"\b(?:may|mar)\s+\d{1,2}\s+(?!(?:19|20)\d\d)[^\W\d_]")
"""No date in small letters: "as it may 5 times a day"."""
_OPEN = re.compile(
    r"(?:\b(?:from|since|until|till|til|before|after|by|through|starting|as of|up to|between|ab|seit|bis|vor|nach|vom|"
    r"zum|zwischen|entre|со?|до|после|от|начиная с|между|з|із|після|від|між)|\d\s?[–—-]|"
    r"\d(?:st|nd|rd|th|\.)?\s(?:to|au|al?|по))\s*(?:\w+(?:day|tag),?\s+)?(?:(?:the|dem|le|el)\s+)?$",
    re.IGNORECASE,
)
_OPEN_AFTER = re.compile(r"\s*(?:부터|까지|이후|이전|[–—-]\s?\d|(?:to|until|till|bis|до|по)\b)", re.IGNORECASE)

_SPANS = re.compile(
    r"\b(?:opens?|starts?|begins?|runs?|öffnet|beginnt|startet)\b.{1,120}?\b(?:closes?|ends?|finish(?:es)?|schließt|endet)\b",
    re.IGNORECASE,
)
"""What tells when a time begins and ends."""
_AND = r"(?:\s*,\s*|\s*,?\s(?:and|or|und|oder|et|ou|y|o|и|или|та|і|або)\s)"
_LISTED = re.compile(rf"(?<![\d.,:/–-])(?:\d{{1,2}}(?:st|nd|rd|th|\.)?{_AND})+$", re.IGNORECASE)
_LISTED_AFTER = re.compile(
    r"(?:,\s*\d{1,2}(?!\d))*\s*,?\s(?:and|or)\s\d{1,2}(?:st|nd|rd|th)?(?=[.;,)]|$|\s(?:at|from|for)\b)"
)
_NUMBER = re.compile(r"\d+")


class Day(NamedTuple):
    """A day of the year, and its year where it is said."""

    month: int
    day: int
    year: int | None

    def agrees(self, other: Day) -> bool:
        """Whether both may be one day."""
        same = self[:2] == other[:2]
        return same and (self.year == other.year or self.year is None or other.year is None)


class Dated(NamedTuple):
    """A day where a text names it, and whether that begins or ends a time that it lies in ("until March 26"). Days of
    which one month is said stand in one place: "24, 25 and 31 December"."""

    start: int
    end: int
    day: Day
    open: bool


@lru_cache(maxsize=1024)
def days(text: str) -> tuple[Dated, ...]:
    """The days that a text names, in order. "03/04/2024", which may mean two, is none."""
    return tuple(_days(text)) if _DIGIT.search(text) else ()


def _days(text: str) -> Iterator[Dated]:
    spans = bool(_SPANS.search(text))
    for match in _PATTERN.finditer(text):
        if match[0].islower() and _MODAL.match(text, match.start()):
            continue
        said = {name[0]: value for name, value in match.groupdict().items() if value}
        month, day = month_of(said["m"]), int(said["d"])
        if "/" in match[0] and month > 12 >= day:
            month, day = day, month
        elif "/" in match[0] and month != day and month <= 12 and day <= 12:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31:
            start, end = _list_around(text, match)
            open = spans or bool(_OPEN.search(text, max(0, start - BEFORE), start) or _OPEN_AFTER.match(text, end))
            listed = map(int, _NUMBER.findall(text[start : match.start()] + text[match.end() : end]))
            for each in (day, *(one for one in listed if 1 <= one <= 31)):
                yield Dated(start, end, Day(month, each, int(said["y"]) if "y" in said else None), open)


def _list_around(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the days begin and end that one month is said of: "24, 25 and 31 December", "December 24, 25 and 31"."""
    before = match["d3"] and _LISTED.search(text, max(0, match.start() - BEFORE), match.start())
    after = match["d4"] and not match["y4"] and _LISTED_AFTER.match(text, match.end())
    return before.start() if before else match.start(), after.end() if after else match.end()


def month_of(name: str) -> int:
    """The number of a month by its name or figures; 0 where it is none."""
    if name.isdecimal():
        return int(name)
    written = name.rstrip(".")
    return next((n for n, names in enumerate(_MONTHS, start=1) if re.fullmatch(names, written, re.IGNORECASE)), 0)


def without_days(text: str) -> str:
    """A text without the days that it names."""
    for start, end in _places(days(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def redated(question: str, passage: str) -> str:
    """The question with its days written as the passage writes them."""
    asked = days(question)
    told = days(passage) if asked else ()
    for start, end in _places(asked):
        meant = [each.day for each in asked if each.start == start]
        same = next((one for one in told if any(one.day.agrees(day) for day in meant)), None)
        if same:
            question = question[:start] + passage[same.start : same.end].rstrip(".") + question[end:]
    return question


def _places(dated: Iterable[Dated]) -> list[tuple[int, int]]:
    """Where days are named, the last first."""
    return sorted({(each.start, each.end) for each in dated}, reverse=True)


def names_the_day(question: str, text: str, year: int | None) -> bool:
    """Whether a text names a day that the question does. `year`: of its article, in which, or in the one before, a day
    lies that no year is said of."""
    asked = days(question)
    return any(_is_meant(one.day, other.day, year) for one in asked for other in (days(text) if asked else ()))


def of_another_day(question: str, sentence: str, above: str, year: int | None) -> bool:
    """Whether a sentence tells of other days than the question asks about: it names a day, none that the question does,
    and none that begins or ends a time. `above`: what it stands under; `year` as in `names_the_day`."""
    told = days(sentence) if days(question) else ()
    if not told or any(each.open for each in told):
        return False
    return not names_the_day(question, f"{above} {sentence}", year)


def _is_meant(asked: Day, told: Day, year: int | None) -> bool:
    if told.year or not asked.year or not asked.agrees(told):
        return asked.agrees(told)
    return year is not None and asked.year in (year, year - 1)
