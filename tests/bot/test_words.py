"""The interface in its four languages."""

from __future__ import annotations

import string
from datetime import date

import pytest
from babel import Locale
from telegram.constants import BotCommandLimit, CallbackQueryLimit

from bot import words
from bot.words import LANGUAGES

ENGLISH = words.words("en").entries


def texts(entry: words.Entry) -> list[str]:
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_says_everything(lang: str) -> None:
    assert words.words(lang).entries.keys() == ENGLISH.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_names_the_same_things(lang: str) -> None:
    for key, entry in words.words(lang).entries.items():
        wanted = names(texts(ENGLISH[key])[0])
        assert all(names(text) == wanted for text in texts(entry)), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_texts_have_the_forms_that_the_language_has(lang: str) -> None:
    forms = set(Locale.parse(lang).plural_form.tags) | {"other"}
    plurals = {key: entry for key, entry in words.words(lang).entries.items() if isinstance(entry, dict)}
    assert plurals.keys() == {key for key, entry in ENGLISH.items() if isinstance(entry, dict)}
    for key, entry in plurals.items():
        assert entry.keys() == forms, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plural_text_can_be_said_of_any_number(lang: str) -> None:
    said = words.words(lang)
    for number in (0, 1, 2, 5, 11, 21, 22, 25, 101, 111, 1000):
        assert said.number(number) in said.say("sources.title", n=number)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_commands_fit_telegrams_menu(lang: str) -> None:
    for name, description in words.commands(lang, librarian=True):
        assert BotCommandLimit.MIN_COMMAND <= len(name) <= BotCommandLimit.MAX_COMMAND
        assert name == name.lower()
        assert BotCommandLimit.MIN_DESCRIPTION <= len(description) <= BotCommandLimit.MAX_DESCRIPTION


@pytest.mark.parametrize("lang", LANGUAGES)
def test_toasts_fit(lang: str) -> None:
    limit = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    toasts = [entry for key, entry in words.words(lang).entries.items() if key.startswith("toast.")]
    assert all(len(text) <= limit for toast in toasts for text in texts(toast))


def test_each_language_is_its_own() -> None:
    for lang in LANGUAGES[1:]:
        same = [
            key for key, entry in words.words(lang).entries.items() if entry == ENGLISH[key] and key != "language.name"
        ]
        assert same == [], lang


@pytest.mark.parametrize(
    ("wishes", "lang"),
    [
        ((None, "uk"), "uk"),
        (("ko", "uk"), "ko"),
        ((None, "uk-UA"), "uk"),
        ((None, "RU_ru"), "ru"),
        ((None, "fr"), "en"),
        ((None, None), "en"),
        (("", ""), "en"),
    ],
)
def test_the_first_known_wish_is_the_language(wishes: tuple[str | None, ...], lang: str) -> None:
    assert words.language(*wishes) == lang


@pytest.mark.parametrize(
    ("lang", "day"),
    [("en", "31 October 2024"), ("uk", "31 жовтня 2024 р."), ("ru", "31 октября 2024 г."), ("ko", "2024년 10월 31일")],
)
def test_dates_are_written_as_the_language_writes_them(lang: str, day: str) -> None:
    assert words.words(lang).date(date(2024, 10, 31)).replace("\u202f", " ").replace("\xa0", " ") == day


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        words.words("en").say("sources.title")
    with pytest.raises(KeyError):
        words.words("en").say("library.added_one")
