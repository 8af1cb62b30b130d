"""What is only counted or mentioned where it is asked which it is: "Aldous will close two of its pubs." names none of
them, though it has every word of "Which pubs will Aldous close?"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.terms.alike import asked_terms, said_terms
from index.terms.words import TOKEN, forms

SHARE, LEAST = 0.75, 2
"""The share of a question's words of content from which on a sentence under its title says what is asked about, and how
many of them at least it says itself."""


class _Tongue(NamedTuple):
    """How a language asks which (`asked`, one of whose groups is the thing), and a letter for each word that matters
    beside the thing: `v` does not tell which it is ("two", "a"), nor do `e` ("another"), which may be told from what
    stands before, and `h` ("two of its") behind those; `o` joins them ("of", "models of"); `b` says what something is,
    `a` is another auxiliary; `c` begins another clause, `p` an attribute; `d` is an article."""

    asked: re.Pattern[str]
    letters: dict[str, str]


def _tongue(asked: str, **words: str) -> _Tongue:
    letters = {word: letter for letter, listed in words.items() for word in listed.split()}
    return _Tongue(re.compile(asked, re.IGNORECASE), letters)


_VERB = r"(?:will|would|did|do|does|is|are|was|were|has|have|had|can|could|should|shall|may|might|must)\b"
_NOUN = rf"(?!{_VERB}|(?:of|in|at|on|for|from|to|by|with|that|who|if|the|a|an|it|they|he|she|we|you|i)\b)[\w'’-]+"
_OPENS = r"(?:\A\W*|[,:] |\b(?:know|tell me|say|remember) )(?:(?:in|at|on|for|from|to|of|by|with) )?"
_SORT = r" (?:kind|type|sort|model|brand|breed)s? of"
_WHOSE = rf"(?: other| of|{_SORT})?(?: the| its| their| these| those)?"
_WELCHE = r"\bwelche[rsnm]? (?:anderen? |weiteren? )?"
_TONGUES = {
    "en": _tongue(
        rf"{_OPENS}(?:which|what){_WHOSE} (?:{_NOUN} )*?(?P<last>{_NOUN}) {_VERB}|"
        rf"{_OPENS}(?:which|what(?={_SORT})){_WHOSE} (?P<first>{_NOUN})|"
        r"\A\W*who(?:['’]s| is| are| was| were) (?:the|that|those|these) (?P<who>[\w'’-]+)",
        v="two three four five six seven eight nine ten eleven twelve dozens one a an some several many few various "
        "certain numerous",
        e="another other others further more",
        h="its their his her",
        o="of model models type types kind kinds sort sorts brand brands number pair couple",
        b="is are was were be been being become became as remain remains",
        a="has have had will would can could may might must should not never also again already still",
        c="and or but because after when while since before until so if though although",
        p="in at on near from with that who for to between behind by into over under during",
        d="the this these those",
    ),
    "de": _tongue(
        rf"{_WELCHE}(?:(?:der|seiner|ihrer|dieser) )?(?:\w+ )??(?P<last>(?-i:[A-ZÄÖÜ])\w+)|{_WELCHE}(?P<first>\w+)|"
        r"\A\W*wer (?:ist|sind|war|waren) (?:der|die|das) (?P<who>\w+)",
        v="zwei drei vier fünf sechs sieben acht neun zehn elf zwölf ein eine einen einem einer eines einige einigen "
        "einiger mehrere mehreren mehrerer manche mancher viele vielen vieler",
        e="andere anderen anderer anderes anderem weitere weiteren weiterer weiteres",
        h="sein seine seiner seinen seines seinem ihr ihre ihrer ihren ihres ihrem",
        o="von modelle modellen arten sorten",
        b="ist sind war waren sei als bleibt bleiben",
        a="hat haben hatte hatten wird werden wurde wurden worden will wollen soll sollen kann können muss müssen "
        "nicht auch noch",
        c="und oder aber weil nachdem während bis wenn",
        p="in im an am auf bei aus mit für zu zum zur zwischen hinter unter",
        d="der die das den dem des diese dieser",
    ),
    "ru": _tongue(
        r"\bкак(?:ой|ая|ое|ие|ую|их|им|ими|ом|ого|ому) "
        r"(?:другие |другой |другую |ещё |еще |именно |из )?(?P<first>\w+)",
        v="два две двух двум двумя три трёх трех четыре четырёх четырех пять шесть семь восемь девять десять двое трое "
        "один одна одно одну одного одной одном несколько нескольких некоторые некоторых",
        e="другой другая другую другого другие других ещё еще",
        h="свой своя свои своих своего свою своей его её ее их",
        o="из видов типов моделей марок",
        b="это был была было были является являются стал стала стали как",
        a="будет будут уже также тоже не",
        c="и или но потому когда пока чтобы если после до",
        p="в на у с от для к около между за под",
        d="этот эта эти этих",
    ),
    "uk": _tongue(
        r"\bяк(?:ий|а|е|і|у|их|им|ими|ому|ого) (?:інші |інший |інша |іншу |ще |саме |з |із )?(?P<first>\w+)",
        v="два дві двох двом двома три трьох чотири чотирьох шість сім вісім десять двоє троє один одна одне одну "
        "одного одної одній кілька кількох декілька деякі деяких",
        e="інший інша іншу інше інші інших іншого ще",
        h="свій своя свої своїх своєї свою свого його її їх їхні їхніх",
        o="з із зі видів типів моделей марок",
        b="це є був була було були як став стала стали",
        a="буде будуть вже уже також теж не",
        c="і й та або але бо коли поки щоб якщо після до",
        p="в у на від для біля між за під",
        d="цей ця ці цих",
    ),
}
_PLACE = re.compile(
    r"(?:(?<![bdhv,])|(?<=,)(?=[veho]*q*N+[abq]))[ve][veho]*q*(N+)(?=a|[ab]*[po]?[dvh]*q|c|\.|\Z)(?!.*b[dv]*x)(?!.*,.*,)"
)
"""Where nothing tells which a thing is: behind "two" or "a", which nothing is said to be ("… is a pub"), nor called in
passing (", a pub,"), before a verb, the question's words or another clause, with no list and no "is …" to follow."""
_BESIDE = re.compile(r"x.*e[veho]*q*N")
"""What is told from something that may be the answer: "Bats and two other animals"."""
_PLACED = re.compile(r"\A(d?q)pn+")
"""What a sentence opens with, and where that is: "The viaduct at Elder Gill"."""
_NAMING = re.compile(
    r"[:()\[\]–—\"“”„«»]|\s-\s|\b(?:called|named|namely|known|such as|including|like|particularly|genannt|namens|"
    r"nämlich|darunter|wie|называ\w+|например|включая|такие как|назива\w+|зокрема|наприклад|такі як)\b",
    re.IGNORECASE,
)
_BY_THE_WAY = re.compile(
    r",? (?:which|whom?|whose names?)\b[^,.]{0,20} (?:not|never) (?:name|identif|disclos|reveal)\w*|"
    r", (?:die|den|das) [^,.]{1,20} nicht (?:be)?nann\w+|, (?:котор|як)\w+ [^,.]{0,20}не назва\w+|"
    r"\b(?:in|since|until|by|from) (?:1\d|20)\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"\A[^\"“„«]{1,120}?\b(?:said|says) (?:that )?",
    re.IGNORECASE,
)
"""What names nothing that is asked for: who says it, when it was, and that it was not named."""


def leaves_unnamed(question: str, sentence: str, above: str, lang: str | None) -> bool:
    """Whether a question asks which or who something is, and a sentence under its title has nearly all of its words,
    the thing only behind "two", "a" or their like, and no name or list that is not in the question or the title."""
    lang = lang or "en"
    thing = _thing(question, lang)
    if not thing or not thing <= said_terms(sentence, lang):
        return False
    asked, said = asked_terms(question, lang), said_terms(sentence, lang)
    if len(asked & said) < LEAST or len(asked & (said | said_terms(above, lang))) < SHARE * len(asked):
        return False
    told = _BY_THE_WAY.sub(" ", sentence)
    if _NAMING.search(told):
        return False
    shape = "".join(_letters(told, thing, asked, said_terms(f"{question} {above}", lang), lang))
    shape = _PLACED.sub(r"\1", shape)
    places = "".join(_PLACE.findall(shape))
    return bool(places) and len(places) == shape.count("N") and "n" not in shape and not _BESIDE.search(shape)


@lru_cache(maxsize=512)
def _thing(question: str, lang: str) -> frozenset[str]:
    """The terms of what a question asks which it is."""
    tongue = _TONGUES.get(lang)
    found = tongue.asked.search(question) if tongue else None
    return asked_terms(question, lang) & said_terms(found[found.lastgroup or 0], lang) if found else frozenset()


def _letters(
    text: str, thing: frozenset[str], asked: frozenset[str], known: frozenset[str], lang: str
) -> Iterator[str]:
    """A letter for each word and mark of a text: N the thing, q another word of the question, n a name or a figure that
    is not known, x any other word."""
    letters, end = _TONGUES[lang].letters, 0
    for found in TOKEN.finditer(text):
        gap, word = text[end : found.start()], found.group()
        if end and not gap.isspace():
            yield "." if gap.strip() in ".;!?" else ","
        terms = forms(word, (lang,))
        if not thing.isdisjoint(terms):
            yield "N"
        elif word.casefold() in letters:
            yield letters[word.casefold()]
        elif not asked.isdisjoint(terms):
            yield "q"
        elif known.isdisjoint(terms) and (word[0].isdigit() or (end and lang != "de" and word[0].isupper())):
            yield "n"
        else:
            yield "x"
        end = found.end()
