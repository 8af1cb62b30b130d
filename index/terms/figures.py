"""Figures in a text, however they are written: "12,000", "12 thousand", "12 тысяч", "zwölftausend", "1만 2천"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from index.terms.words import FIGURE, figure

_UNITS: dict[int, str] = {
    0: "zero null ноль нуль",
    2: "two zwei zwo два две двух двум двумя двоих дві двох двом двома двоє",
    3: "three drei три трех трёх трем трём тремя троих трьох трьом трьома троє",
    4: "four vier четыре четырех четырёх четырем четырьмя чотири чотирьох чотирьом чотирма",
    5: "five fünf пять пяти пятью п'ять п'яти п'ятьох п'ятьма пятеро",
    6: "six sechs шесть шести шестью шість шести шістьох шістьма",
    7: "seven sieben семь семи семью сім семи сімох",
    8: "eight acht восемь восьми восемью вісім восьми вісьмох",
    9: "nine neun девять девяти девятью дев'ять дев'яти дев'ятьох",
    10: "ten zehn десять десяти десятью десяти десятьох",
    11: "eleven elf одиннадцать одиннадцати одинадцять одинадцяти",
    12: "twelve zwölf двенадцать двенадцати дванадцять дванадцяти",
    13: "thirteen dreizehn тринадцать тринадцати тринадцять тринадцяти",
    14: "fourteen vierzehn четырнадцать четырнадцати чотирнадцять чотирнадцяти",
    15: "fifteen fünfzehn пятнадцать пятнадцати п'ятнадцять п'ятнадцяти",
    16: "sixteen sechzehn шестнадцать шестнадцати шістнадцять шістнадцяти",
    17: "seventeen siebzehn семнадцать семнадцати сімнадцять сімнадцяти",
    18: "eighteen achtzehn восемнадцать восемнадцати вісімнадцять вісімнадцяти",
    19: "nineteen neunzehn девятнадцать девятнадцати дев'ятнадцять дев'ятнадцяти",
    20: "twenty zwanzig двадцать двадцати двадцять двадцяти",
    30: "thirty dreißig тридцать тридцати тридцять тридцяти",
    40: "forty vierzig сорок сорока",
    50: "fifty fünfzig пятьдесят пятидесяти п'ятдесят п'ятдесяти",
    60: "sixty sechzig шестьдесят шестидесяти шістдесят шістдесяти",
    70: "seventy siebzig семьдесят семидесяти сімдесят сімдесяти",
    80: "eighty achtzig восемьдесят восьмидесяти вісімдесят вісімдесяти",
    90: "ninety neunzig девяносто девяноста дев'яносто дев'яноста",
    100: "сто ста",
    200: "двести двухсот двісті двохсот",
    300: "триста трехсот трёхсот трьохсот",
    400: "четыреста четырехсот чотириста чотирьохсот",
    500: "пятьсот пятисот п'ятсот п'ятисот",
    600: "шестьсот шестисот шістсот шестисот",
    700: "семьсот семисот сімсот",
    800: "восемьсот восьмисот вісімсот",
    900: "девятьсот девятисот дев'ятсот",
}
_ONE = "one a an ein eine einen einer eines один одна одну одного одной однієї"
_SCALES: dict[int, str] = {
    100: "hundred hundert",
    1_000: (
        "thousand thousands tausend k тысяча тысячи тысяч тысячу тысячам тысячами тыс тисяча тисячі тисяч "
        "тисячу тисячам тисячами тис tys 천 千"
    ),
    10_000: "만 万 萬",
    1_000_000: (
        "million millions mn mln millionen mio millón millones миллион миллиона миллионов миллионам миллионами млн "
        "мільйон мільйона мільйонів мільйони мільйонам мільйонами"
    ),
    100_000_000: "억 亿 億",
    1_000_000_000: (
        "billion billions bn milliarde milliarden mrd миллиард миллиарда миллиардов млрд мільярд мільярда мільярдів"
    ),
    1_000_000_000_000: "trillion trillions tn billionen триллион триллиона триллионов трильйон трильйона трильйонів",
}
_PIECE = re.compile(rf"({FIGURE})|([천만억千万萬亿億])|([^\W\d_]+(?:['’ʼ][^\W\d_]+)*)|([^\w\s])")
_SCALING = frozenset(("scale", "eastern"))
_JOINING = frozenset(("-", "‑", "and", "und"))


@dataclass(frozen=True, slots=True)
class _Piece:
    """`kind`: figure, word (a number in words), one, scale, eastern (a scale of Korean or Chinese), join or other."""

    kind: str
    value: Decimal = Decimal(0)


def numbers(text: str) -> frozenset[str]:
    """The figures of a text in one form: digits without separators, "." before decimals.

    Words for numbers count in English, Ukrainian, Russian and German, with hundred, thousand, million, billion behind
    figures too, and 천, 만, 억, 千, 万, 亿. A lone "one" is no figure.
    """
    pieces = list(_pieces(unicodedata.normalize("NFKC", text).casefold()))
    found = set()
    place = 0
    while place < len(pieces):
        value, read = _number(pieces, place)
        if value is not None:
            found.add(_plain(value))
        place += max(read, 1)
    return frozenset(found)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _lexicon() -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    units = {word: value for value, words in _UNITS.items() for word in words.split()}
    scales = {word: value for value, words in _SCALES.items() for word in words.split()}
    return units, scales, frozenset(_ONE.split())


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text):
        digits, eastern, word, mark = found.groups()
        if digits:
            yield from (_Piece("figure", Decimal(part)) for part in figure(digits))
        elif eastern:
            yield _Piece("eastern", Decimal(_lexicon()[1][eastern]))
        else:
            yield _word_piece((word or mark).replace("’", "'").replace("ʼ", "'"))


def _word_piece(word: str) -> _Piece:
    units, scales, ones = _lexicon()
    if word in units:
        return _Piece("word", Decimal(units[word]))
    if word in scales:
        return _Piece("scale", Decimal(scales[word]))
    if word in ones:
        return _Piece("one", Decimal(1))
    if word in _JOINING:
        return _Piece("join")
    value = _german(word)
    return _Piece("other") if value is None else _Piece("word", Decimal(value))


def _german(word: str) -> int | None:
    """The value of a German compound: zwölftausend, zweihundertfünfzig, einundzwanzig."""
    for infix, factor in (("tausend", 1_000), ("hundert", 100)):
        left, found, right = word.partition(infix)
        if found:
            times = _german_part(left) if left else 1
            rest = _german_part(right.removeprefix("und")) if right else 0
            return None if times is None or rest is None else times * factor + rest
    left, found, right = word.partition("und")
    if not found or _lexicon()[0].get(right, 0) < 20:
        return None
    unit = 1 if left == "ein" else _lexicon()[0].get(left)
    return None if unit is None else unit + _lexicon()[0][right]


def _german_part(word: str) -> int | None:
    return 1 if word in ("ein", "eins") else _lexicon()[0].get(word) or _german(word)


def _number(pieces: Sequence[_Piece], start: int) -> tuple[Decimal | None, int]:
    """The number that begins at `start`, or None, and how many pieces it took.

    "two hundred thousand and five" is (2 * 100) * 1000 + 5; what does not fit ("five six") begins another number.
    """
    total, group, last, scale = Decimal(0), None, Decimal(0), Decimal("Infinity")
    place = start
    while place < len(pieces):
        piece = pieces[place]
        if piece.kind in _SCALING and group is not None and piece.value < scale:
            if piece.value == 100:
                group, last = group * 100, Decimal(100)
            else:
                total, group, scale = total + group * piece.value, None, piece.value
        elif piece.kind in ("figure", "word", "one") and _fits(pieces, place, group, last, scale):
            group, last = (group or 0) + piece.value, piece.value
        elif not (piece.kind == "join" and place > start and _goes_on(pieces, place + 1, group, last, scale)):
            break
        place += 1
    if place == start:
        return None, 1
    return total + (group or 0), place - start


def _fits(pieces: Sequence[_Piece], place: int, group: Decimal | None, last: Decimal, scale: Decimal) -> bool:
    """Whether the value at `place` can follow what was read: nothing, a scale, or a larger round word."""
    piece = pieces[place]
    scaled = place + 1 < len(pieces) and pieces[place + 1].kind in _SCALING
    if group is None:
        if piece.kind == "one":
            return scaled
        after_eastern = place > 0 and pieces[place - 1].kind == "eastern" and piece.value < scale
        return piece.kind == "word" or not scale.is_finite() or scaled or after_eastern
    if piece.kind == "figure":
        return False
    return (20 <= last < 100 and last % 10 == 0 and 0 < piece.value < 10) or (last >= 100 and 0 < piece.value < 100)


def _goes_on(pieces: Sequence[_Piece], place: int, group: Decimal | None, last: Decimal, scale: Decimal) -> bool:
    if place >= len(pieces):
        return False
    kind = pieces[place].kind
    if kind in _SCALING:
        return pieces[place - 2].kind == "figure" and group is not None
    return kind in ("word", "one") and _fits(pieces, place, group, last, scale)
