"""Words that say the opposite of each other, so that what is said of one is no answer about the other: "the next
eclipse", "the previous eclipse". Not those that are two sides of one thing ("Who won?", "Spain lost to …")."""

from __future__ import annotations

from index.terms.words import TOKEN

_PAIRS = """
next/previous next/last upcoming/previous first/last earliest/latest largest/smallest biggest/smallest
highest/lowest longest/shortest oldest/youngest older/younger strongest/weakest best/worst most/least most/fewest
minimum/maximum born/died begin/end began/ended begins/ends start/end started/ended starts/ends increase/decrease
increased/decreased rise/fall rose/fell import/export imports/exports imported/exported north/south east/west
northern/southern eastern/western male/female winter/summer predecessor/successor
"""
_OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.split():
    _one, _other = _pair.split("/")
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


def says_the_opposite(question: str, sentence: str) -> bool:
    """Whether a sentence has the opposite of a word of an English question, and neither has both."""
    asked = _words(question)
    turned = asked & _OPPOSITES.keys()
    said = _words(sentence) if turned else set()
    if "since" in said:
        turned -= {"last"}  # who won for the first time since 2019 won last then
    return any(said & _OPPOSITES[word] - asked for word in turned - said)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in TOKEN.findall(text)}
