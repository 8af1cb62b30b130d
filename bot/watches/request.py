"""What is written after /watch and /digest, into values."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.watches.noise import zone
from bot.watches.watch import Every, Filters, Rhythm

_CHANNEL = re.compile(r"@([A-Za-z][A-Za-z0-9_]{3,31})(?=\s|$)\s*")
_FILTER = re.compile(r'(?<!\S)(lang|source|with):(?:"([^"]*)"|“([^”]*)”|«([^»]*)»|(\S+))', re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Request:
    """`channel`: the username that a watch is for, where it names one."""

    question: str
    filters: Filters
    channel: str | None = None


def read(text: str) -> Request:
    """`@channel question lang:en,uk source:"Coast Courier" with:Kursk`; the question is what is left of it."""
    named = _CHANNEL.match(text)
    rest = text[named.end() :] if named else text
    found: dict[str, list[str]] = {"lang": [], "source": [], "with": []}
    for kind, *values in _FILTER.findall(rest):
        value = next((one for one in values if one), "")
        parts = value.split(",") if kind.lower() == "lang" else [value]
        found[kind.lower()] += [part.strip() for part in parts if part.strip()]
    question = " ".join(_FILTER.sub(" ", rest).split())
    langs = tuple(dict.fromkeys(lang.lower() for lang in found["lang"]))
    filters = Filters(langs, tuple(dict.fromkeys(found["source"])), tuple(dict.fromkeys(found["with"])))
    return Request(question, filters, named[1] if named else None)


@dataclass(frozen=True, slots=True)
class Unclear:
    """The words of a /digest that say nothing."""

    words: str


def rhythm(text: str, now: Rhythm) -> Rhythm | Unclear:
    """The rhythm that /digest's words make of the one there is: `daily 9:00`, `weekly fri 18:00`, `off`,
    `quiet 22:00-7:00`, `quiet off`, `limit 5`, a time zone such as `Europe/Kyiv`; several together. Of anything else
    the first words that are not understood."""
    words = text.replace("–", "-").split()
    made = now
    while words:
        taken, rest = _taken(made, words)
        if taken is None:
            return Unclear(" ".join(words[: len(words) - len(rest)]))
        made, words = taken, rest
    return made


def _taken(now: Rhythm, words: list[str]) -> tuple[Rhythm | None, list[str]]:
    first, rest = words[0].lower(), words[1:]
    match first:
        case "off":
            return replace(now, every=Every.NEVER), rest
        case "daily":
            return _at(replace(now, every=Every.DAY), rest)
        case "weekly":
            if rest and rest[0][:3].lower() in _WEEKDAYS:
                day = _WEEKDAYS.index(rest[0][:3].lower())
                return _at(replace(now, every=Every.WEEK, weekday=day), rest[1:])
            return _at(replace(now, every=Every.WEEK), rest)
        case "quiet" if rest:
            return _quiet(now, rest[0]), rest[1:]
        case "limit" if rest:
            return _limited(now, rest[0]), rest[1:]
    return _zoned(now, words[0]), rest


def _at(now: Rhythm, rest: list[str]) -> tuple[Rhythm, list[str]]:
    minute = _minute(rest[0]) if rest else None
    return (now, rest) if minute is None else (replace(now, minute=minute), rest[1:])


def _quiet(now: Rhythm, word: str) -> Rhythm | None:
    if word.lower() == "off":
        return replace(now, quiet=None)
    start, dash, end = word.partition("-")
    minutes = _minute(start), _minute(end)
    if not dash or minutes[0] is None or minutes[1] is None or minutes[0] == minutes[1]:
        return None
    return replace(now, quiet=(minutes[0], minutes[1]))


def _limited(now: Rhythm, word: str) -> Rhythm | None:
    number = int(word) if word.isascii() and word.isdigit() else 0
    return replace(now, per_hour=number) if 0 < number <= MOST_AN_HOUR else None


def _zoned(now: Rhythm, word: str) -> Rhythm | None:
    try:
        zone(word)
    except (KeyError, ValueError, OSError):
        return None
    return replace(now, zone=word)


def _minute(word: str) -> int | None:
    found = _CLOCK.fullmatch(word)
    return int(found[1]) * 60 + int(found[2] or 0) if found else None
