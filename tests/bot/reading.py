"""A message as Telegram makes it of what a bot sends: after TDLib's `fix_formatted_text`, apart from the renderer.

Bytes are cleaned one by one with the entities moved along, then the ends are trimmed, as the server does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    kind: str
    text: str
    url: str | None = None


def as_received(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[Entity]]:
    """The text that stands in the chat, and what each entity covers of it. Raises AssertionError where the server would
    refuse the message."""
    units = text.encode("utf-16-le")
    cleaned: list[str] = []
    place_of: dict[int, int] = {}
    offset = 0
    for character in text:
        place_of[offset] = len(cleaned)
        offset += len(character.encode("utf-16-le")) // 2
        kept = _cleaned(character)
        if kept:
            cleaned.append(kept)
    place_of[offset] = len(cleaned)
    assert offset == len(units) // 2
    _direction_marks(cleaned)
    first, last = 0, len(cleaned)
    while last and cleaned[last - 1] in " \n":
        last -= 1
    while first < last and cleaned[first] in " \n":
        first += 1
    assert first < last, "Message must be non-empty"
    found = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        assert start in place_of, "an entity starts inside a character"
        assert end in place_of, "an entity ends inside a character"
        begin, finish = max(place_of[start], first), min(place_of[end], last)
        while begin < finish and cleaned[begin] in " \n":
            begin += 1
        covered = "".join(cleaned[begin:finish])
        if covered.strip(" \n"):
            found.append(Entity(entity["type"], covered, entity.get("url")))
    return "".join(cleaned[first:last]), found


def _cleaned(character: str) -> str:
    code = ord(character)
    if code == 0x0D or 0x2028 <= code <= 0x202E or code in (0x30A, 0x333, 0x33F):
        return ""
    if code < 0x20 and character != "\n":
        return " "
    return character


def _direction_marks(characters: list[str]) -> None:
    for place in range(len(characters) - 1):
        if characters[place] in "\u200e\u200f" and characters[place + 1] in "\u200e\u200f":
            characters[place] = "\u200c"
