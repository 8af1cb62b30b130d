"""Whose words a question asks for: "What did Putin say about the bridge?"."""

from __future__ import annotations

import re

from index.terms import content_words, names
from index.terms.alike import asked_terms, said_terms

_SAY = (
    "say|said|tell|told|think|thought|claim(?:ed)?|announced?|promised?|warn(?:ed)?|write|wrote|written|repl(?:y|ied)|"
    "comment(?:ed)?|suggest(?:ed)?|demand(?:ed)?|stated?|argued?|admit(?:ted)?|den(?:y|ied)|confirm(?:ed)?"
)
_SAID_RU = "(?:сказал|заявил|ответил|написал|пообещал|подумал)(?:а|о|и)?|говорит|думает"
_SAID_UK = "(?:сказа|заяви|відпові|написа|пообіця)(?:в|ла|ло|ли)|каже|думає"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:what|why) (?:did|does|do|has|have|had) "
        rf"(?P<who>(?:(?!(?:do|when|that|if|not)\b)\w[\w.’'-]* ){{1,6}}?)(?:{_SAY})\b",
        r"\bwas (?:hat|haben) (?P<who>(?:\w[\w.’'-]* ){1,6}?)(?:(?:über|zu|zum|zur|dazu)\b.*)?"
        r"\b(?:gesagt|erklärt|gemeint|geschrieben|versprochen|gefordert|geantwortet)\b",
        r"\bwas (?:sagt|sagte|meint|meinte|denkt|schrieb|erklärte|fordert|forderte) (?P<who>[^?]+?)"
        r"(?= (?:über|zu|zum|zur|dazu)\b|[?!.]|$)",
        rf"\bчто (?:{_SAID_RU}) (?P<who>[^?]+?)(?= (?:о|об|про|по|насч[её]т)\b|[?!.]|$)",
        rf"\bчто (?P<who>(?:\w[\w-]* ){{1,4}}?)(?:{_SAID_RU})\b",
        rf"\bщо (?:{_SAID_UK}) (?P<who>[^?]+?)(?= (?:про|щодо|з приводу)\b|[?!.]|$)",
        rf"\bщо (?P<who>(?:\w[\w’'-]* ){{1,4}}?)(?:{_SAID_UK})\b",
    )
)
_NOBODY = re.compile(
    r"people|everyone|everybody|someone|somebody|anyone|anybody|nobody|experts|scientists|police|authorities|"
    r"leute|experten|polizei|люди|эксперты|полиция|учёные|ученые|експерти|поліція|вчені",
)
STEM = 5
"""Letters with which two spellings of a name begin at least; two more may differ ("Zelensky", "Zelenskyy")."""


def asked_speaker(question: str) -> str:
    """Who is asked to have said something, by the name that the question gives; "" where nobody is."""
    for pattern in _ASKED:
        found = pattern.search(question)
        if found:
            who = found["who"].strip()
            return who if names(who) or _is_name_in_small_letters(who, question) else ""
    return ""


def _is_name_in_small_letters(who: str, question: str) -> bool:
    """Whether a question without a capital letter asks for the words of "putin", and not of "the judge" or "he"."""
    return question.islower() and " " not in who and content_words(who) == 1 and not _NOBODY.fullmatch(who)


def is_named(speaker: str, text: str, lang: str | None) -> bool:
    """Whether a text names a speaker: by the last word of the name ("Stubb" of "Mr. Stubb"), or nearly that."""
    wanted = asked_terms(speaker.split()[-1], lang)
    return any(_alike(one, other) for one in wanted for other in said_terms(text, lang))


def _alike(one: str, other: str) -> bool:
    least = max(STEM, max(len(one), len(other)) - 2)
    return one == other or (len(one) >= least and one[:least] == other[:least])
