"""Who says a quotation that its own sentence gives to nobody: a name from a neighbour, word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answer.persons import ADVERBS, KOREAN_SPEECH, QUOTED, SAYS, SPEECH, persons, speaking, subject
from index.article import Sentence

_QUOTATION = re.compile(r"[“„«\"「『][^”“»\"」』]{2,}[”“»\"」』]?|‘[^’]{2,}’?")
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
_ONE = r"\b(?:he|she|er|sie|он|она|він|вона)\b"
_SPEAKS = re.compile(
    rf"{_ONE}\s+{ADVERBS}(?:{SPEECH})\b|{QUOTED}(?:{SAYS})\s+{_ONE}|\bin (?:his|her) words\b"
    rf"|(?<!\w)그(?:녀)?는\s.*(?:{KOREAN_SPEECH})",
    re.IGNORECASE,
)
"""Who speaks, where a sentence says more than one pronoun: "When he came, “I left,” she said"."""
_GOES_ON = re.compile(rf"^\s*{_ONE}", re.IGNORECASE)
_NEUTRAL = re.compile(r"^\s*(?:The|A|An|It|There|This|That)\s+[^A-ZА-ЯІЇЄҐ]*$")
"""A sentence that names nobody, so that "she" may be who was named before it."""
_TAG = re.compile(r"^\s*\S+(?:\s+\S+){1,3}$")
"""A sentence that says no more than who speaks: "Kurstin recalled."."""


def is_quotation(text: str) -> bool:
    """Whether a sentence holds words that somebody said and leaves open who: it is nothing but a quotation, or it
    quotes and says "he". A title or a name in quotation marks begins with a capital letter, and is none."""
    if _WHOLE.match(text):
        return True
    spoken = any(_SPOKEN.match(found[0]) for found in _QUOTATION.finditer(text))
    return spoken and bool(_SUBJECT.search(unquoted(text)))


def unquoted(text: str) -> str:
    """The text with what is quoted in it blanked: names inside a quotation do not speak."""
    return _QUOTATION.sub(lambda found: " " * len(found[0]), text)


def speaker(sentence: Sentence, before: Sequence[Sentence], after: Sequence[Sentence]) -> str | None:
    """The speaker of a quotation without one, verbatim from an adjacent sentence; None when nobody is sure.

    That is who speaks in the sentence before, right beside a verb of speech, or else is its subject; nobody is where
    "she" speaks and it says "he", which may be of whom it names. Where it opens with "she" too, the one before that
    counts as well, and where it names nothing at all, who speaks there. The one after counts for a bare quotation
    only, where it says no more than who speaks.
    """
    if not is_quotation(sentence.text) or not _leaves_open(sentence.text):
        return None
    near = {
        each.ordinal - sentence.ordinal: unquoted(each.text)
        for each in (*before, *after)
        if each.snapshot == sentence.snapshot
    }
    who = _named_before(unquoted(sentence.text), near.get(-1, ""), near.get(-2, ""))
    if who is None and _WHOLE.match(sentence.text) and _TAG.match(near.get(1, "")):
        return speaking(near[1])
    return who


def _leaves_open(text: str) -> bool:
    """Whether a quotation is nothing else, or "he" says it, and nobody is named who may."""
    outside = unquoted(text)
    if persons(outside) or speaking(outside):
        return False
    return bool(_WHOLE.match(text) or _SPEAKS.search(outside))


def _named_before(outside: str, last: str, earlier: str) -> str | None:
    own, other = _pronouns(outside)
    if other and other.search(last):
        return None
    who = speaking(last) or subject(last, own)
    if who or not earlier:
        return who
    if _GOES_ON.match(last) or (_SPEAKS.search(last) and not persons(last)):
        own, other = (own, other) if own else _pronouns(last)
        return None if other and other.search(earlier) else speaking(earlier) or subject(earlier, own)
    if not _NEUTRAL.match(last) or (other and other.search(earlier)):
        return None
    return speaking(earlier)


def _pronouns(outside: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """The pronouns that mean the "he" or "she" who speaks, and those of the other sex, which can't; None where neither
    does."""
    speaks = _SPEAKS.search(outside) or _SUBJECT.search(outside)
    if speaks and _HER.search(speaks[0]):
        return _HER, _HIS
    return (_HIS, _HER) if speaks and _HIS.search(speaks[0]) else (None, None)
