"""Words that say the opposite of each other, so that what is said of one is no answer about the other: "the next
eclipse", "the previous eclipse". Not those that are two sides of one thing ("Who won?", "Spain lost to …"), nor, but in
English, "rise" and "fall": who asks by how much it rose wants to hear that it fell."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from index.terms.words import TOKEN


class _Opposite(NamedTuple):
    """What is asked for, and what is not it; `timed`: what begins or ends."""

    own: re.Pattern[str]
    other: re.Pattern[str]
    timed: bool


_PAIRS = """
next/previous next/last upcoming/previous first/last earliest/latest largest/smallest biggest/smallest
highest/lowest longest/shortest oldest/youngest older/younger strongest/weakest best/worst most/least most/fewest
minimum/maximum born/died begin/end began/ended begins/ends start/end started/ended starts/ends increase/decrease
increased/decreased rise/fall rose/fell import/export imports/exports imported/exported north/south east/west
northern/southern eastern/western male/female winter/summer predecessor/successor average/top average/maximum
average/minimum
"""
_OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.split():
    _one, _other = _pair.split("/")
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)

_STEMS = {
    "de": """
        nächst|kommend / letzt(?!ere)|vorig|vorherig|vergangen
        erste[nrsm]?\\b / letzt(?!ere)
        größte / kleinste
        höchst / niedrigst|tiefst|mindest(?!ens)
        längste / kürzeste
        älteste / jüngste
        älter / jünger
        stärkste / schwächste
        beste[nrsm]?\\b / schlechteste
        meisten\\b / wenigsten\\b
        monatlich|monats(?:karte|beitrag|abo|miete) / jährlich|jahres(?:karte|beitrag|abo|miete)
        ankunft|ankomm / abfahr|abflug|abreise
        sommer / winter
        geboren / gestorben|verstorben|getötet|ermordet|hingerichtet
        nordkorea / südkorea
        männlich / weiblich
        vorgänger / nachfolger
    """,
    "fr": """
        prochain / (?<!ce\\s)(?<!cette\\s)(?<!ces\\s)derni[eè]r|précédent|passée?s?\\b
        premi[eè]re?s?\\b(?!\\sministre) / (?<!ce\\s)(?<!cette\\s)(?<!ces\\s)derni[eè]r
        plus\\sgrand / plus\\spetit
        plus\\s(?:haut|élevé) / plus\\s(?:bas|faible)
        plus\\slong / plus\\scourt
        (?:plus\\s(?:âgé|vieux|vieille|ancien)|aîné) / (?:plus\\sjeune|cadet|benjamin)
        meilleur / pire
        maximum|maxim(?:al|aux) / minimum|minim(?:al|aux)
        mensu / annu(?:el|alité)
        arriv / départ|partent\\b
        (?:en|l['’]|d['’]|cet)\\s?été\\b|estiva / hiver
        née?s?\\b(?!-) / morte?s?\\b|décéd|tué|assassin|exécut|guillotin
        corée\\sdu\\snord|nord-coré / corée\\sdu\\ssud|sud-coré
        prédécesseur / successeur
        masculin / féminin
    """,
    "es": """
        próxim / (?<!este\\s)(?<!esta\\s)(?<!estos\\s)(?<!estas\\s)últim|anterior|pasad[oa]
        primer(?:[oa]s?)?\\b(?!\\sministr) / (?<!este\\s)(?<!esta\\s)(?<!estos\\s)(?<!estas\\s)últim
        más\\sgrande / más\\spequeñ
        más\\salt[oa] / más\\sbaj[oa]
        más\\slarg[oa] / más\\scort[oa]
        más\\s(?:viej|antigu|ancian) / más\\sjoven
        mayor(?:es)?\\b / menor(?:es)?\\b
        mejor(?:es)?\\b / peor
        máxim / mínim
        mensual / anual
        lleg(?:a|an|ada|ará|arán)\\b / sal(?:e|en|ida|drá|drán)\\b
        veran / inviern
        nació|nacid / murió|falleci|muert[oa]\\b|asesin|ejecutad
        corea\\sdel\\snorte|norcorean / corea\\sdel\\ssur|surcorean
        predecesor / sucesor
        masculin / femenin
    """,
    "ru": """
        следующ|ближайш|предстоящ / предыдущ|прошл|последн
        перв(?:ый|ая|ое|ые|ого|ому|ой|ым|ых|ую|ыми)\\b(?!\\s(?:зам|вице)) / последн
        крупнейш|наибольш|сам\\w+\\sбольш / наименьш|сам\\w+\\sмал
        сам\\w+\\sвысок|наивысш / сам\\w+\\sнизк
        сам\\w+\\sдлинн / сам\\w+\\sкоротк
        старейш|сам\\w+\\sстар|старш / сам\\w+\\sмолод|младш
        лучш / худш
        максимальн / минимальн
        ежемесячн|месячн / ежегодн|годов(?:ой|ая|ое|ые|ую|ого)\\b
        прибыва|прибыти|приезж / отправля|отправлени|отбыва|отъезд|уезжа
        летн|летом\\b / зимн|зимой\\b
        родил(?:ся|ась|ись)\\b / умер|скончал|погиб|убит|казн
        северокоре|северн\\w+\\sкоре / южнокоре|южн\\w+\\sкоре
        мужск / женск
        предшественни / преемни
    """,
    "uk": """
        наступн(?!и[кц])|найближч / попередн(?!и[кц])|минул|останн
        перш(?:ий|а|е|і|ого|ому|ої|ій|им|их|у|ою|ими)\\b(?!\\s(?:заст|віце)) / останн
        найбільш / найменш
        найвищ / найнижч
        найдовш / найкоротш
        найстар|старш / наймолодш|молодш
        найкращ / найгірш
        максимальн / мінімальн
        щомісячн|місячн / щорічн|річн
        прибува|прибутт|прибуд / відправля|відправлен|вируша|від['’ʼ]їжджа
        літн(?:ій|я|є|і|ього|ьому|ім|іх)\\b|влітку\\b / зимов|взимку\\b
        народи(?:вся|лася|лися)\\b / помер|загину|вбит|убит|страче
        північнокоре|північн\\w+\\sкоре / південнокоре|південн\\w+\\sкоре
        чоловіч / жіноч
        попередни[кц] / наступни[кц]
    """,
}
"""By language, what one word or the other begins with."""

_TIMED = {
    "de": "öffn(?:et|en|ete|eten)\\b / schließ(?:t|en)\\b|schloss(?:en)?\\b ; beginn|begann / ende(?:t|n|te|ten)?\\b",
    "fr": "ouvr(?:e|ent|ira|iront|ir)\\b|rouv / ferm(?:e|ent|era|eront|er)\\b ; "
    "commenc|début / termin|ach[eè]v|finit\\b|finira\\b",
    "es": "abr(?:e|en|irá|irán|ió|ir)\\b / cierr|cerrar|cerró\\b ; empieza|empezó|comienz / termin|acab|finaliz",
    "ru": "откры(?:вает|вают|л)|откро / закры(?:вает|вают|л)|закро ; начина|начн|начал(?:ся|ась|ось|ись)\\b / "
    "заканчива|закончи|заверша|заверши",
    "uk": "відкри(?:ва|є|ють|в|л)|відчиня / закри(?:ва|є|ють|в|л)|зачиня ; почина|почн|поча(?:вся|лася|лося)\\b / "
    "закінч|заверш",
}
"""The same of what begins and ends: what says until when says both."""
_UNTIL = {
    "de": re.compile(r"\bbis\b|\d\s?[–—-]\s?\d"),
    "fr": re.compile(r"\bjusqu|\d[\sh\d]*à\s\d|\d\s?[–—-]\s?\d"),
    "es": re.compile(r"\bhasta\b|\ba\s(?:las?\s)?\d|\d\s?[–—-]\s?\d"),
    "ru": re.compile(r"\bдо\b|\bпо\b|\d\s?[–—-]\s?\d"),
    "uk": re.compile(r"\bдо\b|\bпо\b|\d\s?[–—-]\s?\d"),
}
_SINCE = re.compile(r"\b(?:seit|depuis|desde)\b")
"""Who wins for the first time since 2019 won last then."""


def says_the_opposite(question: str, sentence: str, lang: str | None = "en") -> bool:
    """Whether a sentence has the opposite of a word of a question in its language, and neither has both."""
    return _says_in_english(question, sentence) if lang == "en" else _says(question, sentence, lang or "")


def _says_in_english(question: str, sentence: str) -> bool:
    asked = _words(question)
    turned = asked & _OPPOSITES.keys()
    said = _words(sentence) if turned else set()
    if "since" in said:
        turned -= {"last"}  # who won for the first time since 2019 won last then
    return any(said & _OPPOSITES[word] - asked for word in turned - said)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in TOKEN.findall(text)}


def _says(question: str, sentence: str, lang: str) -> bool:
    turned = _turned(question, lang)
    if not turned:
        return False
    said = sentence.lower()
    until = _UNTIL[lang].search(said)
    return any(
        other.search(said) and not own.search(said) and not (timed and until) and not _SINCE.search(said)
        for own, other, timed in turned
    )


@lru_cache(maxsize=256)
def _turned(question: str, lang: str) -> tuple[_Opposite, ...]:
    """What a question asks for, with its opposite, unless it has both."""
    asked = question.lower()
    return tuple(each for each in _opposites(lang) if each.own.search(asked) and not each.other.search(asked))


@cache
def _opposites(lang: str) -> tuple[_Opposite, ...]:
    """Each pair both ways."""
    pairs = [(line, False) for line in _STEMS.get(lang, "").strip().splitlines()]
    pairs += [(pair, True) for pair in _TIMED.get(lang, "").split(";") if pair]
    both = []
    for pair, timed in pairs:
        one, other = (re.compile(rf"(?<![\w-])(?:{side.strip()})") for side in pair.split(" / "))
        both += [_Opposite(one, other, timed), _Opposite(other, one, timed)]
    return tuple(both)
