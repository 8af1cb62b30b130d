"""Whether a sentence can be understood alone, and which neighbours must stand beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from index.answer.openers import OPENERS
from index.answer.persons import ADVERBS, SAYS, persons
from index.answer.speaker import unquoted
from index.article import Sentence, SentenceId
from index.candidate import Candidate
from index.errors import NotFound
from index.segment.headings import ASKS, Heading, Kind

MOST = 2
"""Sentences of context at most: a longer chain of pronouns is a paragraph."""
REMEMBERED = 512
"""Sentences whose neighbours are remembered."""

_OPENING = r"^[\s(–—-]*"
_LEAD = {
    "en": r"(?:(?:however|but|and|so|then|still|yet|also|therefore|meanwhile|instead|later|afterwards|in response|"
    r"at the time|after that|as a result|for example|in addition|strictly speaking|at the same time|nor|if|when)\b,?\s+"
    r"(?:could\s+|did\s+|had\s+)?)?",
    "de": r"(?:(?:doch|aber|und|dann|danach|später|außerdem|jedoch|dennoch|daraufhin|so)\s+(?:\w+t(?:e|en)?\s+)?)?",
    "ru": r"(?:(?:однако|но|и|тогда|затем|потом|позже|поэтому|также|кроме того)\b,?\s+)?",
    "uk": r"(?:(?:однак|але|проте|і|й|та|тоді|потім|згодом|пізніше|тому|також|крім того)\b,?\s+)?",
    "ko": r"(?:(?:그러나|하지만|그리고|또|또한|이후|당시)\s*,?\s+)?",
}
_IS = (
    r"(?:[’']s|\s+(?:is|was|isn[’']t|wasn[’']t|(?:has|had) (?:been|become)|became|becomes|"
    r"(?:will|would|may|might|could) be))"
    r"(?:\s+(?:not|now|then|yet|very|often|still|also|quite|rather|almost|never|\w+ly))*"
)
_CLAUSE = r"(?:that(?!\s+(?:same\s+)?(?:day|night|morning|evening|week|month|year|summer|winter|time))|whether|how)\b"
_CLAIMED = (
    r"(?:\w{2,}(?<!e)ed|agreed|guaranteed|known|unknown|thought|said|held|shown|found|felt|understood|written|"
    r"(?:un|im|in)?(?:true|likely|clear|certain|possible|probable|plausible|conceivable|important|fortunate|fair|lawful)|"
    r"false|doubtful|obvious|evident|apparent|remarkable|notable|essential|vital|crucial|necessary|good|bad|better|best|"
    r"sad|strange|odd|curious|surprising|striking|interesting|significant|natural|understandable|questionable|rare|"
    r"common|wrong|right|funny|ironic|lucky|amazing|disappointing|worrying|critical)"
)
_THING = r"(?:a|an|the|your|their|his|her|our|my|any|some|more|one|two|\d[\d.,]*)\b"
_DONE = (
    r"(?:possible|impossible|easy|easier|hard|harder|difficult|necessary|important|essential|forbidden|illegal|better|best|"
    r"useful|common|rare|safe|dangerous|wise|advisable)\s+(?:not\s+)?to\s+(?!(?:a|an|the)\b)\w+\s+" + _THING
)
_SPAN = (
    r"(?:\S+\s+){1,6}?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|people)\s+"
    r"(?:for\s+(?:\S+\s+){1,4}?)?to\s+(?!(?:a|an|the)\b)\w+\s+(?:to|from|between|" + _THING + ")"
)
_NOTHING = (
    rf"(?!\s+(?:is|was)\s+(?:raining|snowing|possible|clear)\b"
    rf"|{_IS}\s+(?:{_CLAIMED}\s+{_CLAUSE}|(?:un)?(?:known|clear|certain)\s+(?:who|what|when|where|why|which|if)\b|{_DONE})"
    rf"|\s+(?:turns? out|turned out|seems?|seemed|appears?|appeared|follows|emerged)\s+{_CLAUSE}"
    rf"|\s+(?:takes?|took|(?:will|would|can|could|may) take|has taken)\s+{_SPAN})"
)
"""Behind an "it" that means nothing: "It is unlikely that…", "It is hard to find a flat", "It takes 71 days to sell a
home". "It was damaged that day", "It is safe to drink" and "It took three hours" mean something."""
_NICHTS = (
    r"(?!\s+(?:gibt|gab|regnet|(?:ist|war|wird|wurde|bleibt|scheint|gilt|heißt)\s+(?![^,]*\b(?:so|derart)\b)[^,.]{0,40},\s+"
    r"(?:dass|ob|wann)\b|(?:ist|war)\s+(?:\w+\s+){0,2}(?:möglich|unmöglich|schwer|leicht|schwierig|einfach|wichtig|nötig|"
    r"notwendig|erlaubt|verboten|besser|ratsam|üblich|sinnvoll|gefährlich),\s[^,.]*\b(?:zu\s+\w+en|\w+zu\w+en)\b))"
)
_OTHERS = (
    r"the (?:first|second|third|fourth|fifth|last|next|only|other|new|old|\w{2,}est) "
    r"(?:ones?(?!\s+(?:hundred|thousand|million|who|to|that|of|in|on|at|for))|of (?:them|these|the two|the three))|"
    r"there (?:is|are|was|were|(?:have|has|had|will) be(?:en)?)\s+(?:\S+\s+){0,3}of (?:them|these)|"
    r"unlike (?:it|him|her|them|this|these|the (?:others?|rest|first|second)|[^,.]{1,40}, (?:it|he|she|they))|"
)
"""What is told from its like, of which the sentence before speaks: "the second one", "there were 8,412 of them"."""
_PRONOUN = {
    # "It was the first time that…" and "There was…" point nowhere; "This week" is a date of its own.
    "en": r"(?:(?:he|she|they|it"
    + _NOTHING
    + r"|his|her|hers|their|theirs|its|"
    + _OTHERS
    + r"these|those|the (?:former|latter|two|other|others|same)|both of them|one of them|"
    r"(?:most|many|some|all|none|two|three|half) of (?:them|these|those|it)|among them|from there|"
    r"(?:(?:at least|at most|about|some|nearly|more than|fewer than)\s+)?\d[\d.,]* of (?:them|these|those)|"
    r"this(?!\s+(?:week|month|year|morning|evening|time))|that(?!\s+(?:\w+\s+){0,2}that\b))\b"
    r"|some have\b|nearly all of it\b|almost none of it\b)",
    "de": r"(?:(?:der|die|das) \w+ von (?:ihnen|diesen)|unter ihnen|er|sie|es"
    + _NICHTS
    + r"|dies|diese[rsmn]?|dessen|deren|ihr[ems]?[nr]?|sein[ems]?[nr]?|"
    r"jene[rsmn]?|dort|dabei|dadurch|damit|letztere[rsn]?)\b",
    "ru": r"(?:(?:перв|втор|трет|последн|один|одн|мног|больш)\w* из них|"
    r"он|она|оно|они|его|её|ее|их|это|этот|эта|эти|(?:\w+\s+){0,2}\d[\d\s]* из них|"
    r"об этом|при этом|тот|та|те|там|последний|последняя)\b",
    "uk": r"(?:(?:перш|друг|трет|останн|один|одн|багато|більш)\w* (?:з|із) них|"
    r"він|вона|воно|вони|його|її|їх|їхн\w+|це|цей|ця|ці|за (?:його|її|їхніми) словами|"
    r"(?:\w+\s+){0,2}\d[\d\s]* (?:з|із) них|"
    r"на (?:його|її|їхню) думку|той|та(?=\s+\w+(?:ла|в))|ті|із нього|більшість із них|там|останній)\b",
    "ko": r"(?:그(?:는|가|의|들은|들이|들의)|그녀(?:는|가|의)|이(?:는|것은|를|들은)|이것(?:은|이)|이곳(?:은|에)|"
    r"여기(?:에|서)|이 (?:상|작품|결정|법|사건|계획|소설|회의)\w*)(?=\s|$)",
}
_POINTING = {
    lang: re.compile(_OPENING + _LEAD[lang] + f"(?:{pronoun})", re.IGNORECASE) for lang, pronoun in _PRONOUN.items()
}
_WEATHER = (
    r"(?:(?:be|been|is|was|gets?|got|becomes?|became)\s+(?:\w+\s+)?(?:raining|snowing|dark|light|cold|hot|warm|cool|sunny|"
    r"foggy|windy|wet|dry|icy|time|too\s+late|night|minus|freezing|mild|\d[\d.,]*\s*(?:degrees|°))"
    r"|rain(?:ed|s)?|snow(?:ed|s)?|hail(?:ed|s)?|freez\w+|froze|pour(?:ed|s)|thunder\w+)\b"
)
_MATTER = (
    r"(?:an?|the|no)\s+(?:\w+\s+)?"
    r"(?:requirement|rule|custom|tradition|duty|pity|mistake|crime|offence|idea|honou?r|right)"
)
_HIGHLIGHTED = (
    r"(?:(?:only|there|here|then|until|up|the\s+(?:first|second|last|only)\s+time)\s"
    r"|(?:(?-i:[A-Z])|(?:in|on|at|by|from|with|for)\s)[^,.]{0,40}\s(?:who|that|which)\b)"
)
_NOTHING_BEHIND = (
    rf"(?!\s+(?:(?:has|had|will|would|may|might|can|could|often|usually|also|never|only|even)\s+)*{_WEATHER}"
    rf"|(?:{_IS}|\s+wouldn[’']t\s+be)\s+(?:{_HIGHLIGHTED}|(?:well-)?{_CLAIMED}\s+(?:[^,.]{{1,40}}\s)?that\b"
    rf"|(?:(?:more|less|most)\s+)?(?:\w+(?<!able)(?<!ed)|forbidden|{_MATTER})\s+(?:for\s+[^.]{{1,90}}\s)?to\s(?!(?:an?|the)\s))"
    r"|\s+(?:looked|looks|seemed|seems|felt|feels)\s+(?:as|like)\b)"
)
"""Behind an "it" that means nothing, where an opener stands before it: "On Monday it rained", "In May it was up to"."""
_AND = r"(?:but|and|yet|so|aber|doch|und|но|и|а|але|і|й|та)"
_BEHIND_OPENER = {
    lang: re.compile(rf"{_OPENING}(?:{_AND}\s+)?{OPENERS[lang]}\s+(?:{pronoun})", re.IGNORECASE)
    for lang, pronoun in (
        ("en", rf"(?:he|she|they|it{_NOTHING}{_NOTHING_BEHIND})\b(?!,)"),
        ("de", r"(?-i:er|sie)\b"),
        ("ru", r"(?:он|она|они|оно)\b"),
        ("uk", r"(?:він|вона|вони|воно)\b"),
    )
}
_SAYS = (
    r"sa(?:id|ys)|add(?:ed|s)|wrote|told|tells|warn(?:ed|s)|recall(?:ed|s)|explain(?:ed|s)|"
    r"(?:sag|erklär|erzähl|füg)t(?:e|en)?|"
    r"сказал\w*|заявил\w*|добавил\w*|говорит|рассказывает|"
    r"сказав|сказала|заявив|заявила|додав|додала|говорить|каже|розповідає"
)
_SAYING = r"he|she|they|er|sie|он|она|они|він|вона|вони"
_SAID_BY_PRONOUN = re.compile(
    rf"(?:”|\"|»|“|,)\s*(?:[—–-]\s*)?(?:(?:{_SAYING})\s+(?:{_SAYS})|(?:{_SAYS})\s+(?:{_SAYING}))\b", re.IGNORECASE
)
_QUOTED_FROM_PRONOUN = re.compile(
    r"\s*(?:[—–]\s[^—–]{2,}[,.!?…]\s*[—–]|[“„«\"][^”“»\"]{2,}[”“»\"],?\s*[—–-]?)\s*"
    rf"(?:(?:{_SAYING})\s+{ADVERBS}(?:{SAYS})|(?:{SAYS})\s+(?:{_SAYING}))\b",
    re.IGNORECASE,
)
"""Behind a quotation that opens the sentence "she continued" is who speaks as well; behind a comma only "she said"."""


