"""Who came before and who came after: "She succeeded Anders Okonwe." does not say who held it before him."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from index.terms.words import TOKEN

Side = Literal["before", "after"]
"""Of the one that a question names: who came before, or after."""

_WHO = r"\A\W*(?:(?:and|so|but|do you know|any idea)\W+)?"
_FOLLOWS = r"(?:succe+d(?:s|ed)?|replace[sd]?|t(?:akes?|ook) over from|follow(?:s|ed)?)"
_TO_FOLLOW = r"(?:succe+d|replace|take over from|follow)"
_FOLLOWED = r"(?:succeeded|replaced|followed)"
_SOMEBODY = r"(?P<name>[^,;?!]+?)(?: (?:as|in|at|of|on|when)\b[^?]*)?\W*\Z"
_ASKED: tuple[tuple[Side, str], ...] = (
    (
        "before",
        rf"who (?:was|were|held|ran|led|served|had|headed|chaired|managed)\b.*\b(?:before|prior to) {_SOMEBODY}",
    ),
    ("before", rf"who(?:m)? (?:did|does|has|will) (?P<name>.+?) {_TO_FOLLOW}(?:ed)?\b"),
    ("before", rf"who(?:m)? (?:preceded|came before) {_SOMEBODY}"),
    ("before", r"who was (?P<name>.+?) preceded by\b"),
    ("before", r"who(?:['’]s| is| was) (?P<name>.+?)['’]s? predecessor\b"),
    ("before", rf"who(?:['’]s| is| was) the predecessor (?:of|to) {_SOMEBODY}"),
    ("after", rf"who (?:is|was|were|became|held|ran|led|served|headed|chaired|managed)\b.*\bafter {_SOMEBODY}"),
    ("after", rf"(?:who|what) (?:(?:has|will|is to|is going to) )?(?:{_FOLLOWS}|came after) {_SOMEBODY}"),
    ("after", rf"who (?:was|is|were|will|has) (?P<name>.+?) (?:be(?:en)? )?{_FOLLOWED} by\b"),
    ("after", r"who(?:['’]s| is| was) (?P<name>.+?)['’]s? successor\b"),
    ("after", rf"who(?:['’]s| is| was) the successor (?:of|to) {_SOMEBODY}"),
)
_PRONOUN = r"(?:he|she|they|it)\b"
_ACTIVE = re.compile(
    rf"\b(?:(?<!\bbe )(?<!\bbeen )(?<!\bwas )(?<!\bis )(?<!\bwere )(?<!\bbeing )(?:{_FOLLOWS}|succeeding|replacing|"
    r"taking over from)|preceded by)(?! (?:by|as|in|on|at|to)\b) (?P<object>[^,;.]{1,60})",
    re.IGNORECASE,
)
"""Whose place is taken: "succeeded Anders Okonwe"."""
_PASSIVE = re.compile(
    rf"\b(?:{_FOLLOWED}(?: (?:as|in|on|at|after)\b[^,;.]{{1,50}}?)? by|preceding) (?P<object>[^,;.]{{1,60}})",
    re.IGNORECASE,
)
"""Who takes the place: "was followed as director by Hugo Blanchflower"."""
_TAKEN: tuple[tuple[re.Pattern[str], Side, Side], ...] = ((_ACTIVE, "after", "before"), (_PASSIVE, "before", "after"))
"""Each with the side that it tells of who stands behind it, and of who stands before it."""
_OBJECT_PRONOUN = re.compile(r"(?:him|her|them|it)\b(?! [A-Z])")
_PREDECESSOR = re.compile(r"\b(?:his|her|their|its) (?P<noun>predecessor|successor)\b", re.IGNORECASE)

_EVENT = re.compile(r"\w['’]s? \w|\d")
"""What happened, or when, and nobody: "after Bacon's Rebellion", "before 1990"."""


class _Asked(NamedTuple):
    """Which side of whom a question asks for, by the last word of the name."""

    side: Side
    name: str


def tells_the_other_side(question: str, sentence: str) -> bool:
    """Whether a question asks who came before somebody, and a sentence says only who came after, or the other way
    round. English alone."""
    asked = _asked(question)
    if asked is None:
        return False
    told = _told(asked.name, sentence)
    return bool(told) and asked.side not in told


@lru_cache(maxsize=512)
def _asked(question: str) -> _Asked | None:
    for side, pattern in _ASKED:
        if found := re.search(_WHO + pattern, question, re.IGNORECASE):
            words = [] if _EVENT.search(found["name"]) else TOKEN.findall(found["name"])
            return _Asked(side, words[-1].casefold()) if words else None
    return None


def _told(name: str, sentence: str) -> set[Side]:
    """Which sides of somebody a sentence tells of."""
    told: set[Side] = set()
    for pattern, of_object, of_subject in _TAKEN:
        for found in pattern.finditer(sentence):
            side = _side(name, sentence[: found.start()], found["object"], of_object, of_subject)
            told |= {side} if side else set()
    if (noun := _PREDECESSOR.search(sentence)) and name not in _words(sentence[noun.end() :]):
        told.add("before" if noun["noun"].lower() == "predecessor" else "after")
    return told


def _side(name: str, subject: str, other: str, of_object: Side, of_subject: Side) -> Side | None:
    """The side that is told of the one who is named on either side of the word, or stands there as a pronoun."""
    if name in _words(other) and name in _words(subject):
        return None
    if name in _words(other) or (_OBJECT_PRONOUN.match(other) and name not in _words(subject)):
        return of_object
    if name in _words(subject) or re.search(rf"\A\W*{_PRONOUN}|\band \Z", subject, re.IGNORECASE):
        return of_subject
    return None


def _words(text: str) -> set[str]:
    return {word.casefold().removesuffix("'s").removesuffix("’s") for word in TOKEN.findall(text)}
