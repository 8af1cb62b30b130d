"""Whose figures a sentence gives, as far as its names tell: "Halden spent 3 million" says nothing of what Vik spent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from index.terms import names, terms
from index.terms.dates import MONTH
from index.terms.words import TOKEN

_PART = re.compile(r"(?:[^,;:()«»„“”\"—–]|(?<=\d)[,:–](?=\d))+")
_WHEN = re.compile(rf"\b(?:[A-Z][a-z]+day|{MONTH})\b")
_SAYS = re.compile(
    r"\b(?:sa(?:id|ys?)|told|according|estimat\w+|claim\w*|report\w*|announc\w*|count\w*|puts?|expect\w*|confirm\w*|"
    r"за даними|за словами|повідом\w+|сказа\w+|заяви\w+|каже|оціню\w+|"
    r"по данным|по словам|сообщ\w+|заявил\w*|говорит|оценива\w+|"
    r"selon|d[’']après|affirm\w+|déclar\w+|estim\w+|según|dijo|dice|calcula\w*|według|zdaniem|poda\w+|powiedzia\w+)\b",
    re.IGNORECASE,
)
"""What a source is named beside."""
_THE_TOWN = re.compile(
    r"\b(?:the (?:city|town|village|county|council|company|club|school|hospital|museum)|la (?:ville|commune|ciudad)|"
    r"le musée|el ayuntamiento|miasto|gmina|місто|міста|місті|селище|громада|компанія|город|города|городе|посёлок|"
    r"компания)\b",
    re.IGNORECASE,
)
"""What stands for the name that the title gives."""
_REGION = re.compile(
    r"(?<![가-힣])(?!(?:[가-힣]?(?:다|즉|혹|역|당|임|일|동|잠|표|지|제|실|전|감|도|무|몇|개|필)시"
    r"|[가-힣]*(?:친|지|연|요|도|기|인|입|출|축|야|농|배|탁|당|영|누|가|항|복|거|상|화|방|촉|청|추|강|피|허|전|식|공)구"
    r"|[가-힣]*(?:해|공|육|미|북한|한국|국|장|반|적|아|연합)군))"
    r"([가-힣]{1,3}[시군구])(?=[는은이가의에을를와과,·\s]|$)"
)
"""A city, a county or a district: words that merely end so ("다시", "연구", "해군") are none."""
_STEM = 5
"""Letters that two forms of one name begin with: "Дубравинськ", "у Дубравинську"."""


@lru_cache(maxsize=2048)
def regions(text: str) -> frozenset[str]:
    """The cities, counties and districts that a Korean text names: "해림시" of "해림시의 버스"."""
    return frozenset(_REGION.findall(text))


@lru_cache(maxsize=2048)
def own_names(text: str, places: tuple[int, ...], title: str, lang: str, implied: bool) -> frozenset[str]:
    """What the names begin with that stand beside the figures at these places of a sentence; those of its title where
    it says "the town", and where they are `implied`. A name beside a verb of speech is that of a source, and the first
    word has a capital in any case. German has none, as its nouns have capitals too."""
    if lang == "de":
        return frozenset()
    beside = [each for each in _parts(text) if any(each.start() <= place < each.end() for place in places)]
    found = _names_in(beside, lang)
    if found or not (implied or _THE_TOWN.search(text)) or _in_capitals(title):
        return found
    return _names_in(_parts(title), lang)


def _in_capitals(title: str) -> bool:
    """Whether most words of a title have capitals, so that they tell no names."""
    words: list[str] = TOKEN.findall(title)
    return sum(word[0].isupper() for word in words) > len(words) / 2


def asked_names(question: str) -> frozenset[str]:
    """What the names of a question begin with, but for its first word."""
    return frozenset().union(*(_stems_of_names(each.group(), ()) for each in _parts(question)))


def _parts(text: str) -> list[re.Match[str]]:
    first = TOKEN.search(text)
    return list(_PART.finditer(text, first.end())) if first else []


def _names_in(parts: Sequence[re.Match[str]], lang: str) -> frozenset[str]:
    said = (each.group() for each in parts if not _SAYS.search(each.group()))
    return frozenset().union(*(_stems_of_names(part, (lang,)) for part in said))


def _stems_of_names(text: str, langs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term[:_STEM] for term in names(_WHEN.sub("", text), langs) if not term.isdecimal())


@lru_cache(maxsize=2048)
def stems(text: str, lang: str) -> frozenset[str]:
    """What `own_names` are looked for in."""
    return frozenset(term[:_STEM] for term in terms(text, (lang,)))
