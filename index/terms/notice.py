"""An article that says that it corrects another: the titles that its notice names."""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST = 8
"""Characters in the shortest title that is looked for: shorter ones stand in any text."""

_OPENING = re.compile(
    r"^\s*\W*(?:corrections?|clarification|виправлення|уточнення|спростування|исправление|уточнение|опровержение|поправка|"
    r"정정|정정보도|바로잡습니다)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:(?:an|the|our|in an) (?:earlier|previous|original) (?:version|article|report|story)\b"
    r"|(?:earlier|previous) versions? of\b"
    r"|(?:раніша|ранішній|раніше|попередня|попередній|попередньої) (?:верс\w+|стат\w+|матеріал\w*|публікац\w+)"
    r"|(?:ранняя|ранней|предыдущая|предыдущей|прежней|прошлой) (?:верс\w+|стать\w+|публикац\w+)"
    r"|ранее в (?:статье|материале)|раніше у (?:статті|матеріалі))"
    r"|(?:이전|앞선|종전|지난)\s*(?:버전|기사|보도)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』|‘([^‘]+?)’(?![a-zа-яіїєґ])"
)


def corrected_titles(text: str) -> tuple[str, ...]:
    """The titles in quotation marks in paragraphs that announce a correction of an earlier article."""
    return tuple(dict.fromkeys(_titles(text)))


def _titles(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        if _OPENING.match(paragraph) or _EARLIER.search(paragraph):
            for found in _QUOTED.finditer(paragraph):
                title = next(part for part in found.groups() if part).strip(" ,.")
                if len(title) >= SHORTEST:
                    yield title
