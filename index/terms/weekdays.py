"""Weekdays of times that come every week: "Tuesday to Thursday" tells of Wednesday too, and says nothing of Sunday."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WEEK = 7
_ALL, _WORKING, _FREE = frozenset(range(7)), frozenset(range(5)), frozenset((5, 6))
_NAMES = (
    r"mondays?|montags?|lundis?|lunes|понедельник\w*|понеділ\w+|пн|월요일",
    r"tuesdays?|dienstags?|mardis?|martes|вторник\w*|вівтор\w+|вт|화요일",
    r"wednesdays?|mittwochs?|mercredis?|miércoles|сред(?:а|ы|у|е|ам)|серед(?:а|и|у|і|ам)|ср|수요일",
    r"thursdays?|donnerstags?|jeudis?|jueves|четверг\w*|четвер\w*|чт|목요일",
    r"fridays?|freitags?|vendredis?|viernes|пятниц\w*|п['’ʼ]ятниц\w*|пт|금요일",
    r"saturdays?|samstags?|sonnabends?|samedis?|sábados?|суббот\w*|субот\w*|сб|토요일",
    r"sundays?|sonntags?|dimanches?|domingos?|воскресень\w*|неділ(?:я|і|ю|ям|ями|ях)|вс|нд|일요일",
)
"""Each weekday from Monday on; below, as it is shortened before a time or another."""
_SHORT = ("Mon?", "Di|Tues?", "Mi|Wed", "Do|Thu(?:rs?)?", "Fri?", "Sat?", "So|Sun")
_GROUPS = {
    r"daily|every ?day|any day|täglich|jeden tag|tous les jours|todos los días|ежедневно|щод(?:ня|енно)|매일": _ALL,
    r"weekdays?|werktags?|wochentags?|en semaine|будн\w+|по будням|평일": _WORKING,
    r"week-?ends?|wochenenden?|fin de semana|выходн\w+|вихідн\w+|주말": _FREE,
}
_NAMED = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<d{n}>{name})' for n, name in enumerate(_NAMES))}"
    rf"|{'|'.join(f'(?P<g{n}>{name})' for n, name in enumerate(_GROUPS))})(?![^\W\d_])\.?"
    rf"|(?<!\w)(?-i:{'|'.join(f'(?P<s{n}>{name})' for n, name in enumerate(_SHORT))})(?=\.?\s?[–:/&-]|\.?\s\d|\.\s)\.?",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:[–—-]|to|through|until|till|bis|à|au|a|al|до|по|~)\s*(?:el |le )?\Z", re.IGNORECASE)
"""What stands between the first and the last of several."""


def weekdays(text: str) -> frozenset[int]:
    """The weekdays that a text names, from Monday, which is 0; those between the two of a range among them."""
    found: set[int] = set()
    first, end = -1, 0
    for match in _NAMED.finditer(text):
        kind, place = (match.lastgroup or "g0")[0], int((match.lastgroup or "g0")[1:])
        if kind == "g":
            found |= tuple(_GROUPS.values())[place]
            first = -1
        else:
            found |= set(_range(first, place)) if first >= 0 and _TO.match(text[end : match.start()]) else {place}
            first = place
        end = match.end()
    return frozenset(found)


def of_another_weekday(question: str, text: str) -> bool:
    """Whether a text tells of weekdays, and of none that a question names."""
    asked = weekdays(question)
    told = weekdays(text) if asked else frozenset()
    return bool(told) and not asked & told


def _range(first: int, last: int) -> Iterator[int]:
    return ((first + n) % _WEEK for n in range((last - first) % _WEEK + 1))


def opens_with_weekday(text: str) -> bool:
    """Whether a text begins with a weekday, as a line of opening hours does."""
    return _NAMED.match(text) is not None
