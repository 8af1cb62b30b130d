"""The figures of a sentence and what each of them is: a count, a measure, a date, a time of day, a rank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from index.answer.units import MARKS, MONEY, base, hours, rounded, unit_of
from index.terms import numbers
from index.terms.dates import MONTH, month_of
from index.terms.function_words import FUNCTION_WORDS
from index.terms.words import TOKEN

Kind = Literal["count", "measure", "date", "time", "order"]

ROUNDING = 0.05
"""How far, as a share, a rounded figure may lie from another that says the same: "about 2,600" and "2,650"."""
CLOCK_ROUNDING = 10
"""Minutes between two times of day that say the same: "about 13:30" and "1:24 p.m."."""
_DAY, _YEAR = 100, 10_000
"""A date as a number: year x 10,000 + month x 100 + day, with 0 for a part that is not said."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or a range of two ("11,000 to 12,000"). A time is in minutes after midnight, a date in `_YEAR` form.

    `unit` is a name of `index.answer.units`, and "" for things that are counted. `rounded`: "about", "more than".
    """

    kind: Kind
    low: float
    high: float
    unit: str
    rounded: bool
    start: int
    end: int

    def agrees(self, other: Figure) -> bool:
        """Whether both can be true of one thing; figures of two kinds or units never agree."""
        if (self.kind, self.unit) != (other.kind, other.unit):
            return False
        if self.kind == "date":
            return _same_date(int(self.low), int(other.low))
        loose = self.rounded or other.rounded
        slack = 0.0
        if loose:
            slack = CLOCK_ROUNDING if self.kind == "time" else ROUNDING * max(self.high, other.high)
        return self.low - slack <= other.high and other.low - slack <= self.high

    def finer(self, other: Figure) -> bool:
        """Whether a date names a month or a day where another that it agrees with names none."""
        if self.kind != "date" or not self.agrees(other):
            return False
        mine, its = int(self.low), int(other.low)
        return bool(mine // _DAY % 100 and not its // _DAY % 100) or bool(mine % _DAY and not its % _DAY)


def _same_date(one: int, other: int) -> bool:
    parts = [(value // _YEAR, value // _DAY % 100, value % _DAY) for value in (one, other)]
    pairs = list(zip(*parts, strict=True))
    return all(a == b or not a or not b for a, b in pairs) and any(a and b for a, b in pairs)


_SPAN = r"동안|간|째|이내|이상|이하|정도|가량|넘|걸|연속|치|[만후뒤전내안](?:에|\b)"
"""What stands behind days that are counted: of others "15일" is the fifteenth."""


@cache
def _date_pattern() -> re.Pattern[str]:
    name = rf"(?![a-z]){MONTH}"
    return re.compile(
        rf"\b(?P<y1>\d{{4}})-(?P<n1>\d\d)-(?P<d1>\d\d)\b"
        rf"|(?:\b(?P<y2>\d{{4}})년\s*)?(?<!\d)(?P<n2>\d{{1,2}})월(?:\s*(?P<d2>\d{{1,2}})일)?"
        rf"|\b(?P<m3>{name})\s+(?P<d3>\d{{1,2}})(?!\d|[.,]\d)(?:,\s*(?P<y3>\d{{4}}))?"
        rf"|(?<![\d.,])(?P<d4>\d{{1,2}})\.?\s+(?P<m4>{name})(?:\s+(?P<y4>\d{{4}}))?"
        rf"|\b(?P<m5>{name})\s+(?:of\s+)?(?P<y5>\d{{4}})\b"
        rf"|(?<![\d.,])(?P<d6>[1-9]|[12]\d|3[01])일(?=에|까지|부터|자\b|[(,]|\s(?!{_SPAN}))"
    )


_TIME = re.compile(
    r"(?<![\d:.,])(?P<h1>\d{1,2})[:.](?P<m1>[0-5]\d)(?![\d:])\s*(?P<half1>[ap]\.?\s?m\b\.?|Uhr|(?<=\d\d[:.]\d\d )h\b)?"
    r"|(?<![\d:.,])(?P<h2>\d{1,2})\s*(?P<half2>[ap]\.?\s?m\b\.?|Uhr\b)"
    r"|(?P<half3>오전|오후|새벽|아침|낮|저녁|밤)?\s*(?<!\d)(?P<h3>\d{1,2})시(?!간)(?:\s*(?P<m3>\d{1,2})분)?"
    r"|\b(?:[Оо]б?|[Вв])\s(?P<h4>\d{1,2})\s?(?:год|ч)\b\.?(?:\s?(?P<m4>\d{1,2})\s?(?:хв|мин)\b)?"
    r"|\b(?:[Àà]|[Dd]ès|[Vv]ers|um|ab|bis|gegen|las?|[Dd]e(?=\s\d+\s?h\b[\s\d]{0,4}à\s\d))\s"
    r"(?P<h5>\d{1,2})\s?h\b(?:\s?(?P<m5>[0-5]\d)\b)?(?!\s?de\s)(?:\s(?P<half5>du soir|de l['’]après-midi))?"
)
"""Spelled in full, or behind a preposition of time: "17 h" alone may be how long something takes."""
_NOON = re.compile(
    r"\b(?:12|twelve)\s+(?i:noon|midday)\b|(?<![\w-])(?:noon|midday)(?![\w-])|"
    r"(?:(?<=\bum )|(?<=\bab )|(?<=\bbis )|(?<=\bUhr ))Mittag\b|"
    r"(?<!после )(?<!після )\b(?:полдень|полудня|полудню|полудень|опівдні)\b|"
    r"(?<![가-힣])정오(?=에|까지|부터|이후|무렵|쯤|[를는가]|\s*(?:전|께|넘|직))"
)
_MIDNIGHT = re.compile(
    r"\b(?:12|twelve)\s+(?i:midnight)\b|(?<![\w-])midnight(?![\w-])|\bMitternacht\b|\b(?:полночь|полуночи|опівночі)\b|"
    r"(?<![가-힣])자정(?=에|까지|부터|이후|무렵|쯤|[을은이]|\s*(?:전|께|넘|직))"
)
"""The hours that have a name. "Zu Mittag", "после полудня" and "자정 노력" (self-purification) are none."""
_AFTERNOON = ("p", "오후", "저녁", "밤", "du soir", "de l")
_YEAR_FIGURE = re.compile(r"(?<![\d.,/$€£₩])(?:1[5-9]|20)\d\d(?![\d/%]|[.,]\d)")
_DIGIT = re.compile(r"\d")
_LABEL_BEFORE = re.compile(r"(?:[^\W\d_][-‑]?|\b(?:No\.|Nr\.|Article|№)\s?)$")
_YEAR_WORD = re.compile(r"\s*(?:년|г\.|год|р\.|р[оі]к|r\.)")
_HOURS = re.compile(r"год\.?\s*\d{1,2}\s*хв")
_WORD_AFTER = re.compile(r"\s+([^\W\d_]+)")
_JOINED = re.compile(r"\s*(?:and|und|и|та|і|й)?\s*")
_ORDER_AFTER = re.compile(r"(?:st|nd|rd|th)\b|[-‑](?:й|я|е|го|му|ма|та|те|ї|ій)\b|\s?번째|\.\s(?=[A-ZÄÖÜ])|위\b")
_RANGE = re.compile(r"\s*(?:to|bis|до|по|–|—|-|~|에서)\s*$|\s*(?:–|—|-|~|to|bis|до)\s*")


@lru_cache(maxsize=1024)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a sentence in order."""
    found: list[Figure] = []
    rest = text
    for read in (_named_times, *((_dates, _times, _years) if _DIGIT.search(text) else ())):
        for figure in read(rest):
            found.append(figure)
            rest = rest[: figure.start] + "|" * (figure.end - figure.start) + rest[figure.end :]
    found += _ranges(rest, list(_counts(rest)))
    return tuple(sorted(found, key=lambda figure: figure.start))


