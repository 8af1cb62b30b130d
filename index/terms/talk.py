"""Words that people use to speak of their asking: "I'm not sure how many …", "Не помню, сколько …"."""

from __future__ import annotations

import re

from index.terms.follow_ups import ASKING
from index.terms.function_words import BY_LANGUAGE, word_list
from index.terms.words import TOKEN

TALK = {
    "en": word_list(
        """
        know knows knew known tell tells told say says said ask asks asking asked remember recall find finding found
        figure sure idea question questions wonder wondering curious help info information details look looking search
        trying try forgot forget explain check see understand hear guess guys guy folks friends everyone anyone someone
        somebody anybody dude dudes bro buddy mate lads ok okay so well um uh hmm hey hi hello idk q quick want wanted
        need needed love interested archive archives article articles source sources news report reports paper papers
        please pls thanks honestly really actually maybe btw random silly dumb simple asap urgent urgently reply
        appreciated
        """
    ),
    "de": word_list(
        """
        weiß weiss weißt wisst wissen jemand frage fragen sag sagt sagen möchte wüsste gern gerne gerade leute freunde
        kurze sicher erinnere erinnern suche info infos finden gehört gelesen bitte könnt könnte verraten interessieren
        interessiert hallo danke
        """
    ),
    "ru": word_list(
        """
        знаю знаете знает помню помните уверен уверена понимаю пойму интересно вопрос ищу найти узнать хотел хотела
        спросить скажите подскажите подскажи напомните напомни расскажите объясните народ ребята друзья коллеги слышали
        читали слышал слышала читал читала нибудь пожалуйста можете информация информацию данные кажется забыл забыла
        """
    ),
    "uk": word_list(
        """
        знаю знаєте знає пам'ятаю впевнений впевнена розумію цікаво питання шукаю знайти дізнатися хочу хотів
        хотіла спитати запитати скажіть підкажіть підкажи нагадайте поясніть народ друзі колеги чули читали чув чула
        читав читала хтось небудь можете інформація дані здається забув забула
        """
    ),
}
_KNOWN = {lang: words | BY_LANGUAGE[lang] for lang, words in TALK.items()}
LONGEST = 9
"""The most words of such a beginning."""
_BEFORE = word_list("at by for from in of on since to until with")
_ABOUT = word_list("info information details news article articles report reports idea")
_OTHERS = word_list("he she they him her them his hers their theirs who er sie он она они він вона вони")
_ASKS = {
    "en": re.compile(rf"\b(?:{ASKING['en']}|(?P<whether>if|whether))\b", re.IGNORECASE),
    # Elsewhere a comma parts what is asked from what leads to it.
    "de": re.compile(rf"(?<=[,:–—-] )(?:{ASKING['de']}|(?P<whether>ob))\b", re.IGNORECASE),
    "ru": re.compile(rf"(?<=[,:–—-] )(?:{ASKING['ru']}|(?P<whether>будто))\b", re.IGNORECASE),
    "uk": re.compile(rf"(?<=[,:–—-] )(?:{ASKING['uk']}|(?P<whether>чи))\b", re.IGNORECASE),
}


def without_talk(text: str) -> str:
    """A question without what leads to it, if that is nothing but talk: "Can I ask how many …?". Prepositions belong to
    the question ("I know in which year …"), and so does who is spoken of ("Did Putin say when …?")."""
    for lang, asks in _ASKS.items():
        found = asks.search(text)
        if found and found.start() and _leads(text[: found.start()].rstrip(), found[0], lang):
            return text[found.end("whether") if found["whether"] else found.start() :].lstrip()
    return text


def is_talk(sentence: str, lang: str = "en") -> bool:
    """Whether a text has no other words than these and those without content, and speaks of nobody else."""
    words, known = _words(sentence), _KNOWN[lang]
    return _OTHERS.isdisjoint(words) and all(word in known or word.partition("'")[0] in known for word in words)


def _leads(before: str, asking: str, lang: str) -> bool:
    words = _words(before)
    if not words or len(words) > LONGEST or TALK[lang].isdisjoint(words) or not is_talk(before, lang):
        return False
    if words[-1] in _BEFORE and words[-2] not in _ABOUT:
        return False
    # "Guess Who's Coming to Dinner": a capital letter is a name's, unless a new sentence begins.
    return before[-1] in ":,.!;–—-" or asking.islower()


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in TOKEN.findall(text)]
