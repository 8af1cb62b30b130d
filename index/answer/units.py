"""Words for units and rounding in English, German, Russian, Ukrainian and Korean; for money in Polish too."""

from __future__ import annotations

import re
from functools import cache

_UNITS = {
    "percent": "% percent percentage prozent процент процента процентов процентам відсоток відсотка відсотки відсотків "
    "퍼센트 프로",
    "second": "s sec secs second seconds sek sekunde sekunden секунда секунды секунд секунду секунди сек 초",
    "minute": "min mins minute minutes minuten минута минуты минут минуту хвилина хвилини хвилин хвилину хв мин 분",
    "hour": "h hour hours stunde stunden час часа часов ч година години годин годину 시간",
    "day": "day days tag tage tagen день дня дней дні днів сутки суток 일",
    "week": "week weeks woche wochen неделя недели недель неделю тиждень тижня тижні тижнів 주",
    "month": "month months monat monate monaten месяц месяца месяцев місяць місяця місяці місяців 개월",
    "year": "year years jahr jahre jahren лет год года рік роки років року 년",
    "km": "km kilometre kilometres kilometer kilometers kilometern км километр километра километров кілометр кілометра "
    "кілометрів 킬로미터",
    "m": "m metre metres meter meters metern м метр метра метров метри метрів 미터",
    "cm": "cm centimetre centimetres centimeter centimeters zentimeter см сантиметр сантиметров сантиметрів 센티미터",
    "mm": "mm millimetre millimetres millimeter millimeters мм миллиметр миллиметров міліметр міліметрів 밀리미터",
    "mile": "mile miles meile meilen миля мили миль милі 마일",
    "foot": "ft foot feet fuß фут фута футов фути футів 피트",
    "kg": "kg kilo kilos kilogram kilograms kilogramm кг килограмм килограмма килограммов кілограм кілограми "
    "кілограмів 킬로그램",
    "g": "g gram grams gramm г грамм грамма граммов грам грами грамів 그램",
    "tonne": "t ton tons tonne tonnes tonnen т тонна тонны тонн тонни 톤",
    "degree": "° °c °f degree degrees grad градус градуса градусов градуси градусів 도",
    "dollar": "$ dollar dollars usd доллар доллара долларов долар долара доларів долари 달러",
    "euro": "€ euro euros eur евро євро 유로",
    "pound": "£ pound pounds pfund фунт фунта фунтов фунти фунтів 파운드",
    "won": "₩ won вон вона 원",
    "hryvnia": "₴ hryvnia hryvnias гривна гривен гривня гривні гривень гривню грн",
    "rouble": "₽ rouble roubles ruble rubles rubel рубль рубля рублей рублів руб",
    "zloty": "zloty zlotys złoty złote złotych zł злотый злотых злотий злоті злотих",
    "rupee": "₹ rupee rupees rupien рупия рупий рупій",
    "krona": "krona kronor krone kroner kronen крона кроны крон 크로나",
    "yen": "¥ yen иена иен єна єн 엔",
    "vote": "vote votes stimme stimmen голос голоса голосов голосів 표",
}
_BASES: dict[str, tuple[str, float]] = {
    "minute": ("second", 60),
    "hour": ("second", 3_600),
    "day": ("second", 86_400),
    "week": ("second", 604_800),
    "km": ("m", 1_000),
    "cm": ("m", 0.01),
    "mm": ("m", 0.001),
    "mile": ("m", 1_609.344),
    "foot": ("m", 0.3048),
    "g": ("kg", 0.001),
    "tonne": ("kg", 1_000),
}
PERIODS = frozenset({"second", "month", "year"})
LENGTHS = frozenset({"m"})
WEIGHTS = frozenset({"kg"})
MONEY = frozenset(["dollar", "euro", "pound", "won", "hryvnia", "rouble", "zloty", "rupee", "krona", "yen"])
MARKS = frozenset("$€£₩₴₽₹¥%°")
"""Signs that stand against their figure."""

_ROUNDED = re.compile(
    r"(?:about|around|some|nearly|almost|roughly|approximately|over|under|up to|as many as|at least|at most|fewer than|"
    r"(?:more|less) than|close to|"
    r"etwa|rund|ungefähr|circa|ca\.|mindestens|höchstens|über|unter|fast|knapp|mehr als|weniger als|bis zu|"
    r"около|примерно|почти|более|больше|менее|меньше|свыше|не менее|не более|как минимум|порядка|до|"
    r"близько|приблизно|майже|понад|більше|менше|щонайменше|щонайбільше|не менше|не більше|орієнтовно|"
    r"약|최소|적어도|거의|대략)\s*[$€£₩₴₽₹]?$",
    re.IGNORECASE,
)
_ROUNDED_AFTER = re.compile(r"\s*(?:여\s|여명|명\s*(?:이상|가량|정도|넘)|이상|가량|정도|or so|or more)")


def rounded(before: str, after: str) -> bool:
    """Whether what stands before and after a figure says that it is not exact."""
    return bool(_ROUNDED.search(before.rstrip()) or _ROUNDED_AFTER.match(after))


def hours(word: str, count: float) -> bool:
    """Whether what is counted by "год" is hours, as in Ukrainian: a year, which it is in Russian, is one of them."""
    return word.casefold() == "год" and (count % 10 != 1 or count % 100 == 11)


def base(unit: str) -> tuple[str, float]:
    """The unit that figures of one dimension are compared in, and its factor: ("m", 1000) for "km"."""
    return _BASES.get(unit, (unit, 1))


@cache
def _by_word() -> dict[str, str]:
    return {word: unit for unit, words in _UNITS.items() for word in words.split()}


@cache
def _korean() -> tuple[tuple[str, str], ...]:
    """The longest first: 시간 (hours) is tried before a shorter word that it begins with."""
    words = [(word, unit) for word, unit in _by_word().items() if "\uac00" <= word[0] <= "\ud7a3"]
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


def unit_of(word: str, touching: bool = False) -> str | None:
    """The unit that a word or a sign names. Korean units are written against their figure (`touching`), and particles
    against them."""
    word = word.casefold()
    if word and "\uac00" <= word[0] <= "\ud7a3":
        found = next(((name, unit) for name, unit in _korean() if word.startswith(name)), None)
        return found[1] if found and (touching or len(found[0]) > 1) else None
    return _by_word().get(word)
