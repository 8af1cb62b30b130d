"""Questions that follow another in a chat ("and in Kursk?", "when?", "how much did it cost?"): how to tell them, and
what the one before them is about."""

from __future__ import annotations

import re

from index.terms import content_words, names
from index.terms.function_words import FUNCTION_WORDS, GREETINGS
from index.terms.tongue import ENGLISH_ASKS
from index.terms.words import TOKEN

_ENGLISH = (
    "how(?: (?:many|much|long|far|old|large|big|high|deep|wide|tall|fast|often|strong|heavy|soon))?|"
    f"{'|'.join(sorted(ENGLISH_ASKS - {'how'}))}"
)
_GERMAN = (
    "wie(?: (?:viele?|lange|weit|alt|groß|hoch|tief|breit|schnell|oft|stark|schwer))?|wieviele?|wer|wem|wen|wessen|was|"
    "wann|wo|woher|wohin|wofür|worüber|warum|weshalb|wieso|welche[rsmn]?"
)
_RUSSIAN = (
    r"скольк\w+|кто|кого|кому|кем|что|чего|чему|чем|где|когда|куда|откуда|почему|зачем|"
    "как(?:ой|ая|ое|ие|ого|ому|им|ими|ом|ую|ою|их|ова?|ово|овы)?|чей|чья|чьё|чьи"
)
_UKRAINIAN = (
    r"скільк\w+|хто|кого|кому|ким|що|чого|чому|чим|де|коли|куди|звідки|навіщо|"
    "як(?:ий|а|е|і|ого|ому|им|ими|ій|ої|ою|у|их)?|чий|чия|чиє|чиї"
)
ASKING = {"en": _ENGLISH, "de": _GERMAN, "ru": _RUSSIAN, "uk": _UKRAINIAN}
"""The words that ask, as patterns, by language."""
_ASKING = "|".join(ASKING.values())
_MEASURE = re.compile(r"\bhow (?!many|much)\w|\bwie (?!viele?\b)\w", re.IGNORECASE)
_AUXILIARY = (
    "is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|may|might|"
    "ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können"
)
_PREPOSITIONS = (
    "in|at|on|by|from|to|with|for|of|since|until|near|under|after|before|during|about|against|"
    "im|an|am|auf|bei|von|zu|mit|für|seit|bis|aus|gegen|nach|vor|unter|"
    "в|во|у|на|с|со|к|от|из|для|до|по|за|о|об|з|із|зі|від|про|біля|під|після|возле|под|после"
)
_LEAD = re.compile(r"\A(?:and|but|or|so|also|then|und|aber|а|и|і|й|та|але|но|ну|그리고|그럼)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(
    r"\A(?:(?:what|how) (?:about|of)|was ist mit|wie (?:sieht|steht) es mit|(?:что|как) (?:насч[её]т|с)|"
    r"що з|як щодо)\b\s*",
    re.IGNORECASE,
)
_KOREAN = re.compile(
    r"(?:언제|어디(?:에서|서|에)?|누가|누구(?:를|의|와)?|왜|무엇(?:을|이)?|뭐(?:를|가)?|몇(?:\s?\S{1,2})?|얼마나?|어떻게|어느(?:\s?\S+)?)\s?"
)
_ASKS = re.compile(rf"\b(?:{_ASKING})\b|{_KOREAN.pattern}", re.IGNORECASE)
_ASKED_FIRST = re.compile(rf"\A(?:(?:{_PREPOSITIONS})\s+)?(?:{_ASKING})\b(?:['’]s\b)?\s*", re.IGNORECASE)
_JOINED = re.compile(
    rf"([^?]+?),? (?:and(?= (?:\w+ )?(?:{_ENGLISH})\b)|und(?= (?:\w+ )?(?:{_GERMAN})\b)|"
    rf"(?:и|а|та|і|й)(?= (?:\w+ )?(?:{_RUSSIAN}|{_UKRAINIAN})\b)) "
    rf"((?:(?:{_PREPOSITIONS}) )?(?:{_ASKING})\b[^?]*)\?",
    re.IGNORECASE,
)
_AUXILIARY_ANY = re.compile(rf"\b(?:{_AUXILIARY})\b", re.IGNORECASE)
_ASKS_IN_GERMAN = re.compile(rf"(?:(?:{_PREPOSITIONS}) )?(?!(?:{_ENGLISH}|was)\b)(?:{_GERMAN})\b", re.IGNORECASE)
_AUXILIARY_FIRST = re.compile(rf"\A(?:{_AUXILIARY})\b\s*", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|er|ihm|ihn|ihnen|ihre?[mnrs]?|"
    r"он|она|они|его|её|ее|ему|ей|им|их|він|вона|вони|його|її|йому|їй|їм|їх)\b",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"\A(when|where|why|wann|wo|warum|когда|где|почему|коли|де|чому)\s+"
    r"(?:(?:was|is|did) (?:that|this|it)(?: happen)?|(?:war|ist) (?:das|es)|это (?:было|случилось)|це (?:було|сталося))"
    r"(?=[\s?!.]*\Z)",
    re.IGNORECASE,
)
_THING = re.compile(r"\b(?:it|its|это|оно|це|воно)\b", re.IGNORECASE)
_THING_LAST = re.compile(r"\b(?:it|это|об этом|це|про це)[\s?!.]*\Z", re.IGNORECASE)
_NO_THING = re.compile(
    r"\b(?:(?:does|did|will|would|can|could) it (?:take|rain|snow|make sense)|time is it|"
    r"is it (?:true|possible|likely|safe|legal|necessary|that)|что это|це правда|это правда)\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(
    r"\b(?:people|persons?|happen(?:s|ed)?|menschen|personen|leute|человека?|люд(?:и|ей)|осіб)\b", re.IGNORECASE
)
"""Words that say nothing of who or what is meant: "how many people died?"."""
_WITHIN = re.compile(r"(?<=\w )(?:when|before|after|while|since|until|because|that|than|as|if)\b", re.IGNORECASE)
_SPEAKS = re.compile(r"\A(?:that|this|it|i|we|you|he|she|they|das|es|ich|wir|это|я|мы|це|ми)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[^\W_a-zа-яёіїєґäöüß][\w’'-]*(?: (?:of |de |the )?[^\W_a-zа-яёіїєґäöüß][\w’'-]*)*")
ELLIPSIS, QUESTION, LED = 4, 5, 2
"""The most content words of a follow-up: of one that leaves out what it asks ("and the Liberal Democrats?"), of one
with a pronoun, and of one that begins with "and". With none of these, one word: "which ship?"."""


