"""How Telegram cleans a text and checks its entities (td/telegram/misc.cpp: clean_input_string; MessageEntity.cpp:
clean_input_string_with_entities and fix_formatted_text). Offsets and lengths count UTF-16 code units."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import MessageLimit

from tests.fake_telegram.errors import bad_request

Entity = dict[str, Any]

REMOVED = frozenset("\r\u0333\u033f\u030a" + "".join(map(chr, range(0x2028, 0x202F))))
"""Carriage returns, line and paragraph separators, directional overrides, and three combining lines."""
SPACED = frozenset(chr(code) for code in range(33) if code not in (10, 13))
"""Control characters become spaces; a line feed stays."""
TYPES = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline"}
    | {"strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention"}
    | {"custom_emoji"}
)
_MARKS = re.compile("[\u200e\u200f]+")
"""Of a run of direction marks only the last stays; the others become U+200C (replace_offending_characters)."""
FOUND = frozenset(["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"])
"""Telegram finds these by itself and drops them where a bot gives them."""


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text and entities as everyone will see them. Raises the refusal of the real server."""
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise bad_request("Strings must be encoded in UTF-8")
    kept = [_checked(entity) for entity in entities]
    kept = sorted((e for e in kept if e["length"] > 0), key=lambda e: (e["offset"], -e["length"]))
    boundaries, result = _boundaries(text)
    moved = [entity for entity in (_moved(entity, boundaries) for entity in kept) if entity["length"] > 0]
    return _trimmed(result, moved)


def _checked(entity: Entity) -> Entity:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length"):
        if not isinstance(entity.get(name), int):
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
        if not 0 <= entity[name] <= 1_000_000:
            raise bad_request(f"Receive an entity with incorrect {name} {entity[name]}")
    if entity.get("type") not in TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if entity["type"] == "text_link":
        _check_link(str(entity.get("url", "")))
    return dict(entity)


def _check_link(url: str) -> None:
    if not re.match(r"(https?|tg|ton|tonsite)://[^\s/]+", url, re.IGNORECASE) or " " in url:
        raise bad_request(f"can't parse MessageEntity: Entity URL '{url}' is invalid: Wrong HTTP URL")


def _boundaries(text: str) -> tuple[dict[int, int], str]:
    """Where each character begins, before (UTF-16 offset) -> after the cleaning; and the cleaned text."""
    boundaries: dict[int, int] = {}
    result: list[str] = []
    before = after = 0
    for character in text:
        boundaries[before] = after
        width = utf16(character)
        before += width
        if character in REMOVED:
            continue
        result.append(" " if character in SPACED else character)
        after += width
    boundaries[before] = after
    return boundaries, _MARKS.sub(lambda run: "\u200c" * (len(run[0]) - 1) + run[0][-1], "".join(result))


def _moved(entity: Entity, boundaries: dict[int, int]) -> Entity:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    last = max(boundaries)
    if start > last or (start == last and entity["length"]):
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {start}")
    if start not in boundaries:
        raise bad_request(f"Entity begins in a middle of a UTF-16 symbol at byte offset {start}")
    if end > last:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    if end not in boundaries:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at byte offset {end}"
        )
    return {**entity, "offset": boundaries[start], "length": boundaries[end] - boundaries[start]}


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Spaces and line ends go from the end always, from the beginning up to the first entity."""
    text = text.rstrip(" \n")
    if not text:
        raise bad_request("text must be non-empty")
    length = utf16(text)
    kept = [e for e in entities if e["offset"] < length and e["type"] not in FOUND]
    for entity in kept:
        entity["length"] = min(entity["length"], length - entity["offset"])
    first = min((entity["offset"] for entity in kept), default=length)
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    for entity in kept:
        entity["offset"] -= lead
    text = text[lead:]
    if utf16(text) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request("message is too long")
    return text, kept[: MessageLimit.MESSAGE_ENTITIES]


_FINDERS = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b", re.ASCII)),
    ("mention", re.compile(r"(?<![\w/@])@[A-Za-z0-9_]{3,32}\b", re.ASCII)),
    ("url", re.compile(r"https?://[^\s]+")),
)


def found(text: str) -> list[Entity]:
    """The entities that Telegram finds in what a person writes: commands, mentions, links."""
    entities = [
        {"type": kind, "offset": utf16(text[: match.start()]), "length": utf16(match[0])}
        for kind, finder in _FINDERS
        for match in finder.finditer(text)
    ]
    return sorted(entities, key=lambda entity: entity["offset"])
