"""Dates as sources write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

_MONTHS = (
    "jan янв січ ene januar",
    "feb фев лют",
    "mar мар берез mär",
    "apr апр квіт",
    "may mai май мая трав",
    "jun июн черв",
    "jul июл лип",
    "aug авг серп",
    "sep сен верес",
    "oct okt окт жовт",
    "nov ноя листоп",
    "dec dez дек груд",
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([^\W\d_]{3,})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_EASTERN = re.compile(r"(\d{4})\s?[년年]\s?(\d{1,2})\s?[월月]\s?(\d{1,2})\s?[일日]")
_YEAR_FIRST = re.compile(r"(\d{4})[./-]\s?(\d{1,2})[./-]\s?(\d{1,2})\b\.?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")


def parse_date(text: str) -> date | None:
    """The day that a text names, in its own time zone; None when it names none, or could mean two ("03/04/2024").

    ISO 8601, RFC 2822, "31 October 2024", "October 31, 2024", "31. Oktober 2024", "31 жовтня 2024", "31.10.2024",
    "2024/10/31", "2024년 10월 31일", "2024年10月31日"; what follows the date is let be.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    return _by_month_name(text) or _by_figures(text) or _rfc(text)


def parse_time(text: str) -> datetime | None:
    """The moment that a text names, in UTC, by ISO 8601 or RFC 2822; midnight where it names a day only."""
    text = text.strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, IndexError, OverflowError):
            continue
    day = parse_date(text)
    return datetime.combine(day, time(), UTC) if day else None


def _by_month_name(text: str) -> date | None:
    for pattern, day, month, year in ((_DAY_FIRST, 1, 2, 3), (_MONTH_FIRST, 2, 1, 3)):
        found = pattern.search(text)
        number = _month(found.group(month)) if found else None
        if found and number:
            return _date(found.group(year), str(number), found.group(day))
    return None


def _month(word: str) -> int | None:
    folded = word.casefold()
    for number, beginnings in enumerate(_MONTHS, start=1):
        if folded.startswith(tuple(beginnings.split())):
            return number
    return None


def _by_figures(text: str) -> date | None:
    for pattern in (_EASTERN, _YEAR_FIRST):
        found = pattern.match(text)
        if found:
            return _date(*found.groups())
    found = _DOTTED.match(text)
    if found:
        return _date(found.group(3), found.group(2), found.group(1))
    found = _SLASHED.match(text)
    if not found:
        return None
    first, second, year = found.groups()
    if int(first) > 12:
        return _date(year, second, first)
    return _date(year, first, second) if int(second) > 12 or first == second else None


def _rfc(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, IndexError):
        return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
