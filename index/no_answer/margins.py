"""By how much is no answer to how much: "Goss beat Shaw by 41 votes." does not say how many he got."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms import content_words
from index.terms.alike import said_terms
from index.terms.dates import MONTH
from index.terms.words import TOKEN

NEAR = 120
"""Characters before a figure in which what makes it a difference stands: "won … by 318 votes"."""
FIGURES = 8
"""Figures in one sentence from beyond which on it is a table of them."""
_AMOUNT = re.compile(
    r"\b(?:how many|wie ?viele?|сколько|скільки)\s+(?P<counted>[^\W\d_]+)|\bhow much\b(?! of\b)|"
    r"\bwhat(?:['’]s| is| was| are| were) (?:the )?(?:[\w’'-]+ ){0,3}?(?:price|cost|number|share|turnout|total|fee|"
    r"rate|toll|population|salary|wage|budget|record|size|attendance|revenue|profit|time)\b|"
    r"\bwie (?:hoch|teuer)\b|\bwas kostet\w*\b",
    re.IGNORECASE,
)
_ASKS_BY_HOW_MUCH = re.compile(
    r"\b(?:by(?!-)|more|less|fewer|than|up|down|ahead|behind|margin|majority|lead|led|gap|swing|extra|additional|another|new|"
    r"r[io]se\w*|rising|rais\w+|(?:in|de)creas\w+|reduc\w+|cuts?|gr[eo]w\w*|drop\w*|f[ae]ll\w*|declin\w+|chang\w+|differ\w*|"
    r"compar\w*|gain\w*|los[est]\w*|beat\w*|miss\w*|sav\w+|add\w*|improv\w+|shr[aiu]nk|climb\w*|jump\w*|mov\w+|expan\w+|"
    r"creat\w+|join\w*|hir\w+|left|destroy\w*|affect\w*|impact|remov\w+|(?:dear|cheap|high|low|fast|slow|old|young|tall|"
    r"long|short|lat|earli|bigg|larg|small)er|mehr|weniger|um|\w*st[ie]{1,2}g\w*|\w*s[iau]nk\w*|на|больше|меньше|"
    r"більше|менше|вырос\w*|упал\w*|подорож\w*|сниз\w*|зрос\w*|впа\w*|здорож\w*)\b",
    re.IGNORECASE,
)
_ONLY_TIMES = re.compile(
    r"\b(?:in|of|since|until|from|to|before|after|during|spring|summer|autumn|winter|seit|bis|im Jahr|в|у|с|з|до|от|"
    rf"від) (?:1[5-9]|20)\d\d\b|\b{MONTH} (?:\d{{1,2}}\b(?:,? \d{{4}}\b)?|\d{{4}}\b)|"
    rf"\b\d{{1,2}}\.? {MONTH}(?: \d{{4}}\b)?|"
    r"\b\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m\b|Uhr\b)|\b\d{1,2}:\d\d\b|\b\d+(?:st|nd|rd|th)\b|, \d\d,",
)
"""Figures that are dates, times of day, ranks and ages."""
_FIGURE = re.compile(
    r"(?<![\w.,])[$€£]?\d+(?:[.,]\d+)*%?(?:\s(?:million|billion|thousand|Millionen|Milliarden|Tausend|тыс\w*|тис\w*|"
    r"млн|мільйон\w*|миллион\w*)\b)?|\b(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|a dozen|half|"
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b",
)
_ABOUT = (
    r"(?:about |around |some |nearly |almost |roughly |just |only |more than |less than |over |under |at least |"
    r"etwa |rund |fast |knapp |mehr als |почти |около |майже |близько )?"
)
_WENT = r"rose|fell|grew|climbed|dropped|jumped|increased|decreased|declined|slipped|shrank"
_COMPARES = (
    rf"{_WENT}|ris(?:es?|en|ing)|fall(?:s|en|ing)?|grow(?:s|n|ing)?|w[io]ns?|winning|beat\w*|los(?:t|es?|ing)|defeat\w*|led|"
    r"leads?|trail\w*|miss\w*|exceed\w*|outnumber\w*|cut\w*|reduc\w*|rais\w*|lower\w*|increas\w*|decreas\w*|climb\w*|"
    r"declin\w*|drop\w*|gain\w*|improv\w*|widen\w*|narrow\w*|shorten\w*|ahead|behind|up|down"
)
_BEFORE = re.compile(
    rf"\b(?:{_COMPARES})\b(?:[^.;]{{0,80}}(?<!ed))? by {_ABOUT}$|"
    r"\b(?:majority|margin|lead|advantage|difference|gap|rise|fall|drop|increase|decrease|decline|reduction) of "
    rf"{_ABOUT}$|"
    rf"\b(?:{_WENT}) {_ABOUT}$|(?:,|\b(?:is|are|was|were)) (?:up|down) {_ABOUT}$|"
    r"\b(?:вырос|упа[лд]|сниз|увелич|сократ|подорож|подешев|повыс|уменьш|обогна|опереди|зрос|впа[лв]|зменш|збільш|здорож|"
    rf"підвищ|скорот|виперед)\w*\b[^.;]{{0,80}}\bна {_ABOUT}$|"
    rf"\b(?:stieg|sank|wuchs|fiel|nahm|gewann|verlor|schlug)\w*\b[^.;]{{0,80}}\bum {_ABOUT}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[ -](?:[^\W\d_]+ )?(?:(?:(?<!or )(?:fewer|less)|dearer|cheaper|higher|lower|faster|slower|shorter|older|younger|"
    r"lighter|heavier|weniger|teurer|billiger|höher|niedriger|дешевле|дороже|меньше|менше|дешевше|дорожче)\b|"
    r"more\b(?=.* than\b)|mehr\b(?=.* als\b)|больше\b(?=.* чем\b)|більше\b(?=.* ніж\b))|"
    r" (?:votes?|points?|seconds?|minutes?|hours?|goals?|strokes?|lengths?|seats?|laps?|shots?|percent|met(?:re|er)s?|"
    r"pounds?) (?:behind|ahead)\b",
    re.IGNORECASE,
)


def tells_only_a_margin(question: str, sentence: str) -> bool:
    """Whether a question asks for an amount, and every figure that a sentence has for it is a difference from
    another: "by 41 votes", "1,200 fewer", "a majority of 512"."""
    counted = _counted(question)
    if counted is None:
        return False
    found = list(_FIGURE.finditer(sentence))
    if len(found) > FIGURES or not any(_is_margin(sentence, figure) for figure in found):
        return False
    times = [time.span() for time in _ONLY_TIMES.finditer(sentence)]
    told = [each for each in found if not any(start <= each.start() < end for start, end in times)]
    margins = [_what(sentence, figure.end()) for figure in told if _is_margin(sentence, figure)]
    amounts = [_what(sentence, figure.end()) for figure in told if not _is_margin(sentence, figure)]
    if not margins or not amounts:
        return bool(margins)
    return any(counted & what for what in margins) and all(what and not counted & what for what in amounts)


def _is_margin(text: str, figure: re.Match[str]) -> bool:
    """Whether a figure is a difference, by what stands before it or behind it."""
    start, end = figure.span()
    return bool(_BEFORE.search(text, max(0, start - NEAR), start) or _AFTER.match(text, end))


@lru_cache(maxsize=512)
def _counted(question: str) -> frozenset[str] | None:
    """The terms of what a question asks how many there are of; None where it asks for no amount, or by how much."""
    found = _AMOUNT.search(question)
    if found is None or _ASKS_BY_HOW_MUCH.search(question):
        return None
    return said_terms(found["counted"] or "", None)


def _what(text: str, end: int) -> frozenset[str]:
    """The terms of the word right behind a figure, if it may be what is counted."""
    word = TOKEN.match(text, end + 1)
    return said_terms(word[0], None) if word and content_words(word[0]) else frozenset()