def _dates(text: str) -> Iterator[Figure]:
    for match in _date_pattern().finditer(text):
        said = {name[0]: value for name, value in match.groupdict().items() if value}
        number = int(said["n"]) if "n" in said else month_of(said["m"]) if "m" in said else 0
        value = int(said.get("y", 0)) * _YEAR + number * _DAY + int(said.get("d", 0))
        yield Figure("date", value, value, "", False, match.start(), match.end())


def _times(text: str) -> Iterator[Figure]:
    for match in _TIME.finditer(text):
        said = {name[:-1]: value for name, value in match.groupdict().items() if value}
        hour, minute = int(said["h"]), int(said.get("m", 0))
        half = said.get("half", "").strip().lower()
        # "9.79 s" and a score are no times: a full stop needs its half of the day.
        if hour > 24 or minute > 59 or ("." in match[0][:3] and not half):
            continue
        if half.startswith(_AFTERNOON) and hour < 12:
            hour += 12
        if half.startswith("a") and hour == 12:
            hour = 0
        value = hour % 24 * 60 + minute
        yield Figure("time", value, value, "", rounded(text[: match.start()], ""), match.start(), match.end())


def _named_times(text: str) -> Iterator[Figure]:
    """Noon and midnight, with the "12" before them."""
    for pattern, value in ((_NOON, 720), (_MIDNIGHT, 0)):
        for match in pattern.finditer(text):
            yield Figure("time", value, value, "", rounded(text[: match.start()], ""), match.start(), match.end())


def _years(text: str) -> Iterator[Figure]:
    for match in _YEAR_FIGURE.finditer(text):
        if not _counts_something(text, match.end()):
            value = int(match[0]) * _YEAR
            yield Figure("date", value, value, "", False, match.start(), match.end())


