"""Two wordings that sound alike: what is left of a text without quotation marks, spaces, dashes, commas and case.

Signs that change what is said (%, €, ?, a minus before a figure) are no typography.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000\t\n]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufe0e\ufe0f\ufeff]")
_MARK = re.compile(r"\s*(?:[•◦▪‣●○■□·*]|\d{1,3}\))\s+(?=\S)")
"""What marks the item of a list, and says nothing."""
APOSTROPHES = re.compile("[’ʼ‘`´]")
_SILENT_ALONE = frozenset(",;:.…!'\"·•")
_SILENT_KINDS = frozenset(("Pd", "Ps", "Pe", "Pi", "Pf", "Zs", "Cc"))
PART = re.compile(
    r"(?P<figure>(?<![\w.,])-(?=\d))"  # a minus is a dash before a figure that touches nothing else
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:[\u0300-\u036f]*[^\W\d_])*[\u0300-\u036f]*(?:'[^\W\d_]+)*)"
    r"|(?P<sign>\S)",
)
_GROUPED = {True: re.compile(r"(?<=\d)[ ,](?=\d{3}(?!\d))"), False: re.compile(r"(?<=\d) (?=\d{3}(?!\d))")}
"""What stands between groups of three digits; a comma does so where it opens no decimals."""
_COMMA_LANGUAGES = frozenset(("en", "ko", "ja", "zh"))


@lru_cache(maxsize=4096)
def heard(text: str, lang: str | None = None) -> tuple[str, ...]:
    """What is left of a text without its typography: two texts that sound alike give the same."""
    return tuple(_heard(text, lang))


def _heard(text: str, lang: str | None) -> Iterator[str]:
    plain = _INVISIBLE.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    plain = plain[mark.end() :] if (mark := _MARK.match(plain)) else plain
    plain = APOSTROPHES.sub("'", plain).replace("−", "-").replace("–", "-")
    plain = _GROUPED[(lang or "en") in _COMMA_LANGUAGES].sub("", plain.casefold().replace("ё", "е"))
    for found in PART.finditer(plain):
        said = found[0]
        if found["sign"] and (said in _SILENT_ALONE or unicodedata.category(said) in _SILENT_KINDS):
            continue
        yield said


def same_typography(old: str, new: str, lang: str | None = None) -> bool:
    """Whether two wordings differ in typography alone."""
    return heard(old, lang) == heard(new, lang)
