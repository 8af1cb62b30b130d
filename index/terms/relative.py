"""Days and years that are told from the day of writing or of asking: "yesterday", "on Saturday", "last year".

"Two were hurt yesterday" tells of another day than "Who was hurt yesterday?" asks about, where the article is a year
old.
"""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, timedelta
from typing import NamedTuple

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


class _Told(NamedTuple):
    """Where a text names a day so, what stands before a date in its language, which days it may mean, and whether it is
    a weekday."""

    start: int
    end: int
    on: str
    dates: tuple[date, ...]
    weekday: bool

    def dated(self, day: date) -> str:
        """That day as a date in its place."""
        if self.on == _ENGLISH.on:
            return f"{self.on}{day.day} {month_name[day.month]} {day.year}"
        return f"{self.on}{day.day}.{day.month:02}.{day.year}"


def _pattern(tongue: _Tongue) -> re.Pattern[str]:
    """Group `dN` is the Nth of the names of days, `wN` the weekday N: neither "Saturdays" nor "Monday to Friday"."""
    names = "|".join(f"(?P<d{n}>{name})" for n, name in enumerate(tongue.days.values()))
    if not tongue.week:
        return re.compile(rf"(?<!\w)(?:{names})")
    week = "|".join(f"(?P<w{n}>{name})" for n, name in enumerate(tongue.week))
    single = rf"{_RECURS}{_BEFORE}(?:{week}){tongue.part}(?!\w){_REACHES}"
    return re.compile(rf"(?<!\w)(?:(?:{names})(?!\w)|{single})", re.IGNORECASE)


_PATTERNS = tuple((tongue, _pattern(tongue)) for tongue in _TONGUES)


def asked_on(question: str, on: date) -> str:
    """A question that was asked on this day, with "yesterday" and the like as dates. "today" stays: it may mean these
    times."""
    for each in reversed(_told(question, on)):
        if not each.weekday and not _NOWADAYS.fullmatch(question, each.start, each.end):
            question = f"{question[: each.start]}{each.dated(each.dates[0])}{question[each.end :]}"
    return question


class Reading(NamedTuple):
    """A sentence as it reads for a question, and whether that asks about another "today" or "last year"."""

    text: str
    elsewhen: bool = False


def as_asked(question: str, on: date | None, sentence: str, written: date | None) -> Reading | None:
    """How a sentence of an article of the day `written` reads for a question that is asked `on` another. Where that
    asks about a day, "on Saturday" reads as the question names it, if it may be that day, "yesterday" else as its date;
    so do years (`index.terms.years`). None where it reads as it stands.

    Without a date its "yesterday" is the question's, and nothing else is told.
    """
    told = _of_days(question, on, sentence, written)
    if written is None:
        return told
    year = on.year if on else None
    read = in_years(question, year, told.text if told else sentence, written.year)
    elsewhen = (told is not None and told.elsewhen) or of_another_year(question, year, sentence, written.year)
    return Reading(read, elsewhen) if elsewhen or read != sentence else None


def _of_days(question: str, on: date | None, sentence: str, written: date | None) -> Reading | None:
    asked, today = days(question), on if _NOWADAYS.search(question) else None
    of = written or on
    if of is None or not (asked or today):
        return None
    told = [each for each in _told(sentence, of) if not _has_its_date(sentence, each) and (written or not each.weekday)]
    certain = [each.dates for each in told if not each.weekday]
    elsewhen = bool(written and certain) and not asked and all(today not in dates for dates in certain)
    if not (asked or elsewhen):
        return None
    read = sentence
    for each in reversed(told):
        same = next((one for one in asked if any(one.day.agrees(_day(may)) for may in each.dates)), None)
        if same or (written and not each.weekday):
            said = each.on + question[same.start : same.end] if same else each.dated(each.dates[0])
            read = f"{read[: each.start]}{said}{read[each.end :]}"
    return Reading(read, elsewhen) if elsewhen or read != sentence else None


def _has_its_date(text: str, told: _Told) -> bool:
    """Whether the date stands beside: "on Thursday, Oct. 23", "on 23 October, a Thursday"."""
    return any(told.start - BESIDE <= each.end and each.start <= told.end + BESIDE for each in days(text))


def _day(of: date) -> Day:
    return Day(of.month, of.day, of.year)


def _told(text: str, written: date) -> list[_Told]:
    """What a text tells from the day on which it was written, in order."""
    found = []
    for tongue, pattern in _PATTERNS:
        later = tuple(tongue.days)
        for match in pattern.finditer(text):
            kind, number = str(match.lastgroup)[0], int(str(match.lastgroup)[1:])
            dates = _nearest(written, number) if kind == "w" else (written + timedelta(later[number]),)
            found.append(_Told(match.start(), match.end(), tongue.on, dates, kind == "w"))
    return sorted(found)


def _nearest(written: date, weekday: int) -> tuple[date, ...]:
    """The last such weekday and the next; the day itself where it is one."""
    ahead = (weekday - written.weekday()) % WEEK
    return (written,) if not ahead else (written + timedelta(ahead - WEEK), written + timedelta(ahead))
