"""What is told of a relative: "Her brother Felix emigrated in 1961." does not say when Edda Marlow did."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from index.terms.words import TOKEN

SAME = 3
"""Letters with which two forms of a name or a word begin at least; of a longer name all but two."""
_KIN = """
son sons child children kid kids sohn söhne kinder сын син сыновья сини fils enfants hijo hijos
daughter daughters child children kid kids tochter töchter kinder дочь дочери дочка доньки донька fille filles hija
father parents dad vater eltern отец батько père parents padre padres
mother parents mum mutter eltern мать мама мати mère parents madre padres
brother brothers sibling siblings bruder brüder geschwister брат братья брати frère frères hermano hermanos
sister sisters sibling siblings schwester schwestern geschwister сестра сестры сестри sœur sœurs hermana hermanas
wife widow spouse partner ehefrau witwe жена вдова дружина épouse veuve esposa viuda
husband widower spouse partner ehemann witwer муж чоловік mari veuf marido viudo
grandfather grandparents großvater großeltern opa дед дедушка дід дідусь grand-père abuelo abuelos
grandmother grandparents großmutter großeltern oma бабушка бабуся grand-mère abuela abuelos
uncle onkel дядя дядько oncle tío
aunt tante тётя тетя тітка tía
cousin cousins cousine двоюродный primo prima
nephew neffe племянник племінник neveu sobrino
niece nichte племянница племінниця nièce sobrina
grandson grandchildren grandchild enkel внук онук nieto
granddaughter grandchildren grandchild enkelin внучка онука nieta
"""
_KINDS: dict[str, frozenset[str]] = {}
for _line in _KIN.strip().splitlines():
    _kind, *_others = _line.split()
    for _word in (_kind, *_others):
        _KINDS[_word] = _KINDS.get(_word, frozenset()) | {_kind}
_OFFSPRING = frozenset({"son", "daughter"})
_WORD = rf"(?:{'|'.join(sorted(_KINDS, key=len, reverse=True))})"
_STEMS = tuple(word[:-1] if len(word) > SAME and word[0] > "z" else word for word in _KINDS)
_WHICH = (
    r"(?:(?:late|old(?:er|est)|eld(?:er|est)|young(?:er|est)|twin|half|only|first|second|third|then|former|estranged|"
    r"adoptive|surviving|maternal|paternal|great|two|three|four|five|"
    r"(?:älter|jünger|ältest|jüngst|verstorben|erst|zweit)e[rsn]?|старш\w+|младш\w+|молодш\w+|поко[йі]н\w+)[ -])*"
)
_HIS = r"(?:his|her|their|my|our|seine?|ihre?|его|е[её]|их|його|її|їхн\w+|son|sa|ses|leurs?|sus?)"
_NAME = r"[^\W\d_a-zà-ÿа-яёіїєґ][\w’'-]*"
_SUBJECT = re.compile(
    rf"\A\W*(?:[^\W\d_]+ [^,]{{1,30}}, )?"
    rf"(?P<whose>(?i:{_HIS} {_WHICH}{_WORD})|(?:the )?(?:{_NAME} ){{0,2}}{_NAME}['’]s {_WHICH}{_WORD})\b"
    rf"(?:,? {_NAME}){{0,3}}(?! (?:and|und|и|та|й|et|y)\b)"
)
_SAID = (
    r"sa(?:id|ys)|told|tells|added|recall\w*|remember\w*|confirmed|announced|wrote|sagte?|erzählte?|erklärte|berichtete|"
    r"сказа\w+|рассказа\w+|розпові\w+|говорит|каже|dit|raconte|dijo|cuenta"
)
_AND_THEM = re.compile(
    r"\b(?:he|she|they|him|her|them|me|us|we|I|both|together|couple|er|sie|ihn|ihm|ihr|ihnen|beide|"
    r"он|она|они|ему|ей|им|його|її|йому|їй|він|вона|вони|il|elle|ils|lui|él|ella)\b"
)
_SPEAKS = re.compile(rf"(?:, [^,]+,)? (?:has |had |later )?(?:{_SAID})\b")
_SPEAKER = re.compile(
    rf"\b{_HIS} {_WHICH}{_WORD}(?: {_NAME}){{0,2}},? (?:{_SAID})\b|\b(?:{_SAID}) {_HIS} {_WHICH}{_WORD}\b"
)
_OF_HERSELF = re.compile(r"\b(?:I|my|we|our|ich|mein\w*|wir)\b")
_OTHERWISE = re.compile(
    r"\A\W*(?:who|whose|whom|wer|wessen|wem|кто|чей|хто|чий|qui|quién)\b|\bname\b|"
    r"\b(?:marr\w+|wed\w*|divorc\w+|met|meet|famil\w+|relati\w+|heirat\w*|сем[ьеё]\w*|сім\w+|"
    r"opens?|closes?|starts?|begins?|happens?|appears?|launche?s?|reopens?)\b",
    re.IGNORECASE,
)
"""What asks who somebody is, or about more than one, or what things do as well as people."""
_SAYS = re.compile(r"\b(?:say|said|tell|told|think|announce|confirm|sagte?|gesagt)\b", re.IGNORECASE)
_POSSESSED = re.compile(rf"(?:['’]s|s['’]|\b{_HIS}) {_WHICH}{_WORD}\b|\b{_WORD} (?:of|von|de) |\b{_WORD} [А-ЯЁІЇЄҐ]")
_DOES = re.compile(
    rf"\b(?:did|does|do|has|have|had|was|were|is|are) (?:(?:Mr|Mrs|Ms|Dr)\.? )?(?P<who>{_NAME})(?!\w*['’])"
)
_WHEN = re.compile(
    r"\A\W*(?i:wann|wo|wie|warum|wohin|woher|woran|когда|где|куда|как|почему|коли|де|куди|як|чому|quand|où|comment|"
    rf"pourquoi|cuándo|dónde|cómo|adónde)\b.*? (?P<who>{_NAME}) {_NAME}"
)
_IS = re.compile(r"\b(?:was|were|is|are|been|wurden?|wird|werden)\b")
_CHILDREN = (
    r"(?:children|kids|sons|daughters|kinder[nr]?|söhne[n]?|töchter[n]?|enfants|fils|filles|hij[oa]s|дет[еяьи]\w*|"
    r"діт[еяьи]\w*|сынов\w*|синів|дочер\w*|доньок|доч[ео]к)"
)
_HOW_MANY = re.compile(
    rf"\b(?:how many|wie ?viele|combien d[e'’]|cuánt[oa]s|сколько(?: было)?|скільки(?: було)?) ?(?:\w+ )?{_CHILDREN}\b"
    r"(?=.*\b(?:have|has|had|raised?|hat|hatten?|haben|as?|avait|avaient|eu|tiene|tienen|tuvo|tuvieron|имел\w*|"
    r"родила|ма[вє]|мал[аи]|народила|у)\b)",
    re.IGNORECASE,
)
_SIBLINGS = rf"(?:{_CHILDREN}|siblings|brothers|sisters|geschwister[n]?|hermanos|братьев|братів)"
_RANK = (
    r"youngest|eldest|oldest|first|second|third|fourth|fifth|sixth|seventh|middle|last|one|jüngste[srn]?|älteste[srn]?|"
    r"erste[srn]?|zweite[srn]?|dritte[srn]?|vierte[srn]?|letzte[srn]?|eine[sr]|cadette?|aînée?|benjamine?|deuxième|"
    r"troisième|quatrième|dernière?|une?|l['’]un|menor|mayor|segund[oa]|tercer[oa]?|cuart[oa]|un[oa]|"
    r"млад\w+|старш\w+|молодш\w+|перв\w+|перш\w+|втор\w+|друг\w+|трет\w+|четв\w+|один|одна|одним|одной|однією"
)
_AMONG = re.compile(
    rf"\b(?:{_RANK})\W(?:[^\W\d_]+\W){{0,3}}?(?:of|von|d['’]une famille de|de|из|з|із|серед|среди) "
    rf"(?:[^\W_]+\W){{0,3}}?{_SIBLINGS}\b|\bonly child\b|\b(?:einziges Kind|Einzelkind)\b",
    re.IGNORECASE,
)
"""Which child of several somebody was."""


class _Asked(NamedTuple):
    """Whom a question is about: somebody's kin, else somebody by the first name; whether something is or was done to
    them."""

    kin: frozenset[str]
    first: str
    passive: bool


def tells_of_a_relative(question: str, sentence: str) -> bool:
    """Whether a question is about somebody and a sentence about a relative of theirs, or the question about one
    relative and the sentence about another, or told by that one; or it asks how many children somebody has, and the
    sentence says which of several somebody was."""
    if _counts_siblings(question, sentence):
        return True
    asked = _asked(question)
    if asked is None:
        return False
    if asked.kin and _is_told_by(asked.kin, sentence):
        return True
    subject = _SUBJECT.match(sentence)
    if subject is None or _SPEAKS.match(sentence, subject.end()) or _AND_THEM.search(sentence, subject.end()):
        return False
    if asked.kin:
        return asked.kin.isdisjoint(_kin(sentence))
    if asked.passive and not _IS.search(sentence, subject.end()):
        return False
    return not any(word[0].startswith(asked.first) for word in TOKEN.finditer(sentence, subject.end("whose")))


@lru_cache(maxsize=512)
def _asked(question: str) -> _Asked | None:
    if _OTHERWISE.search(question):
        return None
    if _POSSESSED.search(question):
        return None if _SAYS.search(question) else _Asked(_kin(question), "", False)
    whom = _DOES.search(question) or _WHEN.match(question)
    if whom is None or _names_kin(question):
        return None
    first = whom["who"]
    return _Asked(frozenset(), first[: max(SAME, len(first) - 2)], bool(_IS.search(question)))


def _counts_siblings(question: str, sentence: str) -> bool:
    """Whether all children of a sentence are those among whom somebody grew up, where somebody's own are counted."""
    wanted = _HOW_MANY.search(question)
    if wanted is None or not _AMONG.search(sentence):
        return False
    return not _kin(question[wanted.end() :]) and not _kin(_AMONG.sub(" ", sentence)) & _OFFSPRING


def _is_told_by(kin: frozenset[str], sentence: str) -> bool:
    """Whether relatives of this kind are named in a sentence only as those who say it of another."""
    rest = _SPEAKER.sub(" ", sentence)
    return rest != sentence and not kin.isdisjoint(_kin(sentence) - _kin(rest)) and not _OF_HERSELF.search(rest)


@lru_cache(maxsize=2048)
def _kin(text: str) -> frozenset[str]:
    """The kinds of relatives that a text names."""
    return frozenset().union(*(_KINDS.get(word.casefold(), ()) for word in TOKEN.findall(text)))


def _names_kin(question: str) -> bool:
    """Whether a question names relatives, in any form of the word."""
    return any(word.casefold().startswith(_STEMS) for word in TOKEN.findall(question))
