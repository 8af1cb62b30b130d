"""What is denied of one: "Ms Lomax was not hurt." does not say that nobody was."""

from __future__ import annotations

import re

from index.terms.alike import asked_terms, said_terms

_ANYONE = re.compile(
    r"\A\W*(?:was|were|is|are|did|has|have|had) (?:there )?(?:any|some) ?(?:one|body)\b|"
    r"\A\W*(?:wurde|wird|ist|hat) (?:\w+ )?(?:jemand|irgendwer|irgendjemand)\b|"
    r"кто-(?:нибудь|либо|то)\b|\bхто-небудь\b|\bхтось\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\A\W*(?:(?:the|his|her|their|der|die|das|sein|seine|ihr|ihre) (?:[\w-]+ )?(?:driver|owner|pilot|rider|cyclist|"
    r"motorist|motorcyclist|man|woman|boy|girl|child|baby|passenger|victim|teacher|pupil|student|player|officer|"
    r"policeman|guard|manager|cashier|suspect|captain|neighbour|husband|wife|father|mother|son|daughter|brother|sister|"
    r"mayor|president|minister|fahrer(?:in)?|besitzer(?:in)?|pilot(?:in)?|radfahrer(?:in)?|mann|frau|junge|mädchen|kind|"
    r"lehrer(?:in)?|polizist(?:in)?|beifahrer(?:in)?)|s?he|er|водитель|водій|владелец|власник|он|она|він|вона|"
    r"(?:mr|mrs|ms|miss|dr|sir|herr|frau)\.? (?-i:[A-ZÄÖÜ])[\w’'-]+|(?-i:[A-ZÄÖÜ][\w’'-]+ [A-ZÄÖÜ])[\w’'-]+)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:(?:was|is|has|had|did)(?: also| himself| herself)? not|(?:was|is|has|had|did)n['’]t|wurde(?: selbst)? nicht|"
    r"не)"
    r" (?:been )?(?P<denied>\w+)|\b(?:un(?:hurt|injured|harmed|scathed)|unverletzt|unversehrt)\b",
    re.IGNORECASE,
)
_HARM = re.compile(r"(?:hurt|injured|harmed|wounded|scathed|verletzt|unversehrt)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:any\w*|no|nobody|none|nor|neither|every\w*|all|others?|else|both|but|while|although|aber|während|niemand\w*|kein\w*|"
    r"alle\w*|никто|никого|ніхто|нікого|все|всі|но|а|але)\b|;",
    re.IGNORECASE,
)
"""What says something of others than the one as well."""


def denies_of_one(question: str, sentence: str, lang: str | None) -> bool:
    """Whether a question asks for anyone to whom something happened, and a sentence says of one alone
    that it did not."""
    if not _ANYONE.search(question) or _OF_OTHERS.search(sentence):
        return False
    one = _ONE.match(sentence)
    found = _NOT.search(sentence, one.end()) if one else None
    if found is None:
        return False
    if _HARM.search(found[0]) and _HARM.search(question):
        return True
    return not said_terms(found["denied"] or "", lang).isdisjoint(asked_terms(question, lang))
