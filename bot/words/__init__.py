"""What the interface says, in each of its languages. One TOML file a language, the same keys in all of them.

A key whose text depends on a number is a table of CLDR plural categories; Babel knows which category a number takes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "uk", "ru", "ko")
DEFAULT: Final = "en"

COMMANDS: Final = ("ask", "sources", "settings", "help", "forget", "start")
"""Everyone's commands, in the order of the menu."""
SHARED_COMMANDS: Final = ("ask", "sources", "settings", "help", "forget")
"""Those of them that a group's menu shows."""
LIBRARIAN_COMMANDS: Final = ("add", "remove")
"""For PULLQUOTE_ADMINS."""

WATCH_COMMANDS: Final = ("watch", "watches", "unwatch", "digest")
"""Where standing questions can be left."""

PLURALS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})

Entry = str | dict[str, str]


class Words:
    """The words of one language."""

    def __init__(self, lang: str, entries: dict[str, Entry]) -> None:
        self.lang = lang
        self.entries = entries

    def say(self, key: str, **values: object) -> str:
        """The text for a key with its `{names}` filled in. A plural text is chosen by the value of `n`.

        Raises KeyError for an unknown key or a missing value.
        """
        entry = self.entries[key]
        if isinstance(entry, dict):
            number = values["n"]
            if not isinstance(number, int):
                raise KeyError(f"{key} needs a whole number n")
            entry = entry[_plural_rule(self.lang)(number)]
        filled = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return entry.format_map(filled)

    def number(self, value: int) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self.lang))

    def percent(self, share: float) -> str:
        from babel.numbers import format_percent

        return str(format_percent(share, locale=self.lang, decimal_quantization=False))

    def date(self, day: date) -> str:
        """The date as a newspaper of that language prints it: 31 October 2024."""
        from babel.dates import format_date

        return str(format_date(day, "d MMMM y" if self.lang == "en" else "long", locale=self.lang))


@cache
def _plural_rule(lang: str) -> Callable[[int], str]:
    from babel import Locale

    rule: Callable[[int], str] = Locale.parse(lang).plural_form
    return rule


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Entry]]:
    """Tables whose keys are all plural categories are entries; other tables are sections."""
    for name, value in table.items():
        if isinstance(value, str) or value.keys() <= PLURALS:
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")


@cache
def words(lang: str) -> Words:
    """The words of a language that `language` returned."""
    text = (files(__package__) / f"{lang}.toml").read_text(encoding="utf-8")
    return Words(lang, dict(_flat(tomllib.loads(text))))


def language(*wishes: str | None) -> str:
    """The first of the wishes (`uk`, `uk-UA`, `pt_BR`) that there are words for, or English."""
    for wish in wishes:
        base = (wish or "").replace("_", "-").split("-")[0].lower()
        if base in LANGUAGES:
            return base
    return DEFAULT


def commands(
    lang: str, shared: bool = False, librarian: bool = False, alerts: bool = False, proofs: bool = False
) -> list[tuple[str, str]]:
    """(name, description) of each command for Telegram's menu; `librarian`: for PULLQUOTE_ADMINS;
    `alerts`: where standing questions can be left; `proofs`: where quotes are proved."""
    everyone = list(SHARED_COMMANDS if shared else COMMANDS)
    names = [*everyone[:1], *(WATCH_COMMANDS if alerts else ()), *(("proof",) if proofs else ()), *everyone[1:]]
    names += LIBRARIAN_COMMANDS if librarian else ()
    return [(name, words(lang).say(f"commands.{name}")) for name in names]
