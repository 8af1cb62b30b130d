"""Openers of a sentence that name nobody: a pronoun behind one points back as one that opens its sentence does.

Patterns by language, to be matched without regard to case, up to the pronoun.
"""

from __future__ import annotations

_CALENDAR = (
    r"(?-i:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Aug\.|"
    r"Sept\.|Oct\.|Nov\.|Dec\.|(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)days?|Christmas|Easter)"
)
_UNIT = r"(?:second|minute|hour|day|night|weekend|week|month|season|year|decade|centur(?:y|ie))s?"
_SEASON = r"(?:morning|afternoon|evening|summer|winter|spring|autumn)s?"
_COUNTED = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|(?:a\s)?few|many|some|\d[\d,.]*)"
_WHEN = (
    rf"(?:{_CALENDAR}|{_UNIT}|{_SEASON}|{_COUNTED}|\d[\d.:,–-]*(?:st|nd|rd|th|s|[ap]m)?|[ap]\.?m\.?|early|late|mid|about|"
    r"around|the|this|that|these|same|next|last|first|following|previous|past|coming|recent|end|start|beginning|middle|"
    r"age|of|to|and|until|time|then|now|later|before|noon|midnight|birth|fact|return|turn|addition|total|all|response|"
    r"reply|general|least)"
)
"""Words of a time, and of "in fact" and its like."""
_PREPOSITION = (
    r"(?:in|at|on|by|from|for|since|until|till|during|before|after|within|over|throughout|between|under|with|without|"
    r"despite|through|as an?)"
)
_CLAUSE = (
    r"(?:is|are|was|were|has|have|had|does|did|will|would|can|could|may|might|must|shall|should|who|which|that|where|"
    r"when|while|because|but|if|or|\w{2,}ed|came|went|left|fell|broke|began|took|gave|got|made|met|saw|said|sold|spoke|"
    r"sank|shut|struck|won|lost|grew|found|felt|kept|led|paid|ran|sent|stood|told|thought|wrote|built|bought|became|held|"
    r"rose|drew|drove)"
)
"""What makes a clause of an opener, whose subject may be who the pronoun means: "After the mayor had left, he …"."""
_PLAIN = (
    rf"(?:{_CALENDAR}(?:\s+\d+)?(?:,\s+\d+)?"
    rf"|(?!{_CLAUSE}\b)(?-i:[a-z0-9$€£])[^\s,.;:\"“”()]*(?:\.\d+|,\d+)*)"
)
"""A word that is no name."""
_ITS_TIME = rf"(?!\s+(?:\S+\s+)??the\s+(?:(?:first|last)\s+)?(?:{_UNIT}|time)\s+(?:he|she|it|they)\b)"
"""Before a time that the pronoun does not tell of: "On the day she died, Anna Berg …" names her behind it."""
_ENGLISH = (
    rf"(?:(?:{_PREPOSITION}{_ITS_TIME}(?:\s+{_WHEN}){{1,7}}"
    rf"|(?:last|next|this|that|the\s+(?:same|next|following|previous))\s+(?:{_UNIT}|{_SEASON}|{_CALENDAR})"
    rf"|{_COUNTED}\s+{_UNIT}\s+(?:later|earlier|ago|before|after|afterwards)"
    rf"|today|now|yesterday|tomorrow),?"
    rf"|{_PREPOSITION}(?:\s+{_PLAIN}){{1,7}},)"
)
_GERMAN = (
    r"(?:(?:im|am|seit|bis|ab|ende|anfang|mitte|vor|nach|mit)\s+(?:(?:jahre?|sommer|winter|herbst|frühjahr|frühling|"
    r"januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|abend|morgen|nächsten|folgenden|gleichen|selben|zwei|drei|vier|"
    r"fünf|\d+\.?|jahren|monaten|wochen|tagen|stunden|tag|uhr|alter|von)\s+){1,5}"
    r"|(?:(?:letztes|voriges|nächstes|vergangenes)\s+jahr|heute|gestern|damals|inzwischen|seitdem|\d{4})\s+)"
    r"(?-i:[a-zäöüß]+)"
)
"""A time alone, since every noun has a capital letter; the verb stands behind it."""
_RUSSIAN = (
    r"(?:в|во|с|со|до|по|после|через|за|на|перед|при|из|от|прошл\w+|следующ\w+)"
    r"(?:\s+(?-i:[а-яё\d])[^\s,.;:«»()]*){1,5}"
)
"""Without a comma, behind which another clause begins."""
_UKRAINIAN = (
    r"(?:(?:в|у|з|із|до|по|після|через|за|на|перед|під|при|від|минул\w+|наступн\w+)"
    r"(?:\s+(?-i:[а-яіїєґ\d])[^\s,.;:«»()]*){1,5}|торік)"
)
OPENERS = {"en": _ENGLISH, "de": _GERMAN, "ru": _RUSSIAN, "uk": _UKRAINIAN}
