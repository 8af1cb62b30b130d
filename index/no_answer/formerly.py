"""Who held an office once: "He was sales director of Aldous until 2023." does not say who is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.terms import names
from index.terms.alike import asked_terms, said_terms

_WHO_IS = r"who(?:['’]s| is)|what(?:['’]s| is) the name of|wer ist|wie heißt|qui est|comment s['’]appelle|qui[eé]n es"
_WHO_DOES = (
    r"who(?:['’]s| is) in charge of|who (?:now |currently )?(?:leads|runs|chairs|manages|heads|owns|coaches|directs|"
    r"edits|captains|governs|oversees)|"
    r"wer (?:leitet|führt|besitzt|trainiert|betreibt|regiert)|qui (?:dirige|préside|gère|entraîne|possède)|"
    r"qui[eé]n (?:dirige|preside|gestiona|entrena|posee)|"
    r"кто (?:сейчас |теперь )?(?:возглавляет|руководит|владеет|управляет|тренирует)|"
    r"хто (?:зараз |тепер )?(?:очолює|керує|володіє|тренує)"
)
_OFFICE = (
    r"\b(?:president|chair(?:man|woman|person)?|director|manager|head|chief|leader|boss|owner|mayor|minister|premier|"
    r"chancellor|governor|secretary|treasurer|coach|captain|trainer|editor|executive|principal|headteacher|teacher|"
    r"dean|rector|bishop|curator|conductor|commander|commissioner|ambassador|senator|councillor|nurse|ceo|cfo|deputy|"
    r"spokes\w+|"
    r"\w*(?:chef|leiter|direktor|präsident|minister|meister|trainer|kanzler|inhaber|besitzer|sprecher)(?:in)?|"
    r"\w*vorsitzende[rn]?|"
    r"direct(?:eur|rice)|présidente?|maire|ministre|entraîneuse?|patronn?e?|responsable|propriétaire|"
    r"directora|alcald\w+|presidenta|ministr[oa]|entrenadora?|jef[ea]|gerente|dueñ[oa]|"
    r"директор\w*|президент\w*|министр\w*|міністр\w*|мэр\w*|мер(?:а|у|ом|ка)?|глав[аыеу]|голов[аи]|тренер\w*|"
    r"председател\w*|руководител\w*|керівни\w*|власни\w*|владел\w*|начальни\w*|капитан\w*|капітан\w*|ректор\w*)\b"
)
_HOLDS = re.compile(rf"\b(?:(?:{_WHO_DOES})|(?P<is>{_WHO_IS}|(?:кто|хто)(?: є)?(?= {_OFFICE})))\b", re.IGNORECASE)
_HELD = re.compile(
    r"\b(?:was|were|did|had|has|used|once|ex|former\w*|previous\w*|until|before|predecess\w+|first|last|"
    r"(?:old|young|long|great)est|war|früher\w*|ehemalig\w*|vorgänger\w*|erste[rn]?|letzte[rn]?|бы(?:л|ла|ли)|"
    r"бу(?:в|ла|ли)|бывш\w*|колишн\w*|перв\w+|перш\w+|ancien\w*|précédent\w*|premi\w+|anterior\w*|antigu\w+|[12]\d{3})\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|at|in|for|von|der|des|bei|im|du|des?|del|в|во|у)\b", re.IGNORECASE)

_STOP = (
    r"is|are|was|were|has|have|had|will|would|said|says|told|who|which|that|as|and|ist|sind|wird|hat|und|est|et|es|"
    r"сказа\w+|заяви\w+|и|та"
)
_ON = rf"(?:(?!\b(?:{_STOP})\b)[^,;:()–—\"“”«»„])*"
_AWAY = rf"(?:(?!\b(?:{_STOP}|to|for)\b)[^,;:()–—\"“”«»„])*"
"""What belongs to the words before: up to a mark, or to what says something else."""
_NO_MORE = re.compile(
    r"\b(?:formerly|former|one-?time|erstwhile|ehemals|ehemalige[rsn]?|frühere?[rsn]?|anciens?|anciennes?|колишн\w+|"
    rf"бывш\w+|ex)\b(?=-?{_ON}{_OFFICE}|\s(?:of|at|with|in)\s){_ON}|"
    r"\b(?:join(?:s|ed|ing)|c[ao]mes?|coming|moved|arriv(?:es?|ed|ing)|recruited|hired|poached|lured|signed|switched)\b"
    rf"[^,;.]{{0,40}}?\bfrom (?P<away>(?!\d){_AWAY})|"
    rf"\b(?:(?:who|has|had) (?:left|quit)|(?:resigned|stepped down|retired) (?:from|as)) {_AWAY}|"
    rf"\bpredecessor {_ON}",
    re.IGNORECASE,
)
"""A former holder, and of what: "formerly head nurse at St Anne's", "joined from Kessler"; a former mill is none."""
_CLAUSE = re.compile(r"[^,;:()–—]+")
_YEAR = r"(?:\w+ )?(?:1[5-9]|20)\d\d"
_LED = r"(?:led|ran|headed|chaired|managed|coached|owned|directed|edited)"
_ENDED = re.compile(
    rf"\b(?:was|were|served as|worked as|{_LED})\b.{{0,120}}\b(?:until|till|from {_YEAR} (?:to|until)|"
    rf"between {_YEAR} and) |"
    rf"\bfor [\w-]+ years,? s?he {_LED}\b|\b{_LED}\b.{{0,120}}\bfor [\w-]+ years\b|"
    rf"\b(?:s?he (?:was|served as|worked as)|had been|used to be) (?!\w+ed\b|made\b|chosen\b|sworn\b){_ON}{_OFFICE}|"
    r"\b(?:war|leitete|führte|trainierte)\b.*\bbis (?:\w+ ){0,2}\d{4}|"
    r"\b(?:был[аи]?|возглавлял[аи]?|руководил[аи]?|бу(?:в|ла)|очолюва(?:в|ла)|керува(?:в|ла))\b.*\bдо (?:\w+ )?\d{4}|"
    r"\b(?:était|fut|a été|dirigeait|a dirigé|présidait|a présidé)\b.*\bjusqu['’]|"
    r"\b(?:fue|era|dirigió|presidió|entrenó)\b.*\bhasta\b",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:is|are|has|have|will|elected|appointed|named)\b|['’](?:s|ve) been\b", re.IGNORECASE)
_FOLLOWED = re.compile(
    r"\b(?:replaced|succeed(?:s|ed)?|t(?:akes?|ook|aken|aking) over|gave way|handed over|nachfolg\w*|folgt\w*|"
    r"сменил\w*|замін\w+|змін\w+|remplac\w+|succ[èé]d\w+|sustituy\w+|reemplaz\w+|sucedi\w+)\b",
    re.IGNORECASE,
)
_PREDECESSOR = re.compile(
    r"\A\W*(?:his|her|its|their|the|my|our|sein\w*|ihr\w*|его|е[её]|їх\w*|його|її|son|sa|leur|su) "
    r"(?:predecessor|vorgänger(?:in)?|предшественни(?:к|ца)|попередни(?:к|ця)|prédécesseure?|predecesora?)\b",
    re.IGNORECASE,
)


class _Asked(NamedTuple):
    """What a question asks the holder of: the office, and what it is an office of, as terms."""

    office: frozenset[str]
    of: frozenset[str]


def held_it_once(question: str, sentence: str, lang: str | None) -> bool:
    """Whether a question asks who holds an office, and all that a sentence has of it stands in what is past; a
    predecessor's next office is one if the sentence names what it is of."""
    asked = _asked(question, lang)
    if asked is None:
        return False
    if _PREDECESSOR.match(sentence) and not (asked.of or asked.office) <= said_terms(sentence, lang):
        return not _FOLLOWED.search(sentence)
    past = {at for span in _past(sentence) for at in range(*span)}
    if not past or _FOLLOWED.search(sentence):
        return False
    once, rest = (
        "".join(letter if (at in past) is held else " " for at, letter in enumerate(sentence)) for held in (True, False)
    )
    return not (asked.office | asked.of).isdisjoint(said_terms(once, lang) - said_terms(rest, lang))


@lru_cache(maxsize=512)
def _asked(question: str, lang: str | None) -> _Asked | None:
    found = _HOLDS.search(question)
    if found is None or _HELD.search(question):
        return None
    what = question[found.end() :]
    before, _, behind = _OF.sub("\n", what, count=1).partition("\n")
    if found["is"] is None:
        return _Asked(frozenset(), asked_terms(what, lang))
    office = re.findall(_OFFICE, before, re.IGNORECASE)
    if not office:
        return None
    of = asked_terms(behind, lang) if behind.strip(" ?") else frozenset()
    return _Asked(asked_terms(" ".join(office), lang), of | names(what, [lang] if lang else []))


def _past(sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence tells who held what."""
    for found in _NO_MORE.finditer(sentence):
        yield found.span("away" if found["away"] else 0)
    for clause in _CLAUSE.finditer(sentence):
        ended = _ENDED.search(clause[0])
        if ended and not _STILL.search(clause[0]):
            yield clause.start() + ended.start(), clause.end()
