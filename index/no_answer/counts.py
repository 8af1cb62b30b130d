"""Whether a sentence can say how many: "Hunde sind an der Leine zu führen." counts no dogs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from index.terms import numbers, terms
from index.terms.dates import MONTH
from index.terms.function_words import BY_LANGUAGE, word_list
from index.terms.words import TOKEN

BEFORE, BEHIND = 3, 1
"""How many words a number that is an article, or a rank, may stand before or behind what it counts."""

_MANY = re.compile(
    r"\b(?:wie ?viele|combien (?:de |des |d['’])|(?<!por )cu[aá]nt[oa]s|"
    r"(?<!\bна )(?:скільки|сколько)(?= \w+(?:[оеё]в|[еи]й|[иы]х|[ії]в|сіб)\b))",
    re.IGNORECASE,
)
"""What asks for the number of what is named behind it; "сколько" does before a genitive of several, else it
asks how much."""
_MASSES = word_list("грошей geld zeit argent temps monde eau dinero tiempo gente agua")
_WORDS = word_list(
    """
    dutzend hunderte tausende mehrere viele vielen einige wenige несколько много мало немного десяток десятки десятков
    сотни сотен тысячи двое трое четверо пятеро шестеро семеро оба обе кілька декілька багато небагато десятків сотні
    сотень двоє троє п'ятеро обидва deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
    seize vingt trente quarante cinquante soixante cent cents mille million millions milliard milliards plusieurs
    beaucoup quelques peu autant dizaine dizaines douzaine quinzaine vingtaine trentaine cinquantaine centaine
    centaines millier milliers dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte
    treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos doscientas trescientos
    trescientas mil miles millón millones varios varias muchos muchas algunos algunas pocos pocas docena docenas
    decena decenas centenar centenares ambos ambas
    """
)
"""Words that count, beside the numbers of `index.terms.numbers`."""
_ONE = word_list(
    """
    ein eine einen einem einer einzige einzigen beide beiden alle allen hälfte drittel viertel mehrheit meisten kein
    keine keinen keinem niemand verschiedene unzählige один одна одно одну одного одной единственный единственная все
    всех половина половину треть четверть большинство разные ни никто нет нескольких многих одне єдиний єдина усі всі
    усіх всіх третина третину чверть більшість різні жоден жодного жодної ніхто немає un une seul seule tous toutes
    moitié tiers quart majorité plupart divers diverses aucun aucune uno una único única todos todas mitad tercio
    cuarto mayoría diversos diversas ningún ninguno ninguna
    """
)
"""Words that count what stands beside them; elsewhere they are articles, or count or deny something else."""
_ORDINAL = re.compile(
    r"\w+ièmes?|premi[eè]re?s?|prim\w+|(?:erst|zweit|dritt|viert|fünft|sechst|siebt|acht|neunt|zehnt)e[nrs]?|"
    r"(?:перв|втор|трет|перш|друг)\w+|\w+[яс]т(?:ый|ого|ой|ая)|\w+(?:вят|сят)\w+"
)
_MEASURED = re.compile(
    rf"(?:er|[-‑]\w{{1,3}}\b|\.(?=\s{MONTH}))|\s?(?:[°€$£₴₽¥₩]|{MONTH}|(?:кв|куб|м|км|см|мм|г|кг|т|л|год|грн|руб\w*|коп|мин|хв|"
    r"годин\w*|хвилин\w*|часов|часа|минут\w*|р|рр|гривень|гривні|рок\w*|лет|m|km|cm|mm|kg|g|t|l|h|uhr|euros?|minuten|stunden?|"
    r"jahren?|heures?|minutes?|ans?|años?|horas?)\b)",
    re.IGNORECASE,
)
"""What stands behind a number that measures, ranks, or is a date's."""
_NAMES = re.compile(
    r"(?:[§№#°]|\b(?:(?:ст|п|арт|no|nr|art|núm)\.|стат\w+|номер|nr|linie|ligne|línea))\s?\Z", re.IGNORECASE
)
"""What stands before a number that only names something."""
_POINT = re.compile(r"\W*\d{1,3}[.)]+\s")
"""What numbers a sentence: "(4) Hunde sind …"."""
_CLOCK = re.compile(r"\d{1,2}[.:]\d\d|(?:1[5-9]|20)\d\d")


def counts_none(question: str, sentence: str, lang: str | None) -> bool:
    """Whether a question asks how many there are of something that a sentence names, and no number of it may count
    anything. Languages without such words here are let be."""
    wanted = _wanted(question, lang)
    if not wanted:
        return False
    tokens = list(TOKEN.finditer(sentence, _numbered(sentence)))
    named = [n for n, token in enumerate(tokens) if not wanted.isdisjoint(terms(token[0], (lang,) if lang else ()))]
    return bool(named) and not any(_may_count(sentence, token, n, named) for n, token in enumerate(tokens))


@lru_cache(maxsize=512)
def _wanted(question: str, lang: str | None) -> frozenset[str]:
    """The terms of what a question wants counted."""
    asked = _MANY.search(question)
    known = BY_LANGUAGE.get(lang or "")
    word = TOKEN.search(question, asked.end()) if asked and known else None
    if word is None or known is None or word[0].casefold() in known | _MASSES:
        return frozenset()
    return frozenset(terms(word[0], (lang,) if lang else ()))


def _numbered(sentence: str) -> int:
    """Where a sentence begins behind its number."""
    point = _POINT.match(sentence)
    return point.end() if point else 0


def _may_count(sentence: str, token: re.Match[str], n: int, named: Sequence[int]) -> bool:
    """Whether a word is a number that may count something: one that names, measures or dates counts only what stands
    right behind it, and an article or a rank what it is near."""
    word = token[0].casefold().replace("’", "'")
    if word[0].isdecimal():
        other = (
            _NAMES.search(sentence[: token.start()]) or _MEASURED.match(sentence, token.end()) or _CLOCK.fullmatch(word)
        )
        return n + 1 in named or not other
    parts = {word, word.rpartition("'")[2]}
    if not _WORDS.isdisjoint(parts) or numbers(word):
        return True
    near = any(n - BEHIND <= place <= n + BEFORE for place in named)
    return near and (not _ONE.isdisjoint(parts) or bool(_ORDINAL.fullmatch(word)))
