"""Which language an article is in: by its script where that says it, by py3langid's model where it does not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LANGUAGES = frozenset(
    {"ar", "be", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id"}
    | {"it", "ja", "ka", "ko", "lt", "lv", "mk", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th"}
    | {"tr", "uk", "vi", "zh"}
)
"""What an article is taken to be in. A wider choice makes short texts Latin or Luxembourgish."""

_SAMPLE = 4_000
_SHORT = 12
_SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")),
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
)
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэёЫЭЁ]")
_SOUTHERN_OR_BELARUSIAN = re.compile(r"[ўЎјЈљЉњЊћЋђЂџЏѓЃќЌ]")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None for a text without enough letters to tell."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return None
    by_script = _by_script(sample, letters)
    if by_script or letters < _SHORT:
        return by_script
    code, _ = _model().classify(sample)
    return str(code)


def _by_script(sample: str, letters: int) -> str | None:
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) * (1 if code != "ja" else 4) > letters * 0.3:
            return code
    if len(_CYRILLIC.findall(sample)) * 2 < letters or _SOUTHERN_OR_BELARUSIAN.search(sample):
        return None
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    if ukrainian > 2 * russian:
        return "uk"
    return "ru" if russian > 2 * ukrainian else None


@lru_cache(maxsize=1)
def _model() -> Any:
    """Reading the model takes about a second, so that only adding an article ever does."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(set(LANGUAGES) & set(identifier.labels))
    return identifier
