"""Words that people use to speak of their asking, in English: "I'm not sure how many …", "Let me know who …"."""

from __future__ import annotations

import re

from index.terms.function_words import ENGLISH, word_list
from index.terms.tongue import ENGLISH_ASKS
from index.terms.words import TOKEN

TALK = word_list(
    """
    know knows knew known tell tells told say says said ask asks asking asked remember recall find finding found figure
    sure idea question questions wonder wondering curious help info information details look looking search trying try
    forgot forget explain check see understand hear guess guys guy folks friends everyone anyone someone somebody
    anybody dude dudes bro buddy mate lads ok okay so well um uh hmm hey hi hello idk q quick want wanted need needed
    love interested archive archives article articles source sources news report reports paper papers please pls thanks
    honestly really actually maybe btw random silly dumb simple asap urgent urgently reply appreciated
    """
)
LONGEST = 9
"""The most words of such a beginning."""
_BEFORE = word_list("at by for from in of on since to until with")
_ABOUT = word_list("info information details news article articles report reports idea")
_OTHERS = word_list("he she they him her them his hers their theirs who")
_ASKS = re.compile(rf"\b(?:{'|'.join(sorted(ENGLISH_ASKS))}|(?P<whether>if|whether))\b", re.IGNORECASE)


def without_talk(text: str) -> str:
    """An English question without what leads to it, if that is nothing but talk: "Can I ask how many …?". Prepositions
    belong to the question ("I know in which year …"), and so does who is spoken of ("Did Putin say when …?")."""
    found = _ASKS.search(text)
    if not found or not found.start():
        return text
    before = text[: found.start()].rstrip()
    words = [word.casefold() for word in TOKEN.findall(before)]
    if not words or len(words) > LONGEST or TALK.isdisjoint(words) or not is_talk(before):
        return text
    if words[-1] in _BEFORE and words[-2] not in _ABOUT:
        return text
    # "Guess Who's Coming to Dinner": a capital letter is a name's, unless a new sentence begins.
    begins = before[-1] in ":,.!;–—-" or found[0].islower()
    return text[found.end("whether") if found["whether"] else found.start() :].lstrip() if begins else text


def is_talk(sentence: str) -> bool:
    """Whether a text has no other words than these and those without content, and speaks of nobody else."""
    words = [word.casefold().replace("’", "'").partition("'")[0] for word in TOKEN.findall(sentence)]
    return _OTHERS.isdisjoint(words) and all(word in TALK or word in ENGLISH for word in words)
