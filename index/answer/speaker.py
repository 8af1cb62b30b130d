"""Who says a quotation that its own sentence gives to nobody: a name from a neighbour, word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.article import Sentence

_QUOTATION = re.compile(r"[“„«\"‘「『][^”“»\"’」』]{2,}[”“»\"’」』]?")
_WHOLE = re.compile(r"^\s*[“„«\"「『][^”“»\"」』]*[”“»\"」』][.!?…]?\s*$")
_SPOKEN = re.compile(
    r"[“„«\"‘「『](?:[a-zа-яёіїєґäöüß]\S*\s.*|.*\s.*[,!?…][”“»\"’」』]?$|.*[가-힣].*[다요까]\.?[”\"’」』]?$|I\b.*)",
    re.DOTALL,
)
_SUBJECT = re.compile(
    r"\b(?:he|she|they|er|sie|он|она|они|він|вона|вони|in (?:his|her) words)\b|(?<!\w)(?:그는|그녀는|그들은)",
    re.IGNORECASE,
)
_HER, _HIS = (
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "she|her|hers|herself|sie|ihr|она|ей|неё|нее|вона|її|їй|неї",
        "he|him|his|himself|er|ihm|ihn|он|ему|него|нему|він|йому|нього",
    )
)
_CAPITAL = "A-ZÀ-ÖØ-ÞА-ЯІЇЄҐЁŁŠŽČ"
_TITLES = (
    "President|Prime Minister|Foreign Minister|Interior Minister|Defen[sc]e Secretary|Secretary General|"
    "Secretary of State|Major General|General|Mayor|Governor|Fire Chief|Speaker|Dr\\.|Prof\\.|"
    "Mr\\.|Mrs\\.|Ms\\.|Maj\\. Gen\\.|Rear Adm\\.|Gov\\.|Gen\\.|Sir|"
    "Präsident|Präsidentin|Bundeskanzler|Bundestrainer|Trainer|Minister|Ministerin|"
    "Президент України|Президент|Президент Фінляндії|Речник|Керівник|Прем’єр-міністр|Премьер-министр|Министр|Міністр"
)
_WORD = rf"[{_CAPITAL}][\w’'-]+"
_INITIAL = rf"(?:[{_CAPITAL}]\.\s?)"
_OPENERS = frozenset(
    ["The", "At", "In", "On", "As", "For", "And", "But", "It", "One", "A", "An", "If", "Die", "He", "She", "They"]
)
"""Words that have a capital letter only because they open a sentence."""
NEAR = 40
"""Characters between a name and its verb of speech, at most."""
PERSON = re.compile(
    rf"(?:(?:{_TITLES})\s+)*(?:{_INITIAL}{{1,2}}{_WORD}(?:\s{_WORD})?"
    rf"|{_WORD}(?:\s+(?:{_INITIAL}|(?:de|la|von|van|bin|al)\s)*{_WORD}){{1,4}})"
    rf"|(?:{_TITLES})\s+{_WORD}"
)
"""A person as running text names one: a title and a name, initials and a name, or two to five capital words."""
_KOREAN_PERSON = re.compile(
    r"[가-힣]{2,4}(?:\s[가-힣]{2,4})?\s(?:전\s)?(?:대통령|총리|장관|대표|국회의장|의장|사무총장|대변인|총장|위원장|교수)"
)
_SPEECH = re.compile(
    r"\b(?:sa(?:id|ys)|told|add(?:ed|s)|wrote|warn(?:ed|s)|announced|promised|explain(?:ed|s)|recall(?:ed|s)|repeated|"
    r"spoke|accused|called|"
    r"sagte?|erklärte?|fügte?|schrieb|warnte?|betonte?|"
    r"сказал\w*|заявил\w*|добавил\w*|сообщил\w*|объяснил\w*|объявил\w*|назвал\w*|говорит|рассказывает|"
    r"сказав|сказала|заявив|заявила|додав|додала|повідомив|повідомила|назвав|назвала|говорив|говорила|говорить|каже|"
    r"розповідає|виступив|"
    r"обговорив|закликав|закликала)\b|(?:말했|밝혔|전했|발표했|강조했|비판했)",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    rf"(?:{_SUBJECT.pattern})\s+(?:{_SPEECH.pattern})|(?:{_SPEECH.pattern})\s+(?:{_SUBJECT.pattern})", re.IGNORECASE
)
"""Who speaks, where a sentence says more than one pronoun: "When he came, “I left,” she said"."""
_NO_PERSON = re.compile(
    r"\b(?:Korea|Korean|States|House|Kingdom|Nations|Union|Council|Ministry|Department|Academy|Court|Office|Party|"
    r"Pentagon|Republic|Bridge|Port|River|Games|Assembly|Committee|Agency|Washington|Moscow|Jan|Feb|Oct|Nov|Dec|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|University|Center|Centre|Telegram|Kursk|Ukraine|Russia|"
    r"China|Seoul|Pyongyang|Kyiv|Berlin|Paris|London|Brussels|Tokyo|Beijing|NATO|Stockholm|Ankara|"
    r"Північн\w*|Південн\w*|Корея|Кореї|Корею|АЕС|ГЕС|Москва|Київ)\b"
)


def is_quotation(text: str) -> bool:
    """Whether a sentence holds words that somebody said and leaves open who: it is nothing but a quotation, or it
    quotes and says "he". A title or a name in quotation marks begins with a capital letter, and is none."""
    if _WHOLE.match(text):
        return True
    spoken = any(_SPOKEN.match(found[0]) for found in _QUOTATION.finditer(text))
    return spoken and bool(_SUBJECT.search(_outside(text)))


def persons(text: str) -> list[re.Match[str]]:
    """The people whom a text names, in order; "The", as the opening word of a sentence, is none."""
    found = [match for match in PERSON.finditer(text) if not _NO_PERSON.search(match[0]) and not _common(match[0])]
    return sorted([*found, *_KOREAN_PERSON.finditer(text)], key=lambda match: match.start())


def _common(name: str) -> bool:
    return name.split()[0] in _OPENERS


def speaker(sentence: Sentence, before: Sequence[Sentence], after: Sequence[Sentence]) -> str | None:
    """The speaker of a quotation without one, verbatim from an adjacent sentence; None when nobody is sure.

    The sentence before counts (the one before that where it names nobody) when it names one person, or one right before
    a verb of speech; nobody does where "she" speaks and it says "he", which may be of whom it names. The one after
    counts for a bare quotation only, with such a verb.
    """
    text = sentence.text
    if not is_quotation(text) or persons(_outside(text)):
        return None
    adjacent = {
        each.ordinal - sentence.ordinal: each.text for each in (*before, *after) if each.snapshot == sentence.snapshot
    }
    other = _other_pronouns(_outside(text))
    for step in (-1, -2):
        if step not in adjacent:
            break
        outside = _outside(adjacent[step])
        if other and other.search(outside):
            return None
        named = persons(outside) or _surnames(outside)
        if named:
            return _one(outside, named)
    if 1 not in adjacent or not _WHOLE.match(text):
        return None
    outside = _outside(adjacent[1])
    named = persons(outside) or _surnames(outside)
    return _one(outside, named) if _SPEECH.search(outside) else None


def _other_pronouns(outside: str) -> re.Pattern[str] | None:
    """The pronouns that can't mean the "he" or "she" who speaks: those of the other sex. None where neither does."""
    speaks = _SPEAKS.search(outside) or _SUBJECT.search(outside)
    if speaks is None:
        return None
    if _HER.search(speaks[0]):
        return _HIS
    return _HER if _HIS.search(speaks[0]) else None


def _outside(text: str) -> str:
    """The text with what is quoted in it blanked: names inside a quotation do not speak."""
    return _QUOTATION.sub(lambda found: " " * len(found[0]), text)


def _one(text: str, named: Sequence[re.Match[str]]) -> str | None:
    """The only person named, else the one right before a verb of speech."""
    if len(named) == 1:
        return _name(named[0])
    speech = _SPEECH.search(text)
    near = [match for match in named if speech and 0 <= speech.start() - match.end() <= NEAR]
    return _name(near[-1]) if near else None


def _name(match: re.Match[str]) -> str:
    return re.sub(r"^\w+[’']s\s+|[’']s$", "", match[0])


def _surnames(text: str) -> list[re.Match[str]]:
    """A lone capital word that opens the sentence before a verb of speech: "Kirby said"."""
    found = re.match(rf"{_WORD}(?=\s)", text)
    if not found or not _SPEECH.match(text, found.end() + 1) or _NO_PERSON.search(found[0]) or _common(found[0]):
        return []
    return [found]
