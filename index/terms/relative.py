"""Days and years that are told from the day of writing or of asking: "yesterday", "on Saturday", "last year".

"Two were hurt yesterday" tells of another day than "Who was hurt yesterday?" asks about, where the article is a year
old.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from index.terms.dates import Day, days
from index.terms.years import in_years, of_another_year

WEEK = 7
BESIDE = 5
"""Characters between a weekday and its date."""


class _Tongue(NamedTuple):
    """How a language names days: `on` stands before a date, `days` maps how many days later to the names, `week` are
    the weekdays from Monday, `part` is what may follow one."""

    on: str
    days: dict[int, str]
    week: tuple[str, ...]
    part: str


_ENGLISH = _Tongue(
    "on ",
    {
        -2: "the day before yesterday",
        -1: "yesterday(?: morning| afternoon| evening| night)?|last night",
        0: "today|tonight|this (?:morning|afternoon|evening)",
        1: "tomorrow(?: morning| afternoon| evening| night)?",
    },
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "(?: morning| afternoon| evening| night)?",
)
_GERMAN = _Tongue(
    "am ",
    {
        -2: "vorgestern",
        -1: "gestern(?: früh| morgen| vormittag| mittag| nachmittag| abend| nacht)?",
        0: "heute(?: früh| morgen| vormittag| mittag| nachmittag| abend| nacht)?",
        2: "übermorgen",
    },
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    "(?:morgen|vormittag|mittag|nachmittag|abend|nacht)?",
)
_FRENCH = _Tongue(
    "le ",
    {
        -2: "avant-hier",
        -1: "hier (?:matin|midi|soir|après-midi)",
        0: "aujourd['’]hui|ce (?:matin|soir|midi)|cet après-midi|cette nuit",
        1: "demain(?: matin| midi| soir| après-midi)?",
    },
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "(?: matin| midi| soir| après-midi)?",
)
_SPANISH = _Tongue(
    "el ",
    {-2: "anteayer", -1: "ayer|anoche", 0: "hoy|esta (?:mañana|tarde|noche)"},
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "(?: por la (?:mañana|tarde|noche))?",
)
_RUSSIAN = _Tongue(
    "",
    {
        -2: "позавчера",
        -1: "вчера(?: утром| днем| днём| вечером| ночью)?",
        0: "сегодня(?: утром| днем| днём| вечером| ночью)?",
        1: "завтра(?: утром| днем| днём| вечером| ночью)?",
        2: "послезавтра",
    },
    ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
    "",
)
_UKRAINIAN = _Tongue(
    "",
    {
        -2: "позавчора",
        -1: "[ву]чора(?: вранці| вдень| ввечері| увечері| вночі)?",
        0: "сьогодні(?: вранці| вдень| ввечері| увечері| вночі)?",
        2: "післязавтра",
    },
    ("понеділок", "вівторок", "середу", "четвер", "п['’]ятницю", "суботу", "неділю"),
    "",
)
_KOREAN = _Tongue("", {-2: "그저께|그제", -1: "어제", 0: "오늘", 1: "내일", 2: "모레"}, (), "")
_TONGUES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _RUSSIAN, _UKRAINIAN, _KOREAN)
_NOWADAYS = re.compile(r"today|heute|aujourd['’]hui|hoy|сегодня|сьогодні|오늘", re.IGNORECASE)
"""Names of this day that mean these times as well."""
_BEFORE = (
    r"(?:(?:on|am|le|el|во?|у) )?"
    r"(?:(?:last|this|next|vergangenen|letzten|diesen|kommenden|nächsten|прошл(?:ый|ую)|минул(?:ий|у)) )?"
)
_RECURS = r"(?<!every )(?<!each )(?<!to )(?<!and )(?<!bis )(?<!und )(?<!jeden )"
_REACHES = r"(?! (?:to|and|or|bis|und|oder|à|et|a|y|и|та)\b| ?[–-])"


class _Named(NamedTuple):
    """Where a text names a day, which days that may be, what stands before a date in its language, and how: as a date,
    from its own day, as "today", which may be these times, or by the weekday. `open` as in `index.terms.dates`."""

    start: int
    end: int
    days: tuple[Day, ...]
    on: str
    how: Literal["date", "relative", "today", "weekday"]
    open: bool = False

    def dated(self) -> str:
        """Its day as a date in its place."""
        month, day, year = self.days[0]
        if self.on == _ENGLISH.on:
            return f"{self.on}{day} {month_name[month]} {year}"
        return f"{self.on}{day}.{month:02}.{year}"


def _pattern(tongue: _Tongue) -> re.Pattern[str]:
    """Group `dN` is the Nth of the names of days, `wN` the weekday N: neither "Saturdays" nor "Monday to Friday"."""
    names = "|".join(f"(?P<d{n}>{name})" for n, name in enumerate(tongue.days.values()))
    if not tongue.week:
        return re.compile(rf"(?<!\w)(?:{names})")
    week = "|".join(f"(?P<w{n}>{name})" for n, name in enumerate(tongue.week))
    single = rf"{_RECURS}{_BEFORE}(?:{week}){tongue.part}(?!\w){_REACHES}"
    return re.compile(rf"(?<!\w)(?:(?:{names})(?!\w)|{single})", re.IGNORECASE)


_PATTERNS = tuple((tongue, tuple(tongue.days), _pattern(tongue)) for tongue in _TONGUES)
_ANY = date(2000, 1, 1)
_ON = re.compile(r"\b(?:on|am|le|el)\s+$", re.IGNORECASE)


class Reading(NamedTuple):
    """A sentence as it reads for a question; whether it tells of the day that is asked about, and whether only of
    another "yesterday" or "last year"."""

    text: str
    that_day: bool = False
    elsewhen: bool = False


def asks_of_a_day(question: str) -> bool:
    """Whether a question names a day of the year, or one that is told from its own."""
    return bool(_asked(question, _ANY))


def as_asked(question: str, on: date | None, sentence: str, written: date | None) -> Reading | None:
    """How a sentence of an article of the day `written` reads for a question that is asked `on` another. Where that
    asks about a day, "on Saturday" reads as the question names it, if it may be that day, another "yesterday" as its
    date; so do years (`index.terms.years`). None where it reads as it stands, or nobody knows when it was written.
    """
    if written is None or written.year in (MINYEAR, MAXYEAR):
        return None
    told = _of_days(_asked(question, on), sentence, written)
    year = on.year if on else None
    read = in_years(question, year, told.text, written.year)
    elsewhen = told.elsewhen or of_another_year(question, year, sentence, written.year)
    return Reading(read, told.that_day, elsewhen) if told.that_day or elsewhen or read != sentence else None


@lru_cache(maxsize=256)
def _asked(question: str, on: date | None) -> dict[_Named, str]:
    """The days that a question asks about, with its words for them."""
    told = [each for each in _told(question, on) if each.how != "weekday"] if on else []
    return {each: question[each.start : each.end] for each in (*_dates(question), *told)}


def _of_days(asked: Mapping[_Named, str], sentence: str, written: date) -> Reading:
    """Of a question's "yesterday" a sentence tells another where it tells some days, and not that one; of its "today",
    which may be these times, only where it says so itself."""
    if not asked:
        return Reading(sentence)
    read, met, others = sentence, False, False
    hows = {each.how for each in asked}
    for each in reversed(_named(sentence, written)):
        same = next((one for one in asked if _agree(one.days, each.days)), None)
        before, after = read[: each.start], read[each.end :]
        if same and same.how != "date":
            on = _ON.search(before, max(0, each.start - BESIDE))
            read = f"{before[: on.start()] if on else before}{asked[same]}{after}"
        elif same and each.how != "date":
            read = f"{before}{each.on}{asked[same]}{after}"
        elif each.how in ("relative", "today"):
            read = f"{before}{each.dated()}{after}"
        met |= same is not None
        others |= each.how in ("relative", "today") or (each.how == "date" and not each.open and "today" not in hows)
    return Reading(read, met, others and not met and "date" not in hows)


def _named(text: str, written: date) -> list[_Named]:
    """The days that a text of this day names, in order; a date without a year is of its year."""
    dates = [each._replace(days=tuple(_in_year(day, written.year) for day in each.days)) for each in _dates(text)]
    return sorted([*dates, *_told(text, written)])


def _dates(text: str) -> Iterator[_Named]:
    for (start, end, open), together in groupby(days(text), key=lambda each: (each.start, each.end, each.open)):
        yield _Named(start, end, tuple(each.day for each in together), "", "date", open)


def _told(text: str, written: date) -> Iterator[_Named]:
    """The days that a text tells from its own, but no weekday beside its date: "on Thursday, Oct. 23"."""
    dates = days(text)
    for tongue, later, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() - BESIDE <= each.end and each.start <= match.end() + BESIDE for each in dates):
                continue
            kind, number = str(match.lastgroup)[0], int(str(match.lastgroup)[1:])
            if kind == "w":
                yield _Named(*match.span(), tuple(map(_day, _nearest(written, number))), tongue.on, "weekday")
            else:
                day = _day(written + timedelta(later[number]))
                yield _Named(*match.span(), (day,), tongue.on, "today" if _NOWADAYS.fullmatch(match[0]) else "relative")


def _agree(one: Sequence[Day], other: Sequence[Day]) -> bool:
    return any(day.agrees(may) for day in one for may in other)


def _in_year(day: Day, year: int) -> Day:
    return day._replace(year=day.year or year)


def _day(of: date) -> Day:
    return Day(of.month, of.day, of.year)


def _nearest(written: date, weekday: int) -> tuple[date, ...]:
    """The last such weekday and the next; the day itself where it is one."""
    ahead = (weekday - written.weekday()) % WEEK
    return (written,) if not ahead else (written + timedelta(ahead - WEEK), written + timedelta(ahead))