def follows(question: str) -> bool:
    """Whether a question needs the one before it to be understood: "and in Kursk?", "when?", "how much did it cost?".

    It leaves out what it asks, or speaks of somebody it does not name, or says next to nothing. One that names what it
    asks about stands alone: "Who is Stubb?".
    """
    words = [word.casefold() for word in TOKEN.findall(question)]
    if not words or not GREETINGS.isdisjoint(words):
        return False
    said = what_follows(question)
    led = said != question.strip()
    content = _content(question)
    if "?" not in question and _SPEAKS.match(said):
        return False
    if not asks(said):
        return 1 <= content <= ELLIPSIS if led else content == 1 and words[0] in FUNCTION_WORDS
    if _points_back(said):
        return content <= QUESTION
    # In German every noun has a capital letter.
    named = _names(said) and not _ASKS_IN_GERMAN.match(said)
    return content <= (LED if led else 0 if named else 1)


def what_follows(question: str) -> str:
    """A follow-up without "and" and "what about" before it; of "when was that?" no more than "when?"."""
    said = _LEAD.sub("", question.strip(), count=1)
    return _THAT.sub(r"\1", _ABOUT.sub("", said, count=1).strip())


def asks(question: str) -> bool:
    """Whether it says what it asks: "when …", "how many …", "is …"."""
    return bool(_ASKS.search(question) or _AUXILIARY_FIRST.match(question))