def needs_context(text: str, lang: str | None) -> bool:
    """Whether a sentence points back to one before it: it opens with a pronoun, or "he said" names nobody.

    A person named earlier in the same sentence, but for what is quoted, is who the pronoun means. Languages without
    rules here need none.
    """
    for rules in (_POINTING, _BEHIND_OPENER):
        rule = rules.get(lang or "en")
        if rule and rule.match(text):
            return True
    if _QUOTED_FROM_PRONOUN.match(text):
        return True
    said = _SAID_BY_PRONOUN.search(text)
    return said is not None and not persons(unquoted(text[: said.start()]))


def context(sentence: Sentence, before: Sequence[Sentence], lang: str | None) -> tuple[Sentence, ...]:
    """The sentences that must stand before this one, in the text's order: adjacent in its snapshot, two at most."""
    found: list[Sentence] = []
    at = sentence
    by_ordinal = {each.ordinal: each for each in before if each.snapshot == sentence.snapshot}
    while len(found) < MOST and needs_context(at.text, lang) and at.ordinal - 1 in by_ordinal:
        at = by_ordinal[at.ordinal - 1]
        found.append(at)
    return tuple(reversed(found))


def question_before(before: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The question directly before a sentence, which it may answer: where its heading is not known, this stands beside
    it."""
    return tuple(each for each in before[-1:] if each.text.endswith(ASKS))


class Surroundings:
    """What stands before a candidate, for ranking: the same sentences that are shown with it.

    `around(id, count)`: up to `count` sentences before and after one, in the text's order. Raises NotFound. What it
    said of a sentence stays true, and is remembered: many standing questions are compared with the same one.
    """

    def __init__(self, around: Callable[[SentenceId, int], tuple[Sequence[Sentence], Sequence[Sentence]]]) -> None:
        self._around = lru_cache(REMEMBERED)(around)

    def points_back(self, candidate: Candidate) -> bool:
        """Whether it can't be understood alone."""
        return needs_context(candidate.sentence.text, candidate.article.lang)

    def before(self, candidate: Candidate) -> str:
        """The sentences that it points back to, else the one before it, under the same heading; "" where there is
        none."""
        try:
            before, _ = self._around(candidate.sentence.id, MOST)
        except NotFound:
            return ""
        before = below(candidate.heading, before)
        found = context(candidate.sentence, before, candidate.article.lang) or before[-1:]
        return " ".join(each.text for each in found)


def below(heading: Heading | None, before: Sequence[Sentence]) -> Sequence[Sentence]:
    """Those of the sentences before one that stand under the same heading; none of a table's rows before a row."""
    if heading is None:
        return before
    if heading.kind is Kind.TABLE:
        return ()
    return [each for each in before if each.start > heading.start]