def _counts_something(text: str, end: int) -> bool:
    """Whether a word of content follows in lower case ("1651 человек"): four digits are a year otherwise."""
    if _YEAR_WORD.match(text, end):
        return False
    word = _WORD_AFTER.match(text, end)
    if word is None:
        return text[end : end + 1].isalpha()
    return word[1].islower() and word[1] not in FUNCTION_WORDS


def _counts(text: str) -> Iterator[Figure]:
    tokens = list(TOKEN.finditer(text))
    place = 0
    while place < len(tokens):
        value, past = _longest(text, tokens, place)
        if value is None:
            place += 1
            continue
        start, end = tokens[place].start(), tokens[past - 1].end()
        yield _counted(text, value, start, end, tokens[past] if past < len(tokens) else None)
        place = past


def _longest(text: str, tokens: list[re.Match[str]], place: int) -> tuple[float | None, int]:
    """The value of the figure that begins at this token, with the scale behind it ("10 тисяч"), and the token after."""
    value = _value(tokens[place].group())
    past = place + 1
    while value is not None and past < len(tokens):
        gap = text[tokens[past - 1].end() : tokens[past].start()]
        if gap.strip() not in ("", "-", "‑") or not _continues(tokens[past].group()):
            break
        longer = _value(text[tokens[place].start() : tokens[past].end()])
        if longer is None or longer == value:
            break
        value, past = longer, past + 1
    return value, past


@lru_cache(maxsize=8192)
def _value(text: str) -> float | None:
    found = numbers(text)
    return float(next(iter(found))) if len(found) == 1 else None


@lru_cache(maxsize=8192)
def _continues(word: str) -> bool:
    """Whether a word can be part of a figure that has begun: a number of its own, or a scale."""
    return _value(word) is not None or _value(f"2 {word}") != 2


def _counted(text: str, value: float, start: int, end: int, following: re.Match[str] | None) -> Figure:
    before, after = text[:start], text[end:]
    dot = "." if text[end - 1].isalpha() else ""  # of an abbreviated scale: "5 Mio. Euro", "96 тыс. руб."
    if (_ORDER_AFTER.match(after) and not dot) or _LABEL_BEFORE.search(before):
        return Figure("order", value, value, "", False, start, end)
    unit = unit_of(before[-1:]) if before[-1:] in MARKS - {"%", "°"} else None
    sign = after.lstrip()[:1]
    if unit is None and sign in MARKS:
        unit = unit_of(sign)
    if unit is None and following is not None and text[end : following.start()].strip() in ("", dot):
        unit = _unit_behind(text, value, following, touching=following.start() == end)
    if unit is None:
        kind: Kind = "count" if value.is_integer() else "measure"
        return Figure(kind, value, value, "", rounded(before, after), start, end)
    unit, factor = base(unit)
    return Figure("measure", value * factor, value * factor, unit, rounded(before, after), start, end)


def _unit_behind(text: str, value: float, following: re.Match[str], touching: bool) -> str | None:
    word = following.group()
    if hours(word, value) or _HOURS.match(text, following.start()):
        return "hour"
    return unit_of(word, touching) or _second_word(text, following)


def _second_word(text: str, following: re.Match[str]) -> str | None:
    """Money's name often comes second: "11 million Swedish kronor"."""
    after = TOKEN.search(text, following.end())
    unit = unit_of(after.group()) if after and not text[following.end() : after.start()].strip() else None
    return unit if unit in MONEY else None


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """ "11,000 to 12,000" is one figure, in the unit of its second part; so is "11 hours and 55 minutes"."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if last and _is_range(last, figure) and _RANGE.fullmatch(text[last.end : figure.start]):
            low = _scaled(text, last, figure)
            joined[-1] = replace(figure, low=low, start=last.start, rounded=last.rounded)
        elif last and last.unit == figure.unit == "second" and last.low > figure.low and _is_sum(text, last, figure):
            total = last.low + figure.low
            joined[-1] = replace(figure, low=total, high=total, start=last.start, rounded=last.rounded)
        else:
            joined.append(figure)
    return joined


def _is_range(one: Figure, other: Figure) -> bool:
    return one.kind in ("count", other.kind) and one.unit in ("", other.unit) and one.high < other.high


def _scaled(text: str, one: Figure, other: Figure) -> float:
    """The lower end of a range, in the scale of the upper one where it names none itself: "5 to 9 million"."""
    scale = other.high / (_value(TOKEN.findall(text, other.start)[0]) or other.high)
    alone = len(TOKEN.findall(text, one.start, one.end)) == 1
    return one.low * scale if alone and scale >= 1 and one.low * scale < other.high else one.low


def _is_sum(text: str, one: Figure, other: Figure) -> bool:
    """Whether nothing but the first one's unit and "and" stands between: "2 min 40 s"."""
    unit, _, rest = text[one.end : other.start].lstrip().partition(" ")
    return bool(unit_of(unit.rstrip("."))) and bool(_JOINED.fullmatch(rest))