def asking_words(question: str) -> frozenset[str]:
    """The words that it asks with: "how many", "when"."""
    return frozenset(found.group().casefold().strip() for found in _ASKS.finditer(question))


def asks_only(question: str) -> bool:
    """Whether there is nothing else: "when?", "by whom?", "what for?"; "how fast?" says what is measured."""
    asked = question.strip(" ?!.")
    rest = _ASKED_FIRST.sub("", asked, count=1)
    bare = rest != asked and not _MEASURE.search(asked)
    return bare and not re.sub(rf"\b(?:{_PREPOSITIONS})\b", "", rest, flags=re.IGNORECASE).strip()


def asks_in_part(question: str) -> bool:
    """Whether it asks for a part of a sentence, which needs the rest: "by how many votes?", "in what time?"."""
    part = bool(preposition(question)) and _ASKED_FIRST.match(question)
    return bool(part) and not _AUXILIARY_ANY.search(question) and not _points_back(question)


def halves(question: str) -> list[str]:
    """The two questions that "and" joins: "When was it built and how much did it cost?"; else the question."""
    found = _JOINED.fullmatch(question.strip())
    if not found or not content_words(found[1]) or without_asking(found[1]) == found[1].strip():
        return [question]
    return [f"{found[1]}?", f"{found[2]}?"]


def without_asking(question: str) -> str:
    """What a question says behind the words that it asks with: "did Sweden join NATO"."""
    return _ASKED_FIRST.sub("", question.strip(), count=1).rstrip(" ?!.")


def topic(question: str) -> str:
    """What a question is about, in its own words, without what it asks: "Sweden join NATO"."""
    if _KOREAN.search(question):  # where a word that asks may stand anywhere
        return _KOREAN.sub("", question).strip(" ?!.")
    return _AUXILIARY_FIRST.sub("", without_asking(question), count=1)


def preposition(said: str) -> str:
    """The preposition that a text begins with, "" where it does not."""
    found = re.match(rf"(?:{_PREPOSITIONS})\b", said, re.IGNORECASE)
    return found[0] if found else ""


def phrases(question: str, behind: str = "") -> list[tuple[int, int]]:
    """Where in a question the phrases stand that another could take the place of: names, what stands behind a
    preposition (only that, and only `behind` this one, if it is given), and single words with content."""
    before = re.escape(behind) if behind else _PREPOSITIONS
    article = r"(?:(?:the|a|an|der|die|das|den|dem)\s+)?"
    objects = re.compile(
        rf"(?<=\s)(?:{before})\s+{article}((?:(?!\b(?:{_PREPOSITIONS})\b)[^?!,;()])+?)"
        rf"(?=\s+(?:{_PREPOSITIONS})\b|\s*[?!,;()]|\s*\Z)",
        re.IGNORECASE,
    )
    found = [match.span(1) for match in objects.finditer(question)]
    if behind:
        return found
    found += [match.span() for match in _NAME.finditer(question) if match.start() > 0]
    found += [
        match.span()
        for match in TOKEN.finditer(question)
        if match.start() > 0 and match[0].islower() and match[0] not in FUNCTION_WORDS
    ]
    return list(dict.fromkeys(found))


def _content(said: str) -> int:
    return content_words(_ANYBODY.sub("", said))


def _names(said: str) -> frozenset[str]:
    """Names behind its first word, which has a capital letter anyway."""
    _, _, rest = said.strip().partition(" ")
    return names(rest)


def _points_back(said: str) -> bool:
    """Whether it speaks of somebody or something that it does not name before; of "the bridge when it fell" it does."""
    within = _WITHIN.search(said)
    if within and _content(said[: within.start()]):
        said = said[: within.start()]
    person = _PERSON.search(said)
    if person and not _names(said[: person.start()]):
        return True
    if _NO_THING.search(said):
        return False
    return bool(_THING_LAST.search(said)) or (bool(_THING.search(said)) and not _names(said))
